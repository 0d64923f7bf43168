"""An event loop whose clock jumps to the next timer: seconds of waiting pass at once and in a fixed order."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _JumpingSelector(selectors.SelectSelector):
    """Instead of waiting for time to pass, lets it pass."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits and nothing will ever happen")
        self.loop.now += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Starts at 0 s. Raises RuntimeError where a real loop would hang for ever."""

    def __init__(self) -> None:
        self.now = 0.0
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.now


def in_virtual_time(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine, and hold that it leaves no task and no timer behind."""

    async def watched() -> T:
        try:
            return await coroutine
        finally:
            await asyncio.sleep(0)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"tasks left behind: {left}"
            loop = asyncio.get_running_loop()
            timers = [timer for timer in loop._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
            assert not timers, f"timers left behind: {timers}"

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(watched())


def now() -> float:
    """The running loop's time in seconds."""
    return asyncio.get_running_loop().time()
