"""Present mode: one picture as large as the screen, moved with keys, for a hall or a class.

``present=1`` in any page's address shows the run in view so; what it shows is the view that the address names, with
``scene`` for the picture. No form and no navigation stands on it but the one question that an audience may ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from pages.parts.after_generation import ask_to_stop_after, this_generation
from pages.parts.audience_link import LEADING, audience_panel, stop_telling, tell_view
from pages.parts.frame import chain_in_view, generation_in_view, look_at, may_change, the_service, through_the_entry
from pages.parts.guarded import guarded
from pages.parts.live import LOOK_EVERY_S
from pages.parts.presenting import SCENE, STYLE, leave
from pages.parts.pressed import listen
from pages.parts.replaying import TICK_S, play_from, step, toggle
from pages.parts.spoken import said
from pages.parts.stage_genealogy import next_that_matters
from pages.parts.stage_head import head_of_stage
from pages.parts.stage_question import QUESTION, ask_audience, asking, start_asking, stop_asking
from pages.parts.stage_scenes import SCENES, Shown
from pages.parts.standby import continue_recorded, in_trouble, stand_in
from pages.parts.watched import (
    MOMENT,
    Watched,
    can_replay,
    leave_recording,
    playhead,
    plays,
    recording_of,
    replaying,
    watched,
)
from pages.parts.whole_page import run_whole_page_if_wanted
from rsa_viz.analysis.replay import at_generation, ended_in
from rsa_viz.core.chain import Slot
from rsa_viz.core.errors import NotFound
from rsa_viz.core.run import Run, RunStatus

DESCENT = "genealogy"  # the picture that shows the descent of a chain
FIRST = {
    "population": "right",
    "genealogy": DESCENT,
}  # the picture with which a page's view is shown first; else the board
ON, BACK = ("ArrowRight", "PageDown"), ("ArrowLeft", "PageUp")  # a clicker sends the pages
KEYS: Mapping[str, str] = {
    "← →": "generation back, on (a clicker does the same)",
    "↑ ↓": "picture before, after",
    "space": "replay, pause",
    "e": "the whole run as it stands",
    "d": "light up the descent of the next chain that matters: the first right one, the last one before it was lost, "
    "the answer; a click does so with any chain",
    "r": "continue from a recording, when the server fails",
    "s": "stop after this generation",
    "a": "ask the audience for a question",
    "l": "the audience's link; from then on those who follow it see what is shown here",
    "f": "fill the screen",
    "?": "these keys",
    "Esc": "leave",
}
_NAMES = (*ON, *BACK, "ArrowUp", "ArrowDown", " ", "e", "d", "r", "s", "a", "l", "f", "?", "Escape")
_HELP, _LINK = "stage-help", "stage-link"


def stage(page: str) -> None:
    """Draw the stage in place of a page."""
    through_the_entry()
    st.html(STYLE)
    run = _run()
    if run is None:
        listen(("Escape", "f"), _on_key_without_run, key="stage-keys-without-run", field=QUESTION)
        st.title(said("No run yet"))
        st.markdown(said("Ask a question here, or leave with Esc and start a run."))
        ask_audience(None)
        return
    rhythm = TICK_S if plays(run) else LOOK_EVERY_S.get(run.status)
    st.fragment(guarded(_stage), run_every=rhythm)(run.id, run.status, plays(run), page)


def _run() -> Run | None:
    store = the_service().store
    wanted = st.query_params.get("run") or st.session_state.get("run")
    try:
        found = store.run(wanted) if wanted else next(iter(store.runs(limit=1)), None)
    except NotFound:
        found = next(iter(store.runs(limit=1)), None)
    if found is not None:
        look_at(found.id)
    return found


def _stage(run_id: str, status: RunStatus, playing: bool, page: str) -> None:
    run_whole_page_if_wanted()
    recorded = the_service().store.run(run_id)
    if recorded.status is not status:
        st.rerun()  # the whole page, whose rhythm depends on it
    seen, t = _seen(recorded)
    name = scene_in_view(page)
    head, chain = playhead(recorded) if replaying(recorded) else None, chain_in_view()
    tell_view(run_id, name, generation_in_view(recorded.config.t), head, chain)
    listen(
        ("Escape",) if asking() else _NAMES,  # a question is typed, not a command
        lambda pressed: _on_key(pressed, recorded, seen, name),
        key=f"stage-keys-{run_id}",
        opening="a" if may_change() else "",
        field=QUESTION if asking() else "",
    )
    with st.container(key="stage-head"):
        head_of_stage(recorded, seen, t, name, presenter=True)
    with st.container():
        if st.session_state.get(_LINK):
            audience_panel()
        elif st.session_state.get(_HELP):
            st.table({said("key"): [said(one) for one in KEYS], said("does"): [said(what) for what in KEYS.values()]})
        elif asking():
            ask_audience(recorded)
        else:
            SCENES[name].draw(Shown(seen, t, chain, _choose))
    with st.container(key="stage-keys"):
        st.markdown(
            said("Ctrl+Enter starts it · Esc closes")
            if asking()
            else said("← → generation · ↑ ↓ picture · space replay · ? all keys")
        )
    if playing != plays(recorded):
        st.rerun()


def _seen(run: Run) -> tuple[Watched, int]:
    """The run as it is to be shown, and the generation that is looked at."""
    seen = watched(run)
    t = generation_in_view(run.config.t)
    if seen.recording is None and t is not None:
        sight = at_generation(recording_of(run), t)
        return replace(seen, chains=sight.chains, in_flight=(), asides=sight.asides), t
    return seen, max(1, ended_in(seen.chains))


def scene_in_view(page: str) -> str:
    """The picture that the address names, else the one that is nearest to the page."""
    name = st.query_params.get(SCENE, "")
    return name if name in SCENES else FIRST.get(page, "board")


def _on_key_without_run(pressed: str) -> None:
    if pressed == "Escape":
        leave()


def _on_key(pressed: str, run: Run, seen: Watched, name: str) -> None:
    if pressed == "l":
        st.session_state.update({_LINK: not st.session_state.get(_LINK), LEADING: may_change()})
        return
    st.session_state[_LINK] = False
    if pressed == "?":
        st.session_state[_HELP] = not st.session_state.get(_HELP)
        return
    st.session_state[_HELP] = False
    match pressed:
        case "Escape" if asking():
            stop_asking()
        case "Escape":
            stop_telling()
            leave()
        case "ArrowUp" | "ArrowDown":
            names = list(SCENES)
            st.query_params[SCENE] = names[(names.index(name) + (1 if pressed == "ArrowDown" else -1)) % len(names)]
        case _ if pressed in ON or pressed in BACK:
            _turn(run, 1 if pressed in ON else -1)
        case " " if replaying(run):
            toggle(run)
        case " " if can_replay(run):
            st.query_params.pop("t", None)
            play_from(run, 0.0)
        case "e":
            st.query_params.pop("t", None)
            leave_recording()
        case "d":
            st.query_params[SCENE] = DESCENT
            _choose(next_that_matters(seen, chain_in_view()))
        case "r" if stand_in(run) is not None and in_trouble(run, seen.in_flight):
            st.query_params.pop("t", None)
            continue_recorded(run)
        case "s" if may_change() and (t := this_generation(run, seen.in_flight)) is not None:
            ask_to_stop_after(run.id, t)
        case "a" if may_change():
            start_asking()


def _choose(slot: Slot | None) -> None:
    """Put a chain into the address, or none; the generation stays."""
    if slot is None or st.query_params.get("chain") == str(slot):
        st.query_params.pop("chain", None)
    else:
        st.query_params["chain"] = str(slot)


def _turn(run: Run, by: int) -> None:
    """One generation on or back: of a recording by its clock, of a run as it stands by what it shows."""
    if MOMENT in st.query_params and replaying(run):
        step(run, by)
        return
    last = max(1, ended_in(watched(run).chains))
    t = generation_in_view(run.config.t)
    if t is None and by > 0 and run.status is RunStatus.RUNNING:
        return  # it is at the front already
    turned = min(max(1, (last if t is None else t) + by), last)
    if turned == last and by > 0 and run.status is RunStatus.RUNNING:
        st.query_params.pop("t", None)  # back at the front, which goes on
    else:
        st.query_params["t"] = str(turned)
