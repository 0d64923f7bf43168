"""All fragments of a run as a table to sort and search; a row chooses one. The URL keeps the choice (``fragment``)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.choosing_table import choosing_table
from rsa_viz.analysis.fragments import Fragment, Spread, most_risen
from rsa_viz.analysis.telling import counted
from rsa_viz.core.run import Run
from rsa_viz.figures.style import MARKS
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
        "Search", key=SEARCHED, placeholder="for example 26", help="Part of a fragment, as the table writes it."
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
            "Fragment": st.column_config.TextColumn(width=280),
            "Verdict": st.column_config.TextColumn(width=92),
            "Peak": st.column_config.NumberColumn(format="%.0f %%", help=HELP["Peak"], width=66),
            "Final": st.column_config.NumberColumn(format="%.0f %%", help=HELP["Final"], width=66),
            "First in": st.column_config.NumberColumn(help=HELP["First in"], width=70),
            "Chains": st.column_config.NumberColumn(width=70),
            "Right": st.column_config.TextColumn(help=HELP["Right"], width=100),
            "Right %": st.column_config.NumberColumn(format="%.0f %%", width=76),
            "Ended": st.column_config.TextColumn(help=HELP["Ended"], width=90),
        },
        alt="The fragments of this run; choose a row to see how one spread.",
    )
    more = f"; the first {MOST:,} are listed" if len(listed) > MOST else ""
    st.caption(
        f"{counted(len(listed), 'fragment')} of {len(found.fragments):,}{more}. A click at a row's left end chooses it."
    )


def _columns(rows: Sequence[Fragment]) -> dict[str, list[object]]:
    return {
        "Fragment": [one_line(one.key, CAP) for one in rows],
        "Verdict": [f"{MARKS[one.verdict]} {one.verdict.value}" for one in rows],
        "First in": [one.first.t for one in rows],
        "Chains": [len(one.carriers) for one in rows],
        "Peak": [100 * one.peak for one in rows],
        "Final": [100 * one.final for one in rows],
        "Right": [f"{one.right:,} of {one.judged:,}" if one.judged else "–" for one in rows],
        "Right %": [100 * one.right / one.judged if one.judged else None for one in rows],
        "Ended": [_ended(one) for one in rows],
    }


def _ended(one: Fragment) -> str:
    if one.fixed_at is not None:
        return f"fixed in {one.fixed_at}"
    return "" if one.lost_at is None else f"lost in {one.lost_at}"
