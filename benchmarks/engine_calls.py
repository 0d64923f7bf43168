"""Calls a second and CPU a call: the engine over the gateway, against the bare openai client on the same server.

    python -m benchmarks.engine_calls [--quick]

The server is a process of its own and answers at once, so what is measured is this side's work. All ways make the same
streamed requests. "engine + client" is the engine over the bare client: what the engine itself costs. The ways take
turns in one process, and each number is the best of the rounds: the one that the rest of the machine disturbed least.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable

import openai

from rsa_viz.core.chain import Completion, Outcome
from rsa_viz.core.genealogy import PlannedChain, Streams
from rsa_viz.core.prompts import Messages
from rsa_viz.core.run import ModelChoice
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, Complete, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ending, Limits, execute
from tests.servers.openai_server import ServerProcess

Way = Callable[[int], Awaitable[None]]
MESSAGES: Messages = ({"role": "user", "content": "Say that you read programs only. " * 100},)
MAX_TOKENS = 64


class Ways:
    """The three ways to make a number of calls, ``concurrency`` at a time."""

    def __init__(self, address: str, client: openai.AsyncOpenAI, concurrency: int) -> None:
        from rsa_viz.llm.gateway import Gateway

        self._client = client
        self._concurrency = concurrency
        self.gateway = Gateway(ModelChoice("openai/test-model", api_base=address), api_key="none", timeout_s=60.0)

    async def bare(self, calls: int) -> None:
        """The openai client alone."""
        places = asyncio.Semaphore(self._concurrency)

        async def one(seed: int) -> None:
            async with places:
                await self._ask(seed, lambda *_: None)

        await asyncio.gather(*map(one, range(calls)))

    async def engine_and_client(self, calls: int) -> None:
        """The engine over the openai client."""
        await self._execute(calls, lambda call, on_text: self._ask(call.seed, on_text))

    async def engine_and_gateway(self, calls: int) -> None:
        """The engine over the gateway."""

        async def complete(call: Call, on_text: OnText) -> Completion:
            return await self.gateway.complete(
                call.messages,
                temperature=call.temperature,
                max_tokens=call.max_tokens,
                seed=call.seed,
                on_text=on_text,
            )

        await self._execute(calls, complete)

    async def _ask(self, seed: int, on_text: OnText) -> Completion:
        stream = await self._client.chat.completions.create(
            model="test-model",
            messages=[{"role": "user", "content": message["content"]} for message in MESSAGES],
            temperature=1.0,
            max_tokens=MAX_TOKENS,
            seed=seed,
            stream=True,
            stream_options={"include_usage": True},
        )
        pieces = []
        async for chunk in stream:
            if chunk.choices and (piece := chunk.choices[0].delta.content):
                on_text(piece, "")
                pieces.append(piece)
        return Completion("".join(pieces))

    async def _execute(self, calls: int, complete: Complete) -> None:
        def compose(planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:  # noqa: ARG001
            return MESSAGES

        async def record(outcome: Outcome) -> None:
            assert outcome.completion is not None, outcome.error

        ended = await execute(
            find_strategy("reference").plan(calls, 1, 1, Streams(0, "calls")),
            {},
            compose=compose,
            complete=complete,
            record=record,
            watch=lambda _: None,
            gate=Gate(self._concurrency),
            control=Control(),
            limits=Limits(temperature=1.0, max_tokens=MAX_TOKENS, retries=0, timeout_s=60.0),
        )
        assert ended.ending is Ending.DONE


async def timed(way: Way, calls: int) -> tuple[float, float]:
    """Calls a second, and milliseconds of this process's CPU a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    await way(calls)
    return calls / (time.perf_counter() - wall), 1000 * (time.process_time() - cpu) / calls


async def compare(address: str, concurrency: int, calls: int, rounds: int) -> None:
    async with openai.AsyncOpenAI(base_url=address, api_key="none", max_retries=0) as client:
        ways = Ways(address, client, concurrency)
        named = {
            "openai client": ways.bare,
            "engine + client": ways.engine_and_client,
            "engine + gateway": ways.engine_and_gateway,
        }
        for way in named.values():
            await way(2 * concurrency)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in named}
        for _ in range(rounds):
            for name, way in named.items():
                found[name].append(await timed(way, calls))
        await ways.gateway.aclose()
    print(f"{concurrency} in flight, {calls} calls, best of {rounds} rounds")
    print("                   calls/s  CPU ms/call  calls/s to bare  CPU to bare")
    best = {name: (max(rate for rate, _ in rows), min(cpu for _, cpu in rows)) for name, rows in found.items()}
    bare_rate, bare_cpu = best["openai client"]
    for name, (rate, cpu) in best.items():
        print(f"{name:17}  {rate:7.0f}  {cpu:11.2f}  {rate / bare_rate:15.2f}  {cpu / bare_cpu:11.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer calls and rounds")
    options = parser.parse_args()
    calls, rounds = (200, 3) if options.quick else (500, 8)
    with ServerProcess("--pieces", "4") as server:
        for concurrency in (16,) if options.quick else (16, 128):
            asyncio.run(compare(server.address, concurrency, calls, rounds))


if __name__ == "__main__":
    main()
