"""Keys pressed anywhere on a page, told to it by name; not those typed into a field, nor those of the browser.

``f`` fills the screen, which a browser lets only the page itself do, and only on a key. Knows no run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

_JS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const here = (parentElement.ofKeys ??= {})
  here.keys = data.keys
  here.tell = setTriggerValue
  if (!here.listener) {
    here.listener = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const at = event.target
      const widget = at.closest?.('input, textarea, select, [contenteditable=true], [role=slider], [role=listbox]')
      if (widget || (event.key === ' ' && at.closest?.('button, a, summary'))) return
      if (event.key === 'f' && here.keys.includes('f')) {
        document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
      } else if (here.keys.includes(event.key)) {
        here.tell('pressed', event.key)
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', here.listener)
    parentElement.querySelector('.keys')?.setAttribute('data-listens', '')
  }
  return () => setTimeout(() => {
    if (!parentElement.isConnected) document.removeEventListener('keydown', here.listener)
  })
}
"""

_keys = st.components.v2.component("keys", html='<span class="keys"></span>', js=_JS, isolate_styles=False)


def listen(keys: Collection[str], on_key: Callable[[str], None], *, key: str) -> None:
    """Call ``on_key`` with the name of a pressed key, as browsers call it (``ArrowLeft``), before the page runs."""

    def pressed() -> None:
        name = (st.session_state.get(key) or {}).get("pressed")
        if name in keys:
            on_key(str(name))

    _keys(key=key, data={"keys": sorted(keys)}, on_pressed_change=pressed)
