"""The prediction under sliders: what was known, and what if N, K or T had been other. The model's answers, said so."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import show, the_service, theme
from pages.parts.guarded import guarded
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from rsa_viz.analysis.drift import Drift
from rsa_viz.analysis.forecast import Asked, own_numbers
from rsa_viz.core.run import Run
from rsa_viz.figures.prediction import drift_of, prediction_data, prediction_figure

LARGEST_N = 256
LARGEST_T = 60
ALL = 0  # in place of a generation: rates of the whole run


def forecasting(run: Run) -> None:
    """Draw the prediction with its sliders; a slider redraws it alone."""
    st.fragment(guarded(_forecasting))(run.id)


def _forecasting(run_id: str) -> None:
    run = the_service().store.run(run_id)
    chains = recorded_chains(run)
    own = own_numbers(chains)
    if own is None:
        return
    asked, seen = _sliders(run, own)
    data = prediction_data(
        chains, asked, seen=seen, drifts=_drifts(str(the_service().store.path), run.id, run.revision), run=run.id
    )
    if data.what_if:
        words = said("What if: the model's answer, no run was made")
        st.markdown(f":violet-badge[:material/query_stats: {words}]")
    show(data, prediction_figure(data, theme()), key=f"prediction-{run.id}")


def _sliders(run: Run, own: Asked) -> tuple[Asked, int | None]:
    """What is asked, and up to which generation the run is known."""
    known, *others = st.columns([3, 2, 2, 2], gap="medium")
    seen = ALL
    if own.t > 2:
        seen = known.select_slider(
            said("Known of the run"),
            [*range(2, own.t), ALL],
            ALL,
            format_func=lambda t: said("all of it" if t == ALL else f"up to generation {t}"),
            key=f"seen-{run.id}",
            help=said("All of it: do this run's own rates explain its curve? Less: would it have been foreseen?"),
        )
    with others[0]:
        n = st.select_slider(said("What if N"), _sizes(own.n), own.n, key=f"what-if-n-{run.id}")
    ks = list(range(1, min(n, max(8, own.k)) + 1))
    key = f"what-if-k-{run.id}"
    if st.session_state.get(key, own.k) not in ks:
        st.session_state[key] = ks[-1]
    with others[1]:
        k = st.select_slider(said("What if K"), ks, **_default(key, min(own.k, ks[-1]))) if len(ks) > 1 else ks[0]
    with others[2]:
        t = st.slider(said("What if T"), 1, max(LARGEST_T, own.t), own.t, key=f"what-if-t-{run.id}")
    return Asked(n, k, t), None if seen == ALL else seen


def _default(key: str, value: int) -> dict[str, object]:
    """A widget that has a state is not given a value too."""
    return {"key": key} if key in st.session_state else {"key": key, "value": value}


def _sizes(own: int) -> list[int]:
    """Powers of two up to a bound, and the run's own size."""
    return sorted({own, *(2**power for power in range(10) if 2**power <= max(LARGEST_N, own))})


@st.cache_resource(max_entries=12, show_spinner=False)
def _drifts(path: str, run_id: str, revision: int) -> Sequence[Drift]:
    del path, revision  # they tell the cached answers apart
    return drift_of(recorded_chains(the_service().store.run(run_id)))
