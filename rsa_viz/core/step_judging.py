"""A judging: one call that asked a model for verdicts on the steps of one chain. Knows no prompt, table or picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .chain import Slot, Verdict


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """What a judging says of one step, named by its half-open character offsets in the chain's text."""

    start: int
    end: int
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class StepJudging:
    """A call about the steps of the chain in ``slot``, as it ended.

    ``id`` belongs to a database and grows in the order of recording. ``model`` is LiteLLM's name and ``prompt`` the
    label of the prompt (name and version). ``text`` is the reply as the model wrote it, from which ``verdicts`` were
    read, one for each step that was asked about; None when the call failed for good, and then ``error`` says why and
    there are no verdicts. ``attempts`` counts the tries, ``at`` is when it ended, in seconds since the Unix epoch.
    """

    id: int
    slot: Slot
    model: str
    prompt: str
    at: float
    prompt_sha256: str
    verdicts: tuple[StepVerdict, ...] = ()
    text: str | None = None
    finish_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_s: float | None = None
    attempts: int = 1
    error: str | None = None


@dataclass(frozen=True, slots=True)
class StepJudge:
    """A model that judged chains of a run: how many it ``judged``, how many calls ``failed`` and were not made good
    since, and when the last one ended."""

    model: str
    judged: int
    failed: int
    at: float


def newest_judgings(judgings: Iterable[StepJudging], model: str) -> dict[Slot, StepJudging]:
    """Of each chain, what the model said last; a failed call counts only where there is nothing else."""
    found: dict[Slot, StepJudging] = {}
    for judging in sorted(judgings, key=lambda one: one.id):
        if judging.model == model and (judging.text is not None or judging.slot not in found):
            found[judging.slot] = judging
    return found


def step_judges(judgings: Iterable[StepJudging]) -> tuple[StepJudge, ...]:
    """The models that judged, the one that judged last first."""
    every = list(judgings)
    found = []
    for model in {one.model for one in every}:
        newest = newest_judgings(every, model).values()
        failed = sum(one.text is None for one in newest)
        last = max(one.at for one in every if one.model == model)
        found.append(StepJudge(model, len(newest) - failed, failed, last))
    return tuple(sorted(found, key=lambda one: (-one.at, one.model)))
