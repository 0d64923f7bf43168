"""What the calls about chains came to, in the words and the mark of a board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..analysis.acceptance import acceptance
from ..analysis.telling import counted
from ..core.aside import Aside, AsideKind
from ..core.chain import ChainStatus, InFlight

ACCEPTED = "✓"  # after the mark of a chain that its verification accepted


def about(asides: Sequence[Aside], in_flight: Sequence[InFlight]) -> Iterator[str]:
    """What the calls about chains have come to, as sentences."""
    found = acceptance(asides)
    told = [
        f"{len(slots):,} {word}"
        for word, slots in (
            (f"accepted ({ACCEPTED})", found.accepted),
            ("rejected", found.rejected),
            ("unreadable or failed", found.unknown),
            ("to come", found.waiting),
        )
        if slots
    ]
    if told:
        yield f"Verifications: {', '.join(told)}."
    summaries = [aside for aside in asides if aside.kind is AsideKind.SUMMARISE]
    if summaries:
        failed = sum(aside.status is ChainStatus.FAILED for aside in summaries)
        done = sum(aside.status is ChainStatus.DONE for aside in summaries)
        yield f"{done:,} of {counted(len(summaries), 'summary', 'summaries')} are there" + (
            f"; {failed:,} failed, children saw the text." if failed else "."
        )
    if now := sum(flight.aside is not None for flight in in_flight):
        yield f"{now:,} of them {'is' if now == 1 else 'are'} being written."
