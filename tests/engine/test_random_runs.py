"""Random plans, failures and interruptions: whatever happens on the way, the same outcomes are recorded at the end."""

from __future__ import annotations

import asyncio
import random

import pytest
from virtual_time import in_virtual_time
from world import World

from rsa_viz.core.chain import Completion, PromptKind, Slot
from rsa_viz.core.errors import (
    ConnectionLost,
    EndpointUnusable,
    RateLimited,
    RequestRefused,
    ServerFailed,
)
from rsa_viz.core.genealogy import Plan, PlannedChain, Streams, draw_distinct
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ending

RETRIES = 2


def drawn_plan(rng: random.Random) -> Plan:
    """RSA, self-refinement, or generations of varying width with parents in any earlier one."""
    n, t = rng.randint(1, 8), rng.randint(1, 6)
    kind = rng.choice(["rsa", "self-refinement", "irregular"])
    if kind != "irregular":
        return find_strategy(kind).plan(n, rng.randint(1, n), t, Streams(rng.randrange(1000), "p"))
    chains: list[PlannedChain] = []
    for generation in range(1, t + 1):
        earlier = [chain.slot for chain in chains]
        for i in range(1, rng.randint(1, 8) + 1):
            k = rng.randint(0, min(4, len(earlier)))
            parents = tuple(earlier[j - 1] for j in draw_distinct(rng, len(earlier), k))
            chains.append(PlannedChain(Slot(generation, i), PromptKind.AGGREGATE, parents, rng.randrange(2**31)))
    return Plan(tuple(chains))


class Fates:
    """What each slot's calls come to. How a slot ends depends on the slot alone; how long that takes, and what goes
    wrong on the way, on the call."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    async def answer(self, call: Call, on_text: OnText, number: int) -> Completion:
        fate = random.Random(f"{self.seed} {call.slot}")
        rng = random.Random(f"{self.seed} {call.slot} {number}")
        last = f"text of {call.slot} from {call.messages[0]['content']}"
        kind = fate.choices(["fine", "blank", "refused", "broken", "flaky", "lost"], [12, 1, 1, 1, 4, 1])[0]
        swallows = rng.random() < 0.3
        try:
            for _ in range(rng.randint(1, 4)):
                await asyncio.sleep(rng.lognormvariate(-1, 0.8))
                on_text("piece", "")
            if kind == "flaky" and number <= fate.randint(1, RETRIES) and rng.random() < 0.3:
                await asyncio.sleep(1000)  # hangs
        except asyncio.CancelledError:
            if not swallows:
                raise
            await asyncio.sleep(rng.random())
            if rng.random() < 0.5:
                raise ConnectionLost("closed") from None
        if kind == "flaky" and number <= fate.randint(1, RETRIES):
            raise rng.choice([ServerFailed("500"), RateLimited("429", rng.choice([None, 0.5])), ConnectionLost("cut")])
        if kind == "refused":
            raise RequestRefused("400")
        if kind == "broken":
            raise KeyError("choices")
        if kind == "lost":
            raise ServerFailed("500")
        return Completion(" \n" if kind == "blank" else last)


def told_apart(world: World) -> dict[Slot, tuple[object, ...]]:
    """What must be the same however a run was disturbed."""
    return {
        slot: (outcome.completion, outcome.error, outcome.available, outcome.fresh, outcome.prompt_sha256)
        for slot, outcome in world.recorded.items()
    }


def world_of(plan: Plan, seed: int, rng: random.Random, **known: object) -> World:
    return World(
        plan,
        answer=Fates(seed).answer,
        retries=RETRIES,
        timeout_s=20.0,
        record_s=rng.choice([0.0, 0.05, 1.0]),
        backoff_s=rng.choice([0.0, 0.5]),
        **known,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_run_disturbed_at_random_ends_with_the_outcomes_of_an_undisturbed_one(seed: int) -> None:
    rng = random.Random(seed)
    plan = drawn_plan(rng)
    calm = world_of(plan, seed, rng, limit=rng.randint(1, 10))
    assert in_virtual_time(calm.go()).ending is Ending.DONE
    assert set(calm.recorded) == set(plan.by_slot)

    disturbed = world_of(plan, seed, rng, limit=rng.randint(1, 10))

    async def disturbed_once() -> Ending:
        loop = asyncio.get_running_loop()
        handles = [
            loop.call_later(rng.expovariate(0.5), lambda what=what: getattr(disturbed.control, what)())
            for what in rng.choice([["pause"], ["stop"], ["pause", "stop"]])
        ]
        try:
            return (await disturbed.go()).ending
        finally:
            for handle in handles:
                handle.cancel()

    for _ in range(300):
        before = dict(disturbed.recorded)
        ending = in_virtual_time(disturbed_once())
        assert before.items() <= disturbed.recorded.items()
        assert disturbed.gate.taken == 0
        if ending is Ending.DONE:
            break
    else:
        assert in_virtual_time(disturbed.go()).ending is Ending.DONE
    assert told_apart(disturbed) == told_apart(calm)
    assert disturbed.most_in_flight <= disturbed.limit


@pytest.mark.parametrize("seed", range(10))
def test_runs_that_share_a_gate_each_end_as_if_they_were_alone(seed: int) -> None:
    rng = random.Random(1000 + seed)
    gate = Gate(rng.randint(1, 6))
    plans = [drawn_plan(rng) for _ in range(3)]
    alone = [world_of(plan, seed, rng) for plan in plans]
    for world in alone:
        in_virtual_time(world.go())
    together = [world_of(plan, seed, rng, shared_gate=gate, limit=gate.limit) for plan in plans]

    async def go() -> list[Ending]:
        return [ended.ending for ended in await asyncio.gather(*(world.go() for world in together))]

    assert in_virtual_time(go()) == [Ending.DONE] * 3
    assert [told_apart(world) for world in together] == [told_apart(world) for world in alone]
    assert gate.taken == 0


@pytest.mark.parametrize("seed", range(10))
def test_a_key_refused_now_and_then_costs_no_outcome(seed: int) -> None:
    rng = random.Random(2000 + seed)
    plan = drawn_plan(rng)
    calm = world_of(plan, seed, rng)
    in_virtual_time(calm.go())
    world = world_of(plan, seed, rng)
    fates, refusals = Fates(seed), rng.randint(1, 5)

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        nonlocal refusals
        if refusals and rng.random() < 0.2:
            refusals -= 1
            raise EndpointUnusable("401")
        return await fates.answer(call, on_text, number)

    world.answer = answer
    endings = []
    while not endings or endings[-1] is not Ending.DONE:
        endings.append(in_virtual_time(world.go()).ending)
    assert set(endings[:-1]) <= {Ending.UNUSABLE}
    assert told_apart(world) == told_apart(calm)
