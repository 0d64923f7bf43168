"""A picture of the lesson: drawn like any other, low enough for a projector. Knows no step."""

from __future__ import annotations

from pages.parts.plot import plot
from rsa_viz.figures.style import Figure

TALLEST = 380  # px; with title, sentence and slider it fits a screen of 1280 by 800
_CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}


def draw(figure: Figure, key: str, alt: str, tallest: int = TALLEST) -> None:
    """Draw a figure; ``alt`` says what it shows to those who do not see it, as markdown or plain."""
    figure.update_layout(height=min(figure.layout.height or tallest, tallest))
    told = alt.replace("\\", "")[:300]
    plot(figure, key=f"learn-picture-{key}", alt=told, config=_CONFIG)
