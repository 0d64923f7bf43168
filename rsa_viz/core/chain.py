"""A chain: one whole model output, its slot, its answer and its verdict. Knows no task, model or table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Self

from .errors import InvalidInput

if TYPE_CHECKING:
    from .aside import AsideKind


class Slot(NamedTuple):
    """A place in the population: generation ``t`` (from 1) and index ``i`` (from 1). Written ``3.12``."""

    t: int
    i: int

    def __str__(self) -> str:
        return f"{self.t}.{self.i}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``3.12``. Raises InvalidInput on anything else."""
        match = re.fullmatch(r"([1-9]\d{0,8})\.([1-9]\d{0,8})", text.strip())
        if match is None:
            raise InvalidInput(f"{text!r} is no slot; write generation.index, both from 1, for example 3.12")
        return cls(int(match[1]), int(match[2]))


class PromptKind(StrEnum):
    """What a chain is asked to do."""

    SAMPLE = "sample"  # answer the question alone
    AGGREGATE = "aggregate"  # write one better solution from K >= 2 parents
    REFINE = "refine"  # improve one parent

    @classmethod
    def of(cls, candidates: int) -> PromptKind:
        """What is asked of a chain that so many candidates stand before."""
        return {0: cls.SAMPLE, 1: cls.REFINE}.get(candidates, cls.AGGREGATE)


class ChainStatus(StrEnum):
    """Where a chain stands. In flight is no status: a crash would make it a lie (see InFlight)."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"


class Verdict(StrEnum):
    """What is known of an answer or a step. Unknown is never drawn or counted as wrong."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class VerdictSource(StrEnum):
    """Who says so."""

    EXACT = "exact"  # recomputed by the task
    REFERENCE = "reference"  # compared with the gold answer or a worked solution
    ARITHMETIC = "arithmetic"  # the written equation holds or fails by itself
    JUDGE = "judge"  # a model
    CONSENSUS = "consensus"  # the other chains
    PERSON = "person"  # somebody who looked, over what was judged (see ruling)
    NONE = "none"  # nobody: the verdict is unknown


class ChainOrigin(StrEnum):
    """How a chain came into its run."""

    MADE = "made"  # a model was called for it in this run
    COPIED = "copied"  # taken over, as it ended, from the run that this one was forked from
    PLANTED = "planted"  # its text was written or edited by a person


@dataclass(frozen=True, slots=True)
class Answer:
    """What is read from a chain.

    ``text`` is the answer as written, ``key`` the canonical form that defines its answer class (answers with
    equal keys are judged equal), ``start`` and ``end`` the half-open character offsets where it stands.
    """

    text: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its source, a score in 0..1 (None if unknown) and one sentence that says why."""

    verdict: Verdict
    source: VerdictSource
    score: float | None
    why: str

    @classmethod
    def unknown(cls, why: str) -> Self:
        """Nobody can say, and why."""
        return cls(Verdict.UNKNOWN, VerdictSource.NONE, None, why)


@dataclass(frozen=True, slots=True)
class Step:
    """One reasoning step of a text as half-open character offsets, with its verdict.

    ``fragment`` is the canonical intermediate result that the step states (``d=55``), or None if it states none.
    The steps of a text are in order, do not overlap, and together with the gaps lose no character.
    """

    start: int
    end: int
    judgement: Judgement
    fragment: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """One finished model call.

    ``reasoning`` is the thinking text that some servers separate from the answer text. Token counts are None
    where the server told none. ``finish_reason`` is the server's word: ``stop``, ``length`` (truncated), …
    ``served_by`` names the server of a pool that answered, None where there is but one. Times in seconds.
    """

    text: str
    reasoning: str = ""
    finish_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_token_s: float | None = None
    latency_s: float = 0.0
    served_by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a slot ended, before its answer is read: what the engine hands to whoever records it.

    ``completion`` is None when the slot failed for good; then ``error`` says why, in one line. ``available`` are the
    parents whose texts stood in the prompt, in prompt order; ``fresh`` is true when a chain after generation 1 was
    sampled without any, as planned or because all of its parents failed. ``attempts`` counts the tries that were
    made, at least 1.
    """

    slot: Slot
    completion: Completion | None
    error: str | None
    attempts: int
    prompt_sha256: str
    available: tuple[Slot, ...]
    fresh: bool
    started_at: float
    ended_at: float

    @property
    def asked(self) -> PromptKind:
        """What was asked of it."""
        return PromptKind.of(len(self.available))


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as recorded, or as planned and not yet there.

    ``parents`` are in prompt order (positions 1..K). ``available`` are those of them that had a text when the child was
    made; equal to ``parents`` unless a parent failed. ``fresh`` is true when a chain after generation 1 was sampled
    without any, as planned or because all of its parents failed. ``text`` is None while there is none, and in rows read
    without text. ``answer`` None is an abstention. ``ruled`` is true when a person ruled on the verdict or merged the
    answer class (see ``ruling``); ``overruled`` when what they said of this very chain is another verdict than it would
    have without; ``merged_into`` is how the class that it was merged into writes its answer, else None. ``origin`` is
    how it came into its run, and ``copied_from`` its slot in the run that this one was forked from: None for a chain
    that was made here or planted anew. Times are seconds, ``started_at`` and ``ended_at`` since the Unix epoch.
    """

    id: int
    slot: Slot
    kind: PromptKind
    parents: tuple[Slot, ...] = ()
    available: tuple[Slot, ...] = ()
    fresh: bool = False
    status: ChainStatus = ChainStatus.PLANNED
    text: str | None = None
    reasoning: str | None = None
    characters: int = 0
    answer: str | None = None
    answer_key: str | None = None
    answer_start: int | None = None
    answer_end: int | None = None
    verdict: Verdict = Verdict.UNKNOWN
    verdict_source: VerdictSource = VerdictSource.NONE
    verdict_why: str = ""
    score: float | None = None
    temperature: float | None = None
    seed: int = 0
    prompt_sha256: str | None = None
    finish_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_token_s: float | None = None
    latency_s: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    attempts: int = 0
    error: str | None = None
    endpoint: str | None = None
    ruled: bool = False
    overruled: bool = False
    merged_into: str | None = None
    origin: ChainOrigin = ChainOrigin.MADE
    copied_from: Slot | None = None

    @property
    def truncated(self) -> bool:
        """The server cut the text at its token limit."""
        return self.finish_reason == "length"

    @property
    def empty(self) -> bool:
        """The call succeeded and brought no text."""
        return self.status is ChainStatus.DONE and self.characters == 0

    @property
    def asked(self) -> PromptKind:
        """What was asked of it, which is ``kind`` unless parents of it had no text; what is planned until it ends."""
        return PromptKind.of(len(self.available)) if self.ended else self.kind

    @property
    def ended(self) -> bool:
        """Done or failed: nothing more will come."""
        return self.status is not ChainStatus.PLANNED


@dataclass(frozen=True, slots=True)
class InFlight:
    """A chain that is being written now: what a viewer may see of it before it is recorded.

    ``tail`` is the last part of the text so far, ``characters`` its whole length, ``tokens_out`` the number of
    streamed pieces so far (an estimate of tokens). ``attempt`` runs from 1; ``waiting_until`` is the time of
    the next try after a failed one, else None. ``aside`` says what for, when it is not the chain that is written but,
    after it, a call about it. Times since the Unix epoch, in seconds.
    """

    slot: Slot
    attempt: int
    started_at: float
    updated_at: float
    characters: int
    tokens_out: int
    tail: str
    waiting_until: float | None = None
    error: str | None = None
    aside: AsideKind | None = None
