"""Which chains are to be audited: filters, and a table to choose one from. The URL keeps all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.parts.choosing_table import choosing_table
from pages.parts.frame import generation_in_view
from pages.parts.naming import marked, reason
from pages.parts.spoken import said
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Verdict, VerdictSource
from rsa_viz.core.run import Run
from rsa_viz.figures.words import one_line

ANSWER_CAP = 80  # letters of an answer or a reason in the table
HEIGHT = 540
WIDTHS = {"Chain": 64, "Verdict": 80, "Answer": 80, "Noted": 85, "Who says so": 105, "Why": 222}
SAYS_SO = {
    VerdictSource.EXACT: "recomputed",
    VerdictSource.REFERENCE: "gold answer",
    VerdictSource.ARITHMETIC: "arithmetic",
    VerdictSource.JUDGE: "a model",
    VerdictSource.CONSENSUS: "other chains",
    VerdictSource.PERSON: "a person",
    VerdictSource.NONE: "nobody",
}
"""The sources in as few letters as a column has; the whole words stand beside the chain."""
WANTED, GENERATION = "audit-filter", "audit-generation"
ALL = 0  # in place of a generation


def _judged(verdict: Verdict) -> Callable[[Chain], bool]:
    return lambda chain: chain.status is ChainStatus.DONE and chain.verdict is verdict


FILTERS: Mapping[str, Callable[[Chain], bool]] = {
    "wrong": _judged(Verdict.WRONG),
    "right": _judged(Verdict.RIGHT),
    "unknown": _judged(Verdict.UNKNOWN),
    "unreadable": lambda chain: chain.status is ChainStatus.DONE and chain.answer is None,
    "truncated": lambda chain: chain.truncated,
    "failed": lambda chain: chain.status is ChainStatus.FAILED,
    "ruled": lambda chain: chain.ruled,
}
"""What each filter lets through. The verdicts and unreadable (no answer could be read) are of done chains alone."""


def chosen_filters() -> list[str]:
    """The filters that the URL names, in their own order; others are passed over."""
    asked = st.query_params.get("filter", "").split(",")
    return [name for name in FILTERS if name in asked]


def listed(chains: Sequence[Chain], filters: Sequence[str], t: int | None) -> list[Chain]:
    """The ended chains of generation ``t`` (None: of all) that any of the filters lets through; without filters all."""
    return [
        chain
        for chain in chains
        if chain.ended
        and (t is None or chain.slot.t == t)
        and (not filters or any(FILTERS[name](chain) for name in filters))
    ]


def audit_list(chains: Sequence[Chain]) -> list[Chain]:
    """Draw the filters; the chains that they let through."""
    t = generation_in_view(chains[-1].slot.t)
    here = listed(chains, (), t)
    sizes = {name: sum(map(lets, here)) for name, lets in FILTERS.items()}
    st.session_state[WANTED] = chosen_filters()
    st.session_state[GENERATION] = t or ALL
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    left.pills(
        said("Show chains that are"),
        list(FILTERS),
        selection_mode="multi",
        format_func=lambda name: f"{said(name)} {sizes[name]:,}",
        key=WANTED,
        on_change=_filter,
        help=said(
            "Several together show what any of them shows; none shows all. Unreadable: no answer could be read. "
            "Ruled: a person overruled the verdict or merged the answer class."
        ),
    )
    right.selectbox(
        said("Generation"),
        [ALL, *range(1, chains[-1].slot.t + 1)],
        format_func=lambda one: said("all") if one == ALL else str(one),
        key=GENERATION,
        on_change=_generation,
    )
    return listed(chains, chosen_filters(), t)


def _filter() -> None:
    _in_url("filter", ",".join(st.session_state[WANTED]))


def _generation() -> None:
    t = st.session_state[GENERATION]
    _in_url("t", "" if t == ALL else str(t))


def _in_url(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def look_at_chain(slot: Slot) -> None:
    """Put a chain into the URL and leave the filters alone."""
    st.query_params["chain"] = str(slot)


def audit_table(run: Run, chains: Sequence[Chain], found: Sequence[Chain], slot: Slot | None) -> None:
    """Draw the chains found as a table in which a click on a row chooses its chain; the chosen one is marked."""
    notes = [_noted(chain) for chain in found]
    choosing_table(
        {
            "Chain": [str(chain.slot) for chain in found],
            "Verdict": [_verdict(chain) for chain in found],
            "Answer": [_answer(chain) for chain in found],
            **({"Noted": notes} if any(notes) else {}),
            "Who says so": [said(SAYS_SO[chain.verdict_source]) for chain in found],
            "Why": [one_line(reason(chain.verdict_why, chain.verdict_source), ANSWER_CAP) for chain in found],
        },
        key=f"audit-table-{run.id}",
        marked=next((place for place, chain in enumerate(found) if chain.slot == slot), None),
        on_choose=lambda place: look_at_chain(found[place].slot),
        height=HEIGHT,
        column_config={name: st.column_config.TextColumn(said(name), width=width) for name, width in WIDTHS.items()},
        alt=said("The chains that the filters let through; choose a row to read its text."),
    )
    planned = sum(not chain.ended for chain in chains)
    shown, there = counted(len(found), "chain"), f"{len(chains):,}"
    if planned:
        st.caption(said(f"{shown} of {there}; {planned:,} not ended yet. A click at a row's left end chooses it."))
    else:
        st.caption(said(f"{shown} of {there}. A click at a row's left end chooses it."))


def _verdict(chain: Chain) -> str:
    if chain.status is not ChainStatus.DONE:
        return said(chain.status.value)
    return marked(chain.verdict)


def _answer(chain: Chain) -> str:
    return "–" if chain.answer is None else one_line(chain.answer, ANSWER_CAP)


def _noted(chain: Chain) -> str:
    notes = {
        "ruled": chain.ruled,
        "unreadable": FILTERS["unreadable"](chain) and not chain.empty,
        "empty": chain.empty,
        "truncated": chain.truncated,
        "fresh": chain.fresh,
    }
    return said(", ").join(said(name) for name, holds in notes.items() if holds)
