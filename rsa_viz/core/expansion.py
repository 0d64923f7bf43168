"""From the points of an experiment to the fewest runs that serve them. Pure; draws no plan itself.

Three things make runs fewer than points: settings that a strategy does not read are set to one value, equal points
share a run, and of points that differ in T alone only the largest is run when its plan begins with those of the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from .problem import Problem
from .prompts import PromptSet
from .run import RunConfig
from .spec import SETTINGS
from .strategies import find_strategy, serves_shorter, unread_settings

EXECUTION = frozenset({"concurrency", "retries", "timeout_s"})
"""Settings that change how long a run takes and not what comes out."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an arm's grid, seed aside (``config.seed`` is 0 until it becomes a run)."""

    arm: str
    config: RunConfig
    prompts: PromptSet


@dataclass(frozen=True, slots=True)
class WantedRun:
    """A run that is to be there, for the point that serves. ``key`` is as ``run_key`` gives it."""

    point: Point
    problem: Problem
    config: RunConfig
    key: str


def settled(config: RunConfig) -> RunConfig:
    """The configuration with N, K and T as the strategy runs them and what it never reads at its default: what is
    about later generations when there are none, the tail's length where candidates are no tails, and an aggregator that
    is the model itself.

    Raises UnknownName and InvalidPlan.
    """
    shape = find_strategy(config.strategy).shape(config.n, config.k, config.t)
    config = replace(config, n=shape.n, k=shape.k, t=shape.t)
    return replace(config, **{name: SETTINGS[name] for name in unread_settings(config)})  # type: ignore[arg-type]


def settings_key(config: RunConfig, prompts: PromptSet) -> str:
    """24 hex digits of what decides a run's outcome, problem, seed and T aside: the settings, the model and its server,
    and the wording of the prompts.

    Names count for nothing: neither an endpoint's, where its address is known, nor that of a prompt set.
    """
    aside = EXECUTION | {"t", "model", "aggregator", "seed"}
    values = {name: value for name, value in asdict(config).items() if name not in aside}
    parts = [[one.served for one in config.models], values, dict(prompts.templates)]
    content = json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def run_key(problem: Problem, seed: int, settings: str) -> str:
    """Equal for runs that differ in T, and in what changes nothing of their outcome, alone; ``settings`` is their
    ``settings_key``."""
    return f"{problem.key} {seed} {settings}"


def labels(points: Sequence[Point]) -> tuple[str, ...]:
    """What each point is called: its arm, and what differs among the points of that arm."""
    found = []
    for point in points:
        same_arm = [_told(one) for one in points if one.arm == point.arm]
        told = _told(point)
        differing = [f"{name} {told[name]}" for name in told if len({str(one[name]) for one in same_arm}) > 1]
        found.append(" · ".join([point.arm, *differing]))
    return tuple(found)


def _told(point: Point) -> dict[str, object]:
    """A point's settings in words."""
    config = point.config
    values = {name: getattr(config, name) for name in SETTINGS if name not in EXECUTION}
    values["aggregator"] = "none" if config.aggregator is None else config.aggregator.name
    words = {name.upper() if len(name) == 1 else name.replace("_", " "): value for name, value in values.items()}
    return {"model": config.model.name, **words, "prompts": point.prompts.label}


def serving(points: Sequence[Point]) -> tuple[int, ...]:
    """Of each point, the place of the point whose runs serve it: its own, or one that is equal or goes on from it.

    Of equal points the first serves.
    """
    groups: dict[str, list[int]] = {}
    for place, point in enumerate(points):
        groups.setdefault(settings_key(point.config, point.prompts), []).append(place)
    found = list(range(len(points)))
    for places in groups.values():
        longest = min(places, key=lambda place: (-points[place].config.t, place))
        shorter_too = serves_shorter(find_strategy(points[longest].config.strategy), points[longest].config)
        first: dict[int, int] = {}
        for place in places:
            same = first.setdefault(points[place].config.t, place)
            found[place] = longest if shorter_too else same
    return tuple(found)


def wanted_runs(points: Sequence[Point], problems: Sequence[Problem], seeds: Sequence[int]) -> Iterator[WantedRun]:
    """The runs of points that serve, by seed, then problem, then point: so all arms come along together."""
    keys = [settings_key(point.config, point.prompts) for point in points]
    for seed in seeds:
        for problem in problems:
            for point, key in zip(points, keys, strict=True):
                config = replace(point.config, seed=seed)
                yield WantedRun(point, problem, config, run_key(problem, seed, key))


def covering(wanted: WantedRun, recorded: Mapping[str, Sequence[tuple[str, int]]]) -> str | None:
    """The recorded run that serves ``wanted``, or None.

    ``recorded`` holds (run id, T) by key, the preferred ones first. A run with the same T goes before one with a larger
    T, of which the first generations are the wanted run.
    """
    found = recorded.get(wanted.key, ())
    if (same := next((run_id for run_id, t in found if t == wanted.config.t), None)) is not None:
        return same
    if not serves_shorter(find_strategy(wanted.config.strategy), wanted.config):
        return None
    return next((run_id for run_id, t in found if t > wanted.config.t), None)
