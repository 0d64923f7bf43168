"""Arms: trials that differ in problem and seed only, under a plain label. What a comparison compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..core.strategies import MADE_FROM_RUNS, STRATEGIES, find_strategy
from .trials import Settings, Trial


@dataclass(frozen=True, slots=True)
class Arm:
    """Trials with the same settings, in order of problem and seed.

    ``label`` says the strategy with the N and K that it uses, then whatever else tells this arm from the others; or the
    ``name`` that whoever planned the runs gave them (empty without one), then what tells arms of that name apart.
    """

    label: str
    settings: Settings
    trials: tuple[Trial, ...]
    name: str = ""

    @property
    def finished(self) -> tuple[Trial, ...]:
        """The trials that are complete: only these are compared."""
        return tuple(one for one in self.trials if one.finished)

    @property
    def problems(self) -> int:
        """How many problems the finished trials have."""
        return len({one.problem for one in self.finished})

    @property
    def seeds(self) -> int:
        """The most seeds that any problem of the finished trials has."""
        seeds: dict[str, set[int]] = {}
        for one in self.finished:
            seeds.setdefault(one.problem, set()).add(one.seed)
        return max(map(len, seeds.values()), default=0)


def arms(trials: Iterable[Trial], names: Mapping[str, str] | None = None) -> tuple[Arm, ...]:
    """The arms of ``trials``, ordered by model, aggregator, strategy, N, K, T and whatever else; empty without trials.

    ``names`` are what their arms were called when they were planned, by run; an arm whose trials do not all have the
    same is called by its settings. Runs whose strategies ignore a setting are the same arm whatever it was set to: what
    is recorded is what was run.
    """
    grouped: dict[Settings, list[Trial]] = {}
    for one in trials:
        grouped.setdefault(one.settings, []).append(one)
    order = [*STRATEGIES, *MADE_FROM_RUNS]
    everyone = sorted(
        grouped,
        key=lambda one: (
            *(one.model, one.aggregator, order.index(one.strategy)),
            *(one.n, one.k, one.t, one.fork, one.prompts, one.others),
        ),
    )
    found = []
    for settings in everyone:
        row = tuple(sorted(grouped[settings], key=lambda one: (one.label, one.problem, one.seed, one.run_id)))
        called = {(names or {}).get(one.run_id, "") for one in row}
        found.append(Arm("", settings, row, called.pop() if len(called) == 1 else ""))
    return labelled(found)


def labelled(arms: Sequence[Arm]) -> tuple[Arm, ...]:
    """The arms with labels that tell them apart; by their settings alone where names do not."""
    settings = [arm.settings for arm in arms]
    labels = [
        arm_label(arm.settings, [one.settings for one in arms if one.name == arm.name], arm.name)
        if arm.name
        else arm_label(arm.settings, settings)
        for arm in arms
    ]
    if len(set(labels)) < len(labels):
        labels = [arm_label(one, settings) for one in settings]
    return tuple(replace(arm, label=label) for arm, label in zip(arms, labels, strict=True))


def short_name(strategy: str) -> str:
    """A strategy's name for a label: RSA, Majority vote, Reference."""
    title = find_strategy(strategy).title
    return "RSA" if strategy == "rsa" else title.split(" (")[0]


def arm_label(settings: Settings, among: Sequence[Settings], name: str = "") -> str:
    """What an arm is called: ``RSA, N=16, K=4``, and then what else differs ``among`` the arms.

    N and K stand wherever the strategy uses them. T, model, server, prompts and other settings only where they differ
    among the arms for which they matter; a server that is called like its model is not said twice. An aggregator is
    said in the same way, where the arms differ in it. With a ``name``, which all of ``among`` have, it stands first,
    and the strategy, N and K only where these differ.
    """
    uses = find_strategy(settings.strategy).uses
    short = short_name(settings.strategy)
    parts = [name, *([short] if len({one.strategy for one in among}) > 1 else [])] if name else [short]
    parts += [
        f"{knob.upper()}={getattr(settings, knob)}"
        for knob in ("n", "k")
        if knob in uses and (not name or len({getattr(one, knob) for one in among}) > 1)
    ]
    if "t" in uses and len({one.t for one in among if "t" in find_strategy(one.strategy).uses}) > 1:
        parts.append(f"T={settings.t}")
    for name in ("model", "endpoint", "prompts", "fork"):
        told = str(getattr(settings, name))
        if len({getattr(one, name) for one in among}) > 1 and told and told not in parts:
            parts.append(told)
        if name == "endpoint":
            parts += _aggregator(settings, among)
    others = [dict(one.others) for one in among]
    for name, value in settings.others:
        if len({one[name] for one in others if name in one}) > 1:
            parts.append(f"{name} {value}")
    return ", ".join(parts)


def _aggregator(settings: Settings, among: Sequence[Settings]) -> list[str]:
    """The aggregator in a few words, with its server where those of the arms differ; nothing where all arms have it."""
    own, server = settings.aggregator, settings.aggregator_endpoint
    if not own:
        return []
    if len({one.aggregator_endpoint for one in among if one.aggregator}) > 1 and server not in ("", own):
        return [f"{own} aggregates on {server}"]
    return [f"{own} aggregates"] if len({one.aggregator for one in among}) > 1 else []
