"""The gate: places by priority, and none lost."""

from __future__ import annotations

import asyncio

import pytest
from virtual_time import in_virtual_time

from rsa_viz.core.errors import InvalidPlan
from rsa_viz.engine.gate import Gate, Place


def test_places_go_to_the_lowest_tuple_first_and_among_equals_to_the_first_come() -> None:
    order: list[str] = []

    async def hold(gate: Gate, name: str, priority: tuple[int, ...]) -> None:
        async with gate.held(priority):
            order.append(name)
            await asyncio.sleep(1)

    async def go() -> None:
        gate = Gate(1)
        named = [("first", (9,)), ("b", (2, 1)), ("c", (2, 1, 0)), ("a", (1, 7)), ("d", (3,)), ("e", (3,))]
        await asyncio.gather(*(hold(gate, name, priority) for name, priority in named))
        assert gate.taken == 0

    in_virtual_time(go())
    assert order == ["first", "a", "b", "c", "d", "e"]


def test_a_cancelled_wait_gives_its_turn_to_the_next() -> None:
    async def go() -> None:
        gate = Gate(1)
        await gate.acquire((0,))
        waits = [asyncio.create_task(gate.acquire((priority,))) for priority in (1, 2)]
        await asyncio.sleep(1)
        waits[0].cancel()
        await asyncio.sleep(1)
        gate.release()
        await waits[1]
        assert waits[0].cancelled()
        assert gate.taken == 1

    in_virtual_time(go())


def test_a_wait_cancelled_just_after_its_place_was_granted_gives_the_place_back() -> None:
    async def go() -> None:
        gate = Gate(1)
        await gate.acquire((0,))
        wait = asyncio.create_task(gate.acquire((1,)))
        await asyncio.sleep(1)
        gate.release()  # the place is granted now; the waiter has not run yet
        wait.cancel()
        with pytest.raises(asyncio.CancelledError):
            await wait
        assert gate.taken == 0

    in_virtual_time(go())


def test_a_place_that_comes_free_before_a_cancelled_waiter_has_noticed_goes_to_the_next() -> None:
    async def go() -> None:
        gate = Gate(1)
        await gate.acquire((0,))
        waits = [asyncio.create_task(gate.acquire((priority,))) for priority in (1, 2)]
        await asyncio.sleep(1)
        waits[0].cancel()
        gate.release()
        await waits[1]
        assert waits[0].cancelled()
        assert gate.taken == 1

    in_virtual_time(go())


def test_a_block_that_raises_gives_its_place_back() -> None:
    gate = Gate(2)

    async def go() -> None:
        async with gate.held((0,)):
            assert gate.taken == 1
            raise LookupError

    with pytest.raises(LookupError):
        in_virtual_time(go())
    assert gate.taken == 0


def test_a_withdrawn_request_leaves_nothing_behind_granted_or_not() -> None:
    async def go() -> None:
        gate = Gate(1)
        granted, waiting, last = (gate.request((number,)) for number in (1, 2, 3))
        assert granted.done()
        gate.withdraw(waiting)
        gate.withdraw(granted)
        assert last.done()
        assert not last.cancelled()
        gate.withdraw(last)
        assert gate.taken == 0

    in_virtual_time(go())


def test_a_place_that_nobody_holds_cannot_be_released() -> None:
    with pytest.raises(RuntimeError, match="nobody holds"):
        Gate(1).release()


def test_a_gate_without_places_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="at least 1 call"):
        Gate(0)


def test_a_gate_serves_one_loop_after_another_and_not_two_that_wait() -> None:
    gate = Gate(1)
    other = asyncio.new_event_loop()

    async def ask(priority: int) -> Place:
        return gate.request((priority,))

    async def ask_here() -> None:
        with pytest.raises(RuntimeError, match="one event loop"):
            gate.request((2,))
        gate.withdraw(waiting)
        assert not gate.request((2,)).done()

    try:
        held, waiting = other.run_until_complete(ask(0)), other.run_until_complete(ask(1))
        assert held.done()
        in_virtual_time(ask_here())
    finally:
        other.close()
