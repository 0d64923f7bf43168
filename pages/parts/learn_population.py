"""Steps 4, 5 and 6 of the lesson: recursion, the knobs K, N and T, and drift against selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.frame import may_change, theme
from pages.parts.learn_frame import Words, guess_number, look, round_in_view, says, told_of
from pages.parts.learn_picture import draw, draw_courses, right_shares
from pages.parts.learn_runs import Population, chosen_model, make, population, source_line, there
from rsa_viz.analysis.blind_copying import blind_copying
from rsa_viz.analysis.drift import Drift
from rsa_viz.analysis.forecast import Asked, forecast_run
from rsa_viz.analysis.generations import by_generation
from rsa_viz.core.chain import Slot, Step, Verdict
from rsa_viz.figures.courses import Course, Kind
from rsa_viz.figures.population_beads import population_beads_data, population_beads_figure
from rsa_viz.lessons.runs import KNOBS_K, KNOBS_N, KNOBS_T, at_knobs, copying, evolution


def recursion(say: Words) -> None:
    """Step 4."""
    seen = population(evolution(round_in_view()), say)
    if seen is None:
        return
    last, n = seen.run.config.t, seen.run.config.n
    known = f"learn-known-{seen.run.id}"
    reached = min(st.session_state.get(known, 1), last)
    rows = by_generation(seen.chains)

    def onward() -> None:
        st.session_state[known] = reached + 1
        st.session_state[f"learn-generation-{seen.run.id}"] = reached + 1

    def everything() -> None:
        st.session_state[known] = last

    open_ = reached < last
    look(say.say("recursion.look_guess", t=reached, next=reached + 1, n=n) if open_ else say.say("recursion.look"))
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
    with left:
        told_of(f"right {seen.run.id} {reached}")
        if open_:
            guess_number(f"right {seen.run.id} {reached + 1}", n, rows[reached].right, say, onward)
    shown = reached
    if reached > 1:
        key = f"learn-generation-{seen.run.id}"
        st.session_state[key] = min(st.session_state.get(key, reached), reached)
        shown = right.slider(say.say("page.generation"), 1, reached, key=key)
    telling = _telling(seen)
    data = population_beads_data(
        seen.chains, telling, {one.slot: one.text or "" for one in seen.generation(shown)}, shown,
        run=f"learn {seen.run.id}",
    )  # fmt: skip
    steps = [step for one in seen.generation(shown) for step in telling.get(one.slot, ())]
    good = sum(step.judgement.verdict is Verdict.RIGHT for step in steps)
    caption = say.say(
        "recursion.caption",
        course=" → ".join(str(row.right) for row in rows[:reached]),
        t=shown,
        good=good,
        judged=good + sum(step.judgement.verdict is Verdict.WRONG for step in steps),
    )
    draw(population_beads_figure(data, theme()), "population", caption)
    says(caption)
    if open_:
        st.button(say.say("page.show_all"), on_click=everything, type="tertiary", key="learn-show-all")
    source_line(seen, evolution(round_in_view() + 1), say)


def _telling(seen: Population) -> Mapping[Slot, tuple[Step, ...]]:
    """The steps that somebody can judge, so that the same line of every chain stands in one column; all steps where
    nobody can judge any."""
    judged = {
        slot: tuple(step for step in steps if step.judgement.verdict is not Verdict.UNKNOWN)
        for slot, steps in seen.steps.items()
    }
    return judged if any(judged.values()) else seen.steps


def knobs(say: Words) -> None:
    """Step 5."""
    look(say.say("knobs.look"))
    base = population(evolution(), say)
    if base is None:
        return
    left, middle, right = st.columns(3, gap="medium")
    n = left.select_slider(say.say("knobs.n"), KNOBS_N, 16, key="learn-n")
    k = middle.select_slider(say.say("knobs.k"), KNOBS_K, 4, key="learn-k")
    t = right.slider(say.say("knobs.t"), 1, KNOBS_T, KNOBS_T, key="learn-t")
    foreseen = forecast_run(base.chains, Asked(n, k, t)).forecast
    real = there(at_knobs(n, k))
    courses = []
    if foreseen is not None:
        times = range(1, len(foreseen.expected) + 1)
        courses.append(
            Course(
                say.say("knobs.predicted"), Kind.EXPECTED, tuple(zip(times, foreseen.expected, strict=True)),
                tuple(zip(times, foreseen.low, foreseen.high, strict=True)),
            )
        )  # fmt: skip
    if real is not None:
        courses.append(Course(say.say("knobs.real"), Kind.MEASURED, right_shares(real.up_to(t))))
    if foreseen is None:
        caption = say.say("knobs.caption_nothing")
    else:
        common = {
            "t": t, "expected": say.percent(foreseen.expected[-1]),
            "low": say.percent(foreseen.low[-1]), "high": say.percent(foreseen.high[-1]),
        }  # fmt: skip
        if (n, k) == (base.run.config.n, base.run.config.k):
            row = by_generation(base.chains)[t - 1]
            caption = say.say("knobs.caption_own", right=row.right, n=row.right + row.wrong, **common)
        elif real is None:
            caption = say.say("knobs.caption_only", **common)
        else:
            row = by_generation(real.chains)[t - 1]
            caption = say.say(
                "knobs.caption", right=row.right, n=row.right + row.wrong, calls=n * t, aggregations=t - 1,
                **common,
            )  # fmt: skip
    draw_courses(courses, KNOBS_T, "knobs", caption)
    if real is None and may_change() and st.button(say.say("page.make"), key="learn-make-knobs"):
        make(at_knobs(n, k).by(chosen_model()))
        st.rerun()
    source_line(real or base, None, say)


def drift(say: Words) -> None:
    """Step 6."""
    look(say.say("drift.look"))
    ways = {"copies": say.say("drift.copies"), "compares": say.say("drift.compares")}
    way = st.segmented_control(
        say.say("drift.this_run"), list(ways), default="copies", format_func=lambda one: ways[one],
        key="learn-drift", required=True, label_visibility="collapsed",
    )  # fmt: skip
    made = copying if way == "copies" else evolution
    seen = population(made(round_in_view()), say)
    if seen is None:
        return
    shares = right_shares(seen.chains)
    first = by_generation(seen.chains)[0]
    judged = first.right + first.wrong
    band = blind_copying(judged, first.right, seen.run.config.t) if judged else ()
    courses = [
        Course(
            say.say("drift.at_random"), Kind.NEUTRAL, tuple((one.t, one.expected or 0.0) for one in band),
            tuple((one.t, one.low or 0.0, one.high or 0.0) for one in band),
        ),
        Course(say.say("drift.this_run"), Kind.MEASURED, shares),
    ]  # fmt: skip
    draw_courses(courses, seen.run.config.t, "drift", _drift_told(band, shares, say))
    source_line(seen, made(round_in_view() + 1), say)


def _drift_told(band: Sequence[Drift], shares: Sequence[tuple[int, float]], say: Words) -> str:
    """Whether the run ended outside the band, and since when without a break."""
    if not band or not shares:
        return say.say("drift.caption_unknown")
    known = {one.t: one for one in band}
    t, share = shares[-1]

    def side(at: int, value: float) -> int:
        one = known[at]
        return (value > (one.high or 0.0) + 1e-9) - (value < (one.low or 0.0) - 1e-9)

    where = side(t, share)
    if where == 0:
        return say.say("drift.caption_stayed", share=say.percent(share), t=t)
    since = t
    for at, value in reversed(shares):
        if side(at, value) != where:
            break
        since = at
    if where > 0:
        return say.say("drift.caption_left", since=since, share=say.percent(share), t=t)
    return say.say("drift.caption_below", since=since, share=say.percent(share), t=t)
