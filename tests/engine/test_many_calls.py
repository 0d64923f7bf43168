"""Size: 10,240 slots with hundreds in flight, in memory that follows the width of the plan."""

from __future__ import annotations

import asyncio
import gc
from weakref import WeakSet

from virtual_time import in_virtual_time

from rsa_viz.core.chain import Completion, Outcome
from rsa_viz.core.genealogy import PlannedChain, Streams
from rsa_viz.core.prompts import Messages
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ended, Ending, Limits, execute


class Text(str):
    """A text whose end can be seen."""


def test_ten_thousand_slots_run_with_hundreds_in_flight_and_no_text_outlives_its_use() -> None:
    width = 256
    alive: WeakSet[Text] = WeakSet()
    most: dict[int, int] = {}
    most_tasks = 0

    async def complete(call: Call, on_text: OnText) -> Completion:
        nonlocal most_tasks
        if call.slot.i % 64 == 0:
            most_tasks = max(most_tasks, len(asyncio.all_tasks()))
        await asyncio.sleep(1 + call.seed % 7 / 10)
        text = Text(call.slot)
        alive.add(text)
        return Completion(text)

    async def record(outcome: Outcome) -> None:
        most[outcome.slot.t] = max(most.get(outcome.slot.t, 0), len(alive))

    def compose(planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:
        assert [str(parent) for parent in planned.parents] == list(candidates)
        return ({"role": "user", "content": f"{len(candidates)} candidates"},)

    async def go() -> Ended:
        return await execute(
            plan,
            {},
            compose=compose,
            complete=complete,
            record=record,
            watch=lambda event: None,
            gate=Gate(width),
            control=Control(),
            limits=Limits(temperature=1.0, max_tokens=10, retries=0, timeout_s=60.0),
        )

    plan = find_strategy("rsa").plan(width, 2, 40, Streams(0, "p"))
    assert len(plan) == 10_240
    assert in_virtual_time(go()) == Ended(Ending.DONE)
    assert max(most.values()) <= 3 * width  # of 40 * width
    assert width < most_tasks <= 3 * width + 1  # in flight, and being recorded
    gc.collect()
    assert not alive
