"""A population's evolution as one animated HTML file: its board from the first call to the last, played or dragged.

It opens from disk without network. Server addresses, endpoint names and keys are no part of it. Knows no store.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import __version__
from ..analysis.replay import Recording, Sight, at_moment, ended_in, generation_ends
from ..analysis.telling import counted, shape
from ..core.run import Run, RunConfig
from ..core.strategies import find_strategy
from ..figures.board import board_data, board_figure
from ..figures.style import Figure, Theme
from .page import Section, inert, page
from .run_report import NOTICE
from .words import escaped

MOST_FRAMES, LEAST_FRAMES = 60, 8
MOST_CELLS = 12_000
"""Cells that all frames may draw together: of a large population there are fewer frames."""

SCRIPT = """
'use strict'
for (const box of document.querySelectorAll('.evolution')) {
  const [plot, play, slider, caption] = ['.plot', 'button', 'input', '.said'].map((one) => box.querySelector(one))
  const read = (kind) => JSON.parse(box.querySelector('script.' + kind).textContent)
  const said = read('said')
  const frames = { light: read('light'), dark: read('dark') }
  let timer = null
  const theme = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const draw = () => {
    const { data, layout } = frames[theme()][+slider.value]
    caption.textContent = said[+slider.value]
    slider.setAttribute('aria-valuetext', said[+slider.value])
    return Plotly.react(plot, data, { ...layout, autosize: true }, { displaylogo: false, responsive: true })
  }
  const stop = () => { clearInterval(timer); timer = null; play.textContent = '\\u25b6 Play' }
  const start = () => {
    if (+slider.value === +slider.max) slider.value = 0
    play.textContent = '\\u275a\\u275a Pause'
    timer = setInterval(() => {
      if (+slider.value === +slider.max) return stop()
      slider.value = +slider.value + 1
      draw()
    }, +box.dataset.every)
    draw()
  }
  play.addEventListener('click', () => (timer ? stop() : start()))
  slider.addEventListener('input', () => { stop(); draw() })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  addEventListener('beforeprint', stop)
  draw()
}
"""


@dataclass(frozen=True, slots=True)
class _Frame:
    words: str
    sight: Sight


def evolution(run: Run, recording: Recording, ruled: str = "") -> Iterator[str]:
    """The file, piece by piece; ``ruled`` is what persons ruled on the run, in words.

    Any run has one; one of which nothing has ended has a single frame.
    """
    frames = _frames(recording)
    clock = (
        "Its pace is that of the calls as they were recorded; times in which no call was under way are left out."
        if recording.timed
        else "The run was recorded without times, so it goes generation by generation."
    )
    lead = [
        f"{find_strategy(run.config.strategy).title}, {shape(run.config)}, {_writers(run.config)}.",
        f"A recording: {counted(len(frames), 'moment')} of it, to play or to drag through. {clock}",
    ]
    if ruled:
        lead.append(f"{ruled}. Every moment shows the chains as they read under these, those of before as well.")
    yield from page(
        f"{run.problem.label}: how the population evolved",
        [Section("The population", "population", lead=lead, body=_player(run, frames))],
        notice=NOTICE if run.config.simulated else "",
        footer=[
            f"Run {run.id}, written {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())} by rsa_viz {__version__}. "
            "Recursive Self-Aggregation: arXiv 2509.26626.",
            "Server addresses, endpoint names and keys are left out. Nothing in this file is loaded from elsewhere.",
        ],
        script=SCRIPT,
    )


def _writers(config: RunConfig) -> str:
    if config.aggregator is None:
        return f"by {config.model.model}"
    return f"samples by {config.model.model}, children by {config.aggregator.model}"


def _frames(recording: Recording) -> Sequence[_Frame]:
    """Moments at equal distances, with the end of each generation, which is what a reader looks for."""
    most = max(LEAST_FRAMES, min(MOST_FRAMES, MOST_CELLS // max(1, len(recording.chains))))
    length = recording.length
    if not length:
        moments = [0.0]
    elif recording.timed:
        moments = sorted({length * step / (most - 1) for step in range(most)} | set(generation_ends(recording)[:most]))
    else:
        moments = [float(t) for t in range(int(length) + 1)]
    return [_frame(recording, moment) for moment in moments]


def _frame(recording: Recording, moment: float) -> _Frame:
    sight = at_moment(recording, moment)
    when = f"{moment:.1f} s of {recording.length:.1f} s" if recording.timed else f"generation {round(moment)}"
    caption = board_data(sight.chains, sight.in_flight, asides=sight.asides).caption
    return _Frame(f"{when}, in generation {max(1, ended_in(sight.chains))}. {caption}", sight)


def _player(run: Run, frames: Sequence[_Frame]) -> Iterator[str]:
    """The controls and the frames, light and dark; every text in it is escaped or JSON that no reader of HTML reads."""
    every = max(60, min(600, round(12_000 / len(frames))))  # ms: all of it in about twelve seconds
    height = round(_drawn(run, frames[0], Theme.LIGHT).layout.height or 450)
    yield (
        f'<div class="evolution" data-every="{every}">\n<p><button type="button">▶ Play</button> '
        f'<input type="range" min="0" max="{len(frames) - 1}" value="0" aria-label="Moment" style="width:60%"></p>\n'
        f'<p class="said" aria-live="off">{escaped(frames[0].words)}</p>\n'
        f'<div class="plot" role="img" aria-label="The population, chain by chain" style="height:{height}px"></div>\n'
        "<noscript>The animation needs JavaScript.</noscript>\n"
        f'<script type="application/json" class="said">{inert(json.dumps([one.words for one in frames]))}</script>\n'
    )
    for theme in Theme:
        yield f'<script type="application/json" class="{theme.value}">['
        for number, frame in enumerate(frames):
            yield ("," if number else "") + inert(_drawn(run, frame, theme).to_json())
        yield "]</script>\n"
    yield "</div>\n"


def _drawn(run: Run, frame: _Frame, theme: Theme) -> Figure:
    sight = frame.sight
    return board_figure(board_data(sight.chains, sight.in_flight, asides=sight.asides, revision=run.id), theme)
