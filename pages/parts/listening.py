"""Where the app can be reached from, said to the operator when that is more than this machine."""

from __future__ import annotations

import ipaddress
import logging

import streamlit as st

from rsa_viz.core.access import EDIT_ENDPOINTS, READ_ONLY, VISITOR_ADDRESS, Access

log = logging.getLogger("rsa_viz")


def listening(access: Access) -> str:
    """What the operator should know of where the app listens, as one sentence; empty on this machine alone."""
    address = st.get_option("server.address")
    if address and is_loopback(address):
        return ""
    where = f"on {address}" if address else "on every address of this machine"
    may = "read all that is recorded" if access.read_only else "use it, and spend on its endpoints"
    return f"The app listens {where}: whoever reaches it there can {may}."


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an address; a name other than localhost may lead anywhere."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def tell_operator(access: Access) -> None:
    """Say once in the server's log what is not as it is by default."""
    flags = [
        f"nothing can be started or changed ({READ_ONLY})" if access.read_only else "",
        f"visitors may type models and addresses ({VISITOR_ADDRESS})" if access.visitors and access.addresses else "",
        f"whoever opens the app may edit its endpoints ({EDIT_ENDPOINTS})" if access.editing else "",
    ]
    for words in (listening(access), *flags):
        if words:
            log.warning(words)
