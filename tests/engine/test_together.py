"""Several gates as one: a place with each, none lost, and nobody who waits for one who waits for him."""

from __future__ import annotations

import asyncio
import random

from virtual_time import in_virtual_time

from rsa_viz.engine.gate import Gate
from rsa_viz.engine.together import Together


def test_a_place_is_one_with_each_gate_and_is_given_back_to_each() -> None:
    async def go() -> None:
        narrow, wide = Gate(1), Gate(3)
        both = Together((narrow, wide))
        assert (both.limit, both.free, both.taken) == (1, 1, 0)
        async with both.held((0,)):
            assert (narrow.taken, wide.taken, both.free) == (1, 1, 0)
            second = both.request((1,))
            assert not second.done()
            assert wide.taken == 1  # the narrow gate comes first, and has no place
        await asyncio.sleep(0)
        await second
        assert (narrow.taken, wide.taken) == (1, 1)
        both.release()
        assert (narrow.taken, wide.taken, both.taken) == (0, 0, 0)

    in_virtual_time(go())


def test_what_is_withdrawn_at_any_moment_holds_nothing() -> None:
    async def go() -> None:
        first, second = Gate(1), Gate(1)
        both = Together((first, second))
        for holder in (first, second):
            await holder.acquire((0,))
            waiting = both.request((1,))
            both.withdraw(waiting)
            holder.release()
            await asyncio.sleep(0)
            assert (first.taken, second.taken) == (0, 0)
        await first.acquire((0,))
        waiting = both.request((1,))
        first.release()  # granted by the first gate, and withdrawn before that is noticed
        both.withdraw(waiting)
        await asyncio.sleep(0)
        assert (first.taken, second.taken) == (0, 0)
        granted = both.request((1,))
        assert granted.done()
        both.withdraw(granted)
        assert (first.taken, second.taken) == (0, 0)

    in_virtual_time(go())


def test_idle_is_when_every_gate_has_a_place() -> None:
    async def go() -> float:
        first, second = Gate(1), Gate(1)

        async def hold(gate: Gate, seconds: float) -> None:
            async with gate.held((0,)):
                await asyncio.sleep(seconds)

        holding = asyncio.gather(hold(first, 2), hold(second, 5))
        await asyncio.sleep(0)
        await Together((first, second)).idle()
        await holding
        return asyncio.get_running_loop().time()

    assert in_virtual_time(go()) >= 5


def test_many_who_share_gates_in_any_pairs_all_come_through_and_no_gate_is_overfull() -> None:
    rng = random.Random(7)
    gates = [Gate(limit) for limit in (1, 2, 3)]
    most = [0, 0, 0]

    async def call(pair: tuple[int, ...]) -> None:
        gate = Together([gates[place] for place in pair]) if len(pair) > 1 else gates[pair[0]]
        async with gate.behind(rng.randrange(3)).held((rng.randrange(5),)):
            for place, one in enumerate(gates):
                most[place] = max(most[place], one.taken)
            await asyncio.sleep(rng.random())

    async def go() -> None:
        pairs = [tuple(sorted(rng.sample(range(3), rng.randint(1, 3)))) for _ in range(200)]
        calls = [asyncio.create_task(call(pair)) for pair in pairs]
        for one in rng.sample(calls, 40):
            await asyncio.sleep(rng.random() / 10)
            one.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert [gate.taken for gate in gates] == [0, 0, 0]

    in_virtual_time(go())
    assert most == [1, 2, 3]
