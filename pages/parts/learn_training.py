"""Step 10 of the lesson: what training on aggregation changes, measured on tiny models, published of a large one."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import open_new_run
from pages.parts.learn_frame import Words, look, score
from pages.parts.learn_picture import draw_bars, draw_courses, right_shares
from pages.parts.learn_runs import Population, there
from rsa_viz.analysis import published
from rsa_viz.figures.courses import Course, Kind
from rsa_viz.figures.shares import Share
from rsa_viz.lessons.runs import KNOBS_T, TRAINED, trained


def training(say: Words) -> None:
    """Step 10: measured on the tiny models, and what the paper found on a large one."""
    look(say.say("training.look"))
    ours, theirs = st.columns(2, gap="large")
    with ours:
        _trained_here(say)
    with theirs:
        _trained_there(say)
    points, possible = score()
    st.success(say.say("training.end", points=points, possible=possible), icon=":material/school:")
    if st.button(say.say("training.start"), icon=":material/play_circle:", key="learn-start"):
        open_new_run()


def _trained_here(say: Words) -> None:
    st.subheader(say.say("training.here"), anchor=False)
    names = [say.texts.say(f"training.{name}") for name in ("before", "standard", "aware")]
    shares = [_mean_shares([there(one) for one in trained(model)]) for model in TRAINED]
    kinds = (Kind.BEFORE, Kind.MEASURED, Kind.BESIDE)
    courses = [Course(name, kind, tuple(share.items())) for name, kind, share in zip(names, kinds, shares, strict=True)]
    before, standard, aware = shares
    last = max(before, default=0)
    if not last or not before.keys() == standard.keys() == aware.keys():
        caption = say.say("training.not_there")
    else:
        apart = max(before, key=lambda t: aware[t] - before[t])
        caption = say.say(
            "training.measured",
            problems=len(trained(TRAINED[0])), t=apart, last=last,
            before=say.percent(before[apart]), standard=say.percent(standard[apart]), aware=say.percent(aware[apart]),
            before_last=say.percent(before[last]), standard_last=say.percent(standard[last]),
            aware_last=say.percent(aware[last]),
        )  # fmt: skip
    draw_courses(courses, KNOBS_T, "trained", caption)


def _mean_shares(runs: Sequence[Population | None]) -> dict[int, float]:
    """The mean share of right chains by generation over runs, of generations that all of them know; empty where a run
    is not there."""
    if not all(runs):
        return {}
    known = [dict(right_shares(seen.chains)) for seen in runs if seen is not None]
    common = set.intersection(*map(set, known))
    return {t: statistics.fmean(row[t] for row in known) for t in sorted(common)}


def _trained_there(say: Words) -> None:
    st.subheader(say.say("training.there"), anchor=False)
    everything = published.trained()
    tasks = published.TASKS[: len({one.task for one in everything})]
    task = st.segmented_control(
        say.say("training.task"), tasks, default=tasks[1], key="learn-task", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    before, standard, aware = [one for one in everything if one.task == (task or tasks[1])]
    told = say.texts.say("enough.published")
    shares = [
        Share(say.texts.say("training.before"), before.value, told, True),
        Share(say.texts.say("training.standard"), standard.value, told, True),
        Share(say.texts.say("training.aware"), aware.value, told, True, True),
    ]
    caption = say.say(
        "training.caption",
        paper=published.PAPER,
        model=before.model.split(",")[0],
        source=say.texts.say("training.figures"),
        task=before.task,
        standard=_points(before, standard),
        standard_way=_way(before, standard, say),
        aware=_points(before, aware),
        aware_way=_way(before, aware, say),
    )
    draw_bars(shares, "training", say.texts.say("training.axis"), caption)


def _points(before: published.Published, after: published.Published) -> str:
    return f"{abs(100 * (after.value - before.value)):.1f}"


def _way(before: published.Published, after: published.Published, say: Words) -> str:
    return say.texts.say("training.better") if after.value >= before.value else say.texts.say("training.worse")
