"""The address for an audience, as text and as a QR code, and the presenter's view told to those who follow it."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from pages.parts.listening import is_loopback
from pages.parts.spoken import chosen_language, said
from pages.parts.watching import AUDIENCE, FOLLOW
from pages.parts.words import escaped
from rsa_viz.analysis.replay import Playhead
from rsa_viz.core.access import PRESENTER_KEY, presenter_key
from rsa_viz.core.chain import Slot
from rsa_viz.core.errors import StoreUnavailable
from rsa_viz.core.place import database_place
from rsa_viz.service import LedView, lead, led_view_place, stop_leading

LEADING, _TOLD = "leading", "view-told"


def audience_address() -> str:
    """The address that an audience opens: this page's own server, by a name that other machines can reach, in the
    language that the presenter chose, if one was chosen."""
    here = urlsplit(st.context.url or "http://localhost:8501/")
    host, port = here.hostname or "localhost", f":{here.port}" if here.port else ""
    if is_loopback(host):
        host = _own_address() or host
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    view = urlencode({AUDIENCE: FOLLOW, **chosen_language()})
    return f"{here.scheme}://{host}{port}/{base + '/' if base else ''}?{view}"


def audience_panel() -> None:
    """Draw the address as text and as a QR code, and what to know about it."""
    address = audience_address()
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    code = segno.make(address, error="m", micro=False)
    with left:
        st.image(
            code.svg_inline(scale=10, border=3, light="#fff"), width="stretch", alt=said("The address as a QR code")
        )
    with right:
        st.markdown(f"## {said('Follow along')}")
        st.markdown(f"### {escaped(address)}")
        st.markdown(said("It shows what is shown here, and lets you look around. Nothing can be changed there."))
        listens = st.get_option("server.address")
        if listens and is_loopback(listens):
            st.warning(
                said("The app listens on this machine only. Let others in: start it with --server.address 0.0.0.0")
            )
        elif presenter_key() is None:
            st.caption(
                said(
                    "Whoever takes the end off the address is a visitor as any other. Start the app with "
                    f"{PRESENTER_KEY} set, and only whoever has that key can change anything."
                )
            )


def tell_view(run: str, scene: str, t: int | None, head: Playhead | None, chain: Slot | None) -> None:
    """Tell those who follow what is shown, if this session leads and something changed."""
    if not st.session_state.get(LEADING):
        return
    told = (run, scene, t, head, chain)
    if st.session_state.get(_TOLD) == told:
        return
    try:
        lead(led_view_place(database_place()), LedView(run, scene, t, head, time.time(), chain))
    except StoreUnavailable as error:
        st.error(escaped(str(error)), icon=":material/error:")
    else:
        st.session_state[_TOLD] = told


def stop_telling() -> None:
    """Nobody is led by this session any more (for a callback)."""
    if st.session_state.pop(LEADING, False):
        st.session_state.pop(_TOLD, None)
        stop_leading(led_view_place(database_place()))


def _own_address() -> str | None:
    """This machine's address in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that documentation has to itself
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if is_loopback(found) else found
