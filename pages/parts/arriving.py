"""A place on a page that an address may lead to (``#name``): it is brought into view, and kept there while the page is
still drawn above it, until the reader moves.

A browser goes to such a place once, when much of a page is not there yet. Knows no run.
"""

from __future__ import annotations

import streamlit as st

_JS = """
const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown']
const SETTLED_MS = 6000
export default function ({ parentElement, data }) {
  if (parentElement.arrived || location.hash !== `#${data.name}`) return
  parentElement.arrived = true
  const place = parentElement.querySelector('.place')
  const show = () => place.scrollIntoView({ block: 'start' })
  const observer = new ResizeObserver(show)
  const stop = () => {
    observer.disconnect()
    clearTimeout(over)
    for (const move of MOVES) removeEventListener(move, stop, true)
  }
  const over = setTimeout(stop, SETTLED_MS)
  for (const move of MOVES) addEventListener(move, stop, true)
  observer.observe(document.querySelector('[data-testid=stMainBlockContainer]') ?? document.body)
  show()
  return () => setTimeout(() => parentElement.isConnected || stop())
}
"""

_place = st.components.v2.component(
    "place",
    html='<span class="place" style="display: block; scroll-margin-top: 5rem"></span>',
    js=_JS,
    isolate_styles=False,
)


def place(name: str, key: str) -> None:
    """Draw the place that addresses ending in ``#name`` lead to; nothing of it is seen."""
    _place(key=key, data={"name": name})
