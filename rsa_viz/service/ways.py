"""The ways to models: how the engine makes its calls on one, the ways of one run to its models, and those of a crew,
each opened once for all its runs, which so share its connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from ..core.chain import Completion
from ..core.run import ModelChoice, RunConfig
from ..engine.call import Call, Complete, OnText
from ..llm.gateway import Gateway
from ..llm.pool import Pool
from .models import Models


@dataclass(frozen=True, slots=True)
class Keys:
    """API keys that somebody typed, in memory only: that for the model of a run, and that for its aggregator.

    Each goes to the address that it was typed for. Two models of one server may share one.
    """

    model: str | None = None
    aggregator: str | None = None

    def of(self, config: RunConfig, choice: ModelChoice) -> str | None:
        """The key for one of a run's models."""
        own, other = self.model, self.aggregator
        if choice != config.model:
            own, other = other, own
        one_server = len(config.addresses) == 2 and len(set(config.addresses)) == 1
        return own or (other if one_server else None)


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


class RunWays:
    """The ways of one run to its models, which ``open`` gives; all are there or none. Raises what ``open`` does."""

    def __init__(self, config: RunConfig, open: Callable[[ModelChoice], Gateway | Pool]) -> None:
        self._config = config
        self._open = {choice: open(choice) for choice in config.models}
        self._calls = {choice: calls_on(gateway) for choice, gateway in self._open.items()}

    async def prepare(self) -> None:
        """As ``Gateway.prepare``, of each."""
        for gateway in self._open.values():
            await gateway.prepare()

    async def complete(self, call: Call, on_text: OnText) -> Completion:
        """Makes a call of the engine on the model that writes such chains."""
        return await self._calls[self._config.writer(call.asked)](call, on_text)

    async def aclose(self) -> None:
        """Close them; none can be used any more."""
        for gateway in self._open.values():
            await gateway.aclose()


class Ways:
    """What ``models`` opens, by model, key and time-out. Safe to ask from any thread."""

    def __init__(self, models: Models, keys: Keys) -> None:
        self._models = models
        self._keys = keys
        self._lock = threading.Lock()
        self._open: dict[tuple[ModelChoice, str | None, float], Gateway | Pool] = {}

    def of(self, config: RunConfig) -> RunWays:
        """The ways of a run, which whoever drives it does not close. Raises InvalidEndpoint."""
        return RunWays(config, lambda choice: self._to(choice, self._keys.of(config, choice), config.timeout_s))

    def _to(self, choice: ModelChoice, api_key: str | None, timeout_s: float) -> Gateway | Pool:
        with self._lock:
            known = (choice, api_key, timeout_s)
            if known not in self._open:
                self._open[known] = self._models.open(choice, api_key=api_key, timeout_s=timeout_s)
            return self._open[known]

    async def aclose(self) -> None:
        """Close them all; none can be used any more."""
        while self._open:
            await self._open.popitem()[1].aclose()
