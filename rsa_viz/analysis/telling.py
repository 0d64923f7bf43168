"""Words that analyses share when they say in sentences what they found. Plain text: whoever draws it escapes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..core.chain import Slot
from ..core.run import RunConfig
from ..core.strategies import find_strategy

NAMED = 6  # chains that a sentence names before it only counts the others


def brief(text: str, cap: int = 60) -> str:
    """Model text on one line of at most ``cap`` characters."""
    line = " ".join(text[: 4 * cap].split())  # enough for cap characters; a text may be megabytes long
    return line if len(line) <= cap and len(text) <= 4 * cap else line[: cap - 1] + "…"


SIMULATION = (
    "The synthetic reasoner is no language model. It works line by line and slips by chance: the numbers show the "
    "method, not any model."
)
"""What is said wherever output of the synthetic reasoner is shown."""


def counted(number: int, one: str, more: str | None = None) -> str:
    """``1 chain``, ``3 chains``."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def amount(spent: float) -> str:
    """What was or may be spent, in whatever unit: ``19,560``, ``160``, ``2.5``."""
    return f"{spent:,.0f}" if spent >= 10 else f"{spent:.2g}"


def joined(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; empty for none."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def chains_named(slots: Iterable[Slot], cap: int = NAMED) -> str:
    """``chain 3.1``, ``chain 3.1 and chain 3.2``; of more than ``cap`` the first are named and the others counted."""
    names = [f"chain {slot}" for slot in slots]
    if len(names) > cap:
        return f"{', '.join(names[:cap])} and {len(names) - cap:,} more"
    return joined(names)


def generations(t: int) -> str:
    """T generations are T - 1 aggregations; both numbers are always said."""
    return f"{counted(t, 'generation')} ({counted(t - 1, 'aggregation')})"


def shape(config: RunConfig) -> str:
    """``N 16 · K 4 · T 10``, with the knobs that the strategy reads."""
    uses = find_strategy(config.strategy).uses
    knobs = (("N", "n", config.n), ("K", "k", config.k), ("T", "t", config.t))
    return " · ".join(f"{name} {value}" for name, knob, value in knobs if knob in uses)


MENTION = re.compile(r"\b(?:chain (?P<chain>\d+\.\d+)|generation (?P<generation>\d+)(?!\.\d))\b", re.IGNORECASE)
"""How a sentence names a chain or a generation."""


def mentions(caption: str, mention: re.Pattern[str] = MENTION) -> Iterator[tuple[str, str | None, str | None]]:
    """A caption cut into (words, chain, generation), for whoever makes links of them.

    ``chain 3.12`` is a piece of its own with the chain ``3.12``, ``generation 3`` one with the generation ``3``; all
    other words have neither. The pieces together are the caption. ``mention`` is how a caption in another language
    names the two, as groups ``chain`` and ``generation``.
    """
    end = 0
    for found in mention.finditer(caption):
        yield caption[end : found.start()], None, None
        yield found[0], found["chain"], found["generation"]
        end = found.end()
    yield caption[end:], None, None
