"""Every picture, whatever it is given: it draws, it serialises, it stays small, and no model text is markup in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest
from made_population import made_chain, made_population
from made_trials import made_arms

from rsa_viz.analysis.forks import branch
from rsa_viz.analysis.fragments import neutral_spread, spread
from rsa_viz.analysis.genealogy import equal_shares
from rsa_viz.analysis.inheritance import inheritances, inherited_by, step_key
from rsa_viz.analysis.painting import painted, step_rates
from rsa_viz.analysis.paired import difference
from rsa_viz.analysis.positions import position_evidence
from rsa_viz.analysis.published import TASKS
from rsa_viz.analysis.synthesis import Taken, copy_or_synthesis
from rsa_viz.core.chain import Chain, ChainStatus, Judgement, Slot, Step, Verdict
from rsa_viz.core.run import RunStatus
from rsa_viz.figures import FIGURES
from rsa_viz.figures.answers import answers_data, distribution_data
from rsa_viz.figures.beads import beads_data
from rsa_viz.figures.board import board_data
from rsa_viz.figures.compare import compare_budget_data, compare_gap_data, compare_n_data, compare_t_data
from rsa_viz.figures.correctness import correctness_data
from rsa_viz.figures.courses import Course, Kind, courses_data
from rsa_viz.figures.descent import descent_data
from rsa_viz.figures.diversity import diversity_data
from rsa_viz.figures.donors import donors_data
from rsa_viz.figures.events import events_data
from rsa_viz.figures.experiment_grid import GridRun, experiment_grid_data
from rsa_viz.figures.fates import RunEnds, fates_data
from rsa_viz.figures.forks import forks_data
from rsa_viz.figures.fragments import fragments_data
from rsa_viz.figures.genealogy import View, genealogy_data
from rsa_viz.figures.leave_one_out import leave_one_out_data
from rsa_viz.figures.lengths import lengths_data
from rsa_viz.figures.painted_generation import painted_generation_data
from rsa_viz.figures.painting import painting_data
from rsa_viz.figures.paired import paired_data
from rsa_viz.figures.population_beads import population_beads_data
from rsa_viz.figures.positions import positions_data
from rsa_viz.figures.prediction import prediction_data
from rsa_viz.figures.problem_grid import problem_grid_data
from rsa_viz.figures.shares import Share, shares_data
from rsa_viz.figures.spread import kinds_data, spread_data
from rsa_viz.figures.style import Theme
from rsa_viz.figures.synthesis import synthesis_data
from rsa_viz.figures.synthesis_course import synthesis_course_data
from rsa_viz.figures.transmission import transmission_data
from rsa_viz.figures.turning_points import turning_points_data

HOSTILE = (
    "<img src=x onerror=alert(1)><b>bold</b> $$x^2$$ <a href='http://evil.test'>here</a>\u202e\x00\n\n"
    "![](http://evil.test/i.png)"
)


def _steps(chain: Chain) -> tuple[Step, ...]:
    return tuple(
        Step(found.start(), found.end(), Judgement.unknown("nobody can say <i>why</i>"))
        for found in re.finditer(r"[^\n]+", chain.text or "")
    )


def _beads(chains: Sequence[Chain]) -> Any:
    child = chains[-1]
    known = {chain.slot: chain for chain in chains}
    return beads_data(child, _steps(child), [(known[slot], _steps(known[slot])) for slot in child.parents])


def _donors(chains: Sequence[Chain]) -> Any:
    child = chains[-1]
    known = {chain.slot: chain for chain in chains}
    family = [*(known[slot] for slot in child.parents), child]
    found = inheritances(
        family, {one.slot: _steps(one) for one in family}, {one.slot: one.text or "" for one in family}
    )
    return donors_data(child, family[:-1], found.get(child.slot))


def _keys(chains: Sequence[Chain]) -> dict[Slot, list[str]]:
    return {chain.slot: [step_key(step, chain.text or "") for step in _steps(chain)] for chain in chains}


def _painting(chains: Sequence[Chain]) -> Any:
    child, keys = chains[-1], _keys(chains)
    known = {chain.slot: chain for chain in chains}
    steps = {slot: _steps(known[slot]) for slot in (child.slot, *child.parents)}
    return painting_data(child, painted(child, keys, step_rates(chains, keys)), steps, known)


def _painted_generation(chains: Sequence[Chain]) -> Any:
    last, keys = [chain for chain in chains if chain.slot.t == chains[-1].slot.t], _keys(chains)
    rates = step_rates(chains, keys)
    return painted_generation_data(last, {chain.slot: painted(chain, keys, rates) for chain in last})


def _took(chains: Sequence[Chain]) -> tuple[Taken, ...]:
    return copy_or_synthesis(chains, inherited_by(chains, _keys(chains)))


def _genealogy(chains: Sequence[Chain]) -> Any:
    return genealogy_data(chains, equal_shares(chains), view=View.WHOLE, chosen=chains[-1].slot)


def _fates(chains: Sequence[Chain]) -> Any:
    """As many runs as chains, each named as a chain answers."""
    return fates_data(
        [
            RunEnds(f"{chain.id:012x}", chain.answer or HOSTILE, 2, (chain.slot.i % 17, 16), (chain.id % 17, 16))
            for chain in chains
        ]
    )


def _experiment(chains: Sequence[Chain]) -> Any:
    """A run a chain: generations are settings, indices problems."""
    statuses = list(RunStatus)
    return experiment_grid_data(
        [
            GridRun(f"{one.id:012x}", f"{HOSTILE} {one.slot.t}", one.slot.i - 1, one.answer or HOSTILE, one.id % 2,
                    statuses[one.id % len(statuses)], 3, 5, (one.slot.i % 5, 4) if one.id % 3 else None)
            for one in chains
        ]
    )  # fmt: skip


def _stated(chains: Sequence[Chain]) -> dict[Slot, tuple[Step, ...]]:
    """The steps of each chain, each line a fragment."""
    return {
        chain.slot: tuple(replace(step, fragment=(chain.text or "")[step.start : step.end]) for step in _steps(chain))
        for chain in chains
    }


def _population_beads(chains: Sequence[Chain]) -> Any:
    texts = {chain.slot: chain.text or "" for chain in chains}
    return population_beads_data(chains, _stated(chains), texts, fragment="line 42")


def _spread(chains: Sequence[Chain]) -> Any:
    found = spread(chains, _stated(chains))
    keys = [one.key for one in found.fragments]
    return spread_data(chains, found, keys, neutral_spread(chains, found.fragments[0], repeats=20) if keys else ())


def _paired(chains: Sequence[Chain]) -> Any:
    arms = made_arms(chains, HOSTILE)
    return paired_data([difference(one, arms[0]) for one in arms])


def _forks(chains: Sequence[Chain]) -> Any:
    """The population as its own fork, with a change that attacks the page."""
    return forks_data(branch("a", "original", 0, chains), [branch("b", HOSTILE, 1, chains)], "b")


def _left_out(chains: Sequence[Chain]) -> Any:
    """The first generation, at most four of it, as parents of children that lack one each."""
    parents = [replace(chain, copied_from=chain.slot) for chain in chains if chain.slot.t == 1][:4]
    everybody = tuple(chain.slot for chain in parents)
    children = [chain for chain in chains if chain.slot.t == 2]
    kept = [everybody[: i % 5] + everybody[i % 5 + 1 :] for i in range(len(children))]
    return leave_one_out_data(
        [*parents, *(replace(child, parents=some, available=some) for child, some in zip(children, kept, strict=True))]
    )


def _courses(chains: Sequence[Chain]) -> Any:
    """A course of every kind through as many generations as there are."""
    last = chains[-1].slot.t
    points = tuple((t, 1 / t) for t in range(1, last + 1))
    band = tuple((t, 0.0, share) for t, share in points)
    return courses_data([Course(chains[0].answer or HOSTILE, kind, points, band) for kind in Kind], last)


def _shares(chains: Sequence[Chain]) -> Any:
    """At most four chains as bars."""
    return shares_data([Share(chain.answer or HOSTILE, 1 / chain.slot.i, HOSTILE, True) for chain in chains[:4]])


DRAWN_FROM: dict[str, Callable[[Sequence[Chain]], Any]] = {
    "board": lambda chains: board_data(chains, eye=chains[0].slot),
    "correctness": lambda chains: correctness_data(chains, 1),
    "answers": lambda chains: answers_data(chains, 1),
    "distribution": lambda chains: distribution_data(chains, 1),
    "diversity": lambda chains: diversity_data(chains, 1),
    "lengths": lambda chains: lengths_data(chains, 1),
    "transmission": transmission_data,
    "turning_points": lambda chains: turning_points_data(chains, 1),
    "events": lambda chains: events_data(chains, 1),
    "prediction": prediction_data,
    "courses": _courses,
    "shares": _shares,
    "experiment_grid": _experiment,
    "fates": _fates,
    "compare_t": lambda chains: compare_t_data(made_arms(chains, HOSTILE), TASKS[0]),
    "compare_n": lambda chains: compare_n_data(made_arms(chains, HOSTILE), TASKS[0]),
    "compare_gap": lambda chains: compare_gap_data(made_arms(chains, HOSTILE), TASKS[0]),
    "compare_budget": lambda chains: compare_budget_data(made_arms(chains, HOSTILE)),
    "paired": lambda chains: paired_data(
        [difference(one, arms[0]) for arms in [made_arms(chains, HOSTILE)] for one in arms]
    ),
    "problem_grid": lambda chains: problem_grid_data(made_arms(chains, HOSTILE)),
    "forks": _forks,
    "leave_one_out": _left_out,
    "genealogy": _genealogy,
    "descent": lambda chains: descent_data(chains, equal_shares(chains), chosen=chains[0].slot),
    "population_beads": _population_beads,
    "fragments": lambda chains: fragments_data(chains, spread(chains, _stated(chains)), "line 42"),
    "spread": _spread,
    "kinds": lambda chains: kinds_data(chains, spread(chains, _stated(chains))),
    "beads": _beads,
    "painting": _painting,
    "painted_generation": _painted_generation,
    "synthesis": lambda chains: synthesis_data(chains, _took(chains), chosen=chains[-1].slot),
    "synthesis_course": lambda chains: synthesis_course_data(chains, _took(chains)),
    "positions": lambda chains: positions_data(chains, position_evidence(chains, inherited_by(chains, _keys(chains)))),
    "donors": _donors,
}


def _hostile(chains: Sequence[Chain]) -> tuple[Chain, ...]:
    """The same population, with its answers, texts and errors replaced by what attacks a page."""
    return tuple(
        replace(
            chain,
            answer=None if chain.answer is None else f"{HOSTILE} {chain.answer}",
            answer_key=None if chain.answer is None else f"{HOSTILE} {chain.answer}",
            text=None if chain.status is not ChainStatus.DONE else f"{HOSTILE}\nline {chain.answer}\nand {HOSTILE}",
            error=HOSTILE if chain.status is ChainStatus.FAILED else None,
            verdict_why=HOSTILE,
        )
        for chain in chains
    )


@pytest.fixture(scope="module")
def populations() -> dict[str, tuple[Chain, ...]]:
    return {
        "one": _hostile(made_population(1, 1, 1)),
        "176": _hostile(made_population(16, 4, 11, seed=3)),
        "no gold": _hostile(made_population(16, 4, 10, gold=False)),
        "planned": made_population(16, 4, 10, planned_from=1),
        "running": _hostile(made_population(16, 4, 10, planned_from=4)),
        "10,000": _hostile(made_population(500, 4, 20, seed=5)),
    }


SIZES = ("one", "176", "no gold", "planned", "running", "10,000")
each_figure = pytest.mark.parametrize("name", sorted(FIGURES))
each_theme = pytest.mark.parametrize("theme", list(Theme))
each_size = pytest.mark.parametrize("size", SIZES)


def test_every_picture_is_drawn_by_these_tests() -> None:
    assert set(DRAWN_FROM) == set(FIGURES)


def _marks(figure: go.Figure) -> Iterator[tuple[Any, ...]]:
    """The customdata of every trace that shows a hover, mark by mark."""
    for trace in figure.data:
        if trace.hoverinfo != "skip":
            assert trace.customdata is not None, f"{trace.type} {trace.name} has a hover and no customdata"
            assert len(trace.customdata) == len(trace.x)
            yield from trace.customdata


def _words(value: Any) -> Iterator[str]:
    """Every string that plotly may render as markup: hovers, texts, names, ticks, annotations, titles."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in ("hovertext", "text", "name", "ticktext", "title"):
                yield from _strings(one)
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _without_own_markup(words: str) -> str:
    return re.sub(r"<br>|<br/>|</?b>|<span style=\"color:#[0-9a-f]{6}\">|</span>", "", words)


def _check(figure: go.Figure) -> None:
    written = json.loads(figure.to_json())
    assert written["layout"]["height"] > 0
    for words in _words(written):
        plain = _without_own_markup(words)
        assert "<" not in plain, plain
        assert "\x00" not in plain
        assert "\u202e" not in plain
        assert "<b>bold" not in words
    for mark in _marks(figure):
        assert mark[0] is not None
        Slot.parse(str(mark[1]))


@each_theme
@each_figure
def test_a_picture_of_nothing_says_something(name: str, theme: Theme) -> None:
    kind = FIGURES[name]
    data = kind.empty()
    figure = kind.figure(data, theme)
    _check(figure)
    assert data.caption.strip() or name == "board"
    assert kind.title


@each_size
@each_figure
def test_a_picture_draws_every_population_in_both_themes_with_few_elements(
    name: str, size: str, populations: dict[str, tuple[Chain, ...]]
) -> None:
    """Whatever the number of chains and links. The data are worked out once: that is what takes long."""
    data = DRAWN_FROM[name](populations[size])
    assert "\n" not in data.caption
    assert len(data.caption) < 700
    for theme in Theme:
        figure = FIGURES[name].figure(data, theme)
        _check(figure)
        assert len(figure.data) <= 300 if name == "board" else len(figure.data) <= 30
        assert len(figure.layout.shapes) <= 12
        assert len(figure.layout.annotations) <= 60
        assert len(figure.to_json()) < 6_000_000


@each_figure
def test_a_picture_keeps_the_zoom_as_long_as_the_run_is_the_same(name: str) -> None:
    early, late = made_population(16, 4, 10, planned_from=4), made_population(16, 4, 10, planned_from=6)
    seen = {FIGURES[name].figure(DRAWN_FROM[name](chains), Theme.LIGHT).layout.uirevision for chains in (early, late)}
    assert len(seen) == 1


def test_a_failed_chain_and_an_abstention_are_told_apart_from_wrong() -> None:
    chains = (made_chain("1.1", status=ChainStatus.FAILED), made_chain("1.2", answer=None, verdict=Verdict.UNKNOWN))
    figure = FIGURES["genealogy"].figure(DRAWN_FROM["genealogy"](chains), Theme.LIGHT)
    assert {trace.name for trace in figure.data} >= {"failed", "unknown"}
    assert "wrong" not in {trace.name for trace in figure.data}
