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


def test_idle_waits_for_a_place_that_nobody_asks_for() -> None:
    seen: list[float] = []

    async def hold(gate: Gate, seconds: float) -> None:
        async with gate.held((0,)):
            await asyncio.sleep(seconds)

    async def go() -> None:
        gate = Gate(2)
        await gate.idle()
        assert gate.free == 2
        holders = [asyncio.create_task(hold(gate, seconds)) for seconds in (3, 5, 4)]
        await asyncio.sleep(1)
        await gate.idle()  # the third takes the first one's place at 3, the second ends at 5
        seen.append(asyncio.get_running_loop().time())
        abandoned = asyncio.create_task(gate.idle())
        await asyncio.gather(*holders)
        await abandoned
        assert gate.free == 2

    in_virtual_time(go())
    assert seen == [5]


def test_a_rank_goes_before_every_priority_and_the_places_are_the_gates_own() -> None:
    order: list[str] = []

    async def hold(gate: Gate, name: str, priority: tuple[int, ...]) -> None:
        async with gate.held(priority):
            order.append(name)
            await asyncio.sleep(1)

    async def go() -> None:
        gate = Gate(1)
        later, sooner = gate.behind(1, 0), gate.behind(0, 9)
        assert later.limit == 1
        named = [(gate, "first", (5,)), (later, "later", (-9,)), (sooner, "b", (2,)), (sooner, "a", (1,))]
        tasks = [asyncio.create_task(hold(*one)) for one in named]
        await asyncio.sleep(0.5)
        assert (gate.taken, later.taken, sooner.free) == (1, 1, 0)
        place = sooner.request((0,))
        sooner.withdraw(place)
        await asyncio.gather(*tasks)
        assert gate.taken == 0

    in_virtual_time(go())
    assert order == ["first", "a", "b", "later"]


def test_a_wider_gate_lets_those_through_who_wait_and_a_narrower_one_takes_nothing_away() -> None:
    async def go() -> None:
        gate = Gate(1)
        places = [gate.request((number,)) for number in range(4)]
        gate.resize(3)
        assert [place.done() for place in places] == [True, True, True, False]
        gate.resize(1)
        assert (gate.taken, gate.free) == (3, 0)
        gate.release()
        gate.release()
        assert not places[3].done()
        gate.release()
        assert places[3].done()
        with pytest.raises(InvalidPlan):
            gate.resize(0)

    in_virtual_time(go())
