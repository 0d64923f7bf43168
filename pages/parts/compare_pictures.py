"""The pictures of a comparison, each with its sentence. Numbers are worked out once for all viewers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import streamlit as st

from pages.parts.frame import look_at, show, the_service, theme
from pages.parts.registry import find_page
from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.analysis.arm_choice import varied
from rsa_viz.analysis.arms import Arm
from rsa_viz.analysis.budgets import Axis, common_budget
from rsa_viz.analysis.held_against import held_against
from rsa_viz.analysis.paired import difference_in_words
from rsa_viz.analysis.telling import amount
from rsa_viz.figures.compare import (
    LinesData,
    compare_budget_data,
    compare_figure,
    compare_gap_data,
    compare_n_data,
    compare_t_data,
)
from rsa_viz.figures.paired import paired_data, paired_figure
from rsa_viz.figures.problem_grid import problem_grid_data, problem_grid_figure

T = TypeVar("T")
IN_THE_END = "in the end"
ALL_ARMS = "all arms"
KNOBS: tuple[Literal["k", "n"], ...] = ("k", "n")
CROWDED = 6  # lines of one picture, beyond which it begins with some of them
_AXES = {f"for equal {axis.value}": axis for axis in Axis}


def comparing(shown: Sequence[Arm], against: Arm | None) -> None:
    """What differs by more than noise: a sentence each, and their intervals."""
    st.header(said("What is more than noise?"), anchor=False)
    if against is None or len(shown) < 2:
        st.info(said("It takes two arms with the same problems to compare."), icon=":material/balance:")
        return
    how = st.segmented_control(
        said("Compared"),
        [IN_THE_END, *_AXES],
        default=IN_THE_END,
        format_func=said,
        key="compare-how",
        required=True,
        help=said(
            "In the end: each arm with all that it spent. For equal budgets: each with what the cheapest arm spent."
        ),
    )
    axis = _AXES.get(how or IN_THE_END)
    most = None if axis is None else kept(shown, ("most", axis.value), lambda: common_budget(shown, axis))
    if axis is not None and most is None:
        st.info(said(f"Of some arm the {axis.value} are unknown."), icon=":material/help:")
        return
    budget = None if axis is None or most is None else _budget(axis, most, "compare-budget")
    compared = kept(
        shown, ("paired", against.label, how or "", str(budget)), lambda: held_against(shown, against, axis, budget)
    )
    found = compared.differences
    if axis is not None and budget is not None and most is not None:
        if budget <= most:
            st.caption(said(f"Each arm for at most {amount(budget)} {axis.value} a problem."))
        else:
            st.caption(
                said(
                    f"Each arm for at most {amount(budget)} {axis.value} a problem; of some the runs end at "
                    f"{amount(most)}: these count with all that they have."
                )
            )
    with st.container(border=True, key="noise"):
        st.markdown("\n".join(f"- {escaped(told(difference_in_words(one)))}" for one in found))
    data = paired_data(found)
    show(data, paired_figure(data, theme()), key="compare-paired", run="")


def _budget(axis: Axis, most: float, key: str) -> float:
    """What a problem may cost: at first the most that every arm can use up."""
    whole = axis is not Axis.SECONDS
    written = st.number_input(
        said(f"Budget a problem, {axis.value}"),
        min_value=1.0 if whole else 1e-3,
        value=round(most) * 1.0 if whole else float(f"{most:.3g}"),
        step=1.0 if whole else None,
        format="%.0f" if whole else "%g",
        key=f"{key}-{axis.value}-{most:.6g}",
        width=260,
        help=said("At first the most that every arm can use up. An arm that cannot use it up counts with all it has."),
    )
    return float(written)


def equal_budgets(shown: Sequence[Arm]) -> None:
    """How right each arm is for what it has spent."""
    st.header(said("For equal budgets"), anchor=False)
    axis = st.segmented_control(
        said("Budget in"),
        list(Axis),
        default=Axis.CALLS,
        format_func=lambda one: said(one.value),
        key="compare-axis",
        required=True,
    )
    chosen = axis or Axis.CALLS
    _lines(kept(shown, ("budget", chosen.value), lambda: compare_budget_data(shown, chosen)), "budget")


def over_generations(shown: Sequence[Arm], reference: str | None) -> None:
    """By generation, by N, and what a single draw still misses; the paper's numbers beside them if wanted."""
    name = reference or ""
    st.header(said("By generation"), anchor=False)
    only = _drawn_by_generation(shown)
    _lines(kept(shown, ("t", name, *(only or ())), lambda: compare_t_data(shown, reference, only)), "t")
    by_n = kept(shown, ("n", name), lambda: compare_n_data(shown, reference))
    st.header(said("By population size"), anchor=False)
    if by_n.lines:
        _lines(by_n, "n")
    else:
        st.caption(told(by_n.caption))
    st.header(said("What a single draw still misses"), anchor=False)
    _lines(kept(shown, ("gap", name), lambda: compare_gap_data(shown, reference)), "gap")


def _drawn_by_generation(shown: Sequence[Arm]) -> tuple[str, ...] | None:
    """The labels of the arms whose lines are drawn, None for all: with many arms at first those that differ in K."""
    by_knob = {f"for each {knob.upper()}": varied(shown, knob) for knob in KNOBS}
    there = {name: arms for name, arms in by_knob.items() if 1 < len(arms) < len(shown)}
    if not there:
        return None
    names = [ALL_ARMS, *there]
    name = st.segmented_control(
        said("Lines"),
        names,
        default=names[1] if len(shown) > CROWDED else ALL_ARMS,
        format_func=said,
        key=f"compare-lines-{hash(tuple(names))}",
        required=True,
        help=said("The arms that differ in this alone; self-refinement stands for K = 1, as in the paper."),
    )
    return None if name in (None, ALL_ARMS) else tuple(arm.label for arm in there[str(name)])


def _lines(data: LinesData, name: str) -> None:
    show(data, compare_figure(data, theme()), key=f"compare-{name}", run="")


def over_problems(shown: Sequence[Arm]) -> None:
    """Problem by problem; a click opens the run."""
    st.header(said("Problem by problem"), anchor=False)
    data = problem_grid_data(shown)
    show(data, problem_grid_figure(data, theme()), key="compare-grid", run="", on_mark=_remember)
    if wanted := st.session_state.pop("compare-open", None):
        look_at(wanted)
        st.switch_page(find_page("population").file, query_params={"run": wanted})


def _remember(mark: list[Any]) -> None:
    st.session_state["compare-open"] = str(mark[0])


def kept(shown: Sequence[Arm], what: tuple[str, ...], work: Callable[[], T]) -> T:
    """The result of ``work`` on these arms, worked out once as long as their trials are the same."""
    key = (str(the_service().store.path), what, tuple(arm.label for arm in shown), hash(tuple(shown)))
    known: dict[object, Any] = _memory()
    if key not in known:
        if len(known) >= 200:
            known.clear()
        known[key] = work()
    found: T = known[key]
    return found


@st.cache_resource(show_spinner=False)
def _memory() -> dict[object, Any]:
    return {}
