"""Population: how correctness and answers move from generation to generation."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from pages.parts.fork_curves import fork_curves
from pages.parts.fork_form import fork_section
from pages.parts.frame import generation_in_view, run_in_view, say, show, the_service, theme
from pages.parts.guarded import guarded
from pages.parts.left_out import left_out_picture
from pages.parts.live import LOOK_EVERY_S
from pages.parts.naming import chains_listed
from pages.parts.passed_on import passed_on
from pages.parts.recorded import recorded_chains
from pages.parts.replaying import replay_bar
from pages.parts.spoken import said
from pages.parts.watched import plays, replaying, watched
from pages.parts.whole_page import run_whole_page_if_wanted
from rsa_viz.analysis.generations import Generation, by_generation, generation_row
from rsa_viz.core.chain import Chain, ChainStatus, Slot
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.core.strategies import LEAVE_ONE_OUT
from rsa_viz.figures.answers import answers_data, answers_figure, distribution_data, distribution_figure
from rsa_viz.figures.correctness import correctness_data, correctness_figure
from rsa_viz.figures.diversity import diversity_data, diversity_figure
from rsa_viz.figures.lengths import lengths_data, lengths_figure

STEP_S = 1.0  # a generation stands so long while they play
PLAYING, PLAYED, STEPPED = "generations-playing", "generation-played", "generation-stepped-at"
PICKED = "answer-picked"
NAMED = 40  # chains that a list names; of more it gives the number


def population(run: Run) -> None:
    """Draw the page, kept up to date while the run can change, and stepping on while the generations play."""
    playing, replays = bool(st.session_state.get(PLAYING)), plays(run)
    if run.config.strategy == LEAVE_ONE_OUT.name:
        left_out_picture(run)
    rhythm = STEP_S if playing or replays else LOOK_EVERY_S.get(run.status)
    st.fragment(guarded(_population), run_every=rhythm)(run.id, run.status, playing, replays)
    if not replaying(run):
        fork_curves(run)
        fork_section(run, recorded_chains(run), t=generation_in_view(run.config.t))


def _population(run_id: str, status: RunStatus, playing: bool, replays: bool) -> None:
    run_whole_page_if_wanted()
    recorded = the_service().store.run(run_id)
    seen = watched(recorded)
    run, chains = seen.run, seen.chains
    if seen.recording is None:
        generations = _generations(str(the_service().store.path), run.id, run.revision)
    else:
        replay_bar(seen)
        generations = by_generation(chains)
    chosen = _generation_shown(generations)
    if not any(one.done or one.failed for one in generations):
        st.info(
            said("No chain has ended yet. The pictures fill as the run goes on."), icon=":material/hourglass_empty:"
        )

    st.subheader(said("Right chains by generation"), anchor=False)
    right = correctness_data(chains, chosen, generations=generations, run=run.id)
    show(right, correctness_figure(right, theme()), key=f"correctness-{run.id}", on_select=_take_generation)

    st.subheader(said("Answers over generations"), anchor=False)
    over = answers_data(chains, chosen, run=run.id)
    show(over, answers_figure(over, theme()), key=f"answers-{run.id}", on_select=_take_generation)

    st.subheader(said(f"Answers of generation {chosen}"), anchor=False)
    _stepper(len(generations), chosen)
    here = distribution_data(chains, chosen, run=run.id)
    show(here, distribution_figure(here, theme()), key=f"distribution-{run.id}", on_select=_pick)
    _chains_with_answer(run, chains, chosen)

    left, right_side = st.columns(2, gap="large")
    with left:
        st.subheader(said("Diversity of answers"), anchor=False)
        diversity = diversity_data(chains, chosen, generations=generations, run=run.id)
        show(diversity, diversity_figure(diversity, theme()), key=f"diversity-{run.id}", on_select=_take_generation)
    with right_side:
        st.subheader(said("From right parents to right children"), anchor=False)
        passed_on(run, chains)

    st.subheader(said("Lengths and mishaps"), anchor=False)
    lengths = lengths_data(chains, chosen, generations=generations, run=run.id)
    show(lengths, lengths_figure(lengths, theme()), key=f"lengths-{run.id}", on_select=_take_generation)
    with st.expander(said("The numbers by generation")):
        rows = [generation_row(one) for one in generations]
        st.dataframe(rows, hide_index=True, column_config={name: said(name) for name in rows[0]} if rows else None)
    if recorded.status is not status or playing != bool(st.session_state.get(PLAYING)) or replays != plays(recorded):
        st.rerun()  # the whole page, whose rhythm depends on both; last, so that the pictures keep their places


@st.cache_resource(max_entries=12, show_spinner=False)
def _generations(path: str, run_id: str, revision: int) -> Sequence[Generation]:
    del path, revision  # they tell the cached answers apart
    return by_generation(recorded_chains(the_service().store.run(run_id)))


def _generation_shown(generations: Sequence[Generation]) -> int:
    """The generation under the slider: the one playing, else the URL's, else the last in which a chain is done."""
    last = len(generations)
    if st.session_state.get(PLAYING):
        shown: int = st.session_state[PLAYED]
        if time.monotonic() - st.session_state[STEPPED] >= 0.8 * STEP_S:  # not when a click ran the page in between
            if shown >= last:
                _stop_playing()
            else:
                shown += 1
                st.session_state.update({PLAYED: shown, STEPPED: time.monotonic()})
        return shown
    done = [one.t for one in generations if one.done]
    return generation_in_view(last) or (done[-1] if done else 1)


def _stepper(last: int, chosen: int) -> None:
    """The play button and the slider through the generations."""
    if last == 1:
        return
    playing = bool(st.session_state.get(PLAYING))
    key = "generation-slider"
    st.session_state[key] = chosen
    button, slider = st.columns([1, 7], vertical_alignment="bottom")
    button.button(
        said("Pause" if playing else "Play"),
        icon=":material/pause:" if playing else ":material/play_arrow:",
        on_click=_stop_playing if playing else _start_playing,
        args=() if playing else (chosen, last),
        width="stretch",
        key="play-generations",
    )
    slider.slider(said("Generation"), 1, last, key=key, on_change=_slid, args=(key,))


def _start_playing(chosen: int, last: int) -> None:
    first = 1 if chosen >= last else chosen
    st.session_state.update({PLAYING: True, PLAYED: first, STEPPED: time.monotonic()})


def _stop_playing() -> None:
    st.session_state[PLAYING] = False
    st.query_params["t"] = str(st.session_state[PLAYED])


def _slid(key: str) -> None:
    st.session_state[PLAYING] = False
    st.query_params["t"] = str(st.session_state[key])


def _take_generation(slots: tuple[Slot, ...]) -> None:
    """Look at the generation whose mark was clicked."""
    st.session_state[PLAYING] = False
    st.query_params["t"] = str(slots[0].t)


def _pick(slots: tuple[Slot, ...]) -> None:
    """Ask for the chains that have the answer of the clicked bar."""
    st.session_state[PICKED] = (st.session_state["run"], slots[0])


def _chains_with_answer(run: Run, chains: Sequence[Chain], chosen: int) -> None:
    """List the generation's chains that have the answer whose bar was clicked."""
    of, picked = st.session_state.get(PICKED, ("", None))
    example = next((chain for chain in chains if of == run.id and chain.slot == picked), None)
    if example is None:
        st.caption(said("Click a bar to list its chains."))
        return
    same = [
        chain.slot
        for chain in chains
        if chain.slot.t == chosen and chain.status is ChainStatus.DONE and chain.answer_key == example.answer_key
    ]
    named = chains_listed(same, NAMED)
    say(
        said(f"With this answer in generation {chosen}: {named}." if same else "No chain here has this answer."), run.id
    )


run = run_in_view()
if run is not None:
    population(run)
