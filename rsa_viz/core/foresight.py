"""What a run will cost, before anything is paid. Knows no price and no tokenizer: tokens are estimates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
class Load:
    """What one model of a run is asked: its calls, their tokens in sum (estimates), and the longest of its prompts, 0
    for no call."""

    calls: int
    tokens_in: int
    tokens_out: int
    longest_prompt: int


@dataclass(frozen=True, slots=True)
class Foresight:
    """A plan in numbers. Tokens are estimates.

    ``calls`` are those of chains and those about chains (verifications, summaries). ``tokens_out`` and ``tokens_in``
    sum over all calls; ``longest_prompt`` is one call's, what must fit the model's context together with max tokens.
    ``tokens_a_chain`` is the length of an answer that they rest on, and
    ``measured`` how many recorded chains it was averaged over: 0 means that it is the most the run allows. ``loads``
    are what of it each of the run's models is asked, in their order.
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
    loads: tuple[Load, ...] = ()


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
    tokens_a_child: float | None = None,
) -> Foresight:
    """Count a plan's calls and estimate its tokens from the length of one answer, and of one of the aggregator's where
    there is one. ``config`` says what children see of their parents, their whole texts without one. Nobody is called
    for the slots in ``given``, which a fork takes over; one at least must be left."""
    alone = prompts.compose(PromptKind.SAMPLE, parts, problem)
    question = len(alone[0]["content"]) / CHARACTERS_PER_TOKEN
    wrapped = prompts.compose(PromptKind.AGGREGATE, parts, problem, ("", ""))
    frame = len(wrapped[0]["content"]) / CHARACTERS_PER_TOKEN
    about = {
        kind: len(prompts.compose_aside(kind, parts, problem, "")[0]["content"]) / CHARACTERS_PER_TOKEN
        for kind in AsideKind
    }
    lengths = dict.fromkeys(PromptKind, tokens_a_chain)
    if tokens_a_child is not None:
        lengths |= {kind: tokens_a_child for kind in PromptKind if kind is not PromptKind.SAMPLE}
    seen_of = {kind: _seen(length, config) for kind, length in lengths.items()}
    writers = {kind: 0 if config is None else config.models.index(config.writer(kind)) for kind in PromptKind}
    calls: list[list[tuple[float, float]]] = [[] for _ in range(max(writers.values()) + 1)]  # tokens in and out
    asked = [chain for chain in plan if chain.slot not in given]
    for chain in asked:
        length, of_writer = lengths[chain.kind], calls[writers[chain.kind]]
        seen = sum(seen_of[PromptKind.SAMPLE if parent.t == 1 else plan[parent].kind] for parent in chain.parents)
        of_writer.append((frame + seen if chain.parents else question, length))
        if chain.aside is not None:
            kind = chain.aside.kind
            written = VERIFICATION_TOKENS_OUT if kind is AsideKind.VERIFY else SUMMARY_SHARE * length
            of_writer.append((about[kind] + length, written))
    whole = _load([call for some in calls for call in some])
    return Foresight(
        calls=whole.calls,
        generations=len(plan.generations),
        aggregations=len(plan.generations) - 1,
        links=sum(len(chain.parents) for chain in asked),
        tokens_in=whole.tokens_in,
        tokens_out=whole.tokens_out,
        longest_prompt=whole.longest_prompt,
        tokens_a_chain=tokens_a_chain,
        measured=measured,
        loads=tuple(map(_load, calls)),
    )


def together(costs: Sequence[Foresight]) -> tuple[Load, ...]:
    """What each model is asked in several runs of one configuration: sums, and the longest prompt of all. Empty for no
    run."""
    return tuple(
        Load(
            calls=sum(load.calls for load in loads),
            tokens_in=sum(load.tokens_in for load in loads),
            tokens_out=sum(load.tokens_out for load in loads),
            longest_prompt=max(load.longest_prompt for load in loads),
        )
        for loads in zip(*(cost.loads for cost in costs), strict=True)
    )


def _load(calls: Sequence[tuple[float, float]]) -> Load:
    return Load(
        calls=len(calls),
        tokens_in=round(sum(tokens_in for tokens_in, _ in calls)),
        tokens_out=round(sum(tokens_out for _, tokens_out in calls)),
        longest_prompt=round(max((tokens_in for tokens_in, _ in calls), default=0)),
    )


def _seen(tokens_a_chain: float, config: RunConfig | None) -> float:
    """The tokens that a parent takes in a child's prompt."""
    if config is not None and config.candidates is Candidates.SUMMARY:
        return SUMMARY_SHARE * tokens_a_chain
    if config is not None and config.candidates is Candidates.TAIL:
        return min(tokens_a_chain, config.tail_characters / CHARACTERS_PER_TOKEN)
    return tokens_a_chain
