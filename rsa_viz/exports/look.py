"""How an HTML file looks in light, in dark and on paper, and the script that draws its pictures. Knows no content."""

from __future__ import annotations

from ..core.chain import Verdict
from ..figures.style import PALETTES, Palette, Theme


def _colours(palette: Palette) -> str:
    names = {
        "paper": palette.background,
        "ink": palette.ink,
        "muted": palette.muted,
        "line": palette.grid,
        "wash": palette.planned,
        "right": palette.verdicts[Verdict.RIGHT],
        "wrong": palette.verdicts[Verdict.WRONG],
    }
    return " ".join(f"--{name}: {colour};" for name, colour in names.items())


_STYLE = """
* { box-sizing: border-box }
html { color-scheme: light dark }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 "Source Sans", "Source Sans Pro", Helvetica, Arial, sans-serif }
main { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .75rem; overflow-wrap: anywhere }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.75rem 0 .6rem; padding-top: .5rem }
p { margin: .5rem 0; overflow-wrap: anywhere }
a { color: inherit; text-decoration-color: var(--muted); text-underline-offset: .15em }
a:hover { text-decoration-color: currentColor }
:focus-visible { outline: 2px solid var(--right); outline-offset: 2px }
.notice { border-left: .3rem solid var(--wrong); background: var(--wash); padding: .6rem .9rem }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: .6rem 0; margin: 1rem 0 0;
  border-block: 1px solid var(--line) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1rem 0 }
dt { color: var(--muted) } dd { margin: 0; overflow-wrap: anywhere }
figure { margin: .5rem 0 1rem }
figcaption { margin-top: .35rem; overflow-wrap: anywhere }
.picture { overflow-x: auto; overflow-y: hidden }
.plot { min-width: 34rem }
.table { overflow: auto; max-height: 34rem; border: 1px solid var(--line); margin: .6rem 0 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line) }
th { position: sticky; top: 0; background: var(--wash); font-weight: 600; white-space: nowrap }
td { overflow-wrap: anywhere } .number { text-align: right; overflow-wrap: normal; white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; margin: .5rem 0; padding: .75rem .9rem;
  background: var(--wash); font: .95rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
details { border-top: 1px solid var(--line) } details details { margin-left: 1.1rem }
summary { cursor: pointer; padding: .45rem 0; overflow-wrap: anywhere }
details[open] > summary { font-weight: 600 }
details:target > summary { background: var(--wash) }
.right::before { content: "\\25CF\\00A0"; color: var(--right) }
.wrong::before { content: "\\2715\\00A0"; color: var(--wrong) }
mark { background: none; color: inherit; font-weight: 700; text-decoration: underline;
  text-decoration-thickness: .12em }
.small { color: var(--muted); font-size: .95rem }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--muted) }
@media (max-width: 40rem) { main { padding: 1rem .9rem 2rem } h1 { font-size: 1.6rem }
  dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } details details { margin-left: .3rem } }
@media print { @page { margin: 14mm } body { font-size: 10.5pt } main { max-width: none; padding: 0 }
  nav { display: none } h2 { margin-top: 1.5rem } h2, summary { break-after: avoid } figure, tr { break-inside: avoid }
  .picture, .table { overflow: visible; max-height: none }
  .plot { min-width: 0; zoom: .74 } th { position: static } a { text-decoration: none } }
"""

SCRIPT = """
'use strict'
const PAPER = 920 // px, which the style makes smaller: as wide as a printed page
const darkness = matchMedia('(prefers-color-scheme: dark)')
const config = { displaylogo: false, responsive: true, displayModeBar: 'hover',
  modeBarButtonsToRemove: ['lasso2d', 'select2d'] }
const pictures = [...document.querySelectorAll('.picture')].map((frame) => ({
  plot: frame.querySelector('.plot'),
  read: (theme) => JSON.parse(frame.querySelector('script.' + theme).textContent),
}))
function draw(picture, theme, width) {
  const { data, layout } = picture.read(theme)
  const size = width ? { width, autosize: false } : { autosize: true }
  const drawn = Plotly.react(picture.plot, data, { ...layout, ...size }, { ...config, responsive: !width })
  if (picture.listens) return drawn
  picture.listens = true
  picture.plot.on('plotly_click', ({ points }) => {
    const marks = points.map(({ customdata }) => customdata && customdata[1])
    const chain = marks.find((one) => /^\\d+\\.\\d+$/.test(one))
    if (chain && document.getElementById('chain-' + chain)) location.hash = 'chain-' + chain
  })
  return drawn
}
const theme = () => (darkness.matches ? 'dark' : 'light')
const drawAll = () => pictures.forEach((picture) => draw(picture, theme()))
function unfold() {
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!wanted) return
  for (let one = wanted; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true
  wanted.scrollIntoView()
}
addEventListener('hashchange', unfold)
addEventListener('click', (event) => {
  const link = event.target.closest && event.target.closest('a[href^="#"]')
  if (link && link.hash === location.hash) unfold()
})
addEventListener('beforeprint', () => pictures.forEach((picture) => draw(picture, 'light', PAPER)))
addEventListener('afterprint', drawAll)
darkness.addEventListener('change', drawAll)
drawAll()
unfold()
"""


def stylesheet() -> str:
    """The style of every page: the colours of the pictures, light or dark as the reader's browser prefers, light on
    paper."""
    light, dark = (_colours(PALETTES[theme]) for theme in (Theme.LIGHT, Theme.DARK))
    return f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}{_STYLE}"
