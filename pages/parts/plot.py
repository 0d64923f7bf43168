"""A plotly picture that stays in place: new data flow into the drawn one, so a refresh neither flickers nor loses zoom.

Streamlit's own chart is taken down and built anew whenever its data change. This one is mounted once by its key and
drawn with ``Plotly.react``. The library is the one in the plotly package, served by this server. Knows no run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

from rsa_viz.figures.style import LIBRARY, Figure

_FILES = declare_component("plotly_files", path=str(LIBRARY.parent))  # for its address alone; it is never mounted

_JS = """
function library(address) {
  window.plotlyOfPictures ??= new Promise((done, failed) => {
    const script = document.createElement('script')
    script.src = address
    script.onload = () => done(window.Plotly)
    script.onerror = () => failed(new Error('the plotting library did not load from ' + address))
    document.head.appendChild(script)
  })
  return window.plotlyOfPictures
}

function enlarge(figure, by) {  // type, marks and margins for whoever sits in the last row
  const grow = (part) => Object.entries(part).forEach(([name, value]) => {
    if (value && typeof value === 'object') {
      if (name === 'size' && Array.isArray(value)) part.size = value.map((one) => one * by)
      else grow(value)
    } else if (typeof value === 'number' && ['size', 'standoff'].includes(name)) part[name] = value * by
  })
  figure.data.forEach(grow)
  grow(figure.layout)
  for (const side of 'lrtb') figure.layout.margin[side] *= by
}

export default function ({ parentElement, data, setTriggerValue }) {
  const plot = parentElement.querySelector('.picture')
  const state = (plot.ofPicture ??= {})
  state.click = setTriggerValue
  state.wanted = data
  plot.style.height = data.height
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-label', data.alt)
  library(data.library).then(async (Plotly) => {
    if (state.wanted !== data || state.drawn === data.figure || !plot.isConnected) return
    state.drawn = data.figure
    const figure = JSON.parse(data.figure)
    if (data.stage) enlarge(figure, Math.min(2.4, Math.max(1, Math.min(innerWidth / 1000, innerHeight / 560))))
    await Plotly.react(plot, figure.data, { ...figure.layout, autosize: true }, { ...data.config, responsive: true })
    if (!state.watched) {
      state.watched = new ResizeObserver(() => plot.isConnected && plot.offsetWidth && Plotly.Plots.resize(plot))
      state.watched.observe(parentElement)
      plot.on('plotly_click', (event) => {
        const marks = event.points.map((point) => point.customdata).filter((mark) => mark)
        if (state.wanted.clicks && marks.length) state.click('clicked', marks[0])
      })
    }
  })
  return () => setTimeout(() => {
    if (!plot.isConnected) { state.watched?.disconnect(); window.Plotly?.purge(plot) }
  })
}
"""

_picture = st.components.v2.component(
    "picture", html='<div class="picture" style="width: 100%"></div>', js=_JS, isolate_styles=False
)


def plot(
    figure: Figure,
    *,
    key: str,
    alt: str,
    config: Mapping[str, Any],
    on_click: Callable[[list[Any]], None] | None = None,
    stage: str = "",
) -> None:
    """Draw a figure at its layout's height and the width that there is; with ``stage`` at that height, in CSS, with
    type that grows with the screen.

    ``on_click`` gets the customdata of the mark that was clicked, before the page runs again.
    """
    height = stage or f"{figure.layout.height or 450}px"
    if stage:
        figure.layout.height = None
    base = str(st.get_option("server.baseUrlPath")).strip("/")

    def clicked() -> None:
        mark = (st.session_state.get(key) or {}).get("clicked")
        if on_click is not None and mark:
            on_click(list(mark))

    _picture(
        key=key,
        data={
            "library": "/".join(["", *filter(None, (base, "component", _FILES.name, LIBRARY.name))]),
            "figure": figure.to_json(),
            "height": height,
            "stage": bool(stage),
            "alt": alt,
            "config": dict(config),
            "clicks": on_click is not None,
        },
        on_clicked_change=clicked,
    )
