"""All fragments of a run as a table to sort and search; a row chooses one. The URL keeps the choice (``fragment``)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.choosing_table import choosing_table
from pages.parts.naming import marked, sentences
from pages.parts.spoken import said
from rsa_viz.analysis.fragments import Fragment, Spread, most_risen
from rsa_viz.analysis.telling import counted
from rsa_viz.core.run import Run
from rsa_viz.figures.words import one_line

HEIGHT = 320
MOST = 3_000  # rows that are sent to the browser; a search narrows down the others
CAP = 80  # letters of a fragment
SEARCHED = "fragment-searched"
HELP = {
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


def matching(found: Spread, words: str) -> list[Fragment]:
    """The fragments that contain what was written, blanks aside, in order of first appearance."""
    wanted = "".join(words.split()).casefold()
    return [one for one in found.fragments if wanted in one.key.replace(" ", "").casefold()]


def fragment_table(run: Run, found: Spread, chosen: Fragment | None) -> None:
    """Draw the search and the table; the chosen fragment's row is marked."""
    words = st.text_input(
        said("Search"),
        key=SEARCHED,
        placeholder=said("for example 26"),
        help=said("Part of a fragment, as the table writes it."),
    )
    listed = matching(found, words)
    rows = listed[:MOST]
    choosing_table(
        _columns(rows),
        key=f"fragments-table-{run.id}",
        marked=next((place for place, one in enumerate(rows) if chosen is not None and one.key == chosen.key), None),
        on_choose=lambda place: choose_fragment(rows[place].key),
        height=HEIGHT,
        column_config={
            "Fragment": st.column_config.TextColumn(said("Fragment"), width=280),
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
    st.caption(sentences([said(words), said("A click at a row's left end chooses it.")]))


def _columns(rows: Sequence[Fragment]) -> dict[str, list[object]]:
    return {
        "Fragment": [one_line(one.key, CAP) for one in rows],
        "Verdict": [marked(one.verdict) for one in rows],
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
