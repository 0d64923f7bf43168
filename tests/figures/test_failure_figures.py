"""Events, fates and the prediction, on populations worked out by hand."""

from __future__ import annotations

import pytest
from made_population import made_chain, made_population

from rsa_viz.analysis.forecast import Asked, own_numbers
from rsa_viz.analysis.ledger import EventKind
from rsa_viz.core.chain import Verdict
from rsa_viz.figures.events import events_data, events_figure
from rsa_viz.figures.fates import Fortune, RunEnds, fates_data, fates_figure, fortune
from rsa_viz.figures.prediction import prediction_data, prediction_figure
from rsa_viz.figures.style import PALETTES, Theme
from tests.analysis.drawn import chains_from

STORY = """
    26+       25x       26+       7x
    26+(1,2)  25x(2,3)  25x(1,3)  26+(2,4)
    25x(1,4)  25x(1,2)  26+(2,4)  25x(1,3)
"""


def test_events_are_counted_by_kind_and_generation() -> None:
    data = events_data(chains_from(STORY))
    assert [(row.t, row.kind, row.count, row.first[1]) for row in data.rows] == [
        (2, EventKind.GAIN, 1, "2.1"),
        (2, EventKind.RESCUE, 1, "2.4"),
        (2, EventKind.LOSS, 1, "2.2"),
        (2, EventKind.CORRUPTION, 1, "2.3"),
        (3, EventKind.GAIN, 1, "3.3"),
        (3, EventKind.LOSS, 2, "3.2"),
        (3, EventKind.CORRUPTION, 1, "3.1"),
    ]
    assert data.caption == (
        "1 rescue and 2 gains against 3 losses and 2 corruptions. The first rescue is chain 2.4. "
        "The first corruption is chain 2.3. Most right parents were lost on children in generation 3: 3."
    )


def test_what_lost_the_answer_goes_down_and_has_a_mark_of_its_own() -> None:
    figure = events_figure(events_data(chains_from(STORY)), Theme.LIGHT)
    bars = {trace.name.split()[1]: trace for trace in figure.data}
    assert list(bars["gain"].y) == [1, 1]
    assert list(bars["loss"].y) == [-1, -2]
    assert list(bars["loss"].text) == ["− 1", "− 2"]
    assert bars["rescue"].marker.color == PALETTES[Theme.LIGHT].verdicts[Verdict.RIGHT]
    assert len({(trace.marker.color, trace.marker.pattern.shape) for trace in figure.data}) == 4


def test_without_verdicts_nobody_rescued_or_lost_anything() -> None:
    data = events_data(made_population(4, 2, 3, gold=False))
    assert data.rows == ()
    assert "Unknown is not wrong" in data.caption


def ends(name: str, first: tuple[int, int], last: tuple[int, int], t: int = 5) -> RunEnds:
    return RunEnds(f"{name:0>12}", name, t, first, last)


RUNS = (
    ends("up", (3, 16), (14, 16)),
    ends("down", (8, 16), (0, 16)),
    ends("same", (4, 8), (8, 16)),
    ends("close", (1, 3), (333, 1000)),
    ends("unknown", (0, 0), (0, 0)),
    ends("one", (3, 16), (3, 16), t=1),
)


def test_a_run_is_lost_below_the_diagonal_and_exactly_so() -> None:
    assert [fortune(run) for run in RUNS[:4]] == [Fortune.GAINED, Fortune.LOST, Fortune.SAME, Fortune.LOST]


def test_runs_without_verdicts_or_with_one_generation_are_no_dots() -> None:
    data = fates_data(RUNS)
    assert [run.name for run in data.runs] == ["up", "down", "same", "close"]
    assert data.caption == (
        "Of 4 finished runs, 1 ended with a larger share of right chains than they began with, 1 with the same, 2 with "
        "a smaller one. In 1 the right answer was there at the start and gone in the end. A click opens the run. "
        "2 runs without verdicts or with one generation left out."
    )


def test_a_dot_stands_where_its_run_began_and_ended_and_carries_it() -> None:
    figure = fates_figure(fates_data(RUNS, chosen=RUNS[0].run_id), Theme.DARK)
    gained = next(trace for trace in figure.data if trace.name == "gained")
    assert (list(gained.x), list(gained.y)) == ([3 / 16], [14 / 16])
    assert tuple(gained.customdata[0]) == (RUNS[0].run_id, "5.1")
    assert [trace.marker.symbol for trace in figure.data if trace.name] == ["circle", "circle-open", "x"]


def test_dots_of_equal_runs_do_not_hide_each_other_and_stay_on_their_side() -> None:
    for first, last in (((1, 16), (16, 16)), ((15, 16), (16, 16)), ((16, 16), (0, 16)), ((16, 16), (15, 16))):
        figure = fates_figure(fates_data([ends(str(number), first, last) for number in range(6)]), Theme.LIGHT)
        (dots,) = [trace for trace in figure.data if trace.name]
        places = list(zip(dots.x, dots.y, strict=True))
        assert len(set(places)) == 6
        assert all((y > x) == (last[0] > first[0]) for x, y in places)


def test_a_run_knows_its_own_numbers() -> None:
    assert own_numbers(made_population(16, 4, 11)) == Asked(16, 4, 11)
    assert own_numbers(made_population(3, 1, 1)) == Asked(3, 1, 1)
    assert own_numbers(()) is None


def test_the_prediction_says_what_it_knows_and_what_it_supposes() -> None:
    chains = made_population(16, 4, 10, seed=3)
    data = prediction_data(chains)
    assert data.forecast is not None
    assert (data.start, data.seen, data.what_if) == (1, 10, False)
    assert len(data.forecast.expected) == 10
    assert len(data.drift) == 10
    assert data.caption.startswith("From ")
    assert "90 % band" in data.caption
    assert "A prediction, not a measurement" in data.caption


def test_what_had_not_happened_is_not_in_the_prediction() -> None:
    chains = made_population(16, 4, 10, seed=3)
    data = prediction_data(chains, seen=3)
    unseen = tuple(
        made_chain(str(chain.slot), answer="7", verdict=Verdict.WRONG, parents=tuple(map(str, chain.parents)))
        if chain.slot.t > 3
        else chain
        for chain in chains
    )
    assert data.forecast is not None
    assert data.forecast == prediction_data(unseen, seen=3).forecast
    assert (data.start, len(data.forecast.expected)) == (3, 8)
    assert "children up to generation 3" in data.caption


def test_other_numbers_are_a_what_if_without_the_runs_own_genealogy() -> None:
    data = prediction_data(made_population(16, 4, 10, seed=3), Asked(32, 2, 20))
    assert data.what_if
    assert data.drift == ()
    assert data.forecast is not None
    assert (data.forecast.n, data.forecast.k, len(data.forecast.expected)) == (32, 2, 20)
    assert data.caption.startswith("What if N = 32, K = 2, T = 20 instead of 16, 4, 10?")
    assert "The starting population is drawn anew." in data.caption
    assert "never seen" in data.caption
    figure = prediction_figure(data, Theme.LIGHT)
    assert figure.layout.xaxis.range[1] > 20


@pytest.mark.parametrize("chains", [made_population(4, 2, 3, gold=False), made_population(4, 2, 3, planned_from=1)])
def test_without_verdicts_nothing_is_predicted(chains) -> None:
    data = prediction_data(chains)
    assert data.forecast is None
    assert "nothing can be predicted" in data.caption


def test_one_generation_is_nothing_to_predict_from() -> None:
    data = prediction_data(made_population(4, 2, 1))
    assert data.forecast is None
    assert "No child with known verdicts yet" in data.caption
