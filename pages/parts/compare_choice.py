"""Which runs are compared: those of batches or an experiment, or those that a search finds. SOURCES lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.parts.frame import nothing_yet, the_service
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.analysis.telling import counted
from rsa_viz.core.run import Run
from rsa_viz.service import MOST_COMPARED, arm_names, batch_names, runs_of_batches, runs_of_experiment

NEWEST = 300  # runs that an empty search takes


def chosen_to_compare() -> Sequence[Run]:
    """Let the viewer choose; the URL carries the choice. Says what to do when nothing is there to compare."""
    store = the_service().store
    if store.count_runs() == 0:
        nothing_yet()
        return ()
    names = list(SOURCES)
    written = st.query_params.get("from", "")
    if "compare-from" not in st.session_state:
        st.session_state["compare-from"] = written if written in names else names[0]
    source = st.segmented_control(said("Runs from"), names, format_func=said, key="compare-from", required=True)
    st.query_params["from"] = source or names[0]
    runs = SOURCES[source or names[0]]()
    if not runs:
        st.info(said("No run is chosen yet."), icon=":material/balance:")
    return runs


def names_of_arms(runs: Sequence[Run]) -> dict[str, str]:
    """By run, what its arm is called in the chosen experiment; empty where no experiment is chosen."""
    chosen = st.session_state.get("compare-experiment")
    if st.session_state.get("compare-from") != "experiment" or chosen is None:
        return {}
    return arm_names(the_service(), chosen, runs)


def name_of_choice() -> tuple[str, str]:
    """What the chosen runs are called together, and the user's note on them: an experiment's own, where it is one."""
    chosen = st.session_state.get("compare-experiment")
    if st.session_state.get("compare-from") == "experiment" and chosen is not None:
        found = the_service().experiments.store.find(chosen)
        return found.name, found.note
    return "Runs compared", ""


def _from_search() -> Sequence[Run]:
    store = the_service().store
    if "compare-search" not in st.session_state:
        st.session_state["compare-search"] = st.query_params.get("search", "")
    search = st.text_input(
        said("Search"),
        key="compare-search",
        placeholder=said("question, model, strategy, note or id; the newest runs when empty"),
        icon=":material/search:",
    )
    if search:
        st.query_params["search"] = search
    else:
        st.query_params.pop("search", None)
    most = MOST_COMPARED if search else NEWEST
    found, there = store.runs(search=search, limit=most), store.count_runs(search)
    if not found:
        st.warning(said(f"No run holds every word of {escaped(search)}."), icon=":material/search_off:")
    elif there > len(found):
        st.caption(said(f"The newest {len(found):,} of {counted(there, 'run')}."))
    return found


def _from_batches() -> Sequence[Run]:
    store = the_service().store
    labels = batch_names(store)
    if not labels:
        st.info(
            said(
                "There is no batch in this database. The Problems page starts one: several problems under one "
                "configuration. Start another with other settings and the same problems, and compare the two here."
            ),
            icon=":material/quiz:",
        )
        return ()
    if "compare-batches" not in st.session_state:
        wanted = [name for name in st.query_params.get("batch", "").split(",") if name in labels]
        st.session_state["compare-batches"] = wanted or list(labels)[:2]
    chosen = st.multiselect(
        said("Batches"), list(labels), key="compare-batches", format_func=lambda name: said(labels.get(name, name))
    )
    st.query_params["batch"] = ",".join(chosen)
    return runs_of_batches(store, chosen)


def _from_experiment() -> Sequence[Run]:
    service = the_service()
    names = {
        found.id: f"{found.name} ({said(counted(tally.runs, 'run'))})"
        for found, tally in service.experiments.store.all()
    }
    if not names:
        st.info(said("There is no experiment in this database."), icon=":material/science:")
        return ()
    written = st.query_params.get("experiment", "")
    if st.session_state.get("compare-experiment") not in names:
        st.session_state["compare-experiment"] = written if written in names else next(iter(names))
    chosen = st.selectbox(
        said("Experiment"), list(names), key="compare-experiment", format_func=lambda one: names.get(one, one)
    )
    if chosen is None:
        return ()
    st.query_params["experiment"] = chosen
    return runs_of_experiment(service, chosen)


SOURCES: Mapping[str, Callable[[], Sequence[Run]]] = {
    "search": _from_search,
    "batches": _from_batches,
    "experiment": _from_experiment,
}
