"""The table of problems: filters, and ticks that last while the filters change. Knows no run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.problem_pool import Pooled, loaded
from rsa_viz.analysis.telling import counted
from rsa_viz.figures.words import one_line
from rsa_viz.tasks import TASKS, find_task

ALL, WITH, WITHOUT = "all", "with", "without"
EVERY = ""  # the choice of no kind, or of no source
CHOSEN, TABLE = "chosen-problems", "problem-table"
CAP = 160  # letters of a question or an answer in the table
HEIGHT = 460
MOST = 2_000
"""Rows of the table; the filters find the others."""


def listed(known: Mapping[str, Pooled], task: str, words: str, gold: str, source: str) -> list[Pooled]:
    """The problems of a task and a source (EVERY: of all), with or without a gold answer, in whose title, question,
    gold answer, kind or source every one of the words stands."""
    wanted = words.lower().split()
    return [
        one
        for one in known.values()
        if task in (EVERY, one.problem.task)
        and source in (EVERY, one.source)
        and (gold == ALL or (one.problem.gold is not None) == (gold == WITH))
        and all(word in _words_of(one) for word in wanted)
    ]


def _words_of(one: Pooled) -> str:
    problem = one.problem
    return f"{problem.title}\n{problem.question}\n{problem.gold or ''}\n{title_of(problem.task)}\n{one.source}".lower()


def title_of(task: str) -> str:
    """A task's title, or the name of one that is not known here (of an imported run)."""
    return find_task(task).title if task in TASKS else task


def problem_filters(known: Mapping[str, Pooled]) -> list[Pooled]:
    """Draw the filters; the problems that they let through."""
    left, right = st.columns(2)
    tasks = list(dict.fromkeys([*TASKS, *(one.problem.task for one in known.values())]))
    task = left.selectbox(
        "Kind",
        [EVERY, *tasks],
        format_func=lambda name: title_of(name) if name else "all kinds",
        key="problems-kind",
        persist_state="session",
    )
    sources = list(dict.fromkeys(one.source for one in known.values()))
    source = right.selectbox(
        "From",
        [EVERY, *sources],
        format_func=lambda name: name or "everywhere",
        key="problems-source",
        persist_state="session",
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    words = left.text_input(
        "Search",
        key="problems-search",
        placeholder="words of question, title or gold answer",
        icon=":material/search:",
        persist_state="session",
    )
    gold = right.segmented_control(
        "Gold answer",
        [ALL, WITH, WITHOUT],
        default=ALL,
        required=True,
        key="problems-gold",
        help="Without a gold answer every verdict is unknown, never wrong.",
        persist_state="session",
    )
    return listed(known, task, words, gold, source)


def chosen_names() -> list[str]:
    """The ticked problems' names, the last one ticked last; without any, the one that the URL names."""
    if CHOSEN not in st.session_state:
        named = st.query_params.get("problem")
        st.session_state[CHOSEN] = [named] if named else []
    return list(st.session_state[CHOSEN])


def chosen_problems(known: Mapping[str, Pooled]) -> list[Pooled]:
    """The ticked problems that are there."""
    return [known[name] for name in chosen_names() if name in known]


def choose(names: Sequence[str]) -> None:
    """Tick exactly these; the URL names the problem when it is one."""
    st.session_state[CHOSEN] = list(names)
    if len(names) == 1:
        st.query_params["problem"] = names[0]
    else:
        st.query_params.pop("problem", None)


def problem_table(known: Mapping[str, Pooled], found: Sequence[Pooled]) -> None:
    """Draw the problems with their ticks, and how many are ticked."""
    total, found = len(found), found[:MOST]
    chosen = chosen_names()
    rows = [place for place, one in enumerate(found) if one.name in chosen]
    state = st.session_state.get(TABLE)
    if state is None or sorted(state["selection"]["rows"]) != rows:
        st.session_state[TABLE] = {"selection": {"rows": rows, "columns": [], "cells": []}}

    def ticked() -> None:
        picked = st.session_state[TABLE]["selection"]["rows"]
        names = [found[row].name for row in picked if row < len(found)]
        here = {one.name for one in found}
        kept = [name for name in chosen_names() if name in names or name not in here]
        choose([*kept, *(name for name in names if name not in kept)])

    st.dataframe(
        {
            "Problem": [one.problem.label for one in found],
            "Kind": [title_of(one.problem.task) for one in found],
            "Gold answer": [_gold(one) for one in found],
            "From": [one.source for one in found],
            "Question": [one_line(one.problem.question, CAP) for one in found],
        },
        key=TABLE,
        height=HEIGHT,
        hide_index=True,
        selection_mode="multi-row",
        on_select=ticked,
        column_config={
            "Problem": st.column_config.TextColumn(width=250),
            "Kind": st.column_config.TextColumn(width=150),
            "Gold answer": st.column_config.TextColumn(width=110),
            "From": st.column_config.TextColumn(width=90),
        },
        alt="The problems that the filters let through; tick one to read it, several to run them all.",
    )
    there = [name for name in chosen if name in known]
    with st.container(horizontal=True, vertical_alignment="center"):
        unseen = len(there) - len(rows)
        st.caption(
            f"{counted(total, 'problem')} of {len(known):,}"
            + (f", the first {MOST:,} listed" if total > MOST else "")
            + (f"; {len(there):,} ticked" if there else "")
            + (f", {unseen:,} of them not listed now" if unseen else ""),
            width="stretch",
        )
        if there:
            st.button("Untick all", key="untick", icon=":material/deselect:", on_click=choose, args=([],))
    if len(chosen) > len(there) and not there:
        st.caption("The problem that the address names is not here: it was loaded in another browser session.")


def _gold(one: Pooled) -> str:
    gold = one.problem.gold
    if gold is not None:
        return one_line(gold, CAP)
    return "tests" if one.problem.metadata.get("tests") else "–"


def tick_loaded(source: str) -> None:
    """Tick everything that a source brought (for a callback)."""
    choose(list(loaded().get(source, {})))
