"""All fragments of a run as a table to sort and search; a row chooses one. The URL keeps the choice (``fragment``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.choosing_table import choosing_table
from pages.parts.naming import sentences
from pages.parts.spoken import said, told
from rsa_viz.analysis.fragments import Fragment, Spread, most_risen
from rsa_viz.analysis.telling import counted
from rsa_viz.analysis.verdicts_by import VerdictsBy
from rsa_viz.core.run import Run
from rsa_viz.figures.fragments import fragment_state
from rsa_viz.figures.step_state import STATE_MARKS
from rsa_viz.figures.words import one_line
from rsa_viz.tasks.equations import canonical

HEIGHT = 320
MOST = 3_000  # rows that are sent to the browser; a search narrows down the others
CAP = 80  # letters of a fragment
SEARCHED = "fragment-searched"
HELP = {
    "Fragment": "In the form in which equal equations are one: terms and factors in one order.",
    "Written": "As a chain of the run wrote it.",
    "First in": "The generation in which it was first stated.",
    "Peak": "Its largest share of a generation's chains.",
    "Final": "Its share of the last generation's chains.",
    "Right": "How many of its carriers have the right answer: an association, not a cause.",
    "Ended": "Fixed: in every chain from that generation on. Lost: in no chain from that generation on.",
}


def chosen_fragment(found: Spread) -> Fragment | None:
    """The fragment that the URL names; without one, that which rose most from the generation in which it began."""
    if (key := st.query_params.get("fragment")) and (one := found.find(key)) is not None:
        return one
    return most_risen(found)


def choose_fragment(key: str) -> None:
    """Put a fragment into the URL."""
    st.query_params["fragment"] = key


def matching(found: Spread, words: str, written: Mapping[str, str]) -> list[Fragment]:
    """The fragments that contain what was written, blanks and case aside, in order of first appearance: in their
    canonical form, as a chain writes them, or as the same equation or side of one, written another way."""
    wanted = _squeezed(words)
    forms = {form for small in (False, True) if (form := canonical(words, small=small)) is not None}
    sides = [re.compile(rf"(?<![\w.]){re.escape(form)}(?![\w.])") for form in forms if "=" not in form]
    return [
        one
        for one in found.fragments
        if wanted in _squeezed(one.key)
        or wanted in _squeezed(written.get(one.key, ""))
        or one.key in forms
        or any(side.search(one.key) for side in sides)
    ]


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def fragment_table(
    run: Run, found: Spread, chosen: Fragment | None, written: Mapping[str, str], by: VerdictsBy
) -> None:
    """Draw the search and the table; the chosen fragment's row is marked. ``written`` is how a chain writes each,
    ``by`` whose verdicts they carry."""
    words = st.text_input(
        said("Search"),
        key=SEARCHED,
        placeholder=said("for example 26"),
        help=said("A number, part of a fragment, or an equation written in any way: 20 + 10 = 30 finds 10+20=30."),
    )
    listed = matching(found, words, written)
    rows = listed[:MOST]
    choosing_table(
        _columns(rows, written),
        key=f"fragments-table-{run.id}",
        marked=next((place for place, one in enumerate(rows) if chosen is not None and one.key == chosen.key), None),
        on_choose=lambda place: choose_fragment(rows[place].key),
        height=HEIGHT,
        column_config={
            "Fragment": st.column_config.TextColumn(said("Fragment"), help=said(HELP["Fragment"]), width=170),
            "Written": st.column_config.TextColumn(said("Written"), help=said(HELP["Written"]), width=170),
            "Verdict": st.column_config.TextColumn(said("Verdict"), width=92),
            "Peak": st.column_config.NumberColumn(said("Peak"), format="%.0f %%", help=said(HELP["Peak"]), width=66),
            "Final": st.column_config.NumberColumn(said("Final"), format="%.0f %%", help=said(HELP["Final"]), width=66),
            "First in": st.column_config.NumberColumn(said("First in"), help=said(HELP["First in"]), width=70),
            "Chains": st.column_config.NumberColumn(said("Chains"), width=70),
            "Right": st.column_config.TextColumn(said("Right"), help=said(HELP["Right"]), width=100),
            "Right %": st.column_config.NumberColumn(said("Right %"), format="%.0f %%", width=76),
            "Ended": st.column_config.TextColumn(said("Ended"), help=said(HELP["Ended"]), width=90),
        },
        alt=said("The fragments of this run; choose a row to see how one spread."),
    )
    words = f"{counted(len(listed), 'fragment')} of {len(found.fragments):,}"
    words += f"; the first {MOST:,} are listed." if len(listed) > MOST else "."
    st.caption(sentences([said(words), said("A click at a row's left end chooses it."), told(by.named)]))


def _columns(rows: Sequence[Fragment], written: Mapping[str, str]) -> dict[str, list[object]]:
    states = [fragment_state(one) for one in rows]
    return {
        "Fragment": [one_line(one.key, CAP) for one in rows],
        "Written": [one_line(written.get(one.key, ""), CAP) for one in rows],
        "Verdict": [f"{STATE_MARKS[state]} {said(state.value)}" for state in states],
        "First in": [one.first.t for one in rows],
        "Chains": [len(one.carriers) for one in rows],
        "Peak": [100 * one.peak for one in rows],
        "Final": [100 * one.final for one in rows],
        "Right": [said(f"{one.right:,} of {one.judged:,}") if one.judged else "–" for one in rows],
        "Right %": [100 * one.right / one.judged if one.judged else None for one in rows],
        "Ended": [_ended(one) for one in rows],
    }


def _ended(one: Fragment) -> str:
    if one.fixed_at is not None:
        return said(f"fixed in {one.fixed_at}")
    return "" if one.lost_at is None else said(f"lost in {one.lost_at}")
