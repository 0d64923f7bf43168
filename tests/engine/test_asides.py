"""Calls about chains that are done: after their chain is recorded, before its children, and never the chain again."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest
from virtual_time import in_virtual_time
from world import Answering, World, after, plan_of

from rsa_viz.core.aside import VERIFICATION_TOKENS, AsideKind
from rsa_viz.core.chain import Completion, Slot
from rsa_viz.core.errors import EndpointUnusable, InvalidPlan, RateLimited, RequestRefused, StoreError
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.run import Candidates, ModelChoice, RunConfig
from rsa_viz.core.strategies import draw_plan, find_strategy
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.frontier import Frontier
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ended, Ending, Limits, execute

VERIFY, SUMMARISE = AsideKind.VERIFY, AsideKind.SUMMARISE

# 1.1   1.2     both summarised
#    \ /
#    2.1        verified
FAMILY = {"1.1": (), "1.2": (), "2.1": ("1.2", "1.1")}
ASIDES = {"1.1": SUMMARISE, "1.2": SUMMARISE, "2.1": VERIFY}


def answering(chain: Answering, aside: Answering) -> Answering:
    """One answer for chains, another for asides."""

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        return await (chain if call.aside is None else aside)(call, on_text, number)

    return answer


def failing(error: Exception, times: int = 10**6) -> Answering:
    """Fail so many times, then answer ``short SLOT``; each call takes a second."""

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        await asyncio.sleep(1.0)
        if number <= times:
            raise error
        return Completion(f"short {call.slot}")

    return answer


SHORT = failing(RuntimeError(), times=0)


def test_children_see_summaries_and_wait_for_them() -> None:
    calls: list[Call] = []

    async def aside(call: Call, on_text: OnText, number: int) -> Completion:
        calls.append(call)
        return await SHORT(call, on_text, number)

    world = World(plan_of(FAMILY, ASIDES), answering(after(2.0), aside))
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert world.started == {Slot(1, 1): 0.0, Slot(1, 2): 0.0, Slot(2, 1): 3.0}
    assert world.aside_prompts[Slot(1, 1)][0]["content"] == "summarise: text of 1.1"
    assert world.prompts[Slot(2, 1)][0]["content"] == "aggregate: short 1.2 | short 1.1"
    assert world.aside_prompts[Slot(2, 1)][0]["content"] == "verify: text of 2.1"
    assert [(call.seed, call.temperature, call.max_tokens) for call in calls] == [
        (9001, 0.1, 100),
        (9002, 0.1, 100),
        (9001, 0.1, 100),
    ]
    assert world.told("2.1") == ["ChainStarted", "ChainEnded", "ChainStarted", "AsideEnded"]


def test_a_verification_may_think_and_a_summary_may_be_as_long_as_a_chain() -> None:
    limits = Limits(temperature=0.0, max_tokens=50_000, retries=0, timeout_s=1.0)
    assert limits.aside_tokens(VERIFY) == VERIFICATION_TOKENS
    assert limits.aside_tokens(SUMMARISE) == 50_000
    assert limits.aside_temperature == 0.0


def test_where_a_summary_fails_or_is_blank_children_see_the_text() -> None:
    async def aside(call: Call, on_text: OnText, number: int) -> Completion:
        if call.slot == Slot(1, 1):
            raise RequestRefused("too long")
        return Completion(" \n")

    world = World(plan_of(FAMILY, ASIDES), answering(after(1.0), aside))
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert world.prompts[Slot(2, 1)][0]["content"] == "aggregate: text of 1.2 | text of 1.1"
    assert world.recorded[Slot(2, 1)].available == (Slot(1, 2), Slot(1, 1))
    failed = world.asides[Slot(1, 1)]
    assert (failed.completion, failed.error, failed.attempts) == (None, "RequestRefused: too long", 1)


def test_an_aside_has_tries_of_its_own_and_its_backoff_holds_no_place() -> None:
    world = World(plan_of(FAMILY, ASIDES), answering(after(1.0), failing(RateLimited("slow"), 2)), limit=1)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert set(world.calls.values()) == {1}
    assert set(world.aside_calls.values()) == {3}
    assert [outcome.attempts for outcome in world.asides.values()] == [3, 3, 3]
    assert world.most_in_flight == 1


@pytest.mark.parametrize("blank", [True, False])
def test_nothing_is_asked_about_a_chain_without_a_text(blank: bool) -> None:
    async def chain(call: Call, on_text: OnText, number: int) -> Completion:
        if call.slot == Slot(1, 1) and not blank:
            raise RequestRefused("no")
        return Completion("" if call.slot == Slot(1, 1) else "text")

    world = World(plan_of(FAMILY, ASIDES), answering(chain, SHORT))
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    pointless = world.asides[Slot(1, 1)]
    assert (pointless.error, pointless.attempts) == ("chain 1.1 left no text to summarise", 0)
    assert pointless.prompt_sha256 is None
    assert world.aside_calls[Slot(1, 1)] == 0
    assert world.prompts[Slot(2, 1)][0]["content"] == "aggregate: short 1.2"


def test_a_run_that_broke_off_between_chain_and_aside_makes_the_aside_alone() -> None:
    broken = World(plan_of(FAMILY, ASIDES), answering(after(1.0), failing(EndpointUnusable("bad key"))))
    assert in_virtual_time(broken.go()) == Ended(Ending.UNUSABLE, "bad key")
    assert set(broken.recorded) == {Slot(1, 1), Slot(1, 2)}
    assert broken.asides == {}
    broken.answer = answering(after(1.0), SHORT)
    assert in_virtual_time(broken.go()) == Ended(Ending.DONE)
    assert broken.calls == {Slot(1, 1): 1, Slot(1, 2): 1, Slot(2, 1): 1}
    assert broken.prompts[Slot(2, 1)][0]["content"] == "aggregate: short 1.2 | short 1.1"


@pytest.mark.parametrize(("wanted", "ending", "kept"), [("pause", Ending.PAUSED, 2), ("stop", Ending.STOPPED, 0)])
def test_a_pause_lets_asides_in_flight_finish_and_a_stop_cancels_them(wanted: str, ending: Ending, kept: int) -> None:
    world = World(plan_of(FAMILY, ASIDES), answering(after(1.0), SHORT))

    async def ask() -> Ended:
        control = Control()
        task = asyncio.ensure_future(world.go(control))
        await asyncio.sleep(1.5)
        getattr(control, wanted)()
        return await task

    assert in_virtual_time(ask()) == Ended(ending)
    assert (len(world.recorded), len(world.asides)) == (2, kept)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert set(world.calls.values()) == {1}


def test_an_aside_that_cannot_be_recorded_ends_the_run() -> None:
    class Full(World):
        async def record_aside(self, outcome: object) -> None:
            raise StoreError("disk full")

    world = Full(plan_of(FAMILY, ASIDES), answering(after(1.0), SHORT))
    with pytest.raises(StoreError, match="disk full"):
        in_virtual_time(world.go())
    assert set(world.recorded) == {Slot(1, 1), Slot(1, 2)}


def test_a_plan_with_asides_needs_somebody_who_makes_them() -> None:
    world = World(plan_of(FAMILY, ASIDES))
    running = execute(
        world.plan,
        {},
        compose=world.compose,
        complete=world.complete,
        record=world.record,
        watch=world.watch,
        gate=Gate(1),
        control=Control(),
        limits=Limits(temperature=1.0, max_tokens=1, retries=0, timeout_s=1.0),
    )
    with pytest.raises(InvalidPlan, match="nothing says how they are made"):
        in_virtual_time(running)


@pytest.mark.parametrize("ended", [{}, {Slot(1, 1): "x"}])
def test_a_recorded_aside_that_does_not_fit_the_plan_is_refused(ended: dict[Slot, str | None]) -> None:
    with pytest.raises(InvalidPlan, match=r"an aside of chain 1\.1 is recorded"):
        Frontier(plan_of(FAMILY, {} if ended else ASIDES), ended, {Slot(1, 1): "x"})


@pytest.mark.parametrize("seed", range(20))
def test_broken_off_anywhere_a_run_with_summaries_ends_as_if_nothing_had_happened(seed: int) -> None:
    config = RunConfig(ModelChoice("m"), n=4, k=2, t=4, fresh_rate=0.2, candidates=Candidates.SUMMARY)
    plan = draw_plan(find_strategy("rsa"), config, Streams(seed, "asides"))

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        drawn = random.Random(call.seed)
        await asyncio.sleep(drawn.uniform(0.5, 2.0))
        if drawn.random() < 0.15:
            raise RequestRefused("never")
        return Completion(f"{call.aside or 'text'} of {call.slot} after {len(call.messages[0]['content'])}")

    whole = World(plan, answer, limit=3)
    assert in_virtual_time(whole.go()) == Ended(Ending.DONE)
    broken, rng = World(plan, answer, limit=3, record_s=0.1), random.Random(seed)

    async def break_off() -> Ended:
        control = Control()
        task = asyncio.ensure_future(broken.go(control))
        await asyncio.sleep(rng.uniform(0.1, 4.0))
        control.stop()
        return await task

    breaks = 0
    while in_virtual_time(break_off()).ending is Ending.STOPPED:
        breaks += 1
    assert breaks
    assert set(broken.recorded) == set(plan.by_slot)
    assert set(broken.asides) == {chain.slot for chain in plan if chain.aside}

    def told(world: World) -> object:
        return (
            {slot: replace(one, started_at=0, ended_at=0) for slot, one in world.recorded.items()},
            {slot: replace(one, started_at=0, ended_at=0) for slot, one in world.asides.items()},
        )

    assert told(broken) == told(whole)
