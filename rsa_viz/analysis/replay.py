"""A recorded run at any moment of its own clock: which chains had ended, which were being written and how far.

What comes out has the shape of a live run, so that every picture and measure of one serves for both. Knows no page and
no clock: whoever plays says which moment it is.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from ..core.aside import Aside, AsideKind
from ..core.chain import Chain, ChainOrigin, InFlight, Slot
from ..core.run import Run

SHOWN = 4000
"""Characters of a streaming text that viewers see, as of a live run."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A run as it stood: ``chains`` in slot order, those that had not ended as planned ones, what was being written,
    the calls about chains, and the time of it, in seconds since the Unix epoch (0 for a run without timings)."""

    chains: tuple[Chain, ...]
    in_flight: tuple[InFlight, ...]
    asides: tuple[Aside, ...]
    now: float


@dataclass(frozen=True)
class Recording:
    """A recorded run to be replayed. ``chains`` in slot order without gaps, planned ones included, texts not needed.

    Its clock runs while at least one call is under way and stands still in between, so that a run which was paused over
    night is not watched sleeping: a moment is the number of seconds since the start in which that was so. Chains that a
    forked run took over, or that a person planted, are there from moment 0 on, with what was said of them. ``timed`` is
    false when a call that ended has no recorded start or end; then the clock counts generations: at moment t the
    generations up to t have ended, and nothing is in flight. ``length`` is the last moment, 0 when no call has ended.
    """

    chains: tuple[Chain, ...]
    asides: tuple[Aside, ...] = ()

    @cached_property
    def timed(self) -> bool:
        """Whether every call that ended has a start and an end."""
        return all(_span(call) is not None for call in self._calls)

    @property
    def length(self) -> float:
        """The last moment, in seconds, or in generations for a run without timings."""
        if self.timed:
            return self._before[-1]
        return float(max(chain.slot.t for chain in self.chains if chain.ended))

    @cached_property
    def _calls(self) -> tuple[Chain | Aside, ...]:
        """What was called here and ended."""
        given = {chain.slot for chain in self.chains if _given(chain)}
        asides = (aside for aside in self.asides if aside.ended and aside.slot not in given)
        return (*(chain for chain in self.chains if chain.ended and not _given(chain)), *asides)

    @cached_property
    def _stretches(self) -> tuple[tuple[float, float], ...]:
        """When calls were under way, in seconds since the Unix epoch: apart from each other and in order."""
        joined: list[tuple[float, float]] = []
        for start, end in sorted(span for call in self._calls if (span := _span(call)) is not None):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return tuple(joined)

    @cached_property
    def _before(self) -> tuple[float, ...]:
        """The moment at the start of each stretch, and at the end of the last one."""
        return tuple(accumulate((end - start for start, end in self._stretches), initial=0.0))

    def time(self, moment: float) -> float:
        """The time of a moment, in seconds since the Unix epoch: of several the earliest, and within the recording; 0
        for one without any call."""
        if not self._stretches:
            return 0.0
        if moment >= self._before[-1]:
            return self._stretches[-1][1]
        at = max(0, bisect_left(self._before, moment) - 1)
        return self._stretches[at][0] + max(0.0, moment - self._before[at])

    def moment(self, time: float) -> float:
        """How long calls had been under way at a time in seconds since the Unix epoch; what ``time`` turns round."""
        return sum(max(0.0, min(end, time) - start) for start, end in self._stretches)


def at_moment(recording: Recording, moment: float) -> Sight:
    """The run as it stood at a moment.

    A chain has ended if its end is not later; it is being written between its start and its end. Of a streaming text
    the recording knows when the call began, the first piece came and the last; between the two the pieces are taken to
    have come evenly. Before the last try began, earlier ones had failed at times that were not kept; the chain is shown
    as waiting for it. A moment before 0 is 0, one after the end is the end. For the texts themselves see ``with_text``.
    """
    if not recording.timed:
        return at_generation(recording, math.floor(moment))
    if not recording._stretches:
        return Sight(recording.chains, (), recording.asides, 0.0)
    now = recording.time(moment)
    ended = {chain.slot for chain in recording.chains if chain.ended and (_given(chain) or _end(chain) <= now)}
    given = {chain.slot for chain in recording.chains if _given(chain)}
    said = {
        aside.slot
        for aside in recording.asides
        if aside.ended and aside.slot in ended and (aside.slot in given or _end(aside) <= now)
    }
    flights = [
        _flight(chain, chain.slot, chain.characters, None, now)
        for chain in recording.chains
        if chain.ended and chain.slot not in ended and _start(chain) <= now
    ]
    flights += [
        _flight(aside, aside.slot, len(aside.text or ""), aside.kind, now)
        for aside in recording.asides
        if aside.ended and aside.slot in ended and aside.slot not in said and _start(aside) <= now
    ]
    return Sight(
        tuple(chain if chain.slot in ended else planned(chain) for chain in recording.chains),
        tuple(sorted(flights, key=lambda flight: flight.slot)),
        tuple(aside if aside.slot in said else Aside(aside.slot, aside.kind, aside.seed) for aside in recording.asides),
        now,
    )


def generation_ends(recording: Recording) -> tuple[float, ...]:
    """Of each generation, the moment at which the last of its recorded chains, and of those before it, had ended."""
    last: dict[int, float] = {}
    for chain in recording.chains:
        moment = 0.0
        if chain.ended and not _given(chain):
            moment = recording.moment(_end(chain)) if recording.timed else float(chain.slot.t)
        last[chain.slot.t] = max(moment, last.get(chain.slot.t, 0.0))
    return tuple(accumulate((last[t] for t in sorted(last)), max))


def moment_of_share(recording: Recording, share: float) -> float:
    """The earliest moment at which ``share`` (0..1) of the chains had ended; the end when that was never so."""
    wanted = math.ceil(share * len(recording.chains) - 1e-9)
    ends = sorted(
        0.0 if _given(chain) else recording.moment(_end(chain)) if recording.timed else float(chain.slot.t)
        for chain in recording.chains
        if chain.ended
    )
    if wanted <= 0:
        return 0.0
    return ends[wanted - 1] if wanted <= len(ends) else recording.length


def closest(run: Run, others: Iterable[Run]) -> Run | None:
    """Of ``others`` the run that can best stand in for ``run``: another one of the same problem with an answered call.

    More of N, K and T alike is better, measured as the sum of the absolute logarithms of their ratios; of equals the
    same strategy comes first, then the same models, then the newer one. None when no other run has the problem.
    """

    def distance(other: Run) -> tuple[float, bool, bool, float]:
        ours, theirs = run.config, other.config
        pairs = ((ours.n, theirs.n), (ours.k, theirs.k), (ours.t, theirs.t))
        return (
            sum(abs(math.log(one / two)) for one, two in pairs),
            ours.strategy != theirs.strategy,
            [one.model for one in ours.models] != [one.model for one in theirs.models],
            -other.created_at,
        )

    fitting = [other for other in others if other.id != run.id and other.done and other.problem.key == run.problem.key]
    return min(fitting, key=distance, default=None)


def planned(chain: Chain) -> Chain:
    """The chain as it was before anything of it was known."""
    return Chain(chain.id, chain.slot, chain.kind, chain.parents, temperature=chain.temperature, seed=chain.seed)


def at_generation(recording: Recording, t: int) -> Sight:
    """The run with its generations up to ``t`` as they are recorded, and all later ones as planned; what a person or
    another run gave is there."""
    return Sight(
        tuple(chain if chain.slot.t <= t or _given(chain) else planned(chain) for chain in recording.chains),
        (),
        tuple(aside if aside.slot.t <= t else Aside(aside.slot, aside.kind, aside.seed) for aside in recording.asides),
        0.0,
    )


def _given(chain: Chain) -> bool:
    return chain.origin is not ChainOrigin.MADE


def _span(call: Chain | Aside) -> tuple[float, float] | None:
    """Start and end of a call; None when one was not recorded. A clock that was set back makes it end at its start."""
    if call.started_at is None or call.ended_at is None:
        return None
    return min(call.started_at, call.ended_at), call.ended_at


def _start(call: Chain | Aside) -> float:
    return (_span(call) or (0.0, 0.0))[0]


def _end(call: Chain | Aside) -> float:
    return (_span(call) or (0.0, 0.0))[1]


def _flight(call: Chain | Aside, slot: Slot, characters: int, about: AsideKind | None, now: float) -> InFlight:
    start, end = _start(call), _end(call)
    begun = start if call.latency_s is None else min(max(start, end - call.latency_s), end)
    if call.attempts > 1 and now < begun:
        return InFlight(slot, call.attempts - 1, start, now, 0, 0, "", waiting_until=begun, aside=about)
    first = min(begun + (call.first_token_s or 0.0), end)
    share = 1.0 if end <= first else max(0.0, (now - first) / (end - first))
    there = int(share * characters)
    return InFlight(
        slot=slot,
        attempt=max(1, call.attempts),
        started_at=begun,
        updated_at=now,
        characters=there,
        tokens_out=int(share * (call.tokens_out or 0)),
        tail="",
        aside=about,
    )


def with_text(flight: InFlight, text: str) -> InFlight:
    """The chain in flight with the end of its whole ``text`` as far as it has come."""
    return replace(flight, tail=text[: flight.characters][-SHOWN:])


def ended_in(chains: Sequence[Chain]) -> int:
    """The last generation in which a chain has ended, 0 when none has."""
    return max((chain.slot.t for chain in chains if chain.ended), default=0)


@dataclass(frozen=True, slots=True)
class Playhead:
    """Where a replay stands: at ``moment`` since the time ``since`` (seconds since the Unix epoch), going on at
    ``speed`` moments a second; ``since`` is None while it stands still."""

    moment: float = 0.0
    speed: float = 1.0
    since: float | None = None

    def at(self, now: float, length: float) -> float:
        """The moment at ``now``, within 0..``length``."""
        passed = 0.0 if self.since is None else max(0.0, now - self.since) * self.speed
        return min(max(0.0, self.moment + passed), length)

    def playing(self, now: float, length: float) -> bool:
        """Whether it goes on: it was started and has not come to the end."""
        return self.since is not None and self.at(now, length) < length
