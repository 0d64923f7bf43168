"""A picture of the lesson: drawn like any other, its labels in the language of the lesson. Knows no step."""

from __future__ import annotations

import re

from pages.parts.learn_frame import Words
from pages.parts.plot import plot
from rsa_viz.figures.style import Figure
from rsa_viz.lessons import Texts

TALLEST = 380  # px; with title, sentence and slider it fits a screen of 1280 by 800
LETTER_PX = 8  # by which a wide letter is wider than the one for which a picture leaves room
_WIDE = re.compile("[\u2e80-\uffef]")
_CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}


def draw(figure: Figure, key: str, say: Words, alt: str, tallest: int = TALLEST) -> None:
    """Draw a figure; ``alt`` says what it shows to those who do not see it, as markdown or plain."""
    figure.update_layout(height=min(figure.layout.height or tallest, tallest))
    told = alt.replace("\\", "")[:300]
    plot(translated(figure, say.texts), key=f"learn-picture-{key}", alt=told, config=_CONFIG)


def translated(figure: Figure, texts: Texts) -> Figure:
    """The figure with the labels of its axes, lines and notes in another language; hovers keep theirs.

    Lines of a label (``<br>``) are looked up one by one; what no line of the language's labels is for stays.
    """
    if not texts.labels:
        return figure

    def said(label: str | None) -> str | None:
        return label if not label else "<br>".join(texts.label(line) for line in label.split("<br>"))

    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        axis.title.text = said(axis.title.text)
        if axis.ticktext:
            axis.ticktext = [said(str(tick)) for tick in axis.ticktext]
    for note in figure.select_annotations():
        note.text = said(note.text)
    for trace in figure.data:
        trace.name = said(trace.name)
    wide = max((len(_WIDE.findall(note.text or "")) for note in figure.select_annotations()), default=0)
    if wide:
        figure.update_layout(margin={"r": (figure.layout.margin.r or 0) + LETTER_PX * wide})
    return figure
