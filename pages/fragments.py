"""Fragments: every chain step by step, which results spread through the population, and by which way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.fragment_path import OPENED, fragment_carriers, fragment_curve, fragment_path, open_mark
from pages.parts.fragment_table import choose_fragment, chosen_fragment, fragment_table
from pages.parts.frame import generation_in_view, go_to, run_in_view, show, the_service, theme
from pages.parts.guarded import guarded
from pages.parts.judge_steps import judge_panel, verdict_agreement
from pages.parts.live import LOOK_EVERY_S
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.stated import Stated, spread_in_view, stated_by, texts_of
from pages.parts.verdicts_by import choose_verdicts, steps_in_view, url_verdicts
from pages.parts.words import escaped
from rsa_viz.analysis.fragments import Fragment, Spread
from rsa_viz.analysis.verdicts_by import VerdictsBy
from rsa_viz.core.chain import Chain
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.figures.fragments import fragments_data, fragments_figure
from rsa_viz.figures.population_beads import TOLD, population_beads_data, population_beads_figure
from rsa_viz.figures.spread import kinds_data, kinds_figure
from rsa_viz.figures.words import one_line

SLOWEST_S = 5.0  # what is read here is no live board: it is looked at anew this often while a run goes on
GENERATION = "beads-generation"
ALL = 0  # in place of a generation


def fragments(run: Run) -> None:
    """Draw the page, kept up to date while the run can change."""
    if (opened := st.session_state.pop(OPENED, None)) is not None:
        slot, step = opened
        go_to("chain", run.id, chain=slot, t=slot.t, **({} if step is None else {"step": step}), **url_verdicts())
    st.fragment(guarded(_fragments), run_every=None if LOOK_EVERY_S.get(run.status) is None else SLOWEST_S)(
        run.id, run.status
    )


def _fragments(run_id: str, status: RunStatus) -> None:
    if OPENED in st.session_state:
        st.rerun()  # a clicked chain is opened by the whole page
    run = the_service().store.run(run_id)
    chains, known = recorded_chains(run), stated_by(run)
    st.subheader(said("Every chain, step by step"), anchor=False)
    t, by = _choices(run, chains[-1].slot.t)
    found = spread_in_view(run, by)
    chosen = chosen_fragment(found)
    _beads(run, chains, known, chosen, t, by)
    if chosen is None:
        st.info(
            said("No chain states a fragment so far: an equation, or a value that the task can read."),
            icon=":material/hub:",
        )
    else:
        st.subheader(said("Fragments over generations"), anchor=False)
        over = fragments_data(chains, found, chosen.key, by=by, run=run.id)
        show(over, fragments_figure(over, theme()), key=f"fragments-{run.id}", on_mark=_take)
        _chosen(run, chains, known, found, chosen, by)
        st.subheader(said("What right and wrong fragments hold"), anchor=False)
        kinds = kinds_data(chains, found, by=by, run=run.id)
        show(kinds, kinds_figure(kinds, theme()), key=f"kinds-{run.id}")
    if run.status is not status:
        st.rerun()  # the whole page, whose rhythm depends on it; last, so that the pictures keep their places


def _choices(run: Run, last: int) -> tuple[int | None, VerdictsBy]:
    """Draw the choosers; return the generation, None for all of them, and whose verdicts all pictures below show."""
    t = generation_in_view(last)
    st.session_state[GENERATION] = t or ALL
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            said("Chains of"),
            [ALL, *range(1, last + 1)],
            format_func=lambda one: said("all generations" if one == ALL else f"generation {one}"),
            key=GENERATION,
            on_change=_generation,
            width=240,
        )
        return t, choose_verdicts(run)


def _beads(
    run: Run, chains: Sequence[Chain], known: Stated, chosen: Fragment | None, t: int | None, by: VerdictsBy
) -> None:
    shown = [chain.slot for chain in chains if t is None or chain.slot.t == t]
    read = sum(len(known.steps.get(slot, ())) for slot in shown) <= TOLD
    data = population_beads_data(
        chains,
        steps_in_view(run, by),
        texts_of(run, shown) if read else {},
        t,
        fragment=chosen.key if chosen is not None and st.query_params.get("fragment") else None,
        by=by,
        run=run.id,
    )
    show(data, population_beads_figure(data, theme()), key=f"population-beads-{run.id}", on_mark=open_mark)
    verdict_agreement(run, by)
    judge_panel(run, t)


def _generation() -> None:
    t = st.session_state[GENERATION]
    if t == ALL:
        st.query_params.pop("t", None)
    else:
        st.query_params["t"] = str(t)


def _take(mark: list[Any]) -> None:
    choose_fragment(str(mark[2]))


def _chosen(run: Run, chains: Sequence[Chain], known: Stated, found: Spread, chosen: Fragment, by: VerdictsBy) -> None:
    fragment_table(run, found, chosen, cut_steps(run).written, by)
    st.subheader(said(f"How {escaped(one_line(chosen.key, 60))} spread"), anchor=False)
    curve, carriers = st.columns([7, 3], gap="medium")
    with curve:
        fragment_curve(run, chains, found, chosen, by)
    with carriers:
        st.markdown(f"**{said('Who carries it')}**")
        with st.container(height=440, border=False):
            fragment_carriers(run, chosen)
    fragment_path(run, chains, known, chosen)


run = run_in_view()
if run is not None:
    fragments(run)
