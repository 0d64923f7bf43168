"""One try of one chain's call: a task, and the watchdog that cancels it when it falls silent. Knows no retries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..core.chain import Completion
from ..core.errors import ConnectionLost, TimedOut
from .call import Call, Complete


class Attempt:
    """A call in flight.

    ``heard`` is called with each streamed piece until the call has ended, ``over`` once with this attempt when it
    has. A call that brings no piece for ``timeout_s`` seconds is cancelled, and again after each further silence of
    that length if it swallows the cancellation.
    """

    def __init__(
        self,
        call: Call,
        complete: Complete,
        *,
        timeout_s: float,
        heard: Callable[[Call, str, str], None],
        over: Callable[[Attempt], None],
    ) -> None:
        self.call = call
        self._complete = complete
        self._timeout_s = timeout_s
        self._heard = heard
        self._over = over
        self._silent = False
        self._cancelled = False
        self._loop = asyncio.get_running_loop()
        self._last_piece = self._loop.time()
        self._watchdog = self._loop.call_at(self._last_piece + timeout_s, self._look)
        self._task = self._loop.create_task(self._answer(), name=f"{call.aside or 'chain'} {call.slot}")
        self._task.add_done_callback(self._end)

    def cancel(self) -> None:
        """Cancel the call for the run's sake. A completion that it brings all the same still counts; a failure of a
        cancelled call says nothing about the call."""
        if not self._cancelled:
            self._cancelled = True
            self._task.cancel()

    def result(self) -> Completion | BaseException | None:
        """What an ended call brought: its completion, its error, or None if it was cancelled for the run's sake."""
        if self._task.cancelled():
            error: BaseException | None = ConnectionLost("something outside of the engine cancelled the call")
        else:
            error = self._task.exception()
        if error is None:
            return self._task.result()
        if self._cancelled:
            return None
        if self._silent:
            return TimedOut(f"no text came for {self._timeout_s:g} s; the call was given up")
        return error

    async def _answer(self) -> Completion:
        completion = await self._complete(self.call, self._on_text)
        if not isinstance(completion, Completion):
            raise TypeError(f"the call returned {type(completion).__name__} where a Completion was due")
        return completion

    def _on_text(self, text: str, reasoning: str) -> None:
        if self._task.done():
            return
        self._last_piece = self._loop.time()
        if text or reasoning:
            self._heard(self.call, text, reasoning)

    def _look(self) -> None:
        due = self._last_piece + self._timeout_s
        if self._loop.time() >= due:
            self._silent = True
            self._task.cancel()
            due = self._loop.time() + self._timeout_s
        self._watchdog = self._loop.call_at(due, self._look)

    def _end(self, _: asyncio.Task[Completion]) -> None:
        self._watchdog.cancel()
        self._over(self)
