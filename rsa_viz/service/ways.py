"""The ways to models: how the engine makes its calls on one, and those of a crew, each opened once for all its runs,
which so share its connections."""

from __future__ import annotations

import threading

from ..core.chain import Completion
from ..core.run import ModelChoice
from ..engine.call import Call, Complete, OnText
from ..llm.gateway import Gateway
from ..llm.pool import Pool
from .models import Models


def calls_on(gateway: Gateway | Pool) -> Complete:
    """What makes the engine's calls on a model."""

    async def complete(call: Call, on_text: OnText) -> Completion:
        return await gateway.complete(
            call.messages,
            temperature=call.temperature,
            max_tokens=call.max_tokens,
            seed=call.seed,
            on_text=on_text,
        )

    return complete


class Ways:
    """What ``models`` opens, by model and time-out. Safe to ask from any thread."""

    def __init__(self, models: Models, api_key: str | None) -> None:
        self._models = models
        self._api_key = api_key
        self._lock = threading.Lock()
        self._open: dict[tuple[ModelChoice, float], Gateway | Pool] = {}

    def to(self, choice: ModelChoice, timeout_s: float) -> Gateway | Pool:
        """The way to a model. Raises InvalidEndpoint."""
        with self._lock:
            if (choice, timeout_s) not in self._open:
                self._open[choice, timeout_s] = self._models.open(choice, api_key=self._api_key, timeout_s=timeout_s)
            return self._open[choice, timeout_s]

    async def aclose(self) -> None:
        """Close them all; none can be used any more."""
        while self._open:
            await self._open.popitem()[1].aclose()
