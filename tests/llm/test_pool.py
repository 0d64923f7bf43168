"""Pools: which server gets a call, what a failing one costs, and how it comes back. The clock is the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from rsa_viz.core.chain import Completion
from rsa_viz.core.errors import (
    ConnectionLost,
    ContextOverflow,
    EndpointUnusable,
    ModelError,
    RateLimited,
    ServerFailed,
    TimedOut,
)
from rsa_viz.llm.pool import COOL_MOST_S, Pool, Standings

MESSAGES = ({"role": "user", "content": "x"},)


class Server:
    """Stands for a gateway: answers, or raises what it is told, maybe after some text."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.error: ModelError | None = None
        self.text_first = False
        self.calls = 0
        self.hold: asyncio.Event | None = None

    async def complete(self, messages: Any, *, on_text: Callable[[str, str], None], **_: Any) -> Completion:
        self.calls += 1
        if self.hold is not None:
            await self.hold.wait()
        if self.text_first or self.error is None:
            on_text("some", "")
        if self.error is not None:
            raise self.error
        return Completion("some", served_by=self.name)


class World:
    """A pool of fakes with a clock that stands still until it is moved."""

    def __init__(self, number: int, timeout_s: float = 60.0) -> None:
        self.now = 100.0
        self.servers = [Server(f"p#{one + 1}") for one in range(number)]
        self.standings = Standings.of(number)
        self.pool = Pool(self.servers, self.standings, timeout_s=timeout_s, clock=lambda: self.now)  # type: ignore[arg-type]
        self.heard: list[str] = []

    async def call(self) -> str | None:
        completion = await self.pool.complete(
            MESSAGES, temperature=1, max_tokens=5, seed=1, on_text=lambda text, _: self.heard.append(text)
        )
        return completion.served_by


async def test_the_least_busy_server_gets_the_call_and_equals_take_turns() -> None:
    world = World(3)
    assert [await world.call() for _ in range(6)] == ["p#1", "p#2", "p#3"] * 2
    world.servers[0].hold = asyncio.Event()
    long = asyncio.ensure_future(world.call())  # p#1's turn; it stays busy
    await asyncio.sleep(0)
    assert [await world.call() for _ in range(4)] == ["p#2", "p#3"] * 2
    world.servers[0].hold.set()
    assert await long == "p#1"


async def test_a_call_that_a_server_fails_before_any_text_goes_to_another_at_once() -> None:
    world = World(2)
    world.servers[0].error = ConnectionLost("refused")
    assert [await world.call() for _ in range(5)] == ["p#2"] * 5
    assert world.servers[0].calls == 1, "it cools down"
    assert world.heard[0] == "", "a sign of life for whoever watches the time"


async def test_a_call_that_fails_in_mid_stream_is_the_engines_to_try_again_elsewhere() -> None:
    world = World(2)
    world.servers[0].error, world.servers[0].text_first = ConnectionLost("cut"), True
    with pytest.raises(ConnectionLost, match="cut"):
        await world.call()
    assert await world.call() == "p#2"


async def test_a_failed_server_is_probed_by_one_call_when_its_time_has_passed_and_then_serves_again() -> None:
    world = World(2)
    world.servers[0].error = ServerFailed("no")
    await world.call()
    world.now += 1.0
    world.servers[0].error, world.servers[0].hold = None, asyncio.Event()
    probe = asyncio.ensure_future(world.call())
    await asyncio.sleep(0)
    assert [await world.call() for _ in range(3)] == ["p#2"] * 3, "one probe is enough"
    world.servers[0].hold.set()
    assert await probe == "p#1"
    world.servers[0].hold = None
    assert sorted({await world.call() for _ in range(2)}) == ["p#1", "p#2"]


async def test_each_further_failure_doubles_the_time_up_to_the_most() -> None:
    world = World(2)
    world.servers[0].error = ServerFailed("no")
    waits = []
    for _ in range(8):
        before = world.servers[0].calls
        since = world.now
        await world.call()
        while world.servers[0].calls == before:
            world.now += 1.0
            await world.call()
        waits.append(world.now - since)
    assert waits == [0, 1, 2, 4, 8, 16, 30, 30]
    assert COOL_MOST_S == 30.0


async def test_a_server_that_asks_for_time_gets_it() -> None:
    world = World(2)
    world.servers[0].error = RateLimited("slow down", 50.0)
    await world.call()
    world.servers[0].error = None
    world.now += 49.0
    assert {await world.call() for _ in range(4)} == {"p#2"}
    world.now += 1.0
    assert {await world.call() for _ in range(4)} == {"p#1", "p#2"}


async def test_one_server_with_a_wrong_key_ends_no_run_and_all_of_them_do() -> None:
    world = World(2)
    world.servers[0].error = EndpointUnusable("bad key")
    assert await world.call() == "p#2"
    world.servers[1].error = ServerFailed("no")
    world.now += 1000.0
    with pytest.raises(ServerFailed):
        await world.call()
    world.servers[1].error = EndpointUnusable("bad key too")
    with pytest.raises(EndpointUnusable):
        await world.call()


async def test_an_overflow_is_not_tried_elsewhere() -> None:
    world = World(2)
    world.servers[0].error = ContextOverflow("too long")
    with pytest.raises(ContextOverflow):
        await world.call()
    assert world.servers[1].calls == 0
    assert world.standings.servers[0].failures == 0


async def test_when_all_fail_the_engine_hears_of_it_and_the_next_call_is_tried_all_the_same() -> None:
    world = World(2)
    for server in world.servers:
        server.error = TimedOut("nothing")
    with pytest.raises(TimedOut):
        await world.call()
    world.servers[1].error = None
    assert await world.call() == "p#2", "cooling servers are better than none"


async def test_a_call_that_the_engine_gives_up_after_silence_counts_against_the_server() -> None:
    world = World(2, timeout_s=10.0)
    world.servers[0].hold = asyncio.Event()
    for seconds, failures in ((1.0, 0), (10.0, 1)):
        world.standings.servers[0].last = 0  # its turn
        call = asyncio.ensure_future(world.call())
        await asyncio.sleep(0)
        world.now += seconds
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert world.standings.servers[0].failures == failures
        assert world.standings.servers[0].in_flight == 0
