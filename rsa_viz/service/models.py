"""The models that can be reached: the operator's endpoints as his file says now, how they stand, and who may use which.

One a service. What takes time runs on the service's event loop and is read from here when it is there. Knows no run.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from ..core.access import EDIT_ENDPOINTS, Access
from ..core.chain import PromptKind
from ..core.errors import InvalidEndpoint, ReadOnly, UnknownName
from ..core.fitting import Fit, fit
from ..core.foresight import Load
from ..core.price import Bill, Price, bill
from ..core.problem import Problem
from ..core.run import ModelChoice, Run, RunConfig
from ..core.strategies import find_strategy
from ..llm.embedded import refusal
from ..llm.endpoints import FILE_VARIABLE, Endpoint, endpoints_file, load_endpoints, proposed, read_endpoint
from ..llm.endpoints_file import save_endpoint
from ..llm.gateway import Gateway
from ..llm.health import TRIAL_TOKENS, Health, ServerState, State, Trial
from ..llm.pool import Pool, Standings
from ..llm.presets import PRESETS, Preset
from ..llm.reach import Reach, reach

__all__ = [
    "FILE_VARIABLE",
    "PRESETS",
    "TRIAL_TOKENS",
    "Endpoint",
    "Models",
    "Preset",
    "ServerState",
    "State",
    "Trial",
    "proposed",
]

log = logging.getLogger("rsa_viz")

LONGEST_PROMPT = 2000  # characters of a test prompt


class Models:
    """Endpoints by name. ``endpoints`` fixes them; without, they are read from the operator's file, and again whenever
    that has changed. ``submit`` runs something on the service's event loop. Safe to use from any thread."""

    def __init__(
        self,
        endpoints: Iterable[Endpoint] | None,
        access: Access,
        submit: Callable[[Coroutine[Any, Any, None]], Future[None]],
    ) -> None:
        self.access = access
        self.health = Health()
        self.file_error = ""
        self._fixed = endpoints is not None
        self._submit = submit
        self._lock = threading.Lock()
        self._pools: dict[tuple[ModelChoice, ...], Standings] = {}
        self._stamp = _stamp()
        self._endpoints = tuple(load_endpoints() if endpoints is None else endpoints)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints now. A file that cannot be read any more changes nothing; ``file_error`` says why."""
        if not self._fixed and (stamp := _stamp()) != self._stamp:
            with self._lock:
                self._stamp = stamp
                try:
                    self._endpoints = load_endpoints()
                    self.file_error = ""
                except InvalidEndpoint as error:
                    log.warning("the endpoints stay as they were: %s", error)
                    self.file_error = str(error)
        return self._endpoints

    def find(self, name: str) -> Endpoint:
        """The endpoint called ``name``. Raises UnknownName."""
        found = {one.name: one for one in self.endpoints}
        if name not in found:
            raise UnknownName("endpoint", name, found)
        return found[name]

    def reach(self, choice: ModelChoice) -> Reach:
        """How calls go out, as ``llm.reach`` rules. Raises InvalidEndpoint."""
        return reach(choice, self.endpoints, self.access)

    def check(self, choice: ModelChoice) -> None:
        """Raise InvalidEndpoint for a model that these users may not reach, or that no call can be made to."""
        self.reach(choice).check()

    def open(self, choice: ModelChoice, *, api_key: str | None, timeout_s: float) -> Gateway | Pool:
        """The way to a model's servers; whoever opens it closes it. Raises InvalidEndpoint."""
        way = self.reach(choice)
        with self._lock:
            standings = self._pools.setdefault(way.choices, Standings.of(len(way.choices)))
        return way.open(api_key=api_key, timeout_s=timeout_s, standings=standings)

    def endpoint_of(self, choice: ModelChoice) -> Endpoint | None:
        """The operator's endpoint that a choice means now, or None: it is none, or it serves another model now."""
        try:
            return self.reach(choice).endpoint
        except InvalidEndpoint:
            return None

    def price(self, choice: ModelChoice) -> Price | None:
        """What the operator wrote down that its tokens cost; None when nobody knows."""
        endpoint = self.endpoint_of(choice)
        return None if endpoint is None else endpoint.price

    def common_price(self, runs: Iterable[Run]) -> Price | None:
        """The price of the runs' endpoints, by their names, if the operator wrote down the same for all."""
        known = {one.name: one.price for one in self.endpoints}
        prices = {known.get(choice.endpoint or "") for run in runs for choice in run.config.models}
        return prices.pop() if len(prices) == 1 else None

    def context(self, choice: ModelChoice) -> int | None:
        """The most tokens of prompt and answer: as the operator's file says, else the least that its servers told when
        they were asked; None when nobody knows."""
        endpoint = self.endpoint_of(choice)
        if endpoint is None or endpoint.context is not None:
            return None if endpoint is None else endpoint.context
        told = [one.context for one in self.states(endpoint.name) if one.context is not None]
        return min(told) if told else None

    def refusals(self, config: RunConfig, problem: Problem) -> Mapping[ModelChoice, str]:
        """Those models of a run that will give no answer to a problem, each with the reason, where that is known
        beforehand: of those that run in this process. Raises InvalidPlan."""
        shape = find_strategy(config.strategy).shape(config.n, config.k, config.t)
        found: dict[ModelChoice, str] = {}
        for choice in config.models:
            reads = shape.t > 1 and choice == config.writer(PromptKind.AGGREGATE)
            why = refusal(choice, problem.task, problem.question, shape.k if reads else 0)
            if why is not None:
                found[choice] = why
        return found

    def prices(self, config: RunConfig) -> Callable[[PromptKind], Price | None]:
        """The price of the model that writes chains of which something is asked; None when nobody knows. What runs in
        this process costs nothing beside a model that has a price, unless it has one itself."""
        known = self._prices(config)
        return lambda kind: known[config.writer(kind)]

    def _prices(self, config: RunConfig) -> Mapping[ModelChoice, Price | None]:
        known = {choice: self.price(choice) for choice in config.models}
        priced = next((price for price in known.values() if price is not None), None)
        if priced is None:
            return known
        free = Price(0.0, 0.0, priced.currency)
        return {choice: free if price is None and choice.embedded else price for choice, price in known.items()}

    def bill(self, config: RunConfig, loads: Sequence[Load]) -> Bill:
        """What runs of one configuration cost of which so much is foreseen of each model; see ``prices``."""
        prices = self._prices(config).values()
        return bill((price, load.tokens_in, load.tokens_out) for price, load in zip(prices, loads, strict=True))

    def fits(self, config: RunConfig, loads: Sequence[Load]) -> Mapping[ModelChoice, Fit | None]:
        """Of each model that does not run in this process, whether the longest of its foreseen prompts fits its
        context; None where that is unknown."""
        return {
            choice: fit(load, config.max_tokens, self.context(choice))
            for choice, load in zip(config.models, loads, strict=True)
            if not choice.embedded
        }

    # health

    def states(self, name: str) -> tuple[ServerState, ...]:
        """How the servers of an endpoint stand. Raises UnknownName."""
        return self.health.states(self.reach(self.find(name).choice))

    def trial(self, name: str) -> Trial | None:
        """The last test prompt to an endpoint. Raises UnknownName."""
        return self.health.trial(self.reach(self.find(name).choice))

    def ask(self, name: str) -> Future[None]:
        """Ask the servers of an endpoint for their models, in the background; costs nothing. Raises UnknownName and
        ReadOnly."""
        self.access.check_change()
        way = self.reach(self.find(name).choice)
        self.health.begin_asking(way)
        return self._submit(self.health.ask(way))

    def try_prompt(self, name: str, prompt: str, server: int = 0) -> Future[None]:
        """Send a test prompt to one server of an endpoint, in the background: one call. Raises InvalidEndpoint."""
        self.access.check_change()
        if not prompt.strip() or len(prompt) > LONGEST_PROMPT:
            raise InvalidEndpoint(f"a test prompt has 1 to {LONGEST_PROMPT:,} characters, not {len(prompt):,}")
        way = self.reach(self.find(name).choice)
        self.health.begin_trial(way, server)
        return self._submit(self.health.try_prompt(way, server, prompt))

    # editing

    def save(self, name: str, table: dict[str, object]) -> Endpoint:
        """Add an endpoint to the operator's file or replace the one of that name, from the values of its table. Raises
        InvalidEndpoint, and ReadOnly where visitors may not."""
        if not self.access.editing and self.access.visitors:
            raise ReadOnly(f"endpoints can be edited here only when the app was started with {EDIT_ENDPOINTS}=1")
        self.access.check_change()
        path = endpoints_file()
        if path is None:
            raise InvalidEndpoint(
                f"name the file to write in the environment variable {FILE_VARIABLE}, and start again"
            )
        endpoint = read_endpoint(f"endpoint {name!r}", name, table)
        with self._lock:
            save_endpoint(path, endpoint)
        return endpoint


def _stamp() -> tuple[str, int, int] | None:
    path = endpoints_file()
    try:
        return None if path is None else (str(path), (found := os.stat(path)).st_mtime_ns, found.st_ino)
    except OSError:
        return str(path), 0, 0
