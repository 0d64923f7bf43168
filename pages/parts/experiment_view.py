"""One experiment: its state, its buttons, its numbers, its grid, its file. Reads the store, so all browsers agree."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts.controls import WORDS
from pages.parts.experiment_list import PARAMETER, look_at_experiment
from pages.parts.frame import NOTICE, go_to, may_change, show, the_service, theme
from pages.parts.guarded import guarded
from pages.parts.registry import find_page
from pages.parts.ruled import rulings_notice
from pages.parts.spoken import said
from pages.parts.words import ago, duration, escaped, large
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput, NotFound, StoreError
from rsa_viz.core.experiment import Experiment
from rsa_viz.core.run import RunStatus
from rsa_viz.core.toml import to_toml
from rsa_viz.figures.experiment_grid import GridRun, experiment_grid_data, experiment_grid_figure
from rsa_viz.service import Service
from rsa_viz.service.experiment_planning import Place
from rsa_viz.service.experiment_progress import ExperimentProgress

LOOK_EVERY_S, IDLE_EVERY_S = 2.0, 10.0  # while somebody drives it, and while another process might begin to
TOLD = 3  # different errors that are shown
REFUSED = "experiment-refused"


def experiment_in_view(service: Service) -> bool:
    """Draw the experiment that the URL names; False when it names none."""
    if refused := st.session_state.pop(REFUSED, None):
        st.error(escaped(refused), icon=":material/error:")
    wanted = st.query_params.get(PARAMETER)
    if not wanted:
        return False
    try:
        found = service.experiments.store.find(wanted)
    except NotFound:
        st.error(said(f"There is no experiment {escaped(wanted)} in this database."), icon=":material/search_off:")
        look_at_experiment(None)
        return False
    seen = service.experiments.progress(found.id)
    done = seen.runs_done == len(seen.members)
    rhythm = LOOK_EVERY_S if seen.live else None if done else IDLE_EVERY_S
    st.fragment(guarded(_view), run_every=rhythm)(found.id, seen.live)
    _file(service, found)
    return True


def _view(experiment_id: str, live: bool) -> None:
    service = the_service()
    try:
        found = service.experiments.store.find(experiment_id)
    except NotFound:
        st.rerun()
    seen = service.experiments.progress(experiment_id)
    with st.container():
        _head(service, found, seen)
    with st.container():
        _numbers(seen)
    with st.container():
        for error in seen.errors[:TOLD]:
            st.error(escaped(error), icon=":material/error:")
    rulings_notice(found.run_ids)
    data = experiment_grid_data(_grid(service, found, seen), revision=found.id)
    show(data, experiment_grid_figure(data, theme()), key=f"grid-{found.id}", run="", on_mark=_clicked)
    if opened := st.session_state.pop("experiment-run", None):
        go_to("run", opened)
    if seen.live is not live:
        st.rerun()  # the whole page: how often it looks depends on this


def _clicked(mark: list[Any]) -> None:
    st.session_state["experiment-run"] = str(mark[0])


def _head(service: Service, found: Experiment, seen: ExperimentProgress) -> None:
    left = [one for one in seen.members if one.status is not RunStatus.DONE]
    badge, words = WORDS[_state(seen)]
    if seen.live:
        words = "It goes on when this tab is closed." if seen.at_work else "Another process drives it."
    with st.container(horizontal=True, vertical_alignment="center", key="experiment-head"):
        note = f"  \n:small[{escaped(found.note)}]" if found.note else ""
        made = said(f"Made {ago(found.created_at)}.")
        st.markdown(f"## {escaped(found.name)}\n{said(badge)} {said(words)} :small[{made}]{note}", width="stretch")
        if may_change():
            if seen.live:
                asked = any(one.wanted for one in seen.members)
                _button("Pause", "pause", service.experiments.pause, found.id, disabled=asked)
                _button("Stop", "stop", service.experiments.stop, found.id)
            elif left:
                fresh = all(one.status is RunStatus.PLANNED for one in left) and len(left) == len(seen.members)
                _button("Start" if fresh else "Resume", "play_arrow", _start, found.id, primary=True)
        if seen.runs_done:
            st.page_link(
                find_page("compare").file,
                label=said("Compare"),
                icon=find_page("compare").icon,
                query_params={"from": "experiment", PARAMETER: found.id},
            )
        st.button(
            said("Close"), key="experiment-close", icon=":material/close:", on_click=look_at_experiment, args=(None,)
        )
    if any(choice.simulated for one in seen.members for choice in one.models):
        st.markdown(said(NOTICE))


def _state(seen: ExperimentProgress) -> RunStatus:
    """The experiment's state in a run's words: what stands out most among its runs."""
    statuses = {one.status for one in seen.members}
    if seen.live:
        return RunStatus.RUNNING
    order = (
        RunStatus.FAILED, RunStatus.INTERRUPTED, RunStatus.STOPPED, RunStatus.PAUSED, RunStatus.PLANNED, RunStatus.DONE
    )  # fmt: skip
    return next((one for one in order if one in statuses), RunStatus.PLANNED)


def _button(label: str, icon: str, action: Any, experiment_id: str, *, primary: bool = False, **more: Any) -> None:
    st.button(
        said(label),
        key=f"experiment-{label.lower()}",
        icon=f":material/{icon}:",
        type="primary" if primary else "secondary",
        on_click=_do,
        args=(action, experiment_id),
        **more,
    )


def _do(action: Any, experiment_id: str) -> None:
    try:
        action(experiment_id)
    except (InvalidInput, NotFound, StoreError) as error:
        st.session_state[REFUSED] = str(error)


def _start(experiment_id: str) -> None:
    the_service().experiments.start(experiment_id)


def _numbers(seen: ExperimentProgress) -> None:
    ended = seen.done + seen.failed
    words = said(f"{ended:,} of {counted(seen.calls, 'call')}")
    if seen.live and seen.calls_per_minute:
        words = said(f"{words}, {large(seen.calls_per_minute)} a minute")
    st.progress(ended / max(seen.calls, 1), text=words)
    cells = [
        ("Runs done", said(f"{seen.runs_done:,} of {len(seen.members):,}")),
        ("Failed calls", f"{seen.failed:,}"),
        ("Tokens in", large(seen.tokens_in)),
        ("Tokens out", large(seen.tokens_out)),
        ("Cost", _cost(seen)),
    ]
    if seen.live:
        cells.append(("Time left", "–" if seen.seconds_left is None else duration(seen.seconds_left)))
    for column, (name, value) in zip(st.columns(6), cells, strict=False):  # always six, so that nothing moves
        column.metric(said(name), value)
    if seen.uncounted:
        calls = counted(seen.uncounted, "call")
        st.caption(said(f"Of {calls} no server told the tokens: tokens and cost are at least these."))


def _cost(seen: ExperimentProgress) -> str:
    if not seen.cost:
        return said("no price") if seen.unpriced or not seen.members else "0"
    words = " + ".join(f"{amount:,.2f} {escaped(currency)}" for currency, amount in seen.cost.items())
    return f"{words} + ?" if seen.unpriced else words


def _grid(service: Service, found: Experiment, seen: ExperimentProgress) -> list[GridRun]:
    members = {one.run_id: one for one in seen.members}
    places = _places(str(service.store.path), found.id, found.run_ids)
    return [
        GridRun(
            run_id=place.run_id,
            setting=place.point,
            problem=place.problem,
            label=place.label,
            seed=place.seed,
            status=member.status,
            ended=member.done + member.failed,
            calls=member.calls,
            right=seen.right.get(place.run_id),
        )
        for place in places
        if (member := members.get(place.run_id)) is not None
    ]


@st.cache_resource(max_entries=8, show_spinner=False)
def _places(path: str, experiment_id: str, run_ids: tuple[str, ...]) -> tuple[Place, ...]:
    del path, run_ids  # they tell the cached answers apart
    experiments = the_service().experiments
    return experiments.places(experiments.store.find(experiment_id))


def _file(service: Service, found: Experiment) -> None:
    """The experiment's file, and how to be rid of the experiment."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            said("Download its TOML"),
            data=lambda: to_toml(service.experiments.store.find(found.id).spec).encode("utf-8", "replace"),
            file_name=f"{''.join(sign if sign.isalnum() else '-' for sign in found.name)}.toml",
            mime="application/toml",
            key="experiment-toml",
            icon=":material/download:",
            on_click="ignore",
            help=said("Exactly what was run: problems of files and data sets are written out."),
        )
        if may_change():
            with st.popover(said("Delete"), icon=":material/delete:"):
                st.markdown(said("The experiment is forgotten. Its runs stay, unless you delete them too."))
                runs = st.checkbox(
                    said("Delete also its runs that are in no other experiment"), key="experiment-delete-runs"
                )
                st.button(
                    said("Delete it"),
                    key="experiment-delete",
                    type="primary",
                    icon=":material/delete_forever:",
                    on_click=_delete,
                    args=(service, found.id, runs),
                )


def _delete(service: Service, experiment_id: str, runs: bool) -> None:
    try:
        service.experiments.delete(experiment_id, runs=runs)
    except (InvalidInput, NotFound, StoreError) as error:
        st.session_state[REFUSED] = str(error)
    else:
        look_at_experiment(None)
