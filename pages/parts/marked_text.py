"""A text with one stretch of it highlighted, letter by letter: the browser is handed text nodes and never any markup.

Knows no chain and no verdict.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.spoken import said
from pages.parts.words import sendable

AROUND = 30_000  # characters shown before and after the stretch, or at the end of a text without one

_CSS = """
pre {
  margin: 0; padding: 0.75rem 1rem; scroll-margin: 1rem;
  max-height: 21rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 0.875rem/1.6 var(--st-code-font, monospace); color: var(--st-text-color);
  background: var(--st-code-background-color, var(--st-secondary-background-color));
  border-radius: var(--st-base-radius, 0.5rem);
}
mark {
  color: inherit; background: var(--st-yellow-background-color, #ffe06655); padding: 0.1rem 0.15rem;
  border-radius: 0.2rem; outline: 2px solid var(--st-yellow-color, #e0b000); font-weight: 700;
}
"""

_JS = """
export default function ({ parentElement, data }) {
  const pre = parentElement.querySelector('pre')
  const shown = JSON.stringify(data)
  if (pre.ofText === shown) return
  pre.ofText = shown
  pre.setAttribute('aria-label', data.alt)
  const mark = document.createElement('mark')
  mark.textContent = data.marked
  pre.replaceChildren(document.createTextNode(data.before))
  if (data.marked) pre.append(mark, document.createTextNode(data.after))
  requestAnimationFrame(() => {
    if (data.marked) pre.scrollTop = mark.offsetTop - pre.offsetTop - pre.clientHeight / 2
    else pre.scrollTop = pre.scrollHeight
  })
  if (data.intoView) bringIntoView(pre)
}

function bringIntoView(pre) {  // what stands above it may still grow; who scrolls himself is let alone
  const others = new AbortController()
  for (const act of ['wheel', 'pointerdown', 'keydown', 'touchmove']) {
    addEventListener(act, () => others.abort(), { capture: true, passive: true, signal: others.signal })
  }
  const stop = () => others.signal.aborted || !pre.isConnected
  for (const after of [0, 200, 700, 1500]) {
    setTimeout(() => stop() || pre.scrollIntoView({ block: 'nearest' }), after)
  }
  setTimeout(() => others.abort(), 1600)
}
"""

_text = st.components.v2.component(
    "marked_text", html='<pre tabindex="0" role="region"></pre>', css=_CSS, js=_JS, isolate_styles=True
)


def marked_text(text: str, start: int | None, end: int | None, *, key: str, alt: str, into_view: bool = False) -> None:
    """Draw ``text`` with the characters from ``start`` to ``end`` highlighted and in view. With ``into_view`` the page
    is scrolled to it whenever something else is highlighted.

    Without a stretch, or with one that is not in the text, nothing is highlighted and the end is in view. Of a long
    text the part around the stretch is shown, and how much of it that is.
    """
    if start is None or end is None or not 0 <= start < end <= len(text):
        start = end = len(text)
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    data = {
        "before": ("…" if first else "") + text[first:start],
        "marked": text[start:end][:AROUND],
        "after": text[end:last] + ("…" if last < len(text) else ""),
        "alt": alt,
    }
    _text(key=key, data={**{name: sendable(part) for name, part in data.items()}, "intoView": into_view})
    if first or last < len(text):
        st.caption(said(f"Characters {first:,} to {last:,} of {len(text):,}; the Chain page has all of them."))
