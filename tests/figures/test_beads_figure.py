"""Beads and donors: one child and two parents whose steps are written out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_population import made_chain

from rsa_viz.analysis.inheritance import inheritances
from rsa_viz.core.chain import Chain, Judgement, Slot, Step, Verdict, VerdictSource
from rsa_viz.figures.beads import beads_data, beads_figure
from rsa_viz.figures.donors import donors_data, donors_figure
from rsa_viz.figures.style import PALETTES, Theme

VERDICTS = {"+": Verdict.RIGHT, "-": Verdict.WRONG, "?": Verdict.UNKNOWN}


def _written(slot: str, *lines: str, parents: tuple[str, ...] = ()) -> tuple[Chain, tuple[Step, ...]]:
    """A chain of lines such as ``+ c = 3``: the sign is the step's verdict, the rest its text."""
    steps, text = [], ""
    for line in lines:
        verdict = VERDICTS[line[0]]
        source = VerdictSource.NONE if verdict is Verdict.UNKNOWN else VerdictSource.EXACT
        steps.append(Step(len(text), len(text) + len(line) - 2, Judgement(verdict, source, None, "because")))
        text += line[2:] + "\n"
    return replace(made_chain(slot, parents=parents), text=text), tuple(steps)


PARENTS = [_written("1.1", "+ c = 3", "- d = 4"), _written("1.2", "+ c = 3", "+ d = 5", "? so 5")]
CHILD, STEPS = _written("2.1", "+ c = 3", "+ d = 5", "- e = 9", parents=("1.1", "1.2"))


def test_steps_that_stand_in_child_and_parent_are_ringed_in_both() -> None:
    data = beads_data(CHILD, STEPS, PARENTS)
    assert [[bead.shared for bead in string.beads] for string in data.strings] == [
        [True, False],
        [True, True, False],
        [True, True, False],
    ]
    assert [string.position for string in data.strings] == [1, 2, None]
    assert data.caption == (
        "Chain 2.1: 3 steps, 2 right and 1 wrong. The first wrong one is step 3. "
        "Ringed steps stand in a parent too (2 of 3). Similarity, not proof."
    )


def test_an_unknown_step_is_never_orange() -> None:
    chain, steps = _written("1.1", "? one", "? two")
    for theme in Theme:
        assert PALETTES[theme].verdicts[Verdict.WRONG] not in beads_figure(beads_data(chain, steps), theme).to_json()


def test_a_step_in_a_hover_is_escaped_and_cut() -> None:
    chain, steps = _written("1.1", "? <b>" + "x" * 500 + "$y$")
    hover = beads_figure(beads_data(chain, steps), Theme.LIGHT).data[0].hovertext[0]
    assert "<b>" not in hover
    assert "&lt;b&gt;" in hover
    assert "…" in hover
    assert len(hover.replace("<br>", "")) < 300


def test_a_long_chain_has_smaller_beads_and_no_marks() -> None:
    short = beads_figure(beads_data(*_written("1.1", *["+ a"] * 5)), Theme.LIGHT).data[0]
    long = beads_figure(beads_data(*_written("1.1", *["+ a"] * 300)), Theme.LIGHT).data[0]
    assert short.marker.size == 26
    assert long.marker.size == 5
    assert "text" not in long.mode


def test_a_chain_without_steps_says_so() -> None:
    data = beads_data(made_chain("1.1"), ())
    assert data.caption == "Chain 1.1 has no step to show."


def test_donors_are_shares_by_prompt_position_and_sum_to_one() -> None:
    family = [chain for chain, _ in PARENTS]
    steps = {chain.slot: found for chain, found in [*PARENTS, (CHILD, STEPS)]}
    texts = {chain.slot: chain.text or "" for chain in [*family, CHILD]}
    data = donors_data(CHILD, family, inheritances([*family, CHILD], steps, texts)[CHILD.slot])
    # c = 3 stands in both (a half each), d = 5 in the second, e = 9 in none.
    assert [(slot, place, share) for _, slot, place, share in data.parents] == [
        (Slot(1, 1), 1, pytest.approx(1 / 6)),
        (Slot(1, 2), 2, pytest.approx(1 / 2)),
    ]
    assert data.new == pytest.approx(1 / 3)
    assert sum(trace.x[0] for trace in donors_figure(data, Theme.LIGHT).data) == pytest.approx(1)
    assert data.caption.startswith(
        "Of the 3 steps of chain 2.1, 33 % stand in no parent. Most, 50 %, stand in chain 1.2"
    )


def test_arithmetic_that_holds_has_a_mark_of_its_own_and_never_the_colour_of_right() -> None:
    chain, (first, *others) = _written("1.1", "? 2*13 = 26", "? so", "+ c = 3")
    holds = replace(first, judgement=Judgement(Verdict.UNKNOWN, VerdictSource.ARITHMETIC, None, "2*13 is 26"))
    data = beads_data(chain, (holds, *others))
    assert data.caption == "Chain 1.1: 3 steps, 1 right, 1 arithmetic consistent and 1 unknown."
    for theme in Theme:
        string, *legend = beads_figure(data, theme).data
        blue = PALETTES[theme].verdicts[Verdict.RIGHT]
        assert list(string.text) == ["=", "?", ""]
        assert string.showlegend is False
        assert [colour == blue for colour in string.marker.color] == [False, False, True]
        assert [one.name for one in legend] == [
            "● right",
            "= holds by itself; not proof that it is right",
            "? unknown",
        ]


def test_the_chosen_step_of_the_child_is_framed() -> None:
    chain, steps = _written("1.1", *["+ a"] * 4)
    data = beads_data(chain, steps, chosen=3)
    assert "Framed: step 3." in data.caption
    (frame,) = beads_figure(data, Theme.LIGHT).layout.shapes
    assert frame.x0 < 3 < frame.x1
    assert frame.y0 < 0 < frame.y1
    assert not beads_figure(beads_data(chain, steps), Theme.LIGHT).layout.shapes
