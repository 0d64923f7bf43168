"""Progress of a run: how far it is, how fast it goes, what it still takes, and which line of descent holds it up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..core.aside import Aside
from ..core.chain import Chain, ChainOrigin, ChainStatus, InFlight, Slot
from ..core.genealogy import Plan
from .schedule import bounding_line, play

TOKENS_WINDOW_S = 10.0
CHAINS_WINDOW_S = 60.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How a run stands at one moment.

    Chains that a forked run took over, or that a person planted, are nothing that it has to do: they count nowhere. The
    plan's other calls, those of chains and those about chains, are ``done``, ``failed``, ``in_flight`` (being written,
    or waiting for another try) or ``planned`` (not begun). ``tokens_per_second`` is over the last 10 seconds,
    ``chains_per_minute`` (ended ones) over the last minute; both 0 when nothing came in that time.

    ``seconds_left`` is an estimate, None while there is no recorded latency to base it on, 0 when all has ended: the
    end of the plan's remaining chains, played forward with latencies spread over the recorded ones and no further
    failures. It supposes that the run goes on now, also for a run that stands still.

    ``slowest_line`` is the line of descent that ends last in the same play, from its oldest chain that has not ended
    on: each is a parent of the next, and speeding up its chains is what would end the run sooner. Without a recorded
    latency all calls count as equally long. Empty when all has ended.
    """

    done: int
    failed: int
    in_flight: int
    planned: int
    tokens_per_second: float
    chains_per_minute: float
    seconds_left: float | None
    slowest_line: tuple[Slot, ...]


def progress(
    chains: Sequence[Chain],
    in_flight: Sequence[InFlight],
    plan: Plan,
    concurrency: int,
    now: float,
    asides: Iterable[Aside] = (),
) -> Progress:
    """How the run with this plan stands at ``now`` (seconds since the Unix epoch).

    ``concurrency`` is the most calls that may be in flight. Rows of ``in_flight`` whose chain has ended, or is not
    in the plan, are ignored. ``asides`` are the calls about chains, planned and ended; each that is to come is
    supposed to take the mean of those that are over, and no time while none is.
    """
    given = [chain for chain in chains if chain.origin is not ChainOrigin.MADE and chain.ended]
    over = [chain for chain in chains if chain.origin is ChainOrigin.MADE and chain.ended]
    written = {chain.slot for chain in (*given, *over)}
    told = [aside for aside in asides if aside.ended]
    unsaid = {chain.slot for chain in plan if chain.aside is not None} - {aside.slot for aside in told}
    took_over = {chain.slot for chain in given if chain.origin is ChainOrigin.COPIED}
    told = [aside for aside in told if aside.slot not in took_over]
    flying = [
        row
        for row in in_flight
        if row.slot in plan.by_slot and (row.slot in unsaid if row.aside else row.slot not in written)
    ]
    ways = [*(chain.status for chain in over), *(aside.status for aside in told)]
    done = ways.count(ChainStatus.DONE)
    took = [aside.latency_s for aside in told if aside.latency_s is not None]
    latencies = [chain.latency_s for chain in (over or given) if chain.latency_s is not None]
    ends = play(
        plan,
        written - unsaid,
        {row.slot: max(0.0, now - row.started_at) for row in flying if row.waiting_until is None},
        {row.slot: row.waiting_until - now for row in flying if row.waiting_until is not None},
        latencies or [1.0],
        concurrency,
        after=dict.fromkeys(unsaid, sum(took) / len(took) if took else 0.0),
        written=written & unsaid,
    )
    return Progress(
        done=done,
        failed=len(ways) - done,
        in_flight=len(flying),
        planned=len(plan) - len(written) + len(unsaid) - len(flying),
        tokens_per_second=tokens_per_second(over, flying, now),
        chains_per_minute=_chains_per_minute(over, now),
        seconds_left=max(ends.values(), default=0.0) if latencies or not ends else None,
        slowest_line=bounding_line(plan, ends),
    )


def tokens_per_second(ended: Iterable[Chain], in_flight: Iterable[InFlight], now: float) -> float:
    """Tokens written in the last 10 seconds, a second.

    A chain's tokens are taken to have come evenly between the start of its call and its end (in flight: its last
    sign of life); only what falls into the window counts. Shorter than 10 seconds after the first start, the time
    since then is the window. Chains whose server told no tokens count nothing; 0 when there is nothing to count.
    """
    spans = [
        (chain.ended_at - (chain.latency_s or 0.0), chain.ended_at, chain.tokens_out)
        for chain in ended
        if chain.ended_at is not None and chain.tokens_out is not None
    ]
    spans += [(row.started_at, row.updated_at, row.tokens_out) for row in in_flight]
    if not spans:
        return 0.0
    window = max(0.001, min(TOKENS_WINDOW_S, now - min(start for start, _, _ in spans)))
    return sum(tokens * _overlap(start, end, now - window, now) for start, end, tokens in spans) / window


def _overlap(start: float, end: float, low: float, high: float) -> float:
    """The part of start..end that lies in low..high, 0..1; a span without length is in or out."""
    if end <= start:
        return 1.0 if low <= end <= high else 0.0
    return max(0.0, min(end, high) - max(start, low)) / (end - start)


def _chains_per_minute(ended: Iterable[Chain], now: float) -> float:
    times = [(chain.started_at or chain.ended_at, chain.ended_at) for chain in ended if chain.ended_at is not None]
    if not times:
        return 0.0
    window = max(0.001, min(CHAINS_WINDOW_S, now - min(start for start, _ in times)))
    return 60.0 * sum(now - window <= end <= now for _, end in times) / window
