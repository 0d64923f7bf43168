"""Pictures are drawn in English; here their labels are given other words. Knows no language.

What others wrote and stands alone in a label (an answer as a tick, a name in a legend) is marked by ``keep_words``,
a line that was cut so that it fits by ``cut_words``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from .canvas import LETTER_PX
from .style import TEXT_SIZE, Figure

KEPT, CUT = "kept", "cut"
SayLines = Callable[[str, Container[str]], str]
"""Gives a label, whose lines are parted by ``<br>``, its words in a language; the lines in the container stay."""

_MARKUP = re.compile(r"<(?!br>)[^>]*>")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]")
_MARK_SAYS = ("hovertext", "text")
_TEMPLATES = ("hovertemplate",)


def keep_words(figure: Figure, words: Iterable[str]) -> None:
    """Mark labels of the figure, or lines of them, as written by others: they are said as they are."""
    meta = figure.layout.meta or {}
    figure.update_layout(meta={**meta, KEPT: sorted({*meta.get(KEPT, ()), *words})})


def cut_words(figure: Figure, full: Mapping[str, str]) -> None:
    """Tell of lines of labels what they were before they were cut: that is said, and cut to the same width."""
    meta = figure.layout.meta or {}
    figure.update_layout(meta={**meta, CUT: dict(full)})


def in_words(figure: Figure, say: SayLines) -> Figure:
    """A copy of the figure whose axes, ticks, legend, notes, marks and hovers are said by ``say``.

    The room that notes beside the last generation take at the right edge is measured anew.
    """
    drawn: dict[str, Any] = figure.to_plotly_json()
    layout = drawn["layout"]
    meta = layout.get("meta") or {}
    kept, full = frozenset(meta.get(KEPT, ())), meta.get(CUT, {})
    known: dict[str, str] = {}

    def words(label: Any) -> Any:
        if not isinstance(label, str) or not label:
            return label
        if (found := known.get(label)) is None:
            lines = (_cut(say(full[line], kept), _px(line)) if line in full else line for line in label.split("<br>"))
            found = known[label] = say("<br>".join(lines) if full else label, kept)
        return found

    notes = layout.get("annotations") or ()
    before = _longest(notes, lambda line: len(line) * LETTER_PX)
    for name, part in layout.items():
        if name.startswith(("xaxis", "yaxis")):
            _titled(part, words)
    for note in notes:
        _said(note, "text", words)
    for trace in drawn["data"]:
        _titled(trace.get("colorbar"), words)
        _said(trace.get("legendgrouptitle"), "text", words)
        _said(trace, "name", words)
        for part in _MARK_SAYS:
            said = trace.get(part)
            if said is not None:
                trace[part] = words(said) if isinstance(said, str) else [words(one) for one in said]
        for part in _TEMPLATES:
            if trace.get(part):
                body, extra, rest = trace[part].partition("<extra>")
                trace[part] = f"{words(body)}{extra}{rest}"
    if before:
        margin = layout.setdefault("margin", {})
        margin["r"] = round((margin.get("r") or 0) + _longest(notes, _px) - before)
    return type(figure)(drawn, _validate=False)


def _said(part: dict[str, Any] | None, name: str, words: Callable[[Any], Any]) -> None:
    if part and part.get(name):
        part[name] = words(part[name])


def _titled(part: dict[str, Any] | None, words: Callable[[Any], Any]) -> None:
    """An axis or a colour bar: its title and its ticks."""
    if part:
        _said(part.get("title"), "text", words)
        if part.get("ticktext") is not None:
            part["ticktext"] = [words(str(tick)) for tick in part["ticktext"]]


def _longest(notes: Iterable[dict[str, Any]], px: Callable[[str], float]) -> float:
    """The longest line, in px, of the notes that stand where lines end; see ``canvas.end_labels``."""
    ends = (note for note in notes if note.get("xanchor") == "left" and note.get("xshift"))
    return max((px(line) for note in ends for line in _lines(note.get("text") or "")), default=0.0)


def _lines(label: str) -> Iterator[str]:
    for line in label.split("<br>"):
        yield html.unescape(_MARKUP.sub("", line))


def _cut(line: str, px: float) -> str:
    """As many of its letters as take ``px``, with a sign that there were more."""
    room = px
    for place, letter in enumerate(line):
        room -= _px(letter)
        if room < 0:
            return f"{line[: place - 1]}…"
    return line


def _px(line: str) -> float:
    wide = len(_WIDE.findall(line))
    return wide * TEXT_SIZE + (len(line) - wide) * LETTER_PX
