"""A run as it goes, or as it went: its state, its controls, its numbers, its board. Reads the store alone, so all
browsers agree.

The engine runs outside the script; a fragment looks at the database every second while somebody drives the run and
not at all once it has ended. A recording is replayed through the same pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.controls import controls
from pages.parts.ending import ending
from pages.parts.eye import eye_panel, follow, followed
from pages.parts.frame import page_link, say, show, the_service, theme
from pages.parts.guarded import guarded
from pages.parts.replaying import TICK_S, replay_bar
from pages.parts.shared_board import shared_board
from pages.parts.spent import spent_line
from pages.parts.spoken import said
from pages.parts.standby import standby
from pages.parts.watched import plays, watched
from pages.parts.whole_page import run_whole_page_if_wanted
from pages.parts.words import duration, escaped, large
from rsa_viz.analysis.answers import answer_classes, vote
from rsa_viz.analysis.generations import by_generation
from rsa_viz.analysis.progress import Progress, progress
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.core.run import Run, RunStatus

ENDS = 5  # generations at each end of a long line of shares
LOOK_EVERY_S = {
    RunStatus.RUNNING: 1.0,
    RunStatus.PLANNED: 1.0,
    RunStatus.PAUSED: 5.0,  # another browser may resume it
    RunStatus.STOPPED: 5.0,
    RunStatus.INTERRUPTED: 5.0,
}


def live_view(run: Run) -> None:
    """Draw the run in view, kept up to date while it can change."""
    playing = plays(run)
    st.fragment(guarded(_live), run_every=TICK_S if playing else LOOK_EVERY_S.get(run.status))(
        run.id, run.status, playing
    )


def _live(run_id: str, status: RunStatus, playing: bool) -> None:
    run_whole_page_if_wanted()
    recorded = the_service().store.run(run_id)
    if recorded.status is not status:
        st.rerun()  # the whole page: how often it looks depends on the state
    seen = watched(recorded)
    run, chains, in_flight, asides = seen.run, seen.chains, seen.in_flight, seen.asides
    far = progress(chains, in_flight, seen.plan, run.config.concurrency, seen.now, asides)
    # Always the same containers in the same order: the board keeps its place, and with it the viewer's zoom.
    with st.container():
        if seen.recording is None:
            controls(run, in_flight)
            standby(run, in_flight)
        else:
            replay_bar(seen)
    with st.container():
        _numbers(run, far, said("Calls done") if asides else said("Done"))
    with st.container():
        answered = ending(run, chains, asides) if run.status is RunStatus.DONE else None
    eye = followed(run_id, chains, in_flight) or answered
    left, right = st.columns([3, 2], gap="medium")
    with left:
        data, figure = shared_board(seen, eye, theme())
        show(data, figure, key=f"board-{run_id}", run=run_id, on_select=follow)
        _so_far(run, chains)
        spent_line(run, chains)
        if seen.live:
            _slowest(run, far.slowest_line)
    with right:
        eye_panel(run, chains, in_flight, eye)
    if playing != plays(recorded):
        st.rerun()  # whose rhythm depends on it; last, so that the pictures keep their places


def _numbers(run: Run, seen: Progress, what: str) -> None:
    live = run.status is RunStatus.RUNNING
    total = seen.done + seen.failed + seen.in_flight + seen.planned
    if run.status is not RunStatus.DONE:
        st.progress((seen.done + seen.failed) / max(total, 1))
    cells = [(what, said(f"{seen.done:,} of {total:,}")), (said("Failed"), f"{seen.failed:,}")]
    if live:
        cells += [
            (said("In flight"), f"{seen.in_flight:,}"),
            (said("Tokens a second"), _or_dash(seen.tokens_per_second)),
            (said("Chains a minute"), _or_dash(seen.chains_per_minute)),
            (said("Time left"), "–" if seen.seconds_left is None else duration(seen.seconds_left)),
        ]
    elif run.started_at and run.ended_at:
        cells.append((said("Time taken"), duration(run.ended_at - run.started_at)))
    for column, (name, value) in zip(st.columns(6), cells, strict=False):  # always six, so that nothing moves
        column.metric(name, value)


def _slowest(run: Run, line: tuple[Slot, ...]) -> None:
    if len(line) > 1:
        say(f"Slowest line of descent: {len(line)} chains in a row, from chain {line[0]} to chain {line[-1]}.", run.id)
    elif line:
        say(f"Slowest line of descent: chain {line[0]} alone.", run.id)


def _or_dash(number: float | None) -> str:
    return "–" if number is None else large(number)


def _so_far(run: Run, chains: Sequence[Chain]) -> None:
    rows = [row for row in by_generation(chains) if row.done]
    if not rows:
        return
    if not any(row.right or row.wrong for row in rows):
        st.markdown(said("**Right** unknown: nobody can say, for example because there is no gold answer."))
    else:
        shares = [f"{row.right}/{row.right + row.wrong}" if row.right + row.wrong else "?" for row in rows]
        if len(shares) > 2 * ENDS + 1:
            shares = [*shares[:ENDS], "…", *shares[-ENDS:]]
        line = " → ".join(shares)
        st.markdown(
            said(f"**Right** by generation: {line}")
            if run.status is RunStatus.DONE
            else said(f"**Right so far** by generation: {line}")
        )
    latest = [chain for chain in chains if chain.slot.t == rows[-1].t]
    votes = vote(latest)
    if votes is not None:
        verdict = next(one.verdict for one in answer_classes(chains) if one.key == votes.key)
        answer, tally = escaped(votes.text[:80]), f"{votes.votes} of {votes.of}"
        st.markdown(
            said(f"**Vote** in generation {rows[-1].t}: {answer} ({tally}, tied), {verdict.value}")
            if votes.tied
            else said(f"**Vote** in generation {rows[-1].t}: {answer} ({tally}), {verdict.value}")
        )
    if run.status is not RunStatus.DONE:
        with st.container(horizontal=True):
            page_link("population", run.id, said("Population"))
            page_link("genealogy", run.id, said("Genealogy"))
