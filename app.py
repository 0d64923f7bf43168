"""The entry: page setup and navigation only.

streamlit run app.py
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts.registry import PAGES

ICON = Path(__file__).parent / "pages" / "parts" / "icon.svg"

st.set_page_config(page_title="rsa_viz", page_icon=str(ICON), layout="wide")
st.navigation(
    [
        st.Page(
            page.file, title=page.title, icon=page.icon, help=page.help, url_path=page.name, default=page is PAGES[0]
        )
        for page in PAGES
    ],
    position="top",
).run()
