"""A picture of the lesson: drawn like any other, low enough for a projector. Knows no step."""

from __future__ import annotations

from collections.abc import Sequence

from pages.parts.frame import theme
from pages.parts.learn_frame import says
from pages.parts.plot import plot
from rsa_viz.analysis.generations import by_generation
from rsa_viz.core.chain import Chain
from rsa_viz.figures.courses import Course, courses_data, courses_figure
from rsa_viz.figures.shares import Share, shares_data, shares_figure
from rsa_viz.figures.style import Figure

TALLEST = 380  # px; with title, sentence and slider it fits a screen of 1280 by 800
_CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}


def draw(figure: Figure, key: str, alt: str, tallest: int = TALLEST) -> None:
    """Draw a figure; ``alt`` says what it shows to those who do not see it, as markdown or plain."""
    figure.update_layout(height=min(figure.layout.height or tallest, tallest))
    told = alt.replace("\\", "")[:300]
    plot(figure, key=f"learn-picture-{key}", alt=told, config=_CONFIG)


def right_shares(chains: Sequence[Chain]) -> tuple[tuple[int, float], ...]:
    """(generation, share of right chains) where it is known."""
    return tuple((one.t, one.mean) for one in by_generation(chains) if one.mean is not None)


def draw_courses(courses: Sequence[Course], last: int, key: str, caption: str) -> None:
    """Draw shares of right chains by generation, up to generation ``last``, and say the caption below."""
    data = courses_data(courses, last, caption=caption, run=f"learn {key}")
    draw(courses_figure(data, theme()), key, caption)
    says(caption, key)


def draw_bars(shares: Sequence[Share], key: str, axis: str, caption: str) -> None:
    """Draw shares side by side, and say the caption below."""
    data = shares_data(shares, y_title=axis, caption=caption, run=f"learn {key}")
    draw(shares_figure(data, theme()), key, caption)
    says(caption, key)
