"""The pictures of a stage: one at a time, as large as the screen, with its caption under it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import streamlit as st

from pages.parts.eye import flight_text
from pages.parts.foreign import foreign_code, foreign_text
from pages.parts.frame import say, show, theme
from pages.parts.spoken import said
from pages.parts.stage_genealogy import stage_genealogy
from pages.parts.watched import Watched
from pages.parts.words import duration, large
from rsa_viz.analysis.progress import Progress, progress
from rsa_viz.core.chain import ChainStatus, InFlight, Slot
from rsa_viz.figures.answers import answers_data, answers_figure, distribution_data, distribution_figure
from rsa_viz.figures.board import board_data, board_figure
from rsa_viz.figures.correctness import correctness_data, correctness_figure
from rsa_viz.figures.style import Figure, Theme

HEIGHT = "max(14rem, calc(100vh - 13rem))"
BOARD_HEIGHT = "max(14rem, calc(100vh - 11rem))"
STREAMED = 420  # characters of a streaming text: what a hall can read


@dataclass(frozen=True, slots=True)
class Shown:
    """What a scene is drawn from: the run as it stands, the generation that is looked at, and the chain that was
    chosen, if one was. ``choose`` is called with a chain that is clicked; None where nobody may choose."""

    seen: Watched
    t: int
    chain: Slot | None = None
    choose: Callable[[Slot], None] | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture of the stage, and what draws it."""

    title: str
    draw: Callable[[Shown], None]


_DRAWING = threading.Lock()


@lru_cache(maxsize=64)
def _drawn(draw: Callable[[Any, Theme], Figure], data: Any, looks: Theme) -> Figure:
    return draw(data, looks)


def _show(data: Any, draw: Callable[[Any, Theme], Figure], *, key: str, run: str, height: str = HEIGHT) -> None:
    """Draw a picture that many viewers see at the same moment: made once for all of them, since making one takes tens
    of milliseconds."""
    looks = theme()
    with _DRAWING:
        figure = _drawn(draw, data, looks)
    show(data, figure, key=key, run=run, stage=height)


def _board(shown: Shown) -> None:
    seen = shown.seen  # its chains say how far it goes
    run, chains, in_flight = seen.run, seen.chains, seen.in_flight
    streaming = [flight for flight in in_flight if flight.waiting_until is None]
    flight = min(streaming, key=lambda one: (one.started_at, one.slot), default=None)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        data = board_data(
            chains, in_flight, asides=seen.asides, eye=None if flight is None else flight.slot, revision=run.id
        )
        _show(data, board_figure, key=f"stage-board-{run.id}", run=run.id, height=BOARD_HEIGHT)
    with right:
        far = progress(chains, in_flight, seen.plan, run.config.concurrency, seen.now, seen.asides)
        _numbers(seen, far)
        if flight is not None:
            _streaming(seen, flight)
            if far.slowest_line:
                line = far.slowest_line
                say(f"Slowest line of descent: {len(line)} in a row, from chain {line[0]} to chain {line[-1]}.", run.id)
        else:
            _answer(seen)


def _numbers(seen: Watched, far: Progress) -> None:
    total = far.done + far.failed + far.in_flight + far.planned
    cells = [("Done", f"{far.done:,}/{total:,}")]
    if seen.live:
        left = "–" if far.seconds_left is None else duration(far.seconds_left)
        cells += [("Tokens / s", large(far.tokens_per_second)), ("Time left", left)]
    elif far.failed:
        cells.append(("Failed", f"{far.failed:,}"))
    for column, (name, value) in zip(st.columns(3), cells, strict=False):
        column.metric(said(name), value)


def _streaming(seen: Watched, flight: InFlight) -> None:
    flight = flight_text(seen.run, flight)
    cut = "…" if flight.characters > STREAMED else ""
    st.markdown(said(f"**Chain {flight.slot}** is being written"))
    with st.container(height=240, autoscroll=True, border=False, key="stage-stream"):
        foreign_code(cut + flight.tail[-STREAMED:] or " ", wrap_lines=True)


def _answer(seen: Watched) -> None:
    last = max((chain.slot.t for chain in seen.chains if chain.ended), default=0)
    here = [chain for chain in seen.chains if chain.slot.t == last and chain.status is ChainStatus.DONE]
    if not here:
        st.markdown(said(f"Every chain of generation {last} failed.") if last else said("No chain has ended yet."))
        return
    data = distribution_data(seen.chains, last, run=seen.run.id)
    say(data.caption, seen.run.id)
    gold = seen.run.problem.gold
    foreign_text(said("No gold answer is known." if gold is None else f"Gold answer: {gold}"))
    st.markdown(f"**{said('The question')}**")
    foreign_code(seen.run.problem.question[:STREAMED], wrap_lines=True, height=240)


def _right(shown: Shown) -> None:
    seen, t = shown.seen, shown.t
    data = correctness_data(seen.chains, t, run=seen.run.id)
    _show(data, correctness_figure, key=f"stage-right-{seen.run.id}", run=seen.run.id)


def _answers(shown: Shown) -> None:
    seen, t = shown.seen, shown.t
    data = answers_data(seen.chains, t, run=seen.run.id)
    _show(data, answers_figure, key=f"stage-answers-{seen.run.id}", run=seen.run.id)


def _votes(shown: Shown) -> None:
    seen, t = shown.seen, shown.t
    data = distribution_data(seen.chains, t, run=seen.run.id)
    _show(data, distribution_figure, key=f"stage-votes-{seen.run.id}", run=seen.run.id)


def _genealogy(shown: Shown) -> None:
    run, choose = shown.seen.run, shown.choose
    data, figure = stage_genealogy(shown.seen, shown.chain, theme())
    chosen = None if choose is None else lambda slots: choose(slots[0])
    show(data, figure, key=f"stage-genealogy-{run.id}", run=run.id, stage=HEIGHT, on_select=chosen)


SCENES: Mapping[str, Scene] = {
    "board": Scene("The population", _board),
    "right": Scene("Right chains by generation", _right),
    "answers": Scene("Answers over generations", _answers),
    "votes": Scene("Answers of one generation", _votes),
    "genealogy": Scene("Who descends from whom", _genealogy),
}
