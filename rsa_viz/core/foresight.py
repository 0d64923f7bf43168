"""What a run will cost, before anything is paid. Knows no price and no tokenizer: tokens are estimates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .aside import AsideKind
from .chain import PromptKind, Slot
from .genealogy import Plan
from .problem import Problem
from .prompts import PromptParts, PromptSet
from .run import Candidates, RunConfig

CHARACTERS_PER_TOKEN = 4.0  # English prose and mathematics, for common tokenizers; ±30 %
VERIFICATION_TOKENS_OUT = 10.0  # one word; a model that thinks before it writes takes as many as a chain
SUMMARY_SHARE = 0.3  # of its chain's length; a guess


@dataclass(frozen=True, slots=True)
class Foresight:
    """A plan in numbers. Tokens are estimates.

    ``calls`` are those of chains and those about chains (verifications, summaries). ``tokens_out`` and ``tokens_in``
    sum over all calls; ``longest_prompt`` is one call's, what must fit the model's context together with max tokens.
    ``tokens_a_chain`` is the length of an answer that they rest on, and
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
    config: RunConfig | None = None,
    given: Collection[Slot] = (),
) -> Foresight:
    """Count a plan's calls and estimate its tokens from the length of one answer. ``config`` says what children see of
    their parents, their whole texts without one. Nobody is called for the slots in ``given``, which a fork takes over;
    one at least must be left."""
    alone = prompts.compose(PromptKind.SAMPLE, parts, problem)
    question = len(alone[0]["content"]) / CHARACTERS_PER_TOKEN
    wrapped = prompts.compose(PromptKind.AGGREGATE, parts, problem, ("", ""))
    frame = len(wrapped[0]["content"]) / CHARACTERS_PER_TOKEN
    asked = [chain for chain in plan if chain.slot not in given]
    seen = _seen(tokens_a_chain, config)
    lengths = [frame + len(chain.parents) * seen if chain.parents else question for chain in asked]
    asides = [chain.aside.kind for chain in asked if chain.aside is not None]
    written = {AsideKind.VERIFY: VERIFICATION_TOKENS_OUT, AsideKind.SUMMARISE: SUMMARY_SHARE * tokens_a_chain}
    alone_of = {
        kind: len(prompts.compose_aside(kind, parts, problem, "")[0]["content"]) / CHARACTERS_PER_TOKEN
        for kind in AsideKind
    }
    lengths += [alone_of[kind] + tokens_a_chain for kind in asides]
    return Foresight(
        calls=len(asked) + len(asides),
        generations=len(plan.generations),
        aggregations=len(plan.generations) - 1,
        links=sum(len(chain.parents) for chain in asked),
        tokens_in=round(sum(lengths)),
        tokens_out=round(len(asked) * tokens_a_chain + sum(written[kind] for kind in asides)),
        longest_prompt=round(max(lengths)),
        tokens_a_chain=tokens_a_chain,
        measured=measured,
    )


def _seen(tokens_a_chain: float, config: RunConfig | None) -> float:
    """The tokens that a parent takes in a child's prompt."""
    if config is not None and config.candidates is Candidates.SUMMARY:
        return SUMMARY_SHARE * tokens_a_chain
    if config is not None and config.candidates is Candidates.TAIL:
        return min(tokens_a_chain, config.tail_characters / CHARACTERS_PER_TOKEN)
    return tokens_a_chain
