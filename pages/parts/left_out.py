"""Which parent mattered: a child's leave-one-out runs with their picture, and the form that makes a further one."""

from __future__ import annotations

import streamlit as st

from pages.parts.before_start import before_start
from pages.parts.fork_form import begin
from pages.parts.frame import may_change, page_link, show, the_service, theme
from pages.parts.keys import remembered_keys
from pages.parts.naming import listed
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.words import escaped, foreseen
from rsa_viz.analysis.leave_one_out import Condition
from rsa_viz.analysis.telling import brief, counted
from rsa_viz.core.chain import Chain
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.core.strategies import LEAVE_ONE_OUT
from rsa_viz.figures.leave_one_out import label, leave_one_out_data, leave_one_out_figure
from rsa_viz.figures.words import percent
from rsa_viz.service import Keys, foresee_prepared, prepare_leave_one_out

TIMES = 8
ANSWERS = 3  # of a condition that the table names


def left_out_section(run: Run, chain: Chain) -> None:
    """Draw what is known of the parents of ``chain``, and how to find out; nothing for a chain without parents."""
    if not chain.ended or not chain.available or run.config.strategy == LEAVE_ONE_OUT.name:
        return
    st.subheader(said("Which parent mattered?"), anchor=False)
    made = [
        one
        for one in the_service().store.forks(run.id)
        if one.config.strategy == LEAVE_ONE_OUT.name and one.origin is not None and one.origin.slot == chain.slot
    ]
    if made:
        newest = made[-1]
        left_out_picture(newest)
        with st.container(horizontal=True):
            for one in reversed(made):
                page_link("run", one.id, said(f"Run {one.id}: {one.done + one.failed:,} of {one.calls:,} calls"))
    else:
        st.markdown(
            said(
                "Similarity says where a text stood before, not what it did. To know that, let this child be written "
                "again with all its parents and without each of them, several times."
            )
        )
    if may_change():
        _form(run, chain)


def left_out_picture(run: Run) -> None:
    """Draw a leave-one-out run: its picture, and the answers by condition as a table."""
    data = leave_one_out_data(recorded_chains(run), run=run.id)
    original = run.origin.run_id if run.origin is not None else run.id
    show(data, leave_one_out_figure(data, theme()), key=f"left-out-{run.id}", run=original)
    if data.found is None:
        return
    if run.status is not RunStatus.DONE:
        words = f"{counted(run.done + run.failed, 'repeat')} of {run.calls:,} so far."
        st.caption(said(words))
    st.dataframe(
        {
            "Parents": [said(label(one)) for one in data.found.conditions],
            "Right": [said(f"{one.right} of {one.right + one.wrong}") for one in data.found.conditions],
            "95 % interval": [
                "–" if one.share is None else said(" to ".join((percent(one.low), percent(one.high))))
                for one in data.found.conditions
            ],
            "Against all parents": [
                "–"
                if one.difference is None
                else said(
                    f"{100 * one.difference:+.0f} points, {100 * (one.difference_low or 0):+.0f} to "
                    f"{100 * (one.difference_high or 0):+.0f}"
                )
                for one in data.found.conditions
            ],
            "More than noise": [said("yes") if one.matters else "" for one in data.found.conditions],
            "Answers": [_answers(one) for one in data.found.conditions],
            "Failed": [one.failed for one in data.found.conditions],
        },
        hide_index=True,
        key=f"left-out-table-{run.id}",
        column_config={
            "Parents": said("Parents"),
            "Right": said("Right"),
            "95 % interval": said("95 % interval"),
            "Against all parents": said("Against all parents"),
            "More than noise": said("More than noise"),
            "Answers": said("Answers"),
            "Failed": said("Failed"),
        },
        alt=said("Right repeats, differences and answers by condition."),
    )
    compared = counted(len(data.found.without), "comparison")
    st.caption(
        said(f"Intervals of the differences are wide enough to hold for all {compared} at once at 95 % (Bonferroni).")
    )


def _answers(one: Condition) -> str:
    """The most frequent answers with their counts: ``5 × 26, 2 × 25, 1 × no answer``."""
    found = list(one.answers.items())
    if not found:
        return said("none yet")
    named = listed(
        [
            f"{count} × {said('no answer') if key is None else brief(one.texts[key], 40)}"
            for key, count in found[:ANSWERS]
        ]
    )
    more = len(found) - ANSWERS
    if more <= 0:
        return named
    return said(f"{named} and 1 other" if more == 1 else f"{named} and {more:,} others")


def _form(run: Run, chain: Chain) -> None:
    place = f"{run.id}-{chain.slot}"
    if not st.toggle(said("Write it again without each parent"), key=f"left-out-{place}"):
        return
    service = the_service()
    times = int(st.number_input(said("Times a condition"), 1, 400, TIMES, key=f"left-out-times-{place}"))
    seed = int(st.number_input(said("Seed"), 0, 2**53 - 1, run.config.seed, key=f"left-out-seed-{place}"))
    try:
        prepared = prepare_leave_one_out(service, run.id, chain.slot, times, seed)
    except InvalidInput as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return
    cost = foresee_prepared(service, prepared)
    st.markdown(foreseen([cost]))
    before_start(service, prepared.config, [cost])
    if st.button(said("Start"), type="primary", icon=":material/experiment:", key=f"left-out-start-{place}"):
        typed = remembered_keys(run.id).of(run.config, prepared.config.model)
        begin(lambda: service.leave_one_out(run.id, chain.slot, times, seed=seed), Keys(typed))
