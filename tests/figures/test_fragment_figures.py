"""Beads of a population, the heatmap of fragments, their curves and their path through the genealogy."""

from __future__ import annotations

import numpy as np

from rsa_viz.analysis.drift import Drift
from rsa_viz.analysis.fragments import spread
from rsa_viz.analysis.verdicts_by import CONSENSUS, KNOWN
from rsa_viz.core.chain import Judgement, Slot, Step, Verdict, VerdictSource
from rsa_viz.figures.fragments import ROWS, fragments_data, fragments_figure
from rsa_viz.figures.genealogy import View, carried_data, genealogy_figure
from rsa_viz.figures.population_beads import population_beads_data, population_beads_figure
from rsa_viz.figures.spread import kinds_data, kinds_figure, spread_data, spread_figure
from rsa_viz.figures.step_state import StepState, state_of
from rsa_viz.figures.style import PALETTES, Theme
from tests.analysis.drawn import chains_from, slots

FAMILY = chains_from("""
    1+      2x      3x
    1+(1,2) 1+(1,3) !(2,3)
    1+(1,2) 1+(1,2) 2x(1,2)
""")
_OF = {"+": Verdict.RIGHT, "x": Verdict.WRONG}


def _steps(words: str) -> tuple[Step, ...]:
    """``a+`` a right step that states a, ``x`` wrong, ``=`` consistent, ``?`` unknown; each is as long as its word."""
    found, start = [], 0
    for word in words.split():
        judgement = Judgement.unknown("nobody")
        if word[-1] in _OF:
            judgement = Judgement(_OF[word[-1]], VerdictSource.EXACT, None, "checked")
        elif word[-1] == "=":
            judgement = Judgement(Verdict.UNKNOWN, VerdictSource.ARITHMETIC, None, "arithmetic consistent: so it is")
        found.append(Step(start, start + len(word), judgement, word[:-1]))
        start += len(word) + 1
    return tuple(found)


TEXTS = {
    Slot.parse(name): words
    for name, words in {
        "1.1": "a+ b= c?", "1.2": "ax b=", "1.3": "d?",
        "2.1": "a+ b=", "2.2": "a+ d?",
        "3.1": "a+", "3.2": "a+ b=", "3.3": "ax e?",
    }.items()
}  # fmt: skip
STEPS = {slot: _steps(words) for slot, words in TEXTS.items()}


def test_every_chain_is_a_row_and_generations_are_apart() -> None:
    data = population_beads_data(FAMILY, STEPS, TEXTS, run="r")
    figure = population_beads_figure(data, Theme.LIGHT)
    codes = np.asarray(figure.data[0].z)
    # rows 0-2 generation 1, one free, 4-6 generation 2 (2.3 failed: empty), one free, 8-10 generation 3
    assert codes.shape == (11, 3)
    right, wrong, consistent, unknown = 1, 2, 5, 6  # 3 and 4 are what most others say
    assert codes[0].tolist() == [right, consistent, unknown]
    assert codes[1].tolist() == [wrong, consistent, 0]
    assert codes[3].tolist() == [0, 0, 0]
    assert codes[6].tolist() == [0, 0, 0]
    assert codes[10].tolist() == [wrong, unknown, 0]
    marks = figure.data[1]
    assert len(marks.customdata) == sum(map(len, STEPS.values()))
    assert list(marks.customdata[1]) == [FAMILY[0].id, "1.1", 2]
    assert marks.hovertext[1].startswith("chain 1.1, step 2 of 3 · arithmetic consistent<br>b=")
    assert list(marks.text[:3]) == ["●", "=", "?"]


def test_consistent_arithmetic_is_neither_right_nor_drawn_so() -> None:
    consistent = STEPS[Slot(1, 1)][1]
    assert state_of(consistent) is StepState.CONSISTENT
    figure = population_beads_figure(population_beads_data(FAMILY, STEPS, TEXTS), Theme.DARK)
    palette = PALETTES[Theme.DARK]
    entries = [trace for trace in figure.data if trace.type == "scatter" and trace.showlegend is not False]
    legend = {trace.name: trace.marker.color for trace in entries if trace.name}
    assert legend["= holds by itself; not proof that it is right"] not in palette.verdicts.values()
    steps = {"● right", "✕ wrong", "= holds by itself; not proof that it is right", "? unknown"}
    assert set(legend) == steps | {"● right answer", "✕ wrong answer", "failed"}


def test_the_caption_counts_and_one_generation_can_be_chosen() -> None:
    data = population_beads_data(FAMILY, STEPS, TEXTS)
    assert data.caption == (
        "15 steps of 8 chains: 5 right, 2 wrong, 4 arithmetic consistent and 4 unknown. Wrong steps: 1 of 2 that are "
        "judged in generation 1, 1 of 3 that are judged in generation 3. Consistent arithmetic does not make a step "
        "right. At the left edge the verdict on each chain's answer: 5 right and 3 wrong."
    )
    second = population_beads_data(FAMILY, STEPS, TEXTS, 2)
    assert [row.slot for row in second.rows] == list(slots("2.1", "2.2", "2.3"))
    assert second.caption.startswith("Generation 2: 4 steps of 2 chains: 2 right")
    names = population_beads_figure(second, Theme.LIGHT).layout.yaxis.ticktext
    assert list(names) == ["2.1 ●", "2.2 ●", "2.3 failed"]


def test_steps_that_state_the_chosen_fragment_are_framed() -> None:
    data = population_beads_data(FAMILY, STEPS, TEXTS, fragment="b")
    assert [row.framed for row in data.rows] == [(1,), (1,), (), (1,), (), (), (), (1,), ()]
    frames = next(
        trace for trace in population_beads_figure(data, Theme.LIGHT).data if trace.name == "chosen"
    )  # fmt: skip
    assert [tuple(mark[1:]) for mark in frames.customdata] == [("1.1", 2), ("1.2", 2), ("2.1", 2), ("3.2", 2)]
    assert "the steps of 4 chains that state the chosen fragment" in data.caption


def test_a_large_population_is_drawn_without_reading_every_step() -> None:
    chains = chains_from("1+ " * 900)
    steps = {chain.slot: _steps("a+ " * 10) for chain in chains}
    data = population_beads_data(chains, steps, dict.fromkeys(steps, "a+ " * 10))
    figure = population_beads_figure(data, Theme.LIGHT)
    assert all(row.words == () for row in data.rows)
    assert figure.data[1].hovertext is None
    assert "%{customdata[1]}" in figure.data[1].hovertemplate


def test_the_heatmap_shows_shares_in_order_of_first_appearance() -> None:
    found = spread(FAMILY, STEPS)
    data = fragments_data(FAMILY, found, "d")
    assert [row.key for row in data.rows] == ["a", "b", "c", "d", "e"]
    figure = fragments_figure(data, Theme.LIGHT)
    assert [list(row) for row in figure.data[0].z] == [
        [2 / 3, 1.0, 1.0], [2 / 3, 1 / 2, 1 / 3], [1 / 3, 0, 0], [1 / 3, 1 / 2, 0], [0, 0, 1 / 3],
    ]  # fmt: skip
    assert list(figure.layout.yaxis.ticktext) == ["a ?", "b ?", "c ?", "<b>d ?</b>", "e ?"]  # a: right and wrong
    marks = figure.data[1]
    assert list(marks.customdata[2 * 3 + 2]) == [FAMILY[0].id, "1.1", "c"]  # nobody there: the first of all
    assert list(marks.customdata[0 * 3 + 1]) == [FAMILY[3].id, "2.1", "a"]
    assert data.caption == f"5 fragments in this run. At the end 1 stands in every chain. 2 died out. {KNOWN.named}"


def test_only_so_many_fragments_are_drawn_and_the_chosen_one_always_is() -> None:
    chains = chains_from("1+ 1+")
    steps = {Slot(1, 1): _steps(" ".join(f"f{n}?" for n in range(50))), Slot(1, 2): _steps("f0? f1?")}
    data = fragments_data(chains, spread(chains, steps), "f49")
    assert len(data.rows) == ROWS
    assert [row.key for row in data.rows[:2]] == ["f0", "f1"]
    assert data.rows[-1].key == "f49"
    assert data.caption.startswith(f"The {ROWS} of 50 fragments with the largest peaks")


def test_the_caption_points_at_the_wrong_fragment_that_spread_furthest() -> None:
    chains = chains_from("1+ 2x\n2x(1,2) 2x(1,2)")
    steps = {Slot(1, 1): _steps("a+"), Slot(1, 2): _steps("w=x"), Slot(2, 1): _steps("w=x"), Slot(2, 2): _steps("w=x")}
    caption = fragments_data(chains, spread(chains, steps)).caption
    assert "The wrong one that spread furthest, w=, came with chain 1.2 and reached 100 % in generation 2." in caption


def test_a_curve_is_told_against_what_blind_copying_would_give() -> None:
    found = spread(FAMILY, STEPS)
    band = (Drift(1, 2 / 3, 2 / 3, 2 / 3), Drift(2, 0.7, 0.5, 1.0), Drift(3, 0.6, 0.4, 0.8))
    data = spread_data(FAMILY, found, ["a", "b"], band)
    assert data.caption == (
        "a (unknown) first stands in chain 1.1: 67 % of generation 1, 100 % of generation 3. In every chain from "
        "generation 2 on. Copying one random parent would give 40 % to 80 % there (90 % band); it ended above it. Of "
        f"its carriers 5 of 7 are right: an association, no cause. {KNOWN.named}"
    )
    figure = spread_figure(data, Theme.LIGHT)
    lines = [trace for trace in figure.data if trace.hoverinfo == "text"]
    assert [list(line.y) for line in lines] == [[2 / 3, 1.0, 1.0], [2 / 3, 1 / 2, 1 / 3]]


def test_right_and_wrong_fragments_share_what_is_carried() -> None:
    chains = chains_from("1+ 2x\n1+(1,2) 1+(1,2)")
    steps = {
        Slot(1, 1): _steps("a+ b?"),
        Slot(1, 2): _steps("wx a+"),
        Slot(2, 1): _steps("a+"),
        Slot(2, 2): _steps("a+"),
    }
    data = kinds_data(chains, spread(chains, steps))
    assert data.caption == (
        "From generation 1 to generation 2, of all fragments that are carried: right 50 % → 100 %, wrong 25 % → 0 %, "
        f"unknown 25 % → 0 %. {KNOWN.named}"
    )
    assert [list(trace.y) for trace in kinds_figure(data, Theme.LIGHT).data] == [[0.5, 1.0], [0.25, 0.0], [0.25, 0.0]]


def test_where_nothing_is_known_the_answers_of_the_chains_tell_fragments_apart() -> None:
    chains = chains_from("1+ 2x 2x\n1+(1,2) 1+(1,2) 2x(1,2)")
    steps = {
        Slot(1, 1): _steps("a? c?"),
        Slot(1, 2): _steps("b? c?"),
        Slot(1, 3): _steps("b?"),
        Slot(2, 1): _steps("a?"),
        Slot(2, 2): _steps("a?"),
        Slot(2, 3): _steps("a? b?"),
    }
    # 3 of 6 chains are right; a stands in 1.1, 2.1, 2.2 (right) and 2.3; b in three wrong ones; c in one of each
    data = kinds_data(chains, spread(chains, steps))
    assert [(line.name, line.shares) for line in data.lines] == [
        ("more in right chains", (1 / 5, 3 / 4)),
        ("more in wrong chains", (2 / 5, 1 / 4)),
        ("in both alike", (2 / 5, 0)),
    ]  # fmt: skip
    assert data.caption == (
        "From generation 1 to generation 2, of all fragments that are carried: unknown 100 % → 100 %. Of all chains 3 "
        "of 6 are right. Of the unknown fragments 1 of 3 stand in right chains more often than that and hold 20 % → "
        "75 %. Of the unknown fragments 1 of 3 stand in right chains less often than that and hold 40 % → 25 %. That "
        "is an association and no verdict. "
        f"{KNOWN.named}"
    )
    for theme in Theme:
        figure = kinds_figure(data, theme)
        colours = {trace.line.color for trace in figure.data}
        assert colours.isdisjoint({PALETTES[theme].verdicts[verdict] for verdict in (Verdict.RIGHT, Verdict.WRONG)})
        assert "right" not in {trace.name for trace in figure.data}


def test_with_right_and_wrong_fragments_or_without_any_verdict_on_an_answer_nothing_is_told_by_association() -> None:
    both = {Slot(1, 1): _steps("a+ b? wx")}
    assert [line.name for line in kinds_data(chains_from("1+"), spread(chains_from("1+"), both)).lines] == [
        "right", "wrong", "unknown",
    ]  # fmt: skip
    unjudged = {Slot(1, 1): _steps("a?")}
    assert [line.name for line in kinds_data(chains_from("1?"), spread(chains_from("1?"), unjudged)).lines] == [
        "unknown"
    ]


def test_what_most_others_say_is_never_drawn_as_a_right_fragment() -> None:
    chains = chains_from("1+ 1+ 2x")
    agreed = Step(0, 1, Judgement(Verdict.RIGHT, VerdictSource.CONSENSUS, 1.0, "so they say"), "a")
    unlike = Step(0, 1, Judgement(Verdict.WRONG, VerdictSource.CONSENSUS, 1.0, "so they say"), "b")
    found = spread(chains, {Slot(1, 1): (agreed,), Slot(1, 2): (agreed,), Slot(1, 3): (unlike,)})
    data = fragments_data(chains, found, by=CONSENSUS)
    assert [row.state for row in data.rows] == [StepState.AGREES, StepState.DIFFERS]
    assert "The wrong one" not in data.caption
    assert "No proof: most may be wrong." in data.caption
    kinds = kinds_data(chains, found, by=CONSENSUS)
    assert kinds.caption.startswith(
        "Generation 1, of all fragments that are carried: like most others 67 %, unlike most others 33 %."
    )
    palette = PALETTES[Theme.LIGHT]
    drawn = {trace.line.color for trace in kinds_figure(kinds, Theme.LIGHT).data}
    assert drawn.isdisjoint(palette.verdicts.values())
    assert spread_data(chains, found, ["a"], by=CONSENSUS).caption.startswith("a (like most others) first stands")


def test_the_left_edge_says_whose_answers_are_right() -> None:
    data = population_beads_data(FAMILY, STEPS, TEXTS)
    figure = population_beads_figure(data, Theme.LIGHT)
    strip = next(trace for trace in figure.data if trace.name == "answers")
    assert np.asarray(strip.z)[:, 0].tolist() == [1, 2, 2, 0, 1, 1, 4, 0, 1, 1, 2]  # right 1, wrong 2, failed 4
    assert strip.x[0] < strip.x[1] < 0.5 < 1
    marks = next(trace for trace in figure.data[2:] if trace.hovertext)
    assert [list(mark) for mark in marks.customdata[:2]] == [[FAMILY[0].id, "1.1"], [FAMILY[1].id, "1.2"]]
    assert list(marks.text) == ["●", "✕", "✕", "●", "●", "", "●", "●", "✕"]
    assert figure.layout.xaxis.range[0] < strip.x[0]


def test_a_pointer_anywhere_in_a_cell_finds_its_mark() -> None:
    found = spread(FAMILY, STEPS)
    for figure in (
        population_beads_figure(population_beads_data(FAMILY, STEPS, TEXTS), Theme.LIGHT),
        fragments_figure(fragments_data(FAMILY, found), Theme.LIGHT),
    ):
        assert figure.layout.hoverdistance == -1


def test_the_path_of_a_fragment_links_carriers_to_carriers() -> None:
    b = spread(FAMILY, STEPS).find("b")
    assert b is not None
    data = carried_data(FAMILY, b.carriers, 0.75)
    assert data.view is View.CARRIED
    assert [(str(link.parent), str(link.child)) for link in data.links] == [
        ("1.1", "2.1"), ("1.2", "2.1"), ("2.1", "3.2"),
    ]  # fmt: skip
    assert data.caption == (
        "4 carriers, of which 2 had a carrier among the parents in the prompt. Such a child has it from them with "
        "probability 0.75; else it found it again."
    )
    figure = genealogy_figure(data, Theme.LIGHT)
    hovers = {
        mark[1]: told for trace in figure.data for mark, told in zip(trace.customdata, trace.hovertext, strict=True)
    }
    assert hovers["2.1"].endswith("carries the fragment")
    assert "carries" not in hovers["2.2"]
    assert len(figure.layout.shapes) == 1
