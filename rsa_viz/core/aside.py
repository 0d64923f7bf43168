"""An aside: a call about a chain that is done, its verification or its summary. Knows no wording and no table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .chain import ChainStatus, Completion, PromptKind, Slot

ASIDE_TEMPERATURE = 0.1
"""Of every aside, as the authors' code verifies: a check or a summary is not to be inventive."""

VERIFICATION_TOKENS = 4096
"""The most that a verification may have, where the run allows its chains as many. The authors' code allows 10, which is
enough for a word; a model that thinks before it answers would never reach the word. A model that writes just the word
costs no more with a higher limit."""


class AsideKind(StrEnum):
    """What a call about a chain is for."""

    VERIFY = "verify"  # the model says whether it takes the chain's answer for right (rejection sampling)
    SUMMARISE = "summarise"  # the children see the summary in the chain's place


@dataclass(frozen=True, slots=True)
class PlannedAside:
    """The aside that a plan has for a chain: what for, and the seed that its call carries."""

    kind: AsideKind
    seed: int


@dataclass(frozen=True, slots=True)
class AsideOutcome:
    """How an aside ended, before a verification is read.

    ``completion`` is None when it failed for good; then ``error`` says why. It fails without a call (``attempts`` 0,
    no ``prompt_sha256``) when its chain left no text. ``asked`` is what was asked of its chain.
    """

    slot: Slot
    kind: AsideKind
    completion: Completion | None
    error: str | None
    attempts: int
    prompt_sha256: str | None
    started_at: float
    ended_at: float
    asked: PromptKind = PromptKind.SAMPLE


@dataclass(frozen=True, slots=True)
class Aside:
    """A call about the chain in ``slot``, as planned or as it ended.

    It is made after its chain is recorded and before any child of it starts; a chain has one at most. ``text`` is what
    the model wrote, None while planned and when the call failed for good (then ``error`` says why). ``accepted`` is
    what a verification said: None for a summary, while planned, and when it cannot be read. Times since the Unix
    epoch, in seconds.
    """

    slot: Slot
    kind: AsideKind
    seed: int
    status: ChainStatus = ChainStatus.PLANNED
    text: str | None = None
    reasoning: str | None = None
    accepted: bool | None = None
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

    @property
    def ended(self) -> bool:
        """Done or failed: nothing more will come."""
        return self.status is not ChainStatus.PLANNED
