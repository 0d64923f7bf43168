"""A made population for the pictures' tests: drawn as the paper draws it, judged by a coin, no model asked."""

from __future__ import annotations

import random
from dataclasses import replace

from rsa_viz.core.chain import Chain, ChainStatus, PromptKind, Slot, Verdict, VerdictSource
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.strategies import find_strategy


def made_chain(
    slot: str,
    *,
    answer: str | None = "42",
    verdict: Verdict = Verdict.UNKNOWN,
    parents: tuple[str, ...] = (),
    status: ChainStatus = ChainStatus.DONE,
    tokens: int | None = 100,
    **more: object,
) -> Chain:
    """One chain by hand; ids are 1000 t + i."""
    place = Slot.parse(slot)
    drawn = tuple(Slot.parse(parent) for parent in parents)
    done = status is ChainStatus.DONE
    chain = Chain(
        id=1000 * place.t + place.i,
        slot=place,
        kind=PromptKind.AGGREGATE if len(drawn) > 1 else PromptKind.REFINE if drawn else PromptKind.SAMPLE,
        parents=drawn,
        available=drawn,
        status=status,
        characters=400 if done else 0,
        answer=answer if done else None,
        answer_key=answer if done else None,
        verdict=verdict if done else Verdict.UNKNOWN,
        verdict_source=VerdictSource.NONE if verdict is Verdict.UNKNOWN else VerdictSource.EXACT,
        tokens_out=tokens if done else None,
        tokens_in=tokens if done else None,
        finish_reason="stop" if done else None,
        attempts=1,
        error="the server failed 6 times" if status is ChainStatus.FAILED else None,
    )
    return replace(chain, **more)  # type: ignore[arg-type]


def made_population(n: int, k: int, t: int, *, seed: int = 1, gold: bool = True, planned_from: int | None = None):
    """N·T chains: a child is right with a chance that grows with its right parents. Deterministic."""
    rng = random.Random(seed)
    plan = find_strategy("rsa").plan(n, k, t, Streams(seed, "made"))
    chains: dict[Slot, Chain] = {}
    for planned in plan:
        slot, parents = planned.slot, [chains[parent] for parent in planned.parents]
        if planned_from is not None and slot.t >= planned_from:
            chains[slot] = made_chain(str(slot), parents=tuple(map(str, planned.parents)), status=ChainStatus.PLANNED)
            continue
        right_parents = sum(parent.answer == "42" for parent in parents)
        chance = 0.2 if not parents else min(0.97, 0.08 + 0.9 * (right_parents / len(parents)) ** 0.6)
        wrong = rng.choice(["17", "55", "7", "3", "88", "90", "12", "61", "29", "5"]) if not parents else None
        roll = rng.random()
        answer = "42" if roll < chance else wrong or rng.choice(parents).answer
        answer = None if rng.random() < 0.04 else answer
        status = ChainStatus.FAILED if rng.random() < 0.015 else ChainStatus.DONE
        truncated = rng.random() < 0.03
        verdict = Verdict.UNKNOWN if not gold else Verdict.RIGHT if answer == "42" else Verdict.WRONG
        chains[slot] = made_chain(
            str(slot),
            answer=answer,
            verdict=verdict,
            parents=tuple(map(str, planned.parents)),
            status=status,
            tokens=round(rng.lognormvariate(5.2 + 0.05 * slot.t, 0.35)),
            id=(slot.t - 1) * n + slot.i,
            finish_reason=None if status is ChainStatus.FAILED else "length" if truncated else "stop",
        )
    return tuple(chains.values())
