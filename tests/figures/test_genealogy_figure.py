"""The picture of the genealogy, on a small one worked out by hand.

::

    1.1 ●──0.5──2.1 ●──0.8──3.1 ●
    1.2 ✕──0.25─┘     ┌─0.1─┘
    1.3 ✕──1.0──2.2 ✕─┘
    1.2 ✕──0.0──┘              (2.2 has nothing of 1.2)
"""

from __future__ import annotations

import re

import pytest
from made_population import made_chain, made_population

from rsa_viz.analysis.genealogy import equal_shares
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Verdict
from rsa_viz.figures.descent import descent_data
from rsa_viz.figures.genealogy import View, genealogy_data, genealogy_figure, strength
from rsa_viz.figures.style import PALETTES, Theme, veil

S = Slot.parse
SHARES = {
    (S("2.1"), S("1.1")): 0.5,
    (S("2.1"), S("1.2")): 0.25,
    (S("2.2"), S("1.3")): 1.0,
    (S("2.2"), S("1.2")): 0.0,
    (S("3.1"), S("2.1")): 0.8,
    (S("3.1"), S("2.2")): 0.1,
}


@pytest.fixture
def chains() -> tuple[Chain, ...]:
    return (
        made_chain("1.1", verdict=Verdict.RIGHT),
        made_chain("1.2", verdict=Verdict.WRONG),
        made_chain("1.3", verdict=Verdict.WRONG),
        made_chain("2.1", verdict=Verdict.RIGHT, parents=("1.1", "1.2")),
        made_chain("2.2", verdict=Verdict.WRONG, parents=("1.3", "1.2")),
        made_chain("3.1", verdict=Verdict.RIGHT, parents=("2.1", "2.2")),
    )


def _links(data: object) -> set[str]:
    return {f"{link.parent}>{link.child}" for link in data.links}  # type: ignore[attr-defined]


def test_the_ancestry_shows_what_came_down_and_by_how_much(chains: tuple[Chain, ...]) -> None:
    data = genealogy_data(chains, SHARES, view=View.ANCESTRY, chosen=S("3.1"))
    assert _links(data) == {"1.1>2.1", "1.2>2.1", "1.3>2.2", "2.1>3.1", "2.2>3.1"}
    assert data.weights[S("1.1")] == pytest.approx(0.4)
    assert data.weights[S("1.3")] == pytest.approx(0.1)
    assert data.caption == (
        "Showing 5 of 6 parent links: those through which the steps of chain 3.1 came down. "
        "The largest part of its steps, 40 %, goes back to chain 1.1. Similarity, not proof."
    )


def test_weak_lines_of_the_ancestry_go_with_all_that_hangs_on_them(chains: tuple[Chain, ...]) -> None:
    data = genealogy_data(chains, SHARES, view=View.ANCESTRY, chosen=S("3.1"), least=0.15)
    assert _links(data) == {"1.1>2.1", "1.2>2.1", "2.1>3.1"}
    assert S("1.3") not in data.weights


def test_main_donors_are_one_link_a_chain(chains: tuple[Chain, ...]) -> None:
    data = genealogy_data(chains, SHARES, view=View.DONORS)
    assert _links(data) == {"1.1>2.1", "1.3>2.2", "2.1>3.1"}
    assert data.caption == (
        "Showing 3 of 6 parent links: of each chain the one to the parent that most of its steps stand in. Where the "
        "lines of the 1 chain of generation 3 began: 1 with chain 1.1. Similarity, not proof."
    )


def test_the_tree_of_main_donors_accents_the_line_of_the_chosen_chain_alone(chains: tuple[Chain, ...]) -> None:
    data = genealogy_data(chains, SHARES, view=View.DONORS, chosen=S("2.1"))
    assert "Chain 2.1 goes back to chain 1.1 through 1 main donor. Of chain 2.1 1 chain descend by" in data.caption
    for theme in Theme:
        accent = PALETTES[theme].accent
        *_, heirs, line = genealogy_figure(data, theme).layout.shapes
        assert line.line.color == accent
        assert re.fullmatch(r"M1,1C\S+ \S+ 2,1", line.path)
        assert heirs.line.color == veil(accent, 0.8)
        assert re.fullmatch(r"M2,1C\S+ \S+ 3,1", heirs.path)
        assert not any(shape.line.color == accent for shape in genealogy_figure(data, theme).layout.shapes[:-1])


def test_a_main_donor_that_is_one_of_several_is_counted_and_dashed(chains: tuple[Chain, ...]) -> None:
    shares = {**SHARES, (S("2.1"), S("1.2")): 0.5}
    data = genealogy_data(chains, shares, view=View.DONORS)
    assert (
        "In 1 of them another parent gave as much; the first of these in the prompt is drawn, dashed." in data.caption
    )
    dashed = [shape for shape in genealogy_figure(data, Theme.LIGHT).layout.shapes if shape.line.dash != "solid"]
    assert [shape.path.count("M") for shape in dashed] == [1]


def test_lines_that_lived_on_have_a_colour_and_a_name_and_thick_ones_passed_on_half(chains: tuple[Chain, ...]) -> None:
    figure = genealogy_figure(genealogy_data(chains, SHARES, view=View.DONORS), Theme.LIGHT)
    palette = PALETTES[Theme.LIGHT]
    assert [trace.name for trace in figure.data if trace.mode == "lines"] == ["from chain 1.1: 1 of 1"]
    colours = {shape.line.color for shape in figure.layout.shapes}
    assert colours == {veil(palette.donors[0], 0.95), veil(palette.muted, 0.4)}  # 1.3's line died out


def test_marks_stand_in_the_rows_of_the_tree_and_at_their_slots_in_other_views(chains: tuple[Chain, ...]) -> None:
    shares = {**SHARES, (S("2.1"), S("1.1")): 0.0}  # now 2.1 hangs on 1.2, and 2.2 on 1.3: as before
    crossed = {**shares, (S("2.2"), S("1.3")): 0.0, (S("2.2"), S("1.2")): 0.1, (S("2.1"), S("1.2")): 0.0}
    data = genealogy_data(chains, crossed, view=View.DONORS)
    assert (data.row(S("2.2")), data.row(S("2.1"))) == (1, 2)
    figure = genealogy_figure(data, Theme.LIGHT)
    places = {
        mark[1]: y
        for trace in figure.data
        if trace.hoverinfo == "text"
        for mark, y in zip(trace.customdata, trace.y, strict=True)
    }
    assert (places["2.2"], places["2.1"]) == (1, 2)
    assert genealogy_data(chains, crossed, view=View.WHOLE).row(S("2.2")) == 2


def test_strong_links_are_those_above_the_share_and_all_are_all(chains: tuple[Chain, ...]) -> None:
    assert _links(genealogy_data(chains, SHARES, view=View.ABOVE, least=0.5)) == {"1.1>2.1", "1.3>2.2", "2.1>3.1"}
    whole = genealogy_data(chains, SHARES, view=View.WHOLE)
    assert whole.caption == "Showing 6 of 6 parent links."


def test_parents_and_children_of_the_chosen_chain_are_pointed_out_in_every_view(chains: tuple[Chain, ...]) -> None:
    for view in View:
        data = genealogy_data(chains, SHARES, view=view, chosen=S("2.1"))
        assert data.parents == (S("1.1"), S("1.2"))
        assert data.children == (S("3.1"),)
        names = {trace.name for trace in genealogy_figure(data, Theme.LIGHT).data}
        assert {"chosen", "its parents", "its children"} <= names


def test_without_a_chosen_chain_the_ancestry_says_what_to_do(chains: tuple[Chain, ...]) -> None:
    data = genealogy_data(chains, SHARES, view=View.ANCESTRY)
    assert data.links == ()
    assert data.caption.startswith("Choose a chain")


def test_a_planned_chain_has_no_ancestry_yet() -> None:
    planned = made_chain("2.1", parents=("1.1",), status=ChainStatus.PLANNED)
    data = genealogy_data([made_chain("1.1"), planned], {}, view=View.ANCESTRY, chosen=S("2.1"))
    assert data.caption == "Chain 2.1 is planned: it has no text, so nothing says what came down to it."


def test_ten_thousand_links_are_one_path() -> None:
    chains = made_population(64, 8, 21)
    figure = genealogy_figure(genealogy_data(chains, equal_shares(chains), view=View.WHOLE), Theme.LIGHT)
    assert [len(re.findall("M", shape.path)) for shape in figure.layout.shapes] == [10_240]


def test_every_chain_has_one_mark_that_can_be_clicked(chains: tuple[Chain, ...]) -> None:
    figure = genealogy_figure(genealogy_data(chains, SHARES, view=View.ANCESTRY, chosen=S("2.1")), Theme.LIGHT)
    marks = [tuple(mark) for trace in figure.data if trace.hoverinfo == "text" for mark in trace.customdata]
    assert sorted(marks) == [(chain.id, str(chain.slot)) for chain in chains]


def test_what_has_grown_is_every_link_of_ended_chains_the_main_ones_thick(chains: tuple[Chain, ...]) -> None:
    planned = made_chain("3.2", parents=("2.1", "2.2"), status=ChainStatus.PLANNED)
    data = descent_data((*chains, planned), {**SHARES, (S("3.2"), S("2.1")): 1.0})
    assert _links(data) == {"1.1>2.1", "1.2>2.1", "1.3>2.2", "1.2>2.2", "2.1>3.1", "2.2>3.1"}
    strong = {f"{link.parent}>{link.child}" for link in data.links if strength(data, link) == 0.5}
    assert strong == {"1.1>2.1", "1.3>2.2", "2.1>3.1"}
    assert data.caption == (
        "Showing 6 of 8 parent links. The thick line of each child leads to the parent that most of its steps stand "
        "in. Of the steps of generation 3, 70 % go back to generation 1: 40 % to chain 1.1, 20 % to chain 1.2 and 10 % "
        "to chain 1.3. Similarity, not proof."
    )


def test_a_large_genealogy_that_has_grown_shows_the_main_donors_alone() -> None:
    chains = made_population(32, 4, 12)
    data = descent_data(chains, equal_shares(chains))
    assert {len([link for link in data.links if link.child == chain.slot]) for chain in chains} <= {0, 1}
    assert f"Showing {len(data.links)} of 1,408 parent links. Of each child the one" in data.caption


def test_the_descent_of_a_chain_says_where_it_came_from_and_how_far_it_got(chains: tuple[Chain, ...]) -> None:
    data = descent_data(chains, SHARES, chosen=S("2.1"), why="the first right one")
    assert _links(data) == {"1.1>2.1", "1.2>2.1", "2.1>3.1"}
    assert data.caption == (
        "Chain 2.1 is the first right one. The largest part of its steps, 50 %, goes back to chain 1.1. In generation "
        "3 its steps stand in 1 of 1 chain, most of all in chain 3.1, of which they are 80 %. Similarity, not proof."
    )
    lost = descent_data(chains, {}, chosen=S("1.2")).caption
    assert lost == (
        "The line of chain 1.2. It entered 2 prompts; nothing of it that is enough to draw came down to generation 3. "
        "Similarity, not proof."
    )


def test_a_chain_without_a_text_has_no_line_and_no_child_no_line_to_it(chains: tuple[Chain, ...]) -> None:
    planned = made_chain("3.2", parents=("2.1", "2.2"), status=ChainStatus.PLANNED)
    caption = descent_data((*chains, planned), SHARES, chosen=S("3.2")).caption
    assert caption.startswith("Chain 3.2 has no text yet, so nothing came down to it. Showing 6 of 8")
    failed = made_chain("3.2", parents=("2.1", "2.2"), status=ChainStatus.FAILED)
    assert descent_data((*chains, failed), SHARES, chosen=S("3.2")).caption.startswith("Chain 3.2 has no text, so")
    first = [chain if chain.slot.t == 1 else made_chain(str(chain.slot), parents=("1.1",), status=ChainStatus.PLANNED)
             for chain in chains]  # fmt: skip
    assert descent_data(first, SHARES).caption == "No child has ended yet; 3 parent links are planned."
    assert "all lines are alike" in descent_data(chains, {}).caption
