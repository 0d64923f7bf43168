"""A table in which a click on a row's left end chooses it; the chosen row is marked. Knows no row's meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st


def choosing_table(
    columns: Mapping[str, Sequence[Any]],
    *,
    key: str,
    marked: int | None,
    on_choose: Callable[[int], None],
    height: int,
    column_config: Mapping[str, Any],
    alt: str,
) -> None:
    """Draw columns of equal length; ``on_choose`` gets the place of a clicked row, before the page runs again.

    ``marked`` is the place of the row that is chosen now, or None; it wins over what was clicked before, so that the
    URL decides.
    """
    rows = [] if marked is None else [marked]
    known = st.session_state.get(key)
    if known is None or list(known["selection"]["rows"]) != rows:
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    length = max(map(len, columns.values()), default=0)

    def clicked() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        if picked and picked[0] < length:
            on_choose(picked[0])

    st.dataframe(
        dict(columns),
        key=key,
        height=height,
        hide_index=True,
        selection_mode="single-row",
        on_select=clicked,
        column_config=dict(column_config),
        alt=alt,
    )
