"""A plotly picture that stays in place: new data flow into the drawn one, so a refresh neither flickers nor loses zoom.

Streamlit's own chart is taken down and built anew whenever its data change. This one is mounted once by its key and
drawn with ``Plotly.react``. The library is the one in the plotly package, served by this server. Knows no run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

from pages.parts.spoken import said, said_picture
from rsa_viz.figures.style import LIBRARY, Figure

_FILES = declare_component("plotly_files", path=str(LIBRARY.parent))  # for its address alone; it is never mounted

_JS = r"""
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

const stageSize = () => Math.min(2.4, Math.max(1, Math.min(innerWidth / 1000, innerHeight / 560)))
const TYPE = 17  // px, as in config.toml; where a page's type is larger, as for a projector, its pictures grow with it
const typeSize = () => Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / TYPE)

function fitPhone(figure) {  // smaller type; numbers at the points of a line would cover each other
  enlarge(figure, 0.8)
  for (const trace of figure.data) if (trace.mode === 'lines+markers+text') trace.mode = 'lines+markers'
}

const SLIDE = { width: 1920, height: 1080 }
const LINE = 44

// Lines of as many letters; a wide letter counts as two, and before it a line may break without a blank.
function wrapped(words, most) {
  const part = / ?[（“《]*(?:[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+)?[，。；：、！？）”》…]*/g
  const parts = words.trim().replace(/\s+/g, ' ').match(part).filter((one) => one)
  const long = (text) => text.length + (text.match(/[\u2e80-\u9fff\uff00-\uffef]/g) ?? []).length
  const lines = ['']
  for (const one of parts) {
    if (long((lines.at(-1) + one).trim()) > most) lines.push('')
    lines.push((lines.pop() + one).trimStart())
  }
  return lines.filter((line) => line)
}

// The picture with its caption under it, as an SVG of a slide's size; zoomed as the viewer has it.
async function slide(Plotly, plot, data) {
  const figure = JSON.parse(data.figure)
  enlarge(figure, 1.6)
  for (const [name, axis] of Object.entries(plot.layout)) {
    if (/^[xy]axis\d*$/.test(name)) Object.assign(figure.layout[name] ??= {}, { range: axis.range, autorange: false })
  }
  const lines = wrapped(data.caption, 136)
  const height = SLIDE.height - (lines.length ? LINE * (lines.length + 1) : 0)
  const size = { width: SLIDE.width, height }
  const layout = { ...figure.layout, ...size, autosize: false }
  const drawn = await Plotly.toImage({ data: figure.data, layout }, { format: 'svg', imageDataOnly: true, ...size })
  const safe = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign])
  const ink = safe(figure.layout.font.color), paper = safe(figure.layout.paper_bgcolor)
  const said = lines.map((line, at) => `<tspan x="48" y="${height + LINE * (at + 0.8)}">${safe(line)}</tspan>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SLIDE.width}" height="${SLIDE.height}"` +
    ` viewBox="0 0 ${SLIDE.width} ${SLIDE.height}"><rect width="100%" height="100%" fill="${paper}"/>${drawn}` +
    `<text font-family="Helvetica, Arial, sans-serif" font-size="30" fill="${ink}">${said.join('')}</text></svg>`
}

async function save(Plotly, plot, data, format) {
  const svg = new Blob([await slide(Plotly, plot, data)], { type: 'image/svg+xml' })
  const address = URL.createObjectURL(svg)
  let file = svg
  if (format === 'png') {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), SLIDE)
    canvas.getContext('2d').drawImage(image, 0, 0, SLIDE.width, SLIDE.height)
    file = await new Promise((done) => canvas.toBlob(done, 'image/png'))
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `${data.name}.${format}`
  link.click()
  setTimeout(() => [address, link.href].forEach((one) => URL.revokeObjectURL(one)), 60000)
}

function buttons(Plotly, state) {
  const icons = { svg: Plotly.Icons.disk, png: Plotly.Icons.camera }
  return Object.entries(icons).map(([format, icon]) => ({
    name: 'save-' + format,
    title: state.wanted.saves[format],
    icon,
    click: (plot) => save(Plotly, plot, state.wanted, format),
  }))
}

export default function ({ parentElement, data, setTriggerValue }) {
  const plot = parentElement.querySelector('.picture')
  const state = (plot.ofPicture ??= {})
  state.click = setTriggerValue
  state.wanted = data
  const grown = data.stage ? stageSize() : typeSize()
  plot.style.height = data.stage ? data.height : `calc(${data.height} * ${grown})`
  plot.setAttribute('role', 'figure')  // no img: its bar has buttons
  plot.setAttribute('aria-label', data.alt)
  library(data.library).then(async (Plotly) => {
    if (state.wanted !== data || state.drawn === data.figure || !plot.isConnected) return
    state.drawn = data.figure
    const figure = JSON.parse(data.figure)
    if (!data.stage) figure.layout.height *= grown
    if (grown > 1) enlarge(figure, grown)
    else if (plot.offsetWidth < 480) fitPhone(figure)
    const config = { ...data.config, responsive: true, modeBarButtonsToAdd: (state.buttons ??= buttons(Plotly, state)) }
    await Plotly.react(plot, figure.data, { ...figure.layout, autosize: true }, config)
    plot.querySelectorAll('.main-svg').forEach((svg) => svg.setAttribute('aria-hidden', 'true'))  // its label says it
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
    caption: str = "",
) -> None:
    """Draw a figure at its layout's height and the width that there is; with ``stage`` at that height, in CSS, with
    type that grows with the screen. Its buttons save it as SVG or PNG at slide size, with ``caption`` under it.

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
            "figure": said_picture(figure).to_json(),
            "height": height,
            "stage": bool(stage),
            "caption": caption,
            "name": f"rsa_viz-{key}",
            "alt": alt,
            "config": dict(config),
            "clicks": on_click is not None,
            "saves": {
                "svg": said("Save as SVG at slide size, with its caption"),
                "png": said("Save as PNG at slide size, with its caption"),
            },
        },
        on_clicked_change=clicked,
    )
