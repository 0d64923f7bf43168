"""Size: 10,240 slots with hundreds in flight, in flat memory."""

from __future__ import annotations

import asyncio
import tracemalloc

from virtual_time import in_virtual_time

from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.genealogy import PlannedChain, Streams
from rsa_viz.core.prompts import Messages
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.events import Event
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ended, Ending, Limits, execute

TEXT = 2_000  # characters of each chain


def test_ten_thousand_slots_run_with_hundreds_in_flight_in_memory_that_does_not_grow_with_generations() -> None:
    width = 256
    most: dict[int, int] = {}
    most_tasks = 0

    async def complete(call: Call, on_text: OnText) -> Completion:
        nonlocal most_tasks
        await asyncio.sleep(1 + call.seed % 7 / 10)
        most_tasks = max(most_tasks, len(asyncio.all_tasks()))
        return Completion(str(call.slot).ljust(TEXT, "."))

    async def record(outcome: Outcome) -> None:
        if outcome.slot.i == 1:
            most[outcome.slot.t] = tracemalloc.get_traced_memory()[0]

    def compose(planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:
        assert [Slot.parse(text.rstrip(".")) for text in candidates] == list(planned.parents)
        return ({"role": "user", "content": f"{len(candidates)} candidates"},)

    def watch(event: Event) -> None:
        pass

    async def go() -> Ended:
        return await execute(
            plan,
            {},
            compose=compose,
            complete=complete,
            record=record,
            watch=watch,
            gate=Gate(width),
            control=Control(),
            limits=Limits(temperature=1.0, max_tokens=10, retries=0, timeout_s=60.0),
        )

    plan = find_strategy("rsa").plan(width, 2, 40, Streams(0, "p"))
    assert len(plan) == 10_240
    assert plan.heights[Slot(1, 1)] > 0  # the plan's own tables are made before memory is measured
    tracemalloc.start()
    try:
        assert in_virtual_time(go()) == Ended(Ending.DONE)
    finally:
        tracemalloc.stop()
    # Without dropping texts, each 10 generations would add 256 * 10 * 2,000 bytes = 5.1 MB.
    assert max(most[t] for t in range(30, 41)) - max(most[t] for t in range(5, 15)) < 1_000_000
    assert most_tasks <= 3 * width + 1  # in flight, and being recorded
