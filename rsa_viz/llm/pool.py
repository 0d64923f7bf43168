"""Several servers of one model as one: the least busy first, a failing one cooled down, calls moved to the others.

A dead server costs time and nothing else: a call that it fails before any text has streamed goes to another server at
once and is no failed try; one that it fails in mid-stream is the engine's to try again, and goes elsewhere then. Why it
is not LiteLLM's Router stands in docs/decisions.md. Knows no run and no store.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..core.chain import Completion
from ..core.errors import EndpointUnusable, ModelError, Retryable, ServerFailed
from ..core.prompts import Messages
from .gateway import Gateway

COOL_S = 1.0
"""How long a server is left alone after a first failure, in seconds; each further failure in a row doubles it."""
COOL_MOST_S = 30.0


@dataclass(slots=True)
class Standing:
    """How one server of a pool stands: ``in_flight`` calls now, ``failures`` in a row, left alone until
    ``cool_until`` (monotonic seconds). ``last`` is when it was chosen last, as a running number."""

    in_flight: int = 0
    failures: int = 0
    cool_until: float = 0.0
    last: int = 0
    error: str | None = None


@dataclass(slots=True)
class Standings:
    """The servers of one pool, in the operator's order. Runs on the same pool share it, on one event loop: each knows
    how busy the others make a server, and which one is down."""

    servers: tuple[Standing, ...]
    chosen: int = field(default=0)

    @classmethod
    def of(cls, number: int) -> Standings:
        """For ``number`` servers that nothing is known of."""
        return cls(tuple(Standing() for _ in range(number)))

    def choose(self, among: Sequence[int], now: float) -> int:
        """Which of the servers ``among`` (there is one at least) gets a call now.

        Of those that are not cooling down, the one with the fewest calls in flight, then the one that was chosen
        longest ago. A server whose time has passed after a failure is probed: it gets one call, until that has told.
        When all are cooling down, the one whose time ends first: waiting is the engine's.
        """
        ready = [one for one in among if self._is_ready(self.servers[one], now)]
        found = min(ready or among, key=lambda one: self._rank(self.servers[one], bool(ready)))
        self.chosen += 1
        self.servers[found].last = self.chosen
        return found

    def failed(self, one: int, now: float, error: str, wait_s: float | None) -> None:
        """A server failed a call: it cools down, at least as long as it asked for."""
        server = self.servers[one]
        server.failures += 1
        server.error = error
        cool = min(COOL_S * 2.0 ** min(server.failures - 1, 10), COOL_MOST_S)
        server.cool_until = max(server.cool_until, now + max(cool, wait_s or 0.0))

    def answered(self, one: int) -> None:
        """A server answered: it is as good as any."""
        server = self.servers[one]
        server.failures, server.cool_until, server.error = 0, 0.0, None

    @staticmethod
    def _is_ready(server: Standing, now: float) -> bool:
        return server.cool_until <= now and (server.failures == 0 or server.in_flight == 0)

    @staticmethod
    def _rank(server: Standing, ready: bool) -> tuple[float, ...]:
        return (server.in_flight, server.last) if ready else (server.cool_until, server.in_flight)


class Pool:
    """Makes calls as a Gateway does, through the gateways of several servers."""

    def __init__(
        self,
        gateways: Sequence[Gateway],
        standings: Standings,
        *,
        timeout_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateways = tuple(gateways)
        self._standings = standings
        self._timeout_s = timeout_s
        self._clock = clock

    async def prepare(self) -> None:
        """As ``Gateway.prepare``."""
        for gateway in self._gateways:
            await gateway.prepare()

    async def complete(
        self,
        messages: Messages,
        *,
        temperature: float,
        max_tokens: int,
        seed: int,
        on_text: Callable[[str, str], None],
    ) -> Completion:
        """As ``Gateway.complete``; the completion names the server that answered.

        Raises ContextOverflow and RequestRefused as the first server does, since the others would say the same;
        EndpointUnusable when every server is; else what the last one that was worth another try raised.
        """
        left = list(range(len(self._gateways)))
        worst: ModelError | None = None
        while left:
            one = self._standings.choose(left, self._clock())
            left.remove(one)
            server = self._standings.servers[one]
            heard = _Heard(on_text, self._clock)
            server.in_flight += 1
            try:
                completion = await self._gateways[one].complete(
                    messages, temperature=temperature, max_tokens=max_tokens, seed=seed, on_text=heard
                )
            except (Retryable, EndpointUnusable) as error:
                wait_s = error.retry_after_s if isinstance(error, Retryable) else COOL_MOST_S
                self._standings.failed(one, self._clock(), str(error), wait_s)
                if heard.text:
                    raise _worth_another_try(error) from None
                worst = error if worst is None or isinstance(worst, EndpointUnusable) else worst
                on_text("", "")  # a sign of life: the next server has its own time
            except asyncio.CancelledError:
                # The engine gives up on a silent call at the same time as the gateway does; either must be heard of.
                if not heard.text and self._clock() - heard.begun >= 0.9 * self._timeout_s:
                    self._standings.failed(one, self._clock(), "it sent nothing within the time allowed", None)
                raise
            else:
                self._standings.answered(one)
                return completion
            finally:
                server.in_flight -= 1
        assert worst is not None
        raise worst

    async def aclose(self) -> None:
        """As ``Gateway.aclose``."""
        for gateway in self._gateways:
            await gateway.aclose()


class _Heard:
    """Passes what streams on, and remembers whether anything came."""

    def __init__(self, on_text: Callable[[str, str], None], clock: Callable[[], float]) -> None:
        self._on_text = on_text
        self.begun = clock()
        self.text = False

    def __call__(self, text: str, thought: str) -> None:
        self.text = self.text or bool(text or thought)
        self._on_text(text, thought)


def _worth_another_try(error: ModelError) -> Retryable:
    """One server of several that cannot be used is no reason to end a run."""
    return error if isinstance(error, Retryable) else ServerFailed(str(error))
