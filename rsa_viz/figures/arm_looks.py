"""How arms look in every picture of a comparison: a colour and a mark each, never colour alone. Knows no data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .style import Theme

MOST = 12
"""Arms that are drawn at once; more cannot be told apart."""

# After Paul Tol's muted scheme, lightened for the dark theme. No blue and no orange: these are right and wrong.
_COLOURS: Mapping[Theme, tuple[str, ...]] = {
    Theme.LIGHT: ("#332288", "#117733", "#aa3377", "#0f8b8d", "#7a6a00", "#882255"),
    Theme.DARK: ("#b3a6ff", "#66cc88", "#ee88bb", "#5fd4d0", "#dccb6a", "#ff9aa8"),
}
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "pentagon", "star")


@dataclass(frozen=True, slots=True)
class Look:
    """An arm's colour (CSS hex) and plotly marker symbol."""

    colour: str
    symbol: str


def look(place: int, theme: Theme) -> Look:
    """The look of the arm at this place in the order of arms; from the seventh on with open marks."""
    colours = _COLOURS[theme]
    symbol = _SYMBOLS[place % len(_SYMBOLS)]
    return Look(colours[place % len(colours)], symbol if place < len(_SYMBOLS) else f"{symbol}-open")
