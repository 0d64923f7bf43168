"""A run: one problem under one configuration, and how it stands. Knows no table and no model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from .chain import PromptKind, Slot
from .errors import InvalidPlan
from .problem import Problem
from .prompts import PromptSet


class RunStatus(StrEnum):
    """Where a run stands.

    A run that says running while nobody drives it (its process was killed) is shown as interrupted; that is
    read from its last sign of life, never stored. Everything but done can be resumed.
    """

    PLANNED = "planned"  # stored, nothing called yet
    RUNNING = "running"
    PAUSED = "paused"  # calls in flight were let finish, none is started
    STOPPED = "stopped"  # calls in flight were cancelled
    DONE = "done"  # every slot is accounted for
    FAILED = "failed"  # ended early: the endpoint is unusable, or the engine met an error it does not know
    INTERRUPTED = "interrupted"  # says running, but nobody drives it


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model answers, in LiteLLM's words.

    ``model`` is LiteLLM's name (``openai/qwen3``, ``synthetic/reasoner``). ``api_base`` is a server's address, or
    None for the provider's own. ``api_key_env`` names the environment variable that holds the key; the key
    itself is never part of a run. ``endpoint`` is the name of an endpoint that the operator configured, if the
    choice came from there.
    """

    model: str
    api_base: str | None = None
    api_key_env: str | None = None
    endpoint: str | None = None

    @property
    def simulated(self) -> bool:
        """True for the synthetic reasoner, which is a simulation and no language model."""
        return self.model.startswith("synthetic/")

    @property
    def tiny(self) -> bool:
        """True for the tiny language model that comes with the app, which knows the task ``holes`` only."""
        return self.model.startswith("tiny/")

    @property
    def only_task(self) -> str | None:
        """The task that it knows and nothing else; None for a model that can be asked anything."""
        return "program" if self.simulated else "holes" if self.tiny else None

    @property
    def summarises(self) -> bool:
        """False for a model that is known to write no summary of a text."""
        return not self.tiny

    @property
    def embedded(self) -> bool:
        """True for what runs in this process, without a server, an address or a key."""
        return self.simulated or self.tiny

    @property
    def name(self) -> str:
        """The endpoint's name, or the model's."""
        return self.endpoint or self.model

    @property
    def served(self) -> tuple[str, str]:
        """The model and where it is served, as far as the choice says: equal for what is called differently and is the
        same."""
        return self.model, "" if self.embedded else self.api_base or self.endpoint or ""


class Candidates(StrEnum):
    """What a child sees of each parent."""

    WHOLE = "whole"  # its whole text
    TAIL = "tail"  # the last characters of its text
    SUMMARY = "summary"  # a summary, which a call of its own writes


TAIL_CHARACTERS = 4000
"""Of a tail that nobody chose otherwise: about 1,000 tokens."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that makes a run, except the problem.

    ``n`` population size, ``k`` aggregation size, ``t`` generations (t - 1 aggregations); ``concurrency`` calls in
    flight at most; ``retries`` further tries after a first failed one; ``timeout_s`` seconds without a token
    before a call counts as hung. ``temperature_end`` is the temperature of generation t, reached from that of
    generation 1 in equal steps; None for the same throughout. ``fresh_rate`` is the probability, for each slot after
    generation 1, that it is a fresh sample and no child. ``candidates`` is what a child sees of each parent, and
    ``tail_characters`` how much of it where that is the tail. ``aggregator`` is the model that writes the children,
    those that see a parent at least; None where ``model``, which writes the samples, writes them too. Raises
    InvalidPlan when a number is out of range (K against N is the strategy's to check, since some strategies use no K).
    """

    model: ModelChoice
    strategy: str = "rsa"
    n: int = 16
    k: int = 4
    t: int = 10
    temperature: float = 1.0
    max_tokens: int = 8192
    seed: int = 0
    concurrency: int = 16
    retries: int = 5
    timeout_s: float = 120.0
    temperature_end: float | None = None
    fresh_rate: float = 0.0
    candidates: Candidates = Candidates.WHOLE
    tail_characters: int = TAIL_CHARACTERS
    aggregator: ModelChoice | None = None

    def __post_init__(self) -> None:
        _whole("N (population size)", self.n, 1, 4096)
        _whole("K (aggregation size)", self.k, 1, 4096)
        _whole("T (generations)", self.t, 1, 1000)
        _whole("max tokens", self.max_tokens, 1, 10_000_000)
        _whole("seed", self.seed, 0, 2**53)
        _whole("concurrency", self.concurrency, 1, 4096)
        _whole("retries", self.retries, 0, 100)
        _number("temperature", self.temperature, 0.0, 2.0)
        _number("time-out in seconds", self.timeout_s, 0.01, 86_400.0)
        if self.temperature_end is not None:
            _number("temperature of the last generation", self.temperature_end, 0.0, 2.0)
        _number("rate of fresh chains", self.fresh_rate, 0.0, 1.0)
        _whole("tail in characters", self.tail_characters, 1, 10_000_000)
        for role, choice in (("model", self.model), ("aggregator", self.aggregator)):
            if choice is not None and not choice.model.strip():
                raise InvalidPlan(f"the {role}'s name is empty; give LiteLLM's name, for example openai/qwen3")

    @property
    def models(self) -> tuple[ModelChoice, ...]:
        """The different models of the run, the one of the samples first."""
        return (self.model,) if self.aggregator is None else tuple(dict.fromkeys((self.model, self.aggregator)))

    def writer(self, kind: PromptKind) -> ModelChoice:
        """The model that writes the chains of which this is asked, and makes the calls about them. A child that has
        lost all its parents is asked for a sample."""
        return self.model if kind is PromptKind.SAMPLE or self.aggregator is None else self.aggregator

    @property
    def simulated(self) -> bool:
        """A model of it is a simulation."""
        return any(one.simulated for one in self.models)

    @property
    def embedded(self) -> bool:
        """All of its models run in this process."""
        return all(one.embedded for one in self.models)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that it names; none for a run by endpoints without one alone."""
        return tuple(one.api_base for one in self.models if one.api_base is not None)


def _whole(what: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidPlan(f"{what} must be a whole number from {low} to {high}, not {value!r}")


def _number(what: str, value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidPlan(f"{what} must be a number, not {value!r}")
    if not low <= value <= high:
        raise InvalidPlan(f"{what} must be from {low:g} to {high:g}, not {value!r}")


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """Where a forked run comes from.

    ``run_id`` names the original, which may have been deleted since. ``t`` is the last generation that was taken over
    from it; ``change`` says in words what is different from there. ``slot`` is the chain of the original that the
    change is about (planted, edited, left out; the child whose parents are left out in turn), None for a setting.
    """

    run_id: str
    t: int
    change: str
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as recorded.

    ``id`` is 12 hex digits, the same wherever the run is exported to. ``revision`` grows with every recorded
    change, so that a viewer can ask cheaply whether anything is new. ``error`` says why a run failed. ``note`` is
    the user's own words. ``owner`` names the process that drives it, and ``wanted`` what that process was asked to do
    and has not done yet (see ``wish``), else None. Times since the Unix epoch, in seconds. ``calls``
    planned, of which ``done`` and ``failed`` have ended. ``origin`` is None but for a fork.
    """

    id: str
    problem: Problem
    config: RunConfig
    prompts: PromptSet
    status: RunStatus
    created_at: float
    started_at: float | None = None
    ended_at: float | None = None
    error: str | None = None
    note: str = ""
    code_version: str = ""
    revision: int = 0
    owner: str | None = None
    wanted: str | None = None
    calls: int = 0
    done: int = 0
    failed: int = 0
    origin: RunOrigin | None = None
