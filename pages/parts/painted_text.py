"""A text whose stretches are painted in colours and can be clicked; the browser is handed text nodes and never markup.

Knows no chain and no donor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.words import sendable

_CSS = """
pre {
  margin: 0; padding: 0.75rem 1rem; max-height: 24rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 0.9375rem/1.75 var(--st-code-font, monospace); color: var(--st-text-color);
  background: var(--st-code-background-color, var(--st-secondary-background-color));
  border-radius: var(--st-base-radius, 0.5rem);
}
.painted {
  padding: 0.05rem 0.15rem 0.2rem; border-radius: 0.2rem 0.2rem 0 0;
  background: linear-gradient(var(--tint), var(--tint)), var(--bands) left bottom / 100% 0.25rem no-repeat;
}
.painted::before {
  content: attr(data-label); margin-right: 0.35rem; padding: 0 0.35rem; border-radius: 0.5rem; font-weight: 700;
  font-size: 0.8125rem; color: var(--ink); background: var(--chip);
}
.painted[role=link] { cursor: pointer; }
.painted[role=link]:hover, .painted[role=link]:focus-visible { outline: 2px solid var(--st-text-color); }
"""

_JS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const pre = parentElement.querySelector('pre')
  pre.open = (target) => setTriggerValue('opened', target)
  const shown = JSON.stringify(data)
  if (pre.ofText === shown) return
  pre.ofText = shown
  pre.setAttribute('aria-label', data.alt)
  pre.replaceChildren(...data.parts.map((part) => {
    if (!part.colours.length) return document.createTextNode(part.text)
    const span = document.createElement('span')
    span.className = 'painted'
    span.textContent = part.text
    span.title = part.told
    span.dataset.label = part.label
    const share = 100 / part.colours.length
    const stops = part.colours.map((colour, at) => `${colour} ${at * share}% ${(at + 1) * share}%`)
    span.style.setProperty('--bands', `linear-gradient(90deg, ${stops.join(', ')})`)
    span.style.setProperty('--tint', `color-mix(in srgb, ${part.colours[0]} ${part.strength}%, transparent)`)
    span.style.setProperty('--chip', part.colours[0])
    span.style.setProperty('--ink', part.ink)
    if (part.target) {
      span.setAttribute('role', 'link')
      span.tabIndex = 0
      span.onclick = () => String(getSelection()) || pre.open(part.target)
      span.onkeydown = (event) => event.key === 'Enter' && pre.open(part.target)
    }
    return span
  }))
}
"""

_text = st.components.v2.component(
    "painted_text", html='<pre tabindex="0" role="region"></pre>', css=_CSS, js=_JS, isolate_styles=True
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text. Without ``colours`` (``#rrggbb``) it is plain; else it is underlined in all of them and
    tinted in the first, the more the nearer ``strength`` is to 1. ``label`` stands before it in the letter colour
    ``ink``, ``told`` is its hover, and ``target`` is what a click hands on."""

    text: str
    colours: tuple[str, ...] = ()
    strength: float = 0.0
    label: str = ""
    ink: str = ""
    told: str = ""
    target: str = ""


MOST_TINT = 34  # percent of the colour; letters stay readable on it


def painted_text(parts: Sequence[Part], *, key: str, alt: str, on_open: Callable[[str], None]) -> None:
    """Draw the parts one after another; a click on one with a target calls ``on_open``, before the page runs again."""

    def opened() -> None:
        if target := (st.session_state.get(key) or {}).get("opened"):
            on_open(str(target))

    _text(
        key=key,
        data={
            "alt": alt,
            "parts": [
                {
                    "text": sendable(part.text),
                    "colours": list(part.colours),
                    "strength": round(MOST_TINT * part.strength),
                    "label": part.label,
                    "ink": part.ink,
                    "told": sendable(part.told),
                    "target": part.target,
                }
                for part in parts
            ],
        },
        on_opened_change=opened,
    )
