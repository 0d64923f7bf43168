"""What a failed call costs: retries with backoff, time-outs, slots that fail, an endpoint that is unusable."""

from __future__ import annotations

import asyncio

import pytest
from virtual_time import in_virtual_time
from world import World, after, by_slot, failing, plan_of

from rsa_viz.core.chain import Completion, Slot
from rsa_viz.core.errors import (
    ConnectionLost,
    ContextOverflow,
    EndpointUnusable,
    RateLimited,
    RequestRefused,
    ServerFailed,
)
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.events import CallFailed, ChainStarted
from rsa_viz.engine.failure import LONGEST_ERROR
from rsa_viz.engine.scheduler import Ended, Ending

ONE = plan_of({"1.1": ()})
SLOT = Slot(1, 1)


def failures(world: World) -> list[CallFailed]:
    return [event for event in world.events if isinstance(event, CallFailed)]


def test_a_retryable_error_is_tried_again_and_the_outcome_counts_the_tries() -> None:
    world = World(ONE, answer=failing(ServerFailed("500: oops"), times=2), retries=2)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    outcome = world.recorded[SLOT]
    assert outcome.completion == Completion("text of 1.1")
    assert (outcome.attempts, outcome.error, outcome.started_at) == (3, None, 0.0)
    assert world.told("1.1") == ["ChainStarted", "CallFailed"] * 2 + ["ChainStarted", "ChainEnded"]
    assert [event.attempt for event in world.events if isinstance(event, ChainStarted)] == [1, 2, 3]


def test_a_slot_whose_tries_are_used_up_has_failed_with_its_last_error() -> None:
    world = World(ONE, answer=failing(ServerFailed("500:\n  oops")), retries=2)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    outcome = world.recorded[SLOT]
    assert (outcome.completion, outcome.error, outcome.attempts) == (None, "ServerFailed: 500: oops", 3)
    assert [failure.retry_in_s is None for failure in failures(world)] == [False, False, True]


def test_without_retries_the_first_failure_is_the_last() -> None:
    world = World(ONE, answer=failing(ServerFailed("500")), retries=0)
    in_virtual_time(world.go())
    assert world.calls[SLOT] == 1


@pytest.mark.parametrize(
    ("error", "recorded"),
    [
        (RequestRefused("400: bad"), "RequestRefused: 400: bad"),
        (ContextOverflow("too long"), "ContextOverflow: too long"),
        (KeyError("choices"), "KeyError: 'choices'"),
        (ZeroDivisionError(), "ZeroDivisionError"),
    ],
)
def test_an_error_that_no_retry_will_mend_fails_the_slot_at_once(error: Exception, recorded: str) -> None:
    world = World(ONE, answer=failing(error))
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert (world.recorded[SLOT].error, world.recorded[SLOT].attempts) == (recorded, 1)


def test_a_long_error_is_cut() -> None:
    world = World(ONE, answer=failing(RequestRefused("<html>" * 10_000)))
    in_virtual_time(world.go())
    error = world.recorded[SLOT].error
    assert error is not None
    assert len(error) == LONGEST_ERROR
    assert error.endswith("…")


def test_an_answer_that_is_no_completion_fails_the_slot() -> None:
    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        return None  # type: ignore[return-value]

    world = World(ONE, answer=answer)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert world.recorded[SLOT].error == "TypeError: the call returned NoneType where a Completion was due"


def test_a_wait_is_never_shorter_than_the_server_asked_for_and_never_longer_than_that_and_the_backoff() -> None:
    world = World(ONE, answer=failing(RateLimited("429", retry_after_s=30.0), times=2), backoff_s=1.0)
    in_virtual_time(world.go())
    first, second = failures(world)
    assert 30.0 <= first.retry_in_s <= 31.0
    assert 30.0 <= second.retry_in_s <= 32.0
    starts = [event.at for event in world.events if isinstance(event, ChainStarted)]
    assert starts[1] == pytest.approx(1.0 + first.retry_in_s)


def test_a_call_that_waits_for_its_backoff_holds_no_place() -> None:
    plan = plan_of({"1.1": (), "1.2": ()})
    answers = {"1.1": failing(RateLimited("429", retry_after_s=100.0), times=1)}
    world = World(plan, answer=by_slot(answers, after(1.0)), limit=1)
    in_virtual_time(world.go())
    assert world.started[Slot(1, 2)] == 1.0
    assert world.ended[Slot(1, 2)] == 2.0


def test_a_call_that_falls_silent_is_cancelled_and_tried_again() -> None:
    cancelled_at: list[float] = []

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        if number == 2:
            return Completion("there")
        try:
            for _ in range(3):
                await asyncio.sleep(8)
                on_text("piece", "")
            await asyncio.sleep(10_000)
        except asyncio.CancelledError:
            cancelled_at.append(asyncio.get_running_loop().time())
            raise
        raise AssertionError("not reached")

    world = World(ONE, answer=answer, timeout_s=10.0)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert cancelled_at == [34.0]  # 10 s after the last piece, though the whole call took longer
    assert failures(world)[0].error == "TimedOut: no text came for 10 s; the call was given up"
    assert world.recorded[SLOT].completion == Completion("there")


def test_a_slow_call_that_keeps_streaming_is_left_alone() -> None:
    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        for _ in range(100):
            await asyncio.sleep(9)
            on_text("", "")
        return Completion("long")

    world = World(ONE, answer=answer, timeout_s=10.0)
    in_virtual_time(world.go())
    assert world.recorded[SLOT].attempts == 1


def test_a_silent_call_that_swallows_cancellation_is_cancelled_again() -> None:
    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        for _ in range(3):
            try:
                await asyncio.sleep(10_000)
            except asyncio.CancelledError:
                continue
        raise ConnectionLost("closed at last")

    world = World(ONE, answer=answer, timeout_s=10.0, retries=0)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert world.recorded[SLOT].ended_at == 30.0
    assert world.recorded[SLOT].error == "TimedOut: no text came for 10 s; the call was given up"


def test_a_silent_call_that_answers_its_cancellation_with_a_completion_is_done() -> None:
    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        try:
            await asyncio.sleep(10_000)
        except asyncio.CancelledError:
            return Completion("as far as it came")
        raise AssertionError("not reached")

    world = World(ONE, answer=answer, timeout_s=10.0)
    in_virtual_time(world.go())
    assert world.recorded[SLOT].completion == Completion("as far as it came")


def test_a_call_that_something_else_cancels_is_tried_again() -> None:
    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        await asyncio.sleep(1)
        if number == 1:
            raise asyncio.CancelledError
        return Completion("there")

    world = World(ONE, answer=answer)
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert world.recorded[SLOT].attempts == 2
    assert failures(world)[0].error == "ConnectionLost: something outside of the engine cancelled the call"


def test_an_unusable_endpoint_ends_the_run_and_leaves_every_open_slot_planned() -> None:
    plan = plan_of({f"1.{i}": () for i in range(1, 5)} | {"2.1": ("1.1", "1.2")})
    answers = {
        "1.1": after(1.0),
        "1.2": failing(EndpointUnusable("401: the key is refused"), seconds=2.0),
        "1.3": failing(RateLimited("429", retry_after_s=50.0)),
    }
    world = World(plan, answer=by_slot(answers, after(100.0)), retries=5)
    assert in_virtual_time(world.go()) == Ended(Ending.UNUSABLE, "401: the key is refused")
    assert set(world.recorded) == {Slot(1, 1)}
    assert world.gate.taken == 0


def test_a_run_that_an_unusable_endpoint_ended_goes_on_once_it_is_usable() -> None:
    world = World(plan_of({"1.1": (), "2.1": ("1.1",)}), answer=failing(EndpointUnusable("no such model"), times=1))
    assert in_virtual_time(world.go()).ending is Ending.UNUSABLE
    world.calls[Slot(2, 1)] += 1  # its first call would fail too
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
