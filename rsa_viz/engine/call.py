"""One model call as the engine sees it: what is asked, and the shape of whatever answers. Knows no provider."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from ..core.aside import AsideKind
from ..core.chain import Completion, PromptKind, Slot
from ..core.prompts import Messages


@dataclass(frozen=True, slots=True)
class Call:
    """What one call asks: the messages of a slot's prompt and how to sample.

    ``max_tokens`` is the most tokens that the answer may have; ``seed`` is for servers that take one and is the same
    for every try. ``asked`` is what is asked of the chain, or was of the one that the call is about: a sample where it
    sees no parent, planned so or because they all failed. ``aside`` says what a call about a chain that is done is for;
    None is the chain's own call.
    """

    slot: Slot
    messages: Messages
    temperature: float
    max_tokens: int
    seed: int
    asked: PromptKind
    aside: AsideKind | None = None


OnText: TypeAlias = Callable[[str, str], None]
"""Called with each piece as it streams: (answer text, reasoning text). A piece in which both are empty is a sign of
life and nothing else. Pieces that come after the call has ended are ignored."""

Complete: TypeAlias = Callable[[Call, OnText], Awaitable[Completion]]
"""Makes one call. Raises one of core.errors.ModelError's classes; what else it raises fails the slot at once."""
