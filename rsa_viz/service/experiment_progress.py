"""How far an experiment is: looked at again and again, it reads anew only what has changed since. Knows no engine."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.errors import UnknownName
from ..core.experiment import Counted, Member
from ..core.price import Price, bill
from ..core.run import RunStatus
from ..store.experiment_store import ExperimentStore
from .models import Models

WINDOW_S = 60.0
"""Seconds over which the rate of calls is taken."""


@dataclass(frozen=True, slots=True)
class ExperimentProgress:
    """An experiment in numbers.

    ``calls`` of all runs; ``done`` and ``failed`` of them have ended. ``calls_per_minute`` over the last WINDOW_S
    seconds; ``seconds_left`` at that rate, of the endpoint that takes longest, None while nothing moves. ``tokens_in``
    and ``tokens_out`` are what was counted, ``uncounted`` the done calls of which no count is known. ``cost`` by
    currency, of the models that have a price; ``unpriced`` says that others have none. ``right`` holds the right and
    wrong chains of the last generation by run. ``errors`` are the different ones, the most common first. ``at_work``:
    this process has a crew that drives it.
    """

    members: tuple[Member, ...]
    calls: int
    done: int
    failed: int
    calls_per_minute: float
    seconds_left: float | None
    tokens_in: int
    tokens_out: int
    uncounted: int
    cost: Mapping[str, float]
    unpriced: bool
    right: Mapping[str, tuple[int, int]]
    errors: tuple[str, ...]
    at_work: bool

    @property
    def left(self) -> int:
        """Calls that have not ended."""
        return self.calls - self.done - self.failed

    @property
    def runs_done(self) -> int:
        """Runs that are done."""
        return sum(one.status is RunStatus.DONE for one in self.members)

    @property
    def running(self) -> int:
        """Runs that somebody drives now."""
        return sum(one.status is RunStatus.RUNNING for one in self.members)

    @property
    def live(self) -> bool:
        """Somebody is at work, here or in another process."""
        return self.at_work or self.running > 0


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a run at a revision."""

    revision: int
    tokens: tuple[Counted, Counted]  # of its model, of its aggregator
    right: tuple[int, int] | None


class Watch:
    """Looks at one experiment, again and again; from the second look on it knows a rate."""

    def __init__(self, store: ExperimentStore, models: Models) -> None:
        self._store = store
        self._models = models
        self._read: dict[str, _Read] = {}
        self._looks: deque[tuple[float, Counter[str]]] = deque()  # when, and the calls that had ended by endpoint
        self._lock = threading.Lock()

    def look(self, experiment_id: str, *, at_work: bool) -> ExperimentProgress:
        """How the experiment stands now."""
        with self._lock:
            members = self._store.members(experiment_id)
            self._catch_up(members)
            rates = self._rates(members)
        known = [self._read[one.run_id] for one in members if one.run_id in self._read]
        cost, unpriced = self._cost(members)
        errors = Counter(one.error for one in members if one.error)
        return ExperimentProgress(
            members=tuple(members),
            calls=sum(one.calls for one in members),
            done=sum(one.done for one in members),
            failed=sum(one.failed for one in members),
            calls_per_minute=60 * sum(rates.values()),
            seconds_left=_seconds_left(members, rates),
            tokens_in=sum(counted.tokens_in for one in known for counted in one.tokens),
            tokens_out=sum(counted.tokens_out for one in known for counted in one.tokens),
            uncounted=sum(counted.uncounted for one in known for counted in one.tokens),
            cost=cost,
            unpriced=unpriced,
            right={one.run_id: right for one in members if (right := self._right(one)) is not None},
            errors=tuple(error for error, _ in errors.most_common()),
            at_work=at_work,
        )

    def _right(self, member: Member) -> tuple[int, int] | None:
        read = self._read.get(member.run_id)
        return None if read is None else read.right

    def _catch_up(self, members: Sequence[Member]) -> None:
        """Read what has changed since the last look."""
        changed = [
            one
            for one in members
            if one.done + one.failed
            and ((known := self._read.get(one.run_id)) is None or known.revision != one.revision)
        ]
        ids = [one.run_id for one in changed]
        tokens, right = self._store.tokens(ids), self._store.last_right(ids)
        for one in changed:
            self._read[one.run_id] = _Read(
                one.revision, tokens.get(one.run_id, (Counted(), Counted())), right.get(one.run_id)
            )

    def _rates(self, members: Sequence[Member]) -> dict[str, float]:
        """Calls a second by endpoint since the oldest look that is no older than WINDOW_S."""
        now, ended = time.monotonic(), Counter[str]()
        for one in members:
            ended[one.served_by] += one.done + one.failed
        self._looks.append((now, ended))
        while len(self._looks) > 2 and self._looks[0][0] < now - WINDOW_S:
            self._looks.popleft()
        then, before = self._looks[0]
        if now <= then:
            return {}
        return {name: max(0, ended[name] - before[name]) / (now - then) for name in ended}

    def _cost(self, members: Sequence[Member]) -> tuple[dict[str, float], bool]:
        prices: dict[str | None, Price | None] = {}
        parts: list[tuple[Price | None, float, float]] = []
        unpriced = False
        for one in members:
            read = self._read.get(one.run_id)
            for place, choice in enumerate(one.models):
                if choice.endpoint not in prices:
                    prices[choice.endpoint] = self._price(choice.endpoint)
                price = prices[choice.endpoint]
                if price is None:
                    free = choice.embedded and not all(other.embedded for other in one.models)
                    unpriced = unpriced or not free
                elif read is not None:
                    parts.append((price, read.tokens[place].tokens_in, read.tokens[place].tokens_out))
        return bill(parts).by_currency, unpriced

    def _price(self, endpoint: str | None) -> Price | None:
        try:
            return None if endpoint is None else self._models.find(endpoint).price
        except UnknownName:
            return None


def _seconds_left(members: Sequence[Member], rates: Mapping[str, float]) -> float | None:
    """Of the endpoint that takes longest at its rate; None when one that has calls left does not move."""
    left = Counter[str]()
    for one in members:
        left[one.served_by] += one.left
    times = [number / rates[name] if rates.get(name) else None for name, number in left.items() if number]
    known = [one for one in times if one is not None]
    return max(known) if known and len(known) == len(times) else None
