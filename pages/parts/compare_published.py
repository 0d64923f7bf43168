"""The paper's own numbers: chosen to lie beside what was measured, and as tables with their sources."""

from __future__ import annotations

import streamlit as st

from pages.parts.spoken import said
from rsa_viz.analysis import published
from rsa_viz.analysis.published import BUDGETS, PAPER, QWEN, TABLE_1, TASKS, Published

NONE = "none"


def choose_reference() -> str | None:
    """Which task's published numbers lie beside the measured ones; none at first."""
    written = st.query_params.get("reference", NONE)
    options = [NONE, *TASKS]
    chosen = st.selectbox(
        said("The paper's numbers beside them"),
        options,
        options.index(written) if written in options else 0,
        format_func=lambda name: said("none") if name == NONE else name,
        key="compare-reference",
        help=said(f"{PAPER}, with {QWEN}. They are of that task and that model, whatever was run here."),
    )
    if chosen is None or chosen == NONE:
        st.query_params.pop("reference", None)
        return None
    st.query_params["reference"] = chosen
    return chosen


def published_tables(reference: str | None) -> None:
    """Table 1, and what else is known of the chosen task."""
    with st.expander(said(f"The paper's own numbers ({PAPER}), not measured here"), icon=":material/menu_book:"):
        st.markdown(said(f"**{TABLE_1}**, {QWEN}, pass@1 in per cent. The paper calls one aggregation T = 1."))
        rows: dict[str, dict[str, object]] = {}
        for one in published.table_1():
            row = rows.setdefault(one.method, {"Method": said(one.method), **_shape(one)})
            row[one.task] = 100 * one.value
        _table([*rows.values()], said(f"Published: {TABLE_1} of the paper"))
        st.caption(said(BUDGETS))
        if reference is None:
            return
        for title, found in (
            ("By generation", published.by_generation(reference)),
            ("By K", published.by_k(reference)),
            ("By N", published.by_n(reference)),
            ("pass@N minus pass@1", published.gaps(reference)),
            ("Other models", published.other_models() if reference == TASKS[0] else ()),
            ("After reinforcement learning", tuple(one for one in published.trained() if one.task == reference)),
        ):
            if found:
                st.markdown(said(f"**{title}**, {reference}: {found[0].source}."))
                _table(
                    [
                        {
                            "Model": said(one.model),
                            "Method": said(one.method),
                            **_shape(one),
                            "Value": 100 * one.value,
                        }
                        for one in found
                    ],
                    said(f"Published: {title}"),
                )


def _shape(one: Published) -> dict[str, object]:
    shape = {"N": one.n, "K": one.k, "Generations": one.generations, "Aggregations": one.aggregations}
    return {name: "–" if value is None else str(value) for name, value in shape.items()}


def _table(rows: list[dict[str, object]], alt: str) -> None:
    number = st.column_config.NumberColumn
    columns = {
        **{name: said(name) for name in ("Model", "Method", "Generations", "Aggregations")},
        **{name: number(said(name), format="%.1f") for name in (*TASKS, "Value")},
    }
    st.dataframe(rows, hide_index=True, column_config=columns, alt=alt)
