"""The entry: page setup and navigation only.

streamlit run app.py
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts.guarded import guarded
from pages.parts.looks import looks
from pages.parts.presenting import presenting
from pages.parts.registry import PAGES
from pages.parts.spoken import language_switch, said
from pages.parts.watching import follows, watches, watching_bar

ICON = Path(__file__).parent / "pages" / "parts" / "icon.svg"

st.set_page_config(page_title="rsa_viz", page_icon=str(ICON), layout="wide")
looks()
page = st.navigation(
    [
        st.Page(kind.file, title=said(kind.title), help=said(kind.help), url_path=kind.name, default=kind is PAGES[0])
        for kind in PAGES
    ],
    position="hidden" if presenting() or follows() else "top",
)
if follows():
    from pages.parts.following import following  # what it needs takes a while to load

    guarded(following)()
elif presenting():
    from pages.parts.stage import stage  # what it needs takes a while to load

    guarded(stage)(page.url_path)
else:
    language_switch()
    if watches():
        watching_bar()
    guarded(page.run)()
