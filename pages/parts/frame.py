"""What every page stands in: the service, the run in view, the theme, links, and how a picture is shown.

The URL is the view: ``run``, ``t`` (generation) and ``chain`` (``3.12``) are query parameters, so that a pasted link
opens the same view. Knows no picture and no measure.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from pages.parts.example import offer_example
from pages.parts.forked_from import origin_html
from pages.parts.listening import tell_operator
from pages.parts.plot import plot
from pages.parts.registry import find_page
from pages.parts.spoken import chosen_language, mention, said, told
from pages.parts.watching import AUDIENCE, ROAM, watches
from pages.parts.words import escaped, facts_line, run_label, sendable
from rsa_viz.analysis.telling import SIMULATION, mentions
from rsa_viz.core.access import app_access
from rsa_viz.core.chain import Slot
from rsa_viz.core.errors import InvalidInput, NotFound, StoreError
from rsa_viz.core.place import database_place
from rsa_viz.core.ruling import rulings_in_words
from rsa_viz.core.run import Run
from rsa_viz.figures.style import Figure, Theme
from rsa_viz.service import Service
from rsa_viz.store import Store

NOTICE = f":orange-badge[:material/science: Simulation] {SIMULATION}"
RULED_OF_MANY = "ruled-of-many"  # what persons ruled on the runs that the page shows together, in English
_SIMULATED = "shows-simulated"
_SAVED_SIMULATION = "Simulation: made by the synthetic reasoner, which is no language model."
CHOICES = 50  # runs offered by the chooser; older ones are found on the Runs page

_CONFIG = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": [
        "toImage",
        "lasso2d",
        "select2d",
        "sendChartToCloud",
    ],  # pictures go nowhere by themselves
}


class Captioned(Protocol):
    """What a figure is drawn from: any figure data with a caption."""

    @property
    def caption(self) -> str:
        """Plain sentences, written from the data."""
        ...


@st.cache_resource(show_spinner=False)
def _service(path: str, watching: bool) -> Service:
    access = app_access()
    if watching:
        _service(path, False)  # makes the database where there is none yet
        access = access.watching
    else:
        tell_operator(access)
    return Service(Store(path, read_only=access.read_only), access=access)


def the_service() -> Service:
    """The one service of this server process, on the database that ``RSA_VIZ_DB`` names; for those who only watch, one
    that refuses every change.

    A database that cannot be opened, or an endpoints file that cannot be read, ends the page with one clear line.
    """
    try:
        return _service(database_place(), watches())
    except (InvalidInput, StoreError) as error:
        st.error(escaped(str(error)), icon=":material/database_off:")
        st.stop()


def may_change() -> bool:
    """False where the app only shows: then no control that changes anything is drawn."""
    return not the_service().access.read_only


def theme() -> Theme:
    """The theme of the viewer's browser; light until the browser has said. Asked before each picture is made."""
    # plotly looks into pandas if it finds it, also when another viewer's thread has only half imported it; this waits.
    import pandas  # noqa: F401

    return Theme.DARK if st.context.theme.type == "dark" else Theme.LIGHT


def through_the_entry() -> None:
    """Start again by way of app.py when Streamlit took a page's file for the app.

    It does so for the first visitor of a server who comes by a page's own link, because it takes a folder called pages
    for the whole app until app.py has run once.
    """
    st.session_state[RULED_OF_MANY] = ""
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def run_in_view(*, newest: bool = True) -> Run | None:
    """The run that the URL names, else the one looked at last, else (``newest``) the newest.

    Draws the run chooser with the run's facts and, for a simulated model, the simulation notice. None when there is
    no run to show; with ``newest`` the page then says so and how to start one.
    """
    through_the_entry()
    service = the_service()
    runs = service.store.runs(limit=CHOICES)
    wanted = st.query_params.get("run") or st.session_state.get("run")
    run: Run | None = None
    if wanted:
        try:
            run = service.store.run(wanted)
        except NotFound:
            st.session_state.pop("run", None)
            if st.query_params.get("run"):
                st.error(
                    said(f"There is no run {escaped(wanted)} in this database. Choose another one."),
                    icon=":material/search_off:",
                )
                del st.query_params["run"]
    if run is None and newest and runs:
        run = runs[0]
    _choose(runs, run)
    if run is None:
        if newest:
            nothing_yet()
        return None
    look_at(run.id)
    simulation_notice([run])
    if run.origin is not None:
        notice = origin_html(run, run.origin, is_recorded(run.origin.run_id), link, linked)
        st.markdown(notice, unsafe_allow_html=True)  # every word of it is escaped
    return run


def is_recorded(run_id: str) -> bool:
    """Whether a run is in this database; a fork's original need not be."""
    try:
        the_service().store.revision(run_id)
    except NotFound:
        return False
    return True


def simulation_notice(runs: Iterable[Run]) -> None:
    """Say that what is shown is simulated, if any of these runs is."""
    if note_simulated(runs):
        st.markdown(said(NOTICE))


def note_simulated(runs: Iterable[Run]) -> bool:
    """Whether any of these runs is simulated; pictures saved from here on say so under them."""
    st.session_state[_SIMULATED] = any(run.config.simulated for run in runs)
    return bool(st.session_state[_SIMULATED])


def look_at(run_id: str) -> None:
    """Make this the run in view, in the URL and for the pages visited next."""
    st.session_state["run"] = run_id
    if st.query_params.get("run") != run_id:
        st.query_params["run"] = run_id


def _choose(runs: list[Run], current: Run | None) -> None:
    if not runs and current is None:
        return
    offered = {run.id: run for run in runs}
    if current is not None:
        offered.setdefault(current.id, current)
    names = list(offered)
    chooser, facts = st.columns([2, 3], gap="medium", vertical_alignment="center")
    chosen = chooser.selectbox(
        said("Run in view"),
        names,
        index=names.index(current.id) if current is not None else None,
        format_func=lambda run_id: run_label(offered[run_id]),
        placeholder=said("Look at an earlier run"),
        key=f"run-in-view-{current.id if current is not None else 'none'}",
        label_visibility="collapsed",
    )
    if current is not None:
        facts.markdown(facts_line(current))
    if chosen is not None and (current is None or chosen != current.id):
        for parameter in ("t", "chain", "step"):
            st.query_params.pop(parameter, None)
        look_at(chosen)
        st.rerun()


def nothing_yet() -> None:
    """The empty state: no run in this database yet, and where to start one."""
    st.header(said("No run yet"))
    st.markdown(said("Nothing has been recorded in this database so far. Start a run and this page fills with it."))
    st.page_link(find_page("run").file, label=said("Start a run"), icon=":material/play_circle:")
    offer_example(the_service())


def link(page: str, run: str, **view: object) -> str:
    """The URL of a page: ``link("population", run, t=3)`` is ``/population?run=…&t=3``."""
    watching = {AUDIENCE: ROAM} if watches() else {}  # such a link loads the app anew, as another session
    given = {"run": run, **{name: str(value) for name, value in view.items()}, **watching, **chosen_language()}
    return f"{find_page(page).url}?{urlencode(given)}"


def go_to(page: str, run: str, **view: object) -> None:
    """Open a page on this run without reloading the app; call it in the body of a script, not in a callback."""
    look_at(run)
    st.switch_page(find_page(page).file, query_params={"run": run, **{name: str(one) for name, one in view.items()}})


def open_new_run() -> None:
    """Open the form for a new run; call it in the body of a script, not in a callback."""
    st.session_state.pop("run", None)
    st.switch_page(find_page("run").file)


def page_link(page: str, run: str, label: str, **view: object) -> None:
    """A link to another page on this run, as a button."""
    kind = find_page(page)
    parameters = {"run": run, **{name: str(value) for name, value in view.items()}}
    st.page_link(kind.file, label=label, icon=kind.icon, query_params=parameters)


def linked(caption: str, run: str, elsewhere: Mapping[str, str] | None = None) -> str:
    """A caption as markdown for ``say``: "chain 3.12" and "generation 3" become links, all else is escaped.

    The links are HTML anchors, because markdown links open a new tab. A chain (as "3.12") that is in ``elsewhere``
    leads to the address there instead of its own page.
    """
    parts: list[str] = []
    for words, chain, generation in mentions(caption, mention()):
        if chain or generation:
            target = link("chain", run, chain=chain) if chain else link("population", run, t=generation)
            target = (elsewhere or {}).get(chain or "", target)
            parts.append(f'<a href="{html.escape(target)}" target="_self">{escaped(words)}</a>')
        else:
            parts.append(escaped(words))
    return "".join(parts)


def say(caption: str, run: str) -> None:
    """Draw a caption with its links, in the language of the viewer."""
    if caption:
        st.markdown(linked(told(caption), run), unsafe_allow_html=True)  # every word of it was escaped by linked()


def _ruled_words(run: str) -> str:
    """How many verdicts of the run are a person's, or of the runs that the page shows together (run ""); empty when all
    are the judge's."""
    return told(_rulings(run) if run else st.session_state.get(RULED_OF_MANY, ""))


def _ruled(run: str, words: str) -> str:
    """The words with the way to the rulings of the run, as HTML."""
    if not words or not run:
        return f" {escaped(words)}{said('.')}" if words else ""
    anchor = f'<a href="{html.escape(link("audit", run))}" target="_self">{said("Audit")}</a>'
    return f" {escaped(words)}{said(' (')}{anchor}{said(').')}"


def _rulings(run: str) -> str:
    store = the_service().store
    if not watches():
        return rulings_in_words(store.rulings(run))
    return _rulings_of_a_second(str(store.path), run, int(time.time()))


@st.cache_resource(max_entries=64, show_spinner=False)
def _rulings_of_a_second(path: str, run: str, second: int) -> str:
    """Read once a second for all who watch, who may be many and change nothing themselves."""
    del path, second  # they tell the cached answers apart
    return rulings_in_words(the_service().store.rulings(run))


def show(
    data: Captioned,
    figure: Figure,
    *,
    key: str,
    run: str | None = None,
    on_select: Callable[[tuple[Slot, ...]], None] | None = None,
    on_mark: Callable[[list[Any]], None] | None = None,
    stage: str = "",
) -> None:
    """Draw a figure with its caption under it, which also says what persons ruled on the run, or on the runs.

    ``key`` must be the same from one refresh to the next: with it the viewer's zoom stays. With ``on_select`` a click
    on a mark calls it with the mark's chain, before the page runs again. ``run`` is the run that the caption's links
    lead to (default: the run in view); "" for a picture of many runs, whose caption says what ``ruled.rulings_notice``
    found on the page. A picture whose marks are no chains has ``on_mark`` instead: it gets the mark's own data.
    ``stage`` is the picture's height on a stage, in CSS.
    """
    run_id = st.session_state.get("run", "") if run is None else run
    caption, ruled = told(data.caption), _ruled_words(run_id)
    saved = f"{sendable(caption)} {said(_SAVED_SIMULATION) if st.session_state.get(_SIMULATED) else ''}".strip()

    def clicked(mark: list[Any]) -> None:
        if on_select is not None:
            on_select((Slot.parse(str(mark[1])),))

    plot(
        figure,
        key=key,
        alt=caption[:300] or said("Empty picture"),
        config=_CONFIG,
        on_click=clicked if on_select else on_mark,
        stage=stage,
        caption=f"{saved} {sendable(ruled)}{said('.')}" if ruled else saved,
    )
    if words := linked(caption, run_id) + _ruled(run_id, ruled):
        st.markdown(words, unsafe_allow_html=True)  # every word of it is escaped


def open_chain(slot: Slot, step: int | None = None) -> None:
    """Put a chain into the URL of this page, and one of its steps, from 1 (for a callback; ``go_to("chain", …)`` leaves
    the page)."""
    st.query_params["chain"] = str(slot)
    st.query_params["t"] = str(slot.t)
    if step is None:
        st.query_params.pop("step", None)
    else:
        st.query_params["step"] = str(step)


def chain_in_view() -> Slot | None:
    """The chain that the URL names, or None; a malformed one is taken out of the URL."""
    written = st.query_params.get("chain")
    if not written:
        return None
    try:
        return Slot.parse(written)
    except InvalidInput:
        del st.query_params["chain"]
        return None


def generation_in_view(last: int) -> int | None:
    """The generation that the URL names, in 1..``last``; None when it names none."""
    written = st.query_params.get("t", "")
    return generation_within(int(written) if written.isdecimal() and len(written) < 10 else None, last)


def generation_within(t: int | None, last: int) -> int | None:
    """A generation in 1..``last``; None stays None."""
    return None if t is None else min(max(t, 1), last)
