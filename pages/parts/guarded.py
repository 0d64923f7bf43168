"""The face of a page whose database fails while it is drawn: one clear line, and no stack trace. Knows no page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from pages.parts.words import escaped
from rsa_viz.core.errors import RsaVizError, StoreError

Given = ParamSpec("Given")


def guarded(draw: Callable[Given, object]) -> Callable[Given, None]:
    """``draw``, ending with one line where the database is locked, gone, damaged or of a newer rsa_viz, or where what
    it shows was deleted meanwhile. A fragment that looks again and again shows the page again once all is well."""

    @wraps(draw)
    def drawn(*arguments: Given.args, **options: Given.kwargs) -> None:
        try:
            draw(*arguments, **options)
        except RsaVizError as error:
            icon = ":material/database_off:" if isinstance(error, StoreError) else ":material/error:"
            st.error(escaped(str(error)), icon=icon)

    return drawn
