"""A run's outcome as JSON values: what the command line prints and scripts read."""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis.acceptance import Acceptance, acceptance
from ..analysis.answers import final_draw, vote
from ..analysis.generations import by_generation, generation_row
from ..core.aside import Aside
from ..core.chain import Chain, Slot
from ..core.genealogy import Streams
from ..core.run import Candidates, Run, RunOrigin
from ..core.strategies import FinalAnswer, find_strategy


def drawn(run: Run, chains: Sequence[Chain], asides: Sequence[Aside] = ()) -> Chain | None:
    """The chain that the run's uniform final draw takes from its last generation, or None while that is not done, and
    of a run that measures and does not answer.

    Where verified chains answer, the draw is among those that ``asides`` accept, and among all when they accept none;
    None until every verification has ended. The draw has its own random stream, so it is the same whenever it is made.
    """
    final = find_strategy(run.config.strategy).final
    if final is FinalAnswer.NONE:
        return None
    last = max((chain.slot.t for chain in chains), default=0)
    population = [chain for chain in chains if chain.slot.t == last]
    if not population or not all(chain.ended for chain in population):
        return None
    if final is FinalAnswer.ACCEPTED:
        found = acceptance(asides)
        if found.waiting or not asides:
            return None
        population = _among(population, found) or population
    streams = Streams(run.config.seed, run.problem.key)
    return final_draw(population, streams.at(Slot(last + 1, 1), "final"))


def _among(population: Sequence[Chain], found: Acceptance) -> list[Chain]:
    accepted = set(found.accepted)
    return [chain for chain in population if chain.slot in accepted]


def facts(run: Run) -> dict[str, object]:
    """What is known of a run without reading its chains."""
    return {
        "run_id": run.id,
        "status": run.status.value,
        "error": run.error,
        "problem": run.problem.label,
        "task": run.problem.task,
        "gold": run.problem.gold,
        "model": run.config.model.model,
        "aggregator": None if run.config.aggregator is None else run.config.aggregator.model,
        "simulated": run.config.simulated,
        "strategy": run.config.strategy,
        "n": run.config.n,
        "k": run.config.k,
        "t": run.config.t,
        "temperature": run.config.temperature,
        "temperature_end": run.config.temperature_end,
        "fresh_rate": run.config.fresh_rate,
        "candidates": run.config.candidates.value,
        "tail_characters": run.config.tail_characters if run.config.candidates is Candidates.TAIL else None,
        "seed": run.config.seed,
        "calls": run.calls,
        "done": run.done,
        "failed": run.failed,
        "created_at": run.created_at,
        "ended_at": run.ended_at,
        "note": run.note,
        "forked_from": None if run.origin is None else forked_from(run.origin),
    }


def forked_from(origin: RunOrigin) -> dict[str, object]:
    """Where a fork comes from: its original, the last generation taken over, the change, and the chain it is about."""
    chain = None if origin.slot is None else str(origin.slot)
    return {"run_id": origin.run_id, "t": origin.t, "change": origin.change, "chain": chain}


def result(run: Run, chains: Sequence[Chain], asides: Sequence[Aside] = ()) -> dict[str, object]:
    """The run in numbers: its answer by the strategy's rule, the vote of its last generation, and a row a generation.

    ``answer`` and ``vote`` are None while the last generation is not complete, or when nothing in it has an answer.
    ``asides`` are the run's; of a run that verifies, ``verified`` says which chains were accepted, how many were not
    and of how many it is unknown, and what the accepted ones would answer by vote.
    """
    generations = by_generation(chains)
    last = [chain for chain in chains if chain.slot.t == len(generations)]
    complete = bool(last) and all(chain.ended for chain in last)
    votes = vote(last) if complete else None
    draw = drawn(run, chains, asides)
    final = find_strategy(run.config.strategy).final
    by_vote = final is FinalAnswer.VOTE
    answer = (votes.text if votes else None) if by_vote else (draw.answer if draw else None)
    return {
        **facts(run),
        "answer": answer,
        "answer_by": final.value,
        "answer_chain": None if by_vote or draw is None else str(draw.slot),
        "vote": votes.text if votes else None,
        "votes": votes.votes if votes else 0,
        "votes_of": votes.of if votes else 0,
        "vote_tied": votes.tied if votes else False,
        "verified": _verified(last, asides),
        "by_generation": [generation_row(generation) for generation in generations],
    }


def _verified(last: Sequence[Chain], asides: Sequence[Aside]) -> dict[str, object] | None:
    found = acceptance(asides)
    if found == Acceptance():
        return None
    votes = vote(_among(last, found))
    return {
        "accepted": [str(slot) for slot in found.accepted],
        "rejected": len(found.rejected),
        "unknown": len(found.unknown),
        "waiting": len(found.waiting),
        "nothing_read": found.nothing_read,
        "vote": votes.text if votes else None,
        "votes": votes.votes if votes else 0,
        "votes_of": votes.of if votes else 0,
        "vote_tied": votes.tied if votes else False,
    }
