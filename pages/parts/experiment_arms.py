"""The arms of an experiment as a table that is typed into: a row an arm, a column a setting, some only on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.parts.run_options import SEEN
from pages.parts.spoken import said
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import Candidates
from rsa_viz.core.strategies import STRATEGIES
from rsa_viz.service import Service, prompt_sets

NUMBERS: Mapping[str, tuple[str, type[int] | type[float], float]] = {
    "N": ("n", int, 1),
    "K": ("k", int, 1),
    "T": ("t", int, 1),
    "Temperature": ("temperature", float, 1),
    "Last temperature": ("temperature_end", float, 1),
    "Fresh chains, %": ("fresh_rate", float, 100),
    "Characters of the end": ("tail_characters", int, 1),
    "Max tokens an answer": ("max_tokens", int, 1),
}
"""Columns of numbers: the setting, what a number is, and how many of the column's units are one of the setting's."""

SEES, PROMPTS = "A child sees of each parent", "Prompts"
WORDS: Mapping[str, str] = {SEES: "candidates", PROMPTS: "prompts", "Aggregator": "aggregator"}
"""Columns of one choice, and the setting."""

USUAL = ("Arm", "Strategy", "Model", "Aggregator", "N", "K", "T", "Temperature")
MORE = ("Last temperature", "Fresh chains, %", SEES, "Characters of the end", "Max tokens an answer", PROMPTS)
FIRST = (
    {"Arm": "RSA", "Strategy": "rsa", "N": "8", "K": "2, 4", "T": "5", "Temperature": "1"},
    {"Arm": "Majority vote", "Strategy": "majority-vote", "N": "40", "Temperature": "1"},
)
_ROWS, _SHAPE, _TYPED = "experiment-rows", "experiment-shape", "experiment-typed"


def arms_table(service: Service, model: str) -> list[dict[str, object]]:
    """Draw the table and the choice of its further columns; ``model`` is proposed for an arm. Raises InvalidInput."""
    more = st.multiselect(
        said("More columns"),
        MORE,
        format_func=said,
        key="experiment-columns",
        placeholder=said("Temperature schedule, fresh chains, what children see, max tokens, prompts"),
        help=said("A column that is not shown counts for nothing."),
    )
    columns = [*USUAL, *(name for name in MORE if name in more)]
    edited: Any = st.data_editor(
        _start(columns, model),
        key="experiment-arms",
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config=_looks(service, columns, model),
    )
    rows = [dict(zip(edited, values, strict=True)) for values in zip(*edited.values(), strict=True)]
    st.session_state[_TYPED] = rows
    st.caption(said("A row an arm. Several numbers in a cell multiply; what a strategy does not use is ignored."))
    return [arm_of(number, row) for number, row in enumerate(rows, start=1)]


def _start(columns: list[str], model: str) -> dict[str, list[str]]:
    """What the table begins with. The same until its columns or the proposed model change, for another beginning throws
    away what was typed; then what was typed is the beginning, with the new model where the old one was proposed."""
    shape = (tuple(columns), model)
    before = st.session_state.get(_SHAPE, ((), ""))
    if before != shape or "experiment-arms" not in st.session_state:
        rows = [dict(row) for row in st.session_state.get(_TYPED, FIRST)]
        for row in rows:
            if row.get("Model") in (None, "", before[1]):
                row["Model"] = model
        st.session_state[_ROWS], st.session_state[_SHAPE] = rows, shape
    return {name: [str(row.get(name) or "") for row in st.session_state[_ROWS]] for name in columns}


def _looks(service: Service, columns: list[str], model: str) -> dict[str, Any]:
    numbers = said("One number, or several: 4, 8, 16.")
    column = st.column_config
    endpoints = [one.name for one in service.endpoints]
    choices = {
        "Strategy": column.SelectboxColumn(said("Strategy"), options=list(STRATEGIES), required=True),
        "Model": column.SelectboxColumn(said("Model"), options=endpoints, default=model, required=True),
        "Aggregator": column.SelectboxColumn(
            said("Aggregator"),
            options=["", *endpoints],
            help=said("Another model that writes the children; empty for the same."),
        ),
        SEES: column.SelectboxColumn(
            said(SEES),
            options=["", *Candidates],
            format_func=lambda one: said(SEEN[Candidates(one)]) if one else "",
            help=said("Empty for the whole texts."),
        ),
        PROMPTS: column.SelectboxColumn(
            said(PROMPTS),
            options=["", *(f"{one.name}@{one.version}" for one in prompt_sets(service.store))],
            help=said("A prompt set saved on the Run page; empty for the app's own."),
        ),
    }
    return {
        name: choices.get(name)
        or (column.TextColumn(said(name), help=numbers, width="small") if name in NUMBERS else said(name))
        for name in columns
    }


def arm_of(number: int, row: Mapping[str, object]) -> dict[str, object]:
    """The arm that a row of the table means; empty cells and columns that are not there give no setting.

    Raises InvalidInput for a cell of numbers that holds something else.
    """
    arm: dict[str, object] = {
        "name": str(row["Arm"] or f"arm {number}"),
        "strategy": row["Strategy"],
        "model": row["Model"],
    }
    for column, setting in WORDS.items():
        if row.get(column):
            arm[setting] = str(row[column])
    for column, (setting, kind, units) in NUMBERS.items():
        words = str(row.get(column) or "").replace(",", " ").split()
        if not words:
            continue
        try:
            values = [kind(word) if units == 1 else kind(word) / units for word in words]
        except ValueError:
            what = "whole numbers" if kind is int else "numbers"
            raise InvalidInput(f"arm {number} ({arm['name']}): {column} must be {what}, not {row[column]!r}") from None
        arm[setting] = list(dict.fromkeys(values))
    return arm
