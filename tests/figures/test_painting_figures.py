"""A child and a generation in their donors' colours: by hand."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from rsa_viz.analysis.painting import Donor, Painted
from rsa_viz.analysis.rediscovery import Doubt
from rsa_viz.core.chain import Chain, Judgement, Slot, Step
from rsa_viz.figures.painted_generation import Colours, painted_generation_data, painted_generation_figure
from rsa_viz.figures.painting import painting_data, painting_figure
from rsa_viz.figures.style import PALETTES, Theme, position_colour
from tests.analysis.drawn import chains_from

TEXTS = {Slot(1, 1): "so\na <b>", Slot(1, 2): "a <b>", Slot(2, 1): "a <b>\nnew\nso"}
FAMILY = {
    chain.slot: replace(chain, text=TEXTS.get(chain.slot))
    for chain in chains_from("""
        1+      2x
        1+(2,1) 2x(1,2) .(1,2)
    """)
}
CHILD = FAMILY[Slot(2, 1)]
A_FROM_BOTH = Painted((Donor(Slot(1, 2), 1, 1), Donor(Slot(1, 1), 2, 2)), 0.8)
SO = Painted((Donor(Slot(1, 1), 2, 1),), 0.5)
NEW = Painted((), 0.0)


def _steps(text: str) -> tuple[Step, ...]:
    found, place = [], 0
    for line in text.split("\n"):
        found.append(Step(place, place + len(line), Judgement.unknown("nobody says")))
        place += len(line) + 1
    return tuple(found)


STEPS = {slot: _steps(text) for slot, text in TEXTS.items()}


def test_the_bands_of_a_step_are_the_chances_of_its_donors_and_what_is_left() -> None:
    data = painting_data(CHILD, [A_FROM_BOTH, NEW, SO], STEPS, FAMILY)
    assert [[(str(band.slot), band.position, pytest.approx(band.share)) for band in bands] for bands in data.steps] == [
        [("1.2", 1, 0.4), ("1.1", 2, 0.4), ("2.1", None, 0.2)],
        [("2.1", None, 1.0)],
        [("1.1", 2, 0.5), ("2.1", None, 0.5)],
    ]
    assert data.caption == (
        "Of the 3 steps of chain 2.1, 2 stand in a parent and 1.3 can be expected to be inherited and not found again. "
        "Most of that, 69 %, is from chain 1.1 (position 2). This is a share of what is inherited, not of all steps. "
        "Similarity, not proof."
    )


def test_a_hover_reads_the_step_and_the_parents_step_and_a_click_has_the_donor() -> None:
    data = painting_data(CHILD, [A_FROM_BOTH, NEW, SO], STEPS, FAMILY)
    for theme in Theme:
        first, second, new, *legend = painting_figure(data, theme).data
        assert first.marker.color == position_colour(1, PALETTES[theme])
        assert [tuple(mark) for mark in second.customdata] == [(1, "1.1", 1), (1, "1.1", 3)]
        assert second.hovertext[0] == (
            "step 1 of 3<br>a &lt;b&gt;<br>40 %: from chain 1.1 (position 2), step 2<br>a &lt;b&gt;"
        )
        assert list(second.base) == pytest.approx([0.4, 0.0])
        assert list(second.text) == ["2", "2"]  # never told by colour alone
        assert [tuple(mark) for mark in new.customdata] == [(3, "2.1", 1), (3, "2.1", 2), (3, "2.1", 3)]
        assert new.hovertext[1] == "step 2 of 3<br>new<br>in no parent"
        assert [one.name for one in legend] == ["1: chain 1.2", "2: chain 1.1", "new, or found again"]


def test_a_chain_with_nothing_of_its_parents_is_all_grey() -> None:
    data = painting_data(CHILD, [NEW], STEPS, FAMILY)
    assert data.caption == "Of the 1 step of chain 2.1, 0 stand in a parent."
    assert [trace.marker.color for trace in painting_figure(data, Theme.LIGHT).data if trace.type == "bar"] == [
        PALETTES[Theme.LIGHT].abstained
    ]
    found_again = painting_data(CHILD, [replace(SO, probability=0.0)], STEPS, FAMILY)
    assert found_again.caption == (
        "Of the 1 step of chain 2.1, 1 stand in a parent; chains without such a parent write them as often, "
        "so nothing speaks for inheritance."
    )
    assert painting_data(CHILD, [], STEPS, FAMILY).caption == "Chain 2.1 has no step to paint."


def test_a_step_of_which_it_cannot_be_told_is_hatched_and_said_and_never_nought() -> None:
    untold = Painted(A_FROM_BOTH.donors, None, Doubt.COMMON)
    data = painting_data(CHILD, [untold, NEW, SO], STEPS, FAMILY)
    assert [(band.position, band.share, band.known) for band in data.steps[0]] == [
        (1, 0.5, False), (2, 0.5, False), (None, 0.0, True)
    ]  # fmt: skip
    assert "cannot be told (nearly every chain writes it, copied or not); stands in chain 1.2" in data.steps[0][0].told
    assert data.caption == (
        "Of the 3 steps of chain 2.1, 2 stand in a parent and 0.5 can be expected to be inherited and not found again. "
        "Most of that, 100 %, is from chain 1.1 (position 2). This is a share of what is inherited, not of all steps. "
        "Of 1 it cannot be told: nearly every chain writes it, copied or not. Similarity, not proof."
    )
    bars = [trace for trace in painting_figure(data, Theme.LIGHT).data if trace.type == "bar"]
    assert [bool(bar.marker.pattern.shape) for bar in bars] == [True, True, False, False, True]
    assert bars[-1].name == "cannot be told"
    alone = painting_data(CHILD, [untold], STEPS, FAMILY)
    assert alone.caption == (
        "Of the 1 step of chain 2.1, 1 stand in a parent; whether they were inherited cannot be told: nearly every "
        "chain writes it, copied or not."
    )


def test_equal_donors_share_and_none_has_most() -> None:
    data = painting_data(CHILD, [A_FROM_BOTH], STEPS, FAMILY)
    assert "That is shared equally, 50 % each, by chain 1.1 (position 2) and chain 1.2 (position 1)." in data.caption


def test_a_generation_has_steps_of_which_it_cannot_be_told() -> None:
    children, painted = _generation()
    painted[Slot(2, 2)] = [Painted(SO.donors, None, Doubt.FEW)]
    data = painted_generation_data(children, painted)
    assert data.rows[1].steps == (((data.untold, 1.0),),)
    assert data.doubtful
    assert "Of 1 step it cannot be told: the run shows too little of how its children copy." in data.caption
    figure = painted_generation_figure(data, Theme.LIGHT)
    assert figure.data[-1].name == "cannot be told"
    assert list(figure.data[1].hovertext)[-1] == "chain 2.2, step 1: cannot be told"
    assert int(np.asarray(figure.data[0].z)[17, 0]) == 2 + data.untold
    nothing = painted_generation_data(children, {Slot(2, 2): [Painted(SO.donors, None, Doubt.FEW)]})
    assert nothing.caption.startswith("Generation 2: 1 step of 1 chain. Of 1 step it cannot be told")


def _generation() -> tuple[list[Chain], dict[Slot, list[Painted]]]:
    children = [chain for chain in FAMILY.values() if chain.slot.t == 2]
    return children, {Slot(2, 1): [A_FROM_BOTH, NEW], Slot(2, 2): [SO]}


def test_a_generation_is_painted_by_donor_chain_the_largest_first() -> None:
    data = painted_generation_data(*_generation(), run="r")
    assert data.names == ("chain 1.1", "chain 1.2")
    assert [row.steps for row in data.rows] == [(((0, 0.4), (1, 0.4)), ()), (((0, 0.5),),), ()]
    assert data.caption == (
        "Generation 2: 3 steps of 2 chains, of which 43 % can be expected to be inherited, from 2 donors. Most gave "
        "chain 1.1 30 % and chain 1.2 13 % of all steps. Similarity, not proof."
    )
    figure = painted_generation_figure(data, Theme.DARK)
    codes = np.asarray(figure.data[0].z)
    assert codes.shape == (3 * 17, 2)
    background, new, first, second = 0, 1, 2, 3
    column = codes[:16, 0].tolist()  # from the top down
    assert column == [new] * 3 + [second] * 7 + [first] * 6
    assert set(codes[:16, 1]) == {new}
    assert set(codes[34:, 0]) == {background}  # 2.3 is planned
    marks = figure.data[1]
    assert list(marks.hovertext) == [
        "chain 2.1, step 1: chain 1.1 40 %, chain 1.2 40 %",
        "chain 2.1, step 2: in no parent",
        "chain 2.2, step 1: chain 1.1 50 %",
    ]
    assert list(figure.layout.yaxis.ticktext) == ["2.1 ●", "2.2 ✕", "2.3 planned"]


def test_a_generation_is_painted_by_prompt_position() -> None:
    data = painted_generation_data(*_generation(), Colours.POSITIONS)
    assert data.names == ("position 1", "position 2")
    assert [row.steps for row in data.rows] == [(((0, 0.4), (1, 0.4)), ()), (((1, 0.5),),), ()]


def test_more_donors_than_colours_share_one_grey() -> None:
    children, _ = _generation()
    many = [Painted((Donor(Slot(1, number), 1, 1),), 1.0 / number) for number in range(1, 12)]
    data = painted_generation_data(children, {Slot(2, 1): many})
    assert data.names == tuple(f"chain 1.{number}" for number in range(1, 9))
    assert data.others == "3 other chains"
    assert [bands[0][0] for bands in data.rows[0].steps] == [*range(8), 8, 8, 8]
    figure = painted_generation_figure(data, Theme.LIGHT)
    legend = [trace.name for trace in figure.data[2:]]
    assert legend[-2:] == ["3 other chains", "new, or found again"]


def test_donors_without_a_colour_are_striped_and_only_they() -> None:
    children, _ = _generation()
    many = [Painted((Donor(Slot(1, number), 1, 1),), 0.5) for number in range(1, 10)]
    for theme in Theme:
        figure = painted_generation_figure(painted_generation_data(children, {Slot(2, 1): many}), theme)
        (stripes,) = figure.layout.shapes
        starts = [float(x) for x in re.findall(r"M([\d.]+),", stripes.path)]
        assert {round(x) for x in starts} == {9}  # the ninth donor's step
        assert len(starts) == 15
        low, high = re.findall(r"M[\d.]+,([-\d.]+)V([-\d.]+)", stripes.path)[0]
        assert (float(low), float(high)) == pytest.approx((-0.5 + 16 / 17, -0.5 + 8 / 17), abs=1e-3)  # the lower half
        (swatch,) = (trace for trace in figure.data if trace.type == "bar")
        assert swatch.marker.pattern.shape == "|"
    assert not painted_generation_figure(painted_generation_data(*_generation()), Theme.LIGHT).layout.shapes


def test_the_pointer_finds_a_cell_wherever_it_is() -> None:
    assert painted_generation_figure(painted_generation_data(*_generation()), Theme.LIGHT).layout.hoverdistance == -1
