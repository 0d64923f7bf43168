"""What an experiment will cost, and its runs as they are stored. Knows no engine."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.errors import InvalidInput, NotFound
from ..core.expansion import Point, WantedRun, covering, labels, run_key, settings_key
from ..core.experiment import Experiment
from ..core.foresight import Foresight, Load
from ..core.price import Bill
from ..core.prompts import PromptSet
from ..core.run import Run, RunStatus
from ..core.spec import read_spec, spec_content
from ..core.strategies import find_strategy
from ..store.experiment_store import ExperimentStore
from .layout import Layout, lay_out

if TYPE_CHECKING:
    from .service import Service

SAVE_EVERY = 100  # planned runs between two notes of what the experiment has so far


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A recorded run that may be used: its T, and the calls that are left to make."""

    run_id: str
    t: int
    left: int


Known = Mapping[str, Sequence[KnownRun]]
"""Recorded runs by ``run_key``, the preferred ones first."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning has done: runs that are new, recorded ones that are used again (done or to be gone on with), and
    those of an earlier specification that are no longer part of it (they stay in the database)."""

    experiment: Experiment
    added: int
    reused: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one point still costs: its ``runs``, of which ``reused`` are recorded, and the calls and tokens that are
    left. Tokens are estimates that rest on ``measured`` recorded chains, as in ``core.foresight``. ``serves`` are the
    points that its runs serve; ``bill`` is what the tokens cost, each model's at its own price."""

    name: str
    serves: tuple[str, ...]
    runs: int
    reused: int
    calls: int
    tokens_in: int
    tokens_out: int
    longest_prompt: int
    measured: int
    bill: Bill


@dataclass(slots=True)
class Preparing:
    """An experiment that is being planned in the background: ``done`` of ``total`` runs are there; then what was
    ``planned``, or the ``error``."""

    name: str
    total: int
    done: int = 0
    planned: Planned | None = None
    error: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        """It has ended, well or not."""
        return self._over.is_set()

    def advance(self, done: int) -> None:
        """So many runs are there."""
        self.done = done

    def end(self) -> None:
        """It has ended."""
        self._over.set()

    def wait(self, timeout: float | None = None) -> None:
        """Until it is over, or ``timeout`` seconds."""
        self._over.wait(timeout)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands in its experiment: the name of its point, the problem's place (from 0) and label, the seed."""

    run_id: str
    point: str
    problem: int
    label: str
    seed: int


def known_runs(store: ExperimentStore, layout: Layout, *, fresh: bool) -> Known:
    """The recorded runs that may serve: the experiment's own first, then done ones, then older ones. ``fresh`` leaves
    all but its own aside."""
    try:
        own = set(store.find(layout.spec.name).run_ids)
    except NotFound:
        own = set()
    if fresh and not own:
        return {}
    wanted = {settings_key(point.config, point.prompts) for point in layout.servers}
    found: dict[str, list[tuple[bool, bool, KnownRun]]] = {}
    for run in store.runs_of({point.config.model.model for point in layout.servers}):
        settings = settings_key(run.config, run.prompts)
        if settings not in wanted or (fresh and run.id not in own):
            continue
        one = KnownRun(run.id, run.config.t, run.calls - run.done - run.failed)
        rank = (run.id not in own, run.status is not RunStatus.DONE, one)
        found.setdefault(run_key(run.problem, run.config.seed, settings), []).append(rank)
    return {
        key: [one for _, _, one in sorted(rows, key=lambda row: row[:2])]  # stable: the older ones stay first
        for key, rows in found.items()
    }


def serving_run(wanted: WantedRun, known: Known) -> KnownRun | None:
    """The recorded run that serves, or None."""
    rows = known.get(wanted.key, ())
    run_id = covering(wanted, {wanted.key: [(one.run_id, one.t) for one in rows]})
    return next((one for one in rows if one.run_id == run_id), None)


def foresee(service: Service, layout: Layout, known: Known) -> tuple[Foreseen, ...]:
    """What each point that is run still costs."""
    whole: Counter[tuple[Point, str]] = Counter()  # runs that are to be made, by point and problem
    reused: Counter[Point] = Counter()
    left: Counter[Point] = Counter()  # calls of runs that are to be gone on with
    for wanted in layout.wanted():
        run = serving_run(wanted, known)
        if run is None:
            whole[wanted.point, wanted.problem.key] += 1
        else:
            reused[wanted.point] += 1
            left[wanted.point] += run.left
    served = list(dict.fromkeys(layout.served_by))
    every_name = labels(layout.points)
    found = []
    for point, name, place in zip(layout.servers, layout.names, served, strict=True):
        costs = service.foresee_all(layout.problems, point.config, point.prompts)
        times = [whole[point, problem.key] for problem in layout.problems]
        found.append(
            Foreseen(
                name=name,
                serves=tuple(every_name[one] for one, by in enumerate(layout.served_by) if by == place),
                runs=sum(times) + reused[point],
                reused=reused[point],
                calls=sum(number * cost.calls for number, cost in zip(times, costs, strict=True)) + left[point],
                tokens_in=_tokens([cost.tokens_in for cost in costs], costs, times, left[point]),
                tokens_out=_tokens([cost.tokens_out for cost in costs], costs, times, left[point]),
                longest_prompt=max(cost.longest_prompt for cost in costs),
                measured=min(cost.measured for cost in costs),
                bill=service.models.bill(point.config, _loads(costs, times, left[point])),
            )
        )
    return tuple(found)


def _tokens(each: Sequence[int], costs: Sequence[Foresight], times: Sequence[int], left: int) -> int:
    """The tokens of so many whole runs of each problem, and of ``left`` calls of the mean length."""
    a_call = sum(each) / sum(cost.calls for cost in costs)
    return round(sum(number * one for number, one in zip(times, each, strict=True)) + left * a_call)


def _loads(costs: Sequence[Foresight], times: Sequence[int], left: int) -> tuple[Load, ...]:
    """The tokens of each model, reckoned so."""
    return tuple(
        Load(
            calls=sum(load.calls for load in loads),
            tokens_in=_tokens([load.tokens_in for load in loads], costs, times, left),
            tokens_out=_tokens([load.tokens_out for load in loads], costs, times, left),
            longest_prompt=max(load.longest_prompt for load in loads),
        )
        for loads in zip(*(cost.loads for cost in costs), strict=True)
    )


def plan(
    service: Service, store: ExperimentStore, layout: Layout, fresh: bool, on_progress: Callable[[int], None]
) -> Planned:
    """See ``Experiments.plan``."""
    saved = _saved_prompts(service, layout)
    experiment = store.save(layout.spec.name, layout.spec.note, spec_content(layout.spec))
    first, made = set(experiment.run_ids), set[str]()
    while True:
        there = _planned(service, store, layout, fresh, experiment, saved, made, on_progress)
        store.remove_unused(list(made.difference(there or ())))
        experiment = store.find(experiment.id)
        if there is not None:
            used = set(there)
            return Planned(experiment, len(made & used), len(used - made), len(first - used))


def _planned(
    service: Service,
    store: ExperimentStore,
    layout: Layout,
    fresh: bool,
    experiment: Experiment,
    saved: Mapping[str, PromptSet],
    made: set[str],
    on_progress: Callable[[int], None],
) -> list[str] | None:
    """The experiment's runs, each recorded; those that had to be made are added to ``made``. None when another process
    has planned the same experiment meanwhile: what that has made is to be used."""
    known, before, there = known_runs(store, layout, fresh=fresh), experiment.run_ids, list[str]()
    kept = before
    for wanted in layout.wanted():
        run = serving_run(wanted, known)
        if run is not None:
            there.append(run.run_id)
        else:
            prompts = saved.get(wanted.point.prompts.name, wanted.point.prompts)
            note = f"{layout.spec.name}: {wanted.point.arm}"
            there.append(service.create(wanted.problem, wanted.config, prompts=prompts, note=note).id)
            made.add(there[-1])
            if len(made) % SAVE_EVERY == 0:
                now = tuple(dict.fromkeys((*there, *before)))
                if not store.set_runs(experiment.id, now, instead_of=kept):
                    return None
                kept = now
        on_progress(len(there))
    return there if store.set_runs(experiment.id, there, instead_of=kept) else None


def _saved_prompts(service: Service, layout: Layout) -> dict[str, PromptSet]:
    """The prompt sets that the specification brings, each saved as a version: no run uses prompts that are not."""
    brought = {
        point.prompts.name: point.prompts for point in layout.servers if point.prompts.name in layout.spec.prompts
    }
    return {name: service.store.save_prompt_set(prompts) for name, prompts in brought.items()}


def places(service: Service, experiment: Experiment) -> tuple[Place, ...]:
    """See ``Experiments.places``."""
    names = _names_by_settings(service, experiment)
    problems: dict[str, int] = {}
    found = []
    for run_id in experiment.run_ids:
        try:
            run = service.store.run(run_id)
        except NotFound:
            continue
        key = settings_key(run.config, run.prompts)
        name = names.get(key) or _plain_name(run)
        number = problems.setdefault(run.problem.key, len(problems))
        found.append(Place(run.id, name, number, run.problem.label, run.config.seed))
    return tuple(found)


def _names_by_settings(service: Service, experiment: Experiment) -> dict[str, str]:
    """What the points are called, by their settings; empty when the specification cannot be read any more."""
    try:
        spec = read_spec(experiment.spec)
        layout = lay_out(spec, service.store, service.endpoints, access=service.access)
    except InvalidInput:
        return {}
    found: dict[str, str] = {}
    for point, name in zip(layout.servers, layout.names, strict=True):
        found.setdefault(settings_key(point.config, point.prompts), name)
    return found


def _plain_name(run: Run) -> str:
    strategy = find_strategy(run.config.strategy)
    knobs = [f"{knob.upper()} {getattr(run.config, knob)}" for knob in ("n", "k", "t") if knob in strategy.uses]
    return " · ".join([strategy.title, *knobs])
