"""The pictures by generation, on two generations worked out by hand.

::

    generation   1         2
    slot 1       7  ✕      42 ●   parents 1.1, 1.2
    slot 2       42 ●      42 ●   parents 1.2, 1.3
    slot 3       7  ✕      –  ✕   parents 1.1, 1.3: no answer, truncated
    slot 4       failed    7  ✕   parents 1.1, 1.3
"""

from __future__ import annotations

import pytest
from made_population import made_chain, made_population

from rsa_viz.core.chain import Chain, ChainStatus, Verdict
from rsa_viz.figures.answers import answer_places, answers_data, answers_figure, distribution_data, distribution_figure
from rsa_viz.figures.correctness import correctness_data, correctness_figure
from rsa_viz.figures.diversity import diversity_data, diversity_figure
from rsa_viz.figures.lengths import lengths_data, lengths_figure
from rsa_viz.figures.style import ANSWER_COLOURS, PALETTES, Theme
from rsa_viz.figures.transmission import children_in_words, transmission_data, transmission_figure
from tests.analysis.drawn import chains_from

RIGHT, WRONG = Verdict.RIGHT, Verdict.WRONG


@pytest.fixture
def chains() -> tuple[Chain, ...]:
    return (
        made_chain("1.1", answer="7", verdict=WRONG, tokens=100),
        made_chain("1.2", answer="42", verdict=RIGHT, tokens=200),
        made_chain("1.3", answer="7", verdict=WRONG, tokens=400),
        made_chain("1.4", status=ChainStatus.FAILED),
        made_chain("2.1", answer="42", verdict=RIGHT, parents=("1.1", "1.2"), tokens=10),
        made_chain("2.2", answer="42", verdict=RIGHT, parents=("1.2", "1.3"), tokens=20),
        made_chain("2.3", answer=None, verdict=WRONG, parents=("1.1", "1.3"), tokens=30, finish_reason="length"),
        made_chain("2.4", answer="7", verdict=WRONG, parents=("1.1", "1.3"), tokens=40),
    )


def test_correctness_counts_right_among_judged_and_leaves_failures_out(chains: tuple[Chain, ...]) -> None:
    first, second = correctness_data(chains).rows
    assert (first.right, first.wrong, first.mean) == (1, 2, pytest.approx(1 / 3))
    assert (second.right, second.wrong, second.mean) == (2, 2, 0.5)
    assert first.low == pytest.approx(0.0615, abs=1e-4)  # Wilson, 1 of 3
    assert first.high == pytest.approx(0.7923, abs=1e-4)
    assert (first.pass_at_n, first.majority, first.majority_answer) == (True, False, "7")
    assert (second.pass_at_n, second.majority) == (True, True)


def test_the_caption_of_correctness_names_the_chains_that_turned(chains: tuple[Chain, ...]) -> None:
    rescued = (*chains[:6], made_chain("2.3", answer="42", verdict=RIGHT, parents=("1.1", "1.3")), chains[7])
    assert correctness_data(rescued).caption == (
        "From generation 1 to generation 2: right 1/3 → 3/4 (75 %, 95 % interval 30 % to 95 %). "
        "The largest step is generation 2: right 1/3 → 3/4; 1 rescue (chain 2.3), 0 corruptions."
    )


def test_the_caption_says_when_nobody_can_judge() -> None:
    caption = correctness_data(made_population(4, 2, 2, gold=False)).caption
    assert caption == "Nobody can say which chains are right: there is no verdict. Unknown does not count as wrong."


def test_unknown_generations_leave_a_gap_and_no_orange() -> None:
    data = correctness_data(made_population(4, 2, 3, gold=False))
    figure = correctness_figure(data, Theme.LIGHT)
    line = next(trace for trace in figure.data if "lines" in trace.mode and trace.hovertext)
    assert list(line.y) == [None, None, None]
    orange = PALETTES[Theme.LIGHT].verdicts[WRONG]
    assert orange not in figure.to_json()


def test_answers_keep_their_order_and_counts(chains: tuple[Chain, ...]) -> None:
    data = answers_data(chains)
    assert [(band.name, band.place, band.counts) for band in data.bands] == [
        ("7", 0, (2, 1)),
        ("● 42", 1, (1, 2)),
        ("no answer", None, (0, 1)),
    ]
    assert data.totals == (3, 4)
    assert data.bands[1].firsts == ((1002, "1.2"), (2001, "2.1"))


def test_the_areas_fill_a_hundred_percent_in_every_generation(chains: tuple[Chain, ...]) -> None:
    figure = answers_figure(answers_data(chains), Theme.DARK)
    sums = [sum(column) for column in zip(*(trace.y for trace in figure.data), strict=True)]
    assert sums == [pytest.approx(1), pytest.approx(1)]


def test_the_eight_largest_classes_have_colours_in_order_of_appearance_and_the_rest_share_one() -> None:
    small = [made_chain(f"1.{i}", answer=f"rare {i}") for i in range(1, 5)]
    large = [made_chain(f"1.{i}", answer=f"often {i % 8}") for i in range(5, 21)]
    places = answer_places([*small, *large])
    assert places == {f"often {digit}": place for place, digit in enumerate((5, 6, 7, 0, 1, 2, 3, 4))}
    bands = answers_data([*small, *large]).bands
    assert [band.name for band in bands[8:]] == ["other (4)"]
    assert bands[8].counts == (4,)


def test_an_answer_keeps_its_colour_from_the_areas_to_the_bars(chains: tuple[Chain, ...]) -> None:
    areas = answers_figure(answers_data(chains), Theme.LIGHT)
    bars = distribution_figure(distribution_data(chains, 2), Theme.LIGHT)
    assert [trace.fillcolor for trace in areas.data[:2]] == list(bars.data[0].marker.color[:2])
    assert areas.data[1].fillcolor == ANSWER_COLOURS[1]


def test_the_distribution_is_of_the_chosen_generation_on_a_scale_for_all(chains: tuple[Chain, ...]) -> None:
    first, second = (distribution_figure(distribution_data(chains, t), Theme.LIGHT) for t in (1, 2))
    assert list(first.data[0].x) == [2, 1, 0]
    assert list(second.data[0].x) == [1, 2, 1]
    assert first.layout.xaxis.range == second.layout.xaxis.range
    assert distribution_data(chains, 2).caption == (
        "Generation 2: 4 of 4 chains done. 42 is given most often: 2 of the 3 that answer. 1 chain without an answer."
    )


def test_diversity_is_two_to_the_entropy(chains: tuple[Chain, ...]) -> None:
    first, second = diversity_data(chains).rows
    assert first.bits == pytest.approx(0.9183, abs=1e-4)  # 2 and 1 of 3
    assert first.effective == pytest.approx(2**0.9182958)
    assert (first.distinct, second.distinct, second.answered) == (2, 2, 3)


def test_a_generation_without_answers_has_no_diversity_rather_than_none_of_it() -> None:
    data = diversity_data([made_chain("1.1", answer=None), made_chain("2.1", status=ChainStatus.PLANNED)])
    assert [(row.distinct, row.bits) for row in data.rows] == [(None, None), (None, None)]
    assert data.caption == "No answer yet."
    assert [list(trace.y) for trace in diversity_figure(data, Theme.LIGHT).data] == [[None, None], [None, None]]


def test_lengths_are_quartiles_in_one_unit(chains: tuple[Chain, ...]) -> None:
    data = lengths_data(chains)
    first, second = data.rows
    assert first.spread is not None
    assert (first.spread.low, first.spread.median, first.spread.high) == (150, 200, 300)
    assert (first.troubles, second.troubles) == ((0, 0, 1), (1, 0, 0))
    assert data.unit == "tokens"
    assert data.caption == (
        "Generation 1: median 200 tokens → Generation 2: median 25 tokens. 1 truncated and 1 failed of 8 chains."
    )


def test_lengths_turn_to_characters_when_a_server_tells_no_tokens(chains: tuple[Chain, ...]) -> None:
    data = lengths_data((made_chain("1.1", tokens=None), *chains[1:]))
    assert data.unit == "characters"
    assert data.caption.endswith("Lengths are in characters, because the server told no token counts.")


def test_dots_of_single_chains_are_left_out_when_they_are_too_many() -> None:
    few, many = made_population(16, 4, 11), made_population(300, 2, 10)
    assert len(lengths_data(few).dots) == sum(chain.status is ChainStatus.DONE for chain in few)
    assert lengths_data(many).dots == ()
    assert len(lengths_figure(lengths_data(many), Theme.LIGHT).data) == 5


def test_the_children_behind_a_rate_are_named_the_wrong_ones_first() -> None:
    chains = chains_from("26+ 26+ 25x\n25x(1,2) 26+(1,2) 25x(1,2) 26+(1,3)")
    data = transmission_data(chains)
    assert children_in_words(data, 2, 40) == (
        "3 children with 2 right parents of 2: 2 wrong: chain 2.1, chain 2.3. 1 right: chain 2.2."
    )
    assert children_in_words(data, 2, 1) == (
        "3 children with 2 right parents of 2: 2 wrong: chain 2.1 and 1 more. 1 right: chain 2.2."
    )
    assert children_in_words(data, 1, 40) == "1 child with 1 right parent of 2: 1 right: chain 2.4."
    assert children_in_words(data, 0, 40) == "No child here had 0 right parents of 2."
    assert children_in_words(transmission_data(()), 1, 40) == "No child here had 1 right parent of 0."


def test_transmission_counts_children_by_right_parents(chains: tuple[Chain, ...]) -> None:
    data = transmission_data(chains)
    assert [(row.j, row.right, row.children) for row in data.rows] == [(0, 0, 2), (1, 2, 2), (2, 0, 0)]
    assert {j: [str(child.slot) for child in children] for j, children in data.children.items()} == {
        0: ["2.3", "2.4"],
        1: ["2.1", "2.2"],
        2: [],
    }
    assert [tuple(mark) for mark in transmission_figure(data, Theme.LIGHT).data[1].customdata] == [
        (0, "2.3"),
        (1, "2.1"),
    ]
    assert data.caption.startswith(
        "Of the children with no right parent, 0 of 2 are right (0 %). "
        "Of the children with one right parent of 2, 2 of 2 are right (100 %)."
    )
