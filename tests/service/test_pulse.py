"""The pulse: what another process asked of a run reaches the drive that was asked, and no later one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.engine.control import Control
from rsa_viz.service import pulse as pulse_module
from rsa_viz.service.pulse import Pulse


@dataclass
class Beating:
    """A drive as the pulse knows it."""

    run: Run
    control: Control = field(default_factory=Control)

    def unseen(self) -> None:
        return None


class SlowStore:
    """A store whose first answer is held back until it is let go; every answer is that the run shall pause."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let_go = threading.Event()
        self.calls = 0

    def exchange(self, owner: str, told: Mapping[str, Sequence[object] | None]) -> dict[str, str]:
        self.calls += 1
        if self.calls > 1:
            return dict.fromkeys(told, "run")
        self.asked.set()
        assert self.let_go.wait(10)
        return dict.fromkeys(told, "pause")


async def test_a_wish_that_was_read_for_a_drive_that_ended_does_not_pause_the_next_one(monkeypatch: Any) -> None:
    monkeypatch.setattr(pulse_module, "TICK_S", 0.01)
    run = Run("0" * 12, Problem("text", "q", "1"), RunConfig(ModelChoice("m")), PLAIN, RunStatus.RUNNING, 0.0)
    store = SlowStore()
    pulse = Pulse(store)  # type: ignore[arg-type]
    first, second = Beating(run), Beating(run)
    with pulse.beating(first):
        assert await asyncio.to_thread(store.asked.wait, 10)
    with pulse.beating(second):  # resumed, while the answer for the first is still under way
        store.let_go.set()
        while store.calls < 3:
            await asyncio.sleep(0.01)
        assert second.control.wanted == "run"
    assert first.control.wanted == "run", "it had ended; there was nothing left to pause"
