"""Keys pressed anywhere on a page, told to it by name; of those typed into a field only Escape, none of the browser's.

``f`` fills the screen, which a browser lets only the page itself do, and only on a key. Knows no run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

_JS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const here = (parentElement.ofKeys ??= {})
  here.keys = data.keys
  here.opening = data.opening
  here.tell = setTriggerValue
  if (data.field) here.deaf = 0  // the page has answered
  if (here.field !== data.field) {
    here.field = data.field
    const until = Date.now() + 5000
    const seek = () => {  // the field may be drawn after this
      const field = here.field === data.field && document.querySelector(`.st-key-${data.field} :is(textarea, input)`)
      if (field) field.focus()
      else if (here.field && Date.now() < until) requestAnimationFrame(seek)
    }
    if (data.field) seek()
  }
  if (!here.listener) {
    here.listener = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const at = event.target
      const widget = at.closest?.('input, textarea, select, [contenteditable=true], [role=slider], [role=listbox]')
      if ((widget && event.key !== 'Escape') || (event.key === ' ' && at.closest?.('button, a, summary'))) return
      if (event.key === 'f' && here.keys.includes('f')) {
        document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
      } else if (Date.now() < here.deaf) {
        // what is typed before the field is there is no command
      } else if (here.keys.includes(event.key)) {
        if (here.opening.includes(event.key)) here.deaf = Date.now() + 3000
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


def listen(
    keys: Collection[str],
    on_key: Callable[[str], None],
    *,
    key: str,
    opening: Collection[str] = (),
    field: str = "",
) -> None:
    """Call ``on_key`` with the name of a pressed key, as browsers call it (``ArrowLeft``), before the page runs.

    After one of the ``opening`` keys nothing is told until the page has answered, so that nobody who types ahead gives
    commands. ``field`` is the key of the field that gets the cursor as soon as it is there.
    """

    def pressed() -> None:
        name = (st.session_state.get(key) or {}).get("pressed")
        if name in keys:
            on_key(str(name))

    data = {"keys": sorted(keys), "opening": sorted(opening), "field": field}
    _keys(key=key, data=data, on_pressed_change=pressed)
