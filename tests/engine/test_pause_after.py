"""A pause after a generation: everything up to it ends, nothing later begins, and the rest can be resumed."""

from __future__ import annotations

import asyncio

from virtual_time import in_virtual_time, now
from world import World, after, by_slot, failing, plan_of

from rsa_viz.core.chain import Slot
from rsa_viz.core.errors import ServerFailed
from rsa_viz.engine.control import Control
from rsa_viz.engine.scheduler import Ended, Ending

#  1.1  1.2      2.1 waits for 1.1 alone, 2.2 for 1.2; 1.2 is slow
#   |    |
#  2.1  2.2
#   |    |
#  3.1  3.2
LINES = {"1.1": (), "1.2": (), "2.1": ("1.1",), "2.2": ("1.2",), "3.1": ("2.1",), "3.2": ("2.2",)}


async def pausing(world: World, *wishes: tuple[float, int]) -> tuple[Ended, float]:
    """Drive the world and ask at times for a pause after a generation; the ending and when it came."""
    for seconds, t in wishes:
        asyncio.get_running_loop().call_later(seconds, lambda t=t: world.control.pause_after(t))
    ended = await world.go()
    return ended, now()


def test_everything_up_to_the_generation_ends_and_the_rest_stays_planned() -> None:
    world = World(plan_of(LINES), answer=by_slot({"1.2": after(5.0)}, after(1.0)))
    assert in_virtual_time(pausing(world, (0.5, 2))) == (Ended(Ending.PAUSED), 6.0)
    assert sorted(map(str, world.recorded)) == ["1.1", "1.2", "2.1", "2.2"]
    assert world.gate.taken == 0
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert set(world.calls.values()) == {1}


def test_what_is_in_flight_beyond_the_generation_is_let_finish() -> None:
    world = World(plan_of(LINES), answer=by_slot({"1.2": after(2.0), "2.1": after(9.0)}, after(1.0)))
    assert in_virtual_time(pausing(world, (1.5, 1))) == (Ended(Ending.PAUSED), 10.0)
    assert sorted(map(str, world.recorded)) == ["1.1", "1.2", "2.1"]


def test_a_later_generation_may_be_wished_for_before_it_has_come() -> None:
    world = World(plan_of(LINES), answer=by_slot({"1.2": after(5.0)}, after(1.0)))
    ended, when = in_virtual_time(pausing(world, (0.5, 1), (4.0, 2)))
    assert (ended, when) == (Ended(Ending.PAUSED), 6.0)
    assert Slot(2, 2) in world.recorded
    assert Slot(3, 1) not in world.recorded


def test_a_retry_within_the_generation_is_waited_for() -> None:
    world = World(plan_of(LINES), answer=by_slot({"1.2": failing(ServerFailed("500"), times=1)}, after(1.0)))
    ended, _ = in_virtual_time(pausing(world, (0.5, 1)))
    assert ended == Ended(Ending.PAUSED)
    assert sorted(map(str, world.recorded)) == ["1.1", "1.2"]
    assert world.calls[Slot(1, 2)] == 2


def test_after_the_last_generation_the_run_is_done() -> None:
    world = World(plan_of(LINES))
    assert in_virtual_time(pausing(world, (0.5, 3)))[0] == Ended(Ending.DONE)


def test_a_generation_that_is_there_already_pauses_a_resumed_run_at_once() -> None:
    world = World(plan_of(LINES))
    in_virtual_time(pausing(world, (0.5, 1)))
    control = Control()
    control.pause_after(1)
    assert in_virtual_time(world.go(control)) == Ended(Ending.PAUSED)
    assert sum(world.calls.values()) == 2


def test_a_stop_outweighs_it() -> None:
    async def both(world: World) -> Ended:
        asyncio.get_running_loop().call_later(0.5, lambda: world.control.pause_after(2))
        asyncio.get_running_loop().call_later(0.7, lambda: world.control.stop())
        return await world.go()

    world = World(plan_of(LINES))
    assert in_virtual_time(both(world)) == Ended(Ending.STOPPED)
    assert not world.recorded
