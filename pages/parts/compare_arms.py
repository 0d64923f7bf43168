"""Arms read once a change of their runs, chosen, and listed in tables. Knows no picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from pages.parts.frame import link, the_service
from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.analysis.arm_choice import shown_first
from rsa_viz.analysis.arm_curves import arm_end
from rsa_viz.analysis.arms import Arm, arms
from rsa_viz.analysis.held_against import usual_other
from rsa_viz.analysis.telling import counted
from rsa_viz.analysis.trials import Trial
from rsa_viz.core.run import Run
from rsa_viz.figures.arm_looks import MOST
from rsa_viz.service import MOST_COMPARED, read_trial

TOLD_EVERY = 50  # runs that are read before the viewer is told how many
LISTED = 1000  # runs in the table
NAMED = 12  # arms that are not shown, by name


def read_arms(runs: Sequence[Run], names: Mapping[str, str]) -> tuple[Arm, ...]:
    """The arms of ``runs``, called by ``names`` where they have any; a run is read once a change for all viewers."""
    path = str(the_service().store.path)
    place = st.empty()

    def read() -> Iterator[Trial]:
        for number, run in enumerate(runs, start=1):
            if number % TOLD_EVERY == 0:
                place.progress(number / len(runs), said(f"Reading run {number:,} of {len(runs):,}"))
            yield _trial(path, run.id, run.revision)

    found = arms(read(), names)
    place.empty()
    return found


@st.cache_resource(max_entries=2 * MOST_COMPARED, show_spinner=False)
def _trial(path: str, run_id: str, revision: int) -> Trial:
    del path, revision  # they tell the cached answers apart
    store = the_service().store
    return read_trial(store, store.run(run_id))


def choose_arms(everyone: Sequence[Arm]) -> tuple[tuple[Arm, ...], Arm | None]:
    """Let the viewer hide arms and say which one the others are held against; None for no such arm."""
    labels = [arm.label for arm in everyone]
    finished = [arm.label for arm in everyone if arm.finished]
    runs, done = sum(len(arm.trials) for arm in everyone), sum(len(arm.finished) for arm in everyone)
    problems = len({one.problem for arm in everyone for one in arm.trials})
    unfinished = f"; {counted(runs - done, 'unfinished run')} left out" if runs > done else ""
    there = f"{counted(runs, 'run')} of {counted(problems, 'problem')} in {counted(len(everyone), 'arm')}{unfinished}."
    st.caption(told(there))
    if not finished:
        st.info(said("None of these runs is finished; only whole runs are compared."), icon=":material/hourglass:")
        return (), None
    first = [arm.label for arm in shown_first([arm for arm in everyone if arm.finished], MOST)]
    key = f"compare-arms-{hash(tuple(labels))}"
    left, right = st.columns([3, 2], gap="medium")
    chosen = left.multiselect(
        said("Arms shown"),
        labels,
        first,
        format_func=said,
        key=key,
        help=said("Runs that differ in problem and seed only."),
    )
    shown = tuple(arm for arm in everyone if arm.label in chosen)
    if hidden := [arm.label for arm in everyone if arm.finished and arm.label not in chosen]:
        st.caption(said(f"{counted(len(hidden), 'arm')} not shown: {escaped('; '.join(hidden[:NAMED]))}."))
    if not shown:
        st.info(said("Choose at least one arm."), icon=":material/balance:")
        return (), None
    names = [arm.label for arm in shown]
    usual = names.index(usual_other(shown).label)
    name = right.selectbox(
        said("Held against"), names, usual, format_func=said, key=f"{key}-against-{hash(tuple(names))}"
    )
    return shown, shown[names.index(name)] if name is not None else None


def arm_table(shown: Sequence[Arm]) -> None:
    """One row an arm: how right it is in the end, and what a run of it costs on average."""
    rows = []
    for arm in shown:
        end = arm_end(arm)
        rows.append(
            {
                "Arm": said(arm.label),
                "Problems": arm.problems,
                "Seeds": arm.seeds,
                "Right in the end, %": None if end.right is None else 100 * end.right,
                "from": None if end.low is None else 100 * end.low,
                "to": None if end.high is None else 100 * end.high,
                "Calls": end.calls,
                "Tokens": end.tokens,
                "Seconds of calls": end.seconds,
                "Seconds on the clock": end.clock,
            }
        )
    number = st.column_config.NumberColumn
    helps = {
        "Right in the end, %": said("By the strategy's own rule; mean over problems."),
        "from": said("95 % interval over problems and seeds"),
        "Calls": said("A problem; what failed for good and asides included."),
        "Tokens": said("In and out; empty where a server did not tell."),
        "Seconds of calls": said("Added up, as if one call went after the other."),
        "Seconds on the clock": said("While at least one call was under way."),
    }
    formats = {
        **dict.fromkeys(("Calls", "Tokens"), "%.0f"),
        **dict.fromkeys(("Right in the end, %", "from", "to"), "%.1f"),
        **dict.fromkeys(("Seconds of calls", "Seconds on the clock"), "%.2f"),
    }
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            **{name: said(name) for name in ("Arm", "Problems", "Seeds")},
            **{name: number(said(name), format=how, help=helps.get(name)) for name, how in formats.items()},
        },
        alt=said("How right each arm is in the end, and what a run of it costs"),
    )


def run_table(shown: Sequence[Arm]) -> None:
    """Every run behind the pictures, with a link to it."""
    trials = [(arm, one) for arm in shown for one in arm.trials]
    with st.expander(said("The 1 run" if len(trials) == 1 else f"The {len(trials):,} runs"), icon=":material/list:"):
        st.dataframe(
            [
                {
                    "Run": link("population", one.run_id),
                    "Arm": said(arm.label),
                    "Problem": one.label,
                    "Seed": one.seed,
                    "Right in the end, %": None
                    if one.end is None or one.end.answered is None
                    else 100 * one.end.answered,
                    "Calls": one.generations[-1].calls if one.generations else 0,
                    "State": said("finished" if one.finished else "left out: not finished"),
                }
                for arm, one in trials[:LISTED]
            ],
            hide_index=True,
            column_config={
                **{name: said(name) for name in ("Arm", "Problem", "Seed", "Calls", "State")},
                "Run": st.column_config.LinkColumn(said("Run"), display_text="run=([0-9a-f]+)"),
                "Right in the end, %": st.column_config.NumberColumn(said("Right in the end, %"), format="%.1f"),
            },
            alt=said("The compared runs"),
        )
        if len(trials) > LISTED:
            st.caption(said(f"The first {LISTED:,}."))
