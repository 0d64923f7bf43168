"""What a run will cost, before anything is paid. Knows no price and no tokenizer: tokens are estimates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .chain import PromptKind, Slot
from .genealogy import Plan
from .problem import Problem
from .prompts import PromptParts, PromptSet

CHARACTERS_PER_TOKEN = 4.0  # English prose and mathematics, for common tokenizers; ±30 %


@dataclass(frozen=True, slots=True)
class Foresight:
    """A plan in numbers. Tokens are estimates.

    ``tokens_out`` and ``tokens_in`` sum over all calls; ``longest_prompt`` is one call's, what must fit the model's
    context together with max tokens. ``tokens_a_chain`` is the length of an answer that they rest on, and
    ``measured`` how many recorded chains it was averaged over: 0 means that it is the most the run allows.
    """

    calls: int
    generations: int
    aggregations: int
    links: int
    tokens_in: int
    tokens_out: int
    longest_prompt: int
    tokens_a_chain: float
    measured: int


def foresee(
    plan: Plan,
    problem: Problem,
    prompts: PromptSet,
    parts: PromptParts,
    tokens_a_chain: float,
    measured: int,
    *,
    given: Collection[Slot] = (),
) -> Foresight:
    """Count a plan's calls and estimate its tokens from the length of one answer. Nobody is called for the slots in
    ``given``, which a fork takes over; one at least must be left."""
    alone = prompts.compose(PromptKind.SAMPLE, parts, problem)
    question = len(alone[0]["content"]) / CHARACTERS_PER_TOKEN
    wrapped = prompts.compose(PromptKind.AGGREGATE, parts, problem, ("", ""))
    frame = len(wrapped[0]["content"]) / CHARACTERS_PER_TOKEN
    asked = [chain for chain in plan if chain.slot not in given]
    lengths = [frame + len(chain.parents) * tokens_a_chain if chain.parents else question for chain in asked]
    return Foresight(
        calls=len(asked),
        generations=len(plan.generations),
        aggregations=len(plan.generations) - 1,
        links=sum(len(chain.parents) for chain in asked),
        tokens_in=round(sum(lengths)),
        tokens_out=round(len(asked) * tokens_a_chain),
        longest_prompt=round(max(lengths)),
        tokens_a_chain=tokens_a_chain,
        measured=measured,
    )
