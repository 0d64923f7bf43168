"""An experiment laid out: its problems, its points as configurations, and the runs that serve them.

Nothing is stored.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.access import Access
from ..core.errors import InvalidInput
from ..core.expansion import Point, WantedRun, labels, serving, settled, wanted_runs
from ..core.problem import Problem
from ..core.prompts import PLAIN, PromptSet, check_prompts
from ..core.run import ModelChoice
from ..core.spec import ExperimentSpec, config_of, read_spec
from ..core.strategies import STRATEGIES, check_options, find_strategy
from ..llm.endpoints import Endpoint
from ..store import Store, prompts_from
from .problem_sources import Resolved, resolve
from .prompt_sets import find_prompts

MOST_RUNS = 20_000
"""Runs of one experiment."""

CONCURRENCY = 16  # calls in flight to a model that is no endpoint of the operator's


@dataclass(frozen=True, slots=True)
class Layout:
    """``points`` are all points, each served by the runs of the one at ``served_by``. ``left_out`` says in words which
    rows of its problems are not used. ``spec`` is whole: it gives the same problems wherever it is planned."""

    spec: ExperimentSpec
    problems: tuple[Problem, ...]
    points: tuple[Point, ...]
    served_by: tuple[int, ...]
    left_out: tuple[str, ...] = ()

    @property
    def servers(self) -> tuple[Point, ...]:
        """The points that are run."""
        return tuple(self.points[place] for place in dict.fromkeys(self.served_by))

    @property
    def names(self) -> tuple[str, ...]:
        """What the points that are run are called, as ``servers``: what differs among them, and so no T where one run
        serves several."""
        return labels(self.servers)

    @property
    def size(self) -> int:
        """How many runs it takes."""
        return len(self.servers) * len(self.problems) * len(self.spec.seeds)

    def wanted(self) -> Iterator[WantedRun]:
        """The runs that it takes, in the order in which they are to go."""
        return wanted_runs(self.servers, self.problems, self.spec.seeds)


def read_toml(text: str, where: str) -> ExperimentSpec:
    """The experiment in a TOML document. Raises InvalidInput, naming ``where`` and the line or key."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as failure:
        raise InvalidInput(f"{where} is no TOML: {failure}") from None
    return read_spec(content, where)


def lay_out(
    spec: ExperimentSpec,
    store: Store,
    endpoints: Sequence[Endpoint],
    *,
    access: Access,
    where: str = "the experiment",
    folder: Path | None = None,
) -> Layout:
    """Resolve a specification, check all of it, and find the fewest runs that serve it.

    Files are read from ``folder``; without one, and for visitors, they are refused. Raises InvalidInput, naming the
    table, the key, the value and what to do.
    """
    found: Resolved = resolve(spec.problems, where, None if access.visitors else folder)
    points = points_of(spec, store, endpoints, where)
    layout = Layout(
        spec=replace(spec, problems=found.tables),
        problems=found.problems,
        points=tuple(points),
        served_by=serving(points),
        left_out=found.left_out,
    )
    if layout.size > MOST_RUNS:
        raise InvalidInput(
            f"{where}: {len(layout.servers):,} settings × {len(layout.problems):,} problems × "
            f"{len(spec.seeds):,} seeds are {layout.size:,} runs; an experiment has at most {MOST_RUNS:,}"
        )
    return layout


def points_of(spec: ExperimentSpec, store: Store, endpoints: Sequence[Endpoint], where: str) -> list[Point]:
    """The points of all arms, in order. Raises InvalidInput, naming ``where``, the arm and the setting."""
    points: list[Point] = []
    for number, arm in enumerate(spec.arms, start=1):
        for values in arm.points():
            here = f"{where}, [[arms]] {number} ({arm.name})"
            try:
                model, concurrency = _model("model", values["model"], endpoints)
                aggregator = None
                if values.get("aggregator", "none") != "none":
                    aggregator, most = _model("aggregator", values["aggregator"], endpoints)
                    concurrency = min(concurrency, most)
                config = settled(config_of(values, model, 0, concurrency, aggregator))
                if config.strategy not in STRATEGIES:
                    raise InvalidInput(f"strategy {config.strategy!r} is made from other runs and cannot be chosen")
                check_options(find_strategy(config.strategy), config)
                points.append(Point(arm.name, config, _prompts(spec, str(values.get("prompts", PLAIN.name)), store)))
            except InvalidInput as error:
                raise InvalidInput(f"{here}: {error}") from None
    return points


def _model(key: str, written: object, endpoints: Sequence[Endpoint]) -> tuple[ModelChoice, int]:
    """The model that an arm names under this key, and how many calls may be in flight to it."""
    if isinstance(written, Mapping):
        known = {"model", "api_base", "api_key_env"}
        if set(written) - known or not all(isinstance(one, str) for one in written.values()) or "model" not in written:
            raise InvalidInput(f"{key} must be a name, or a table of {', '.join(sorted(known))}, not {dict(written)!r}")
        return ModelChoice(**written), CONCURRENCY
    if not isinstance(written, str) or not written.strip():
        raise InvalidInput(f"{key} must be an endpoint's name or LiteLLM's, not {written!r}")
    endpoint = next((one for one in endpoints if one.name == written), None)
    return (ModelChoice(written), CONCURRENCY) if endpoint is None else (endpoint.choice, endpoint.concurrency)


def _prompts(spec: ExperimentSpec, name: str, store: Store) -> PromptSet:
    if name not in spec.prompts:
        return find_prompts(store, name)
    prompts = prompts_from({"name": name, "version": 1, **spec.prompts[name]})
    check_prompts(prompts)
    return prompts
