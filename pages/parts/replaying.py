"""The bar of a replay: that it is a recording, play and pause, how fast, step by generation, a slider over its time.

Acts in callbacks, before the page is drawn again. Knows no picture.
"""

from __future__ import annotations

import re
import time

import streamlit as st

from pages.parts.frame import look_at
from pages.parts.spoken import said, told
from pages.parts.watched import Watched, can_replay, leave_recording, playhead, put_playhead, recording_of
from pages.parts.whole_page import want_whole_page
from pages.parts.words import duration, escaped
from rsa_viz.analysis.replay import Playhead, Recording, ended_in, generation_ends
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import Run

TICK_S = 0.5  # how often a replay that plays is drawn
SPEEDS = ("1×", "2×", "5×", "10×", "20×", "50×", "in 15 s", "in 30 s", "in 60 s")
LONGEST_S = 3600.0
SAYS = "Of any pace from 1× to 50×, or as long as it is to take: in 45 s."
NO_TIMES = "This run was recorded without times: it goes generation by generation."


def recorded_badge(run: Run, recording: Recording) -> str:
    """The words that stand over everything replayed, as HTML of our own words."""
    day = time.strftime("%Y-%m-%d", time.localtime(run.started_at or run.created_at))
    times = "" if recording.timed else f" {NO_TIMES}"
    return (
        '<span style="background:#8a1c5b;color:#fff;font-weight:700;letter-spacing:.06em;padding:.2em .6em;'
        f'border-radius:6px;white-space:nowrap">{said("● RECORDED")}</span>'
        f"&ensp;{told(f'on {day}, replayed. No model is called.{times}')}"
    )


def replay_button(run: Run) -> None:
    """Offer the replay of a run that can be replayed."""
    if can_replay(run):
        st.button(said("Replay"), key="replay", icon=":material/replay:", on_click=play_from, args=(run, 0.0))


def play_from(run: Run, moment: float, speed: float = 1.0) -> None:
    """Make this the run in view and play its recording from a moment on."""
    look_at(run.id)
    put_playhead(run.id, Playhead(moment, speed, time.time()))
    want_whole_page()


def replay_bar(seen: Watched) -> None:
    """Draw the bar of a replay."""
    run, recording = seen.run, seen.recording
    if recording is None:
        return
    head, now = playhead(run), time.time()
    playing = head.playing(now, recording.length)
    if head.since is not None and not playing:
        put_playhead(run.id, Playhead(recording.length, head.speed))  # it came to its end
    with st.container(horizontal=True, vertical_alignment="center", key="replay-bar"):
        st.markdown(recorded_badge(run, recording), unsafe_allow_html=True, width="stretch")
        st.button(
            said("Pause") if playing else said("Play"),
            key="replay-play",
            type="primary",
            icon=":material/pause:" if playing else ":material/play_arrow:",
            on_click=toggle,
            args=(run,),
        )
        for label, icon, by in (
            (said("Generation back"), "skip_previous", -1),
            (said("Generation on"), "skip_next", 1),
        ):
            st.button(
                "",
                key=f"replay-step-{by}",
                icon=f":material/{icon}:",
                help=label,
                on_click=step,
                args=(run, by),
            )
        st.selectbox(
            said("Speed"),
            SPEEDS,
            format_func=said,
            key="replay-speed",
            accept_new_options=True,
            label_visibility="collapsed",
            width=130,
            help=said(SAYS),
            on_change=_speed,
            args=(run,),
        )
        st.button(said("Leave the recording"), key="replay-leave", icon=":material/close:", on_click=leave_recording)
    if refused := st.session_state.pop("replay-refused", None):
        st.error(escaped(refused), icon=":material/error:")
    _slider(seen, recording)


def _slider(seen: Watched, recording: Recording) -> None:
    if recording.length <= 0:
        st.caption(said("No call of this run has ended."))
        return
    key = f"replay-moment-{seen.run.id}"
    whole = not recording.timed
    st.session_state[key] = int(seen.moment) if whole else round(seen.moment, 1)
    last = int(recording.length) if whole else max(round(recording.length, 1), 0.1)
    st.slider(
        said("Moment"),
        0 if whole else 0.0,
        last,
        step=1 if whole else 0.1,
        key=key,
        format="%d" if whole else said("%.1f s"),
        label_visibility="collapsed",
        on_change=_slid,
        args=(seen.run, key),
    )
    t, of, passed = ended_in(seen.chains), seen.run.config.t, duration(seen.moment)
    st.caption(
        said(f"Generation {t} of {of}")
        if whole
        else said(f"{passed} of {duration(recording.length)}. Generation {t} of {of}.")
    )


def toggle(run: Run) -> None:
    """Play on, or pause; at the end, play from the start."""
    head, recording, now = playhead(run), recording_of(run), time.time()
    at = head.at(now, recording.length)
    if head.playing(now, recording.length):
        put_playhead(run.id, Playhead(at, head.speed))
    else:
        put_playhead(run.id, Playhead(0.0 if at >= recording.length else at, head.speed, now))


def step(run: Run, by: int) -> None:
    """Go to the moment at which the next generation has ended, or the one before; the replay stands still there."""
    head, recording = playhead(run), recording_of(run)
    at, ends = head.at(time.time(), recording.length), (0.0, *generation_ends(recording))
    further = [moment for moment in ends if (moment > at + 0.005 if by > 0 else moment < at - 0.005)]
    if further:
        put_playhead(run.id, Playhead(further[0] if by > 0 else further[-1], head.speed))


def _slid(run: Run, key: str) -> None:
    put_playhead(run.id, Playhead(float(st.session_state[key]), playhead(run).speed))


def _speed(run: Run) -> None:
    head, recording, now = playhead(run), recording_of(run), time.time()
    try:
        speed = speed_of(st.session_state["replay-speed"] or SPEEDS[0], recording.length)
    except InvalidInput as error:
        st.session_state["replay-refused"] = str(error)
        return
    playing = head.playing(now, recording.length)
    put_playhead(run.id, Playhead(head.at(now, recording.length), speed, now if playing else None))


def speed_of(written: str, length: float) -> float:
    """What ``10×`` and ``in 30 s`` mean for a recording of ``length``, in moments a second. Raises InvalidInput."""
    found = re.fullmatch(r"\s*(in\s*)?(\d{1,5}(?:\.\d{1,3})?)\s*([x×s]?)\s*", written.lower())
    if found and bool(found[1]) == (found[3] == "s"):
        number = float(found[2])
        if found[1] and 0 < number <= LONGEST_S:
            return max(length, 0.1) / number
        if not found[1] and 1 <= number <= 50:
            return number
    raise InvalidInput(f"{written!r} is no speed; write 1× to 50×, or how long it is to take: in 30 s")
