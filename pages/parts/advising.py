"""Advice: which N and T a budget is best spent on, from what the shown runs measured. A prediction, and it says so."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.compare_pictures import kept
from pages.parts.frame import the_service
from pages.parts.guarded import guarded
from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.analysis.advice import MEASURED_ON, Advice, BudgetUnit, Evidence, Option, advise
from rsa_viz.analysis.arms import Arm
from rsa_viz.analysis.best_buy import best_measured, evenly, measured_in_words
from rsa_viz.analysis.telling import counted
from rsa_viz.core.price import Price
from rsa_viz.service import read_evidence

MOST = 200  # runs that one advice is drawn from: each forecasts every candidate


def advising(shown: Sequence[Arm]) -> None:
    """Draw the section; a changed budget redraws it alone."""
    st.header(said("What to run with a budget"), anchor=False)
    arms = [arm for arm in shown if arm.settings.strategy == "rsa" and arm.settings.t > 1 and arm.finished]
    if not arms:
        st.info(
            said("Advice is drawn from finished RSA runs of two generations or more; none is shown."),
            icon=":material/balance:",
        )
        return
    st.fragment(guarded(_advising))(tuple(arms), tuple(shown))


def _advising(arms: tuple[Arm, ...], shown: tuple[Arm, ...]) -> None:
    if len({(arm.settings.model, arm.settings.aggregator) for arm in arms}) > 1:
        st.info(
            said("The shown RSA runs are of several models; show those of one to be advised."),
            icon=":material/balance:",
        )
        return
    store = the_service().store
    drawn = evenly(arms, MOST)
    runs = [store.run(one.run_id) for one in drawn]
    price = the_service().models.common_price(runs)
    units = [unit for unit in BudgetUnit if unit is not BudgetUnit.MONEY or price is not None]
    left, right = st.columns([1, 1], gap="medium")
    unit = left.segmented_control(
        said("Budget a problem in"), units, default=BudgetUnit.CALLS,
        format_func=lambda one: price.currency if one is BudgetUnit.MONEY and price is not None else said(one.value),
        key="advice-unit", required=True,
        help=said("Calls, tokens in and out, seconds on the clock at the runs' own concurrency, or money."),
    ) or BudgetUnit.CALLS  # fmt: skip
    usual = {BudgetUnit.CALLS: 160.0, BudgetUnit.TOKENS: 100_000.0, BudgetUnit.SECONDS: 60.0, BudgetUnit.MONEY: 1.0}
    budget = right.number_input(said("Budget"), 1e-6, 1e12, usual[unit], format="%g", key=f"advice-budget-{unit.value}")
    seen = [one for run in runs if (one := _evidence(str(store.path), run.id, run.revision)) is not None]
    with st.spinner(said("Forecasting")):
        found = _advise(hash(tuple(seen)), seen, budget, unit, price)
    problems = {one.problem for one in drawn}
    axis = MEASURED_ON.get(unit)
    measured = (
        None
        if axis is None
        else kept(shown, ("best buy", axis.value, str(budget)), lambda: best_measured(shown, axis, budget, problems))
    )
    if measured is not None:
        with st.container(border=True, key="best-buy"):
            st.markdown(said(":blue-badge[:material/straighten: Measured]"))
            for paragraph in measured_in_words(measured, None if found.best is None else found.best.expected):
                st.markdown(escaped(told(paragraph)))
    with st.container(border=True, key="advice"):
        st.markdown(said(":violet-badge[:material/query_stats: A prediction, not a measurement]"))
        for paragraph in found.words:
            st.markdown(escaped(told(paragraph)))
    if found.best is not None:
        _options(found, unit)
    there = sum(len(arm.finished) for arm in arms)
    if len(drawn) < there:
        st.caption(
            said(
                f"Predicted from {len(drawn):,} of {there:,} runs, the same share of every arm, "
                f"on {counted(len(problems), 'problem')}."
            )
        )


def _options(found: Advice, unit: BudgetUnit) -> None:
    cost = f"Cost ({unit.value})"
    best = [one for one in (found.best, *found.others) if one is not None]
    top: dict[tuple[int, int], Option] = {}
    for one in best:
        top.setdefault((one.n, one.k), one)
    with st.expander(said("Other options"), icon=":material/table_rows:"):
        st.dataframe(
            [
                {
                    "N": one.n,
                    "K": one.k,
                    "Generations": one.t,
                    "Aggregations": one.t - 1,
                    cost: one.cost,
                    "Predicted right, %": 100 * one.expected,
                    "from": 100 * one.low,
                    "to": 100 * one.high,
                    "Measured, %": None if one.measured is None else 100 * one.measured,
                }
                for one in top.values()
            ],
            hide_index=True,
            column_config={
                "Generations": said("Generations"),
                "Aggregations": said("Aggregations"),
                cost: said(cost),
                "Predicted right, %": st.column_config.NumberColumn(said("Predicted right, %"), format="%.0f"),
                "from": st.column_config.NumberColumn(said("from"), format="%.0f"),
                "to": st.column_config.NumberColumn(said("to"), format="%.0f"),
                "Measured, %": st.column_config.NumberColumn(said("Measured, %"), format="%.0f"),
            },
            alt=said("The best number of generations for each N and K"),
        )
        st.caption(said("The best number of generations for each N and K; 90 % bands. Predictions, not measurements."))


@st.cache_resource(max_entries=1000, show_spinner=False)
def _evidence(path: str, run_id: str, revision: int) -> Evidence | None:
    del path, revision  # they tell the cached answers apart
    store = the_service().store
    return read_evidence(store, store.run(run_id))


@st.cache_resource(max_entries=50, show_spinner=False)
def _advise(key: int, _seen: Sequence[Evidence], budget: float, unit: BudgetUnit, price: Price | None) -> Advice:
    del key  # it tells the cached answers apart
    return advise(_seen, budget, unit, price)
