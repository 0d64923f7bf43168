"""Wall time of a run against the least that any order of calls could take, and against a barrier per generation.

    python -m benchmarks.engine_bound [--quick]

A server process on this machine speaks OpenAI's protocol and takes a lognormal time for each call, drawn beforehand
from the slot's seed. So the bound is known: max(longest path through the drawn genealogy, work / concurrency), without
a millisecond for HTTP. No order of calls reaches it always: with fewer places than ready calls even the best one can
lie above it. "schedule" is the engine in virtual time, the same calls without a server or a clock; what lies between it
and "ours" is HTTP, the client and whatever else this machine was doing. "mean of 100" is the schedule's mean over
another hundred genealogies. The barrier is the same engine on the same server, handed one generation after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics

import openai

from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.genealogy import Plan, PlannedChain, Streams
from rsa_viz.core.prompts import Messages
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, Complete, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ending, Limits, execute
from tests.engine.virtual_time import in_virtual_time
from tests.servers.openai_server import ServerProcess
from tests.servers.replies import latency_of

N, K, T = 16, 4, 10
SERVER_SEED = 1
LIMITS = Limits(temperature=1.0, max_tokens=512, retries=0, timeout_s=120.0)


def drawn_plan(seed: int) -> Plan:
    """The genealogy of one run."""
    return find_strategy("rsa").plan(N, K, T, Streams(seed, "bound"))


def compose(_: PlannedChain, candidates: tuple[str, ...]) -> Messages:
    """A prompt with the candidates in it."""
    return ({"role": "user", "content": "\n\n".join(["Improve on these.", *candidates])},)


async def drive(plan: Plan, texts: dict[Slot, str | None], complete: Complete, concurrency: int) -> float:
    """Run what the texts lack, add it to them, and tell the seconds that it took."""

    async def record(outcome: Outcome) -> None:
        assert outcome.completion is not None, outcome.error
        texts[outcome.slot] = outcome.completion.text

    loop = asyncio.get_running_loop()
    begun = loop.time()
    ended = await execute(
        plan,
        dict(texts),
        compose=compose,
        complete=complete,
        record=record,
        watch=lambda _: None,
        gate=Gate(concurrency),
        control=Control(),
        limits=LIMITS,
    )
    assert ended.ending is Ending.DONE
    return loop.time() - begun


async def drive_with_barrier(plan: Plan, complete: Complete, concurrency: int) -> float:
    """Seconds of a whole run, one generation after the other."""
    texts: dict[Slot, str | None] = {}
    seconds = 0.0
    for t in range(1, len(plan.generations) + 1):
        part = Plan(tuple(chain for chain in plan if chain.slot.t <= t))
        seconds += await drive(part, texts, complete, concurrency)
    return seconds


def scheduled_and_bound(plan: Plan, latency: str, concurrency: int) -> tuple[float, float]:
    """Seconds of a whole run in virtual time, and max(longest path, work / concurrency) in seconds."""
    latencies = {chain.slot: latency_of(latency, SERVER_SEED, chain.seed) for chain in plan}
    ends: dict[Slot, float] = {}
    for chain in plan:
        ends[chain.slot] = latencies[chain.slot] + max((ends[parent] for parent in chain.parents), default=0.0)

    async def complete(call: Call, _: OnText) -> Completion:
        await asyncio.sleep(latencies[call.slot])
        return Completion("text")

    seconds = in_virtual_time(drive(plan, {}, complete, concurrency))
    return seconds, max(*ends.values(), sum(latencies.values()) / concurrency)


class Client:
    """Calls through the openai client."""

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        self._client = client

    async def complete(self, call: Call, on_text: OnText) -> Completion:
        stream = await self._client.chat.completions.create(
            model="m",
            messages=[{"role": "user", "content": message["content"]} for message in call.messages],
            seed=call.seed,
            max_tokens=call.max_tokens,
            stream=True,
        )
        pieces = []
        async for chunk in stream:
            if chunk.choices and (piece := chunk.choices[0].delta.content):
                on_text(piece, "")
                pieces.append(piece)
        return Completion("".join(pieces))


async def measured(address: str, plans: list[Plan], concurrency: int) -> list[tuple[float, float]]:
    """For each plan the seconds of a whole run without and with a barrier."""
    async with openai.AsyncOpenAI(base_url=address, api_key="none", max_retries=0) as client:
        complete = Client(client).complete
        await drive(find_strategy("reference").plan(2 * N, 1, 1, Streams(0, "warm-up")), {}, complete, 2 * N)
        return [
            (await drive(plan, {}, complete, concurrency), await drive_with_barrier(plan, complete, concurrency))
            for plan in plans
        ]


def ratios(address: str, latency: str, concurrency: int, plans: list[Plan]) -> list[float]:
    """The schedule to the bound over a hundred plans; and medians over the given ones: schedule/bound, ours/bound,
    barrier/bound, barrier/ours."""
    rows = []
    for plan, (ours, barrier) in zip(plans, asyncio.run(measured(address, plans, concurrency)), strict=True):
        schedule, least = scheduled_and_bound(plan, latency, concurrency)
        rows.append((schedule / least, ours / least, barrier / least, barrier / ours))
    drawn = (scheduled_and_bound(drawn_plan(1000 + seed), latency, concurrency) for seed in range(100))
    return [
        statistics.fmean(schedule / least for schedule, least in drawn),
        *(statistics.median(column) for column in zip(*rows, strict=True)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one sigma, one seed, shorter calls")
    parser.add_argument("--mean", type=float, help="mean seconds of a call")
    parser.add_argument("--seeds", type=int, help="genealogies to run at each setting")
    options = parser.parse_args()
    mean = options.mean or (0.15 if options.quick else 0.5)
    seeds = options.seeds or (1 if options.quick else 3)
    plans = [drawn_plan(seed) for seed in range(seeds)]
    print(f"N={N} K={K} T={T}, {N * T} calls of {mean} s on average, medians of {seeds} genealogies")
    print("sigma  in flight  mean of 100  schedule/bound  ours/bound  barrier/bound  barrier/ours")
    for sigma in (0.8,) if options.quick else (0.4, 0.8, 1.2):
        latency = f"lognormal:{mean}:{sigma}"
        with ServerProcess("--seed", str(SERVER_SEED), "--latency", latency, "--pieces", "3") as server:
            for concurrency in (8, 16, 64):
                mean_of_100, schedule, ours, barrier, gain = ratios(server.address, latency, concurrency, plans)
                print(
                    f"{sigma:5.1f}  {concurrency:9d}  {mean_of_100:11.3f}  {schedule:14.3f}  {ours:10.3f}"
                    f"  {barrier:13.3f}  {gain:12.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
