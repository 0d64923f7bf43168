"""Steps 8 and 9 of the lesson: when voting is enough, and equal budgets in tokens."""

from __future__ import annotations

import statistics

import streamlit as st

from pages.parts.frame import theme
from pages.parts.learn_frame import Words, look, says
from pages.parts.learn_picture import draw, draw_bars
from pages.parts.learn_runs import Population, population, simulated, there
from pages.parts.spoken import said
from rsa_viz.analysis.arms import Arm, arms
from rsa_viz.analysis.budgets import Axis, bought, reached
from rsa_viz.analysis.published import PAPER, table_1
from rsa_viz.analysis.subsamples import vote_at
from rsa_viz.analysis.trials import Trial, trial
from rsa_viz.core.program import parse_program
from rsa_viz.figures.compare import compare_budget_data, compare_figure
from rsa_viz.figures.shares import Share
from rsa_viz.figures.style import PALETTES, Figure
from rsa_viz.lessons.runs import against_votes, aggregating, voting

VOTERS = 16
PUBLISHED = {"paper_choice": "SuperGPQA", "paper_maths": "HMMT-25"}


def enough(say: Words) -> None:
    """Step 8."""
    look(say.say("enough.look"))
    names = {
        "short": say.say("enough.short"),
        "long": say.say("enough.long"),
        "paper_choice": say.say("enough.paper_choice"),
        "paper_maths": say.say("enough.paper_maths"),
    }
    chosen = st.segmented_control(
        say.say("enough.title"), list(names), default="short", format_func=lambda one: names[one],
        key="learn-enough", required=True, label_visibility="collapsed",
    )  # fmt: skip
    which = chosen or "short"
    if which in PUBLISHED:
        _published_votes(PUBLISHED[which], say)
        return
    sampled = population(voting(which), say)
    evolved = population(aggregating(which), say) if sampled is not None else None
    if sampled is None or evolved is None:
        return
    _measured_votes(sampled, evolved, say)


def _measured_votes(sampled: Population, evolved: Population, say: Words) -> None:
    drawn, made = _trial(sampled), _trial(evolved)
    samples, end = drawn.samples, made.end
    one = samples.right / samples.known if samples.known else None
    voted = vote_at(samples, min(VOTERS, samples.size)).value if samples.size else None
    if one is None or voted is None or end is None or end.mean is None:
        says(say.say("enough.nothing"))
        return
    each = None if samples.tokens is None else samples.tokens / samples.size
    shares = [
        Share(say.say("enough.one"), one, _tokens(each, say)),
        Share(say.texts.say("enough.vote", n=VOTERS), voted, _tokens(None if each is None else VOTERS * each, say)),
        Share(say.say("enough.rsa"), end.mean, _tokens(end.tokens, say), pointed_out=True),
    ]
    times = "?" if each is None or end.tokens is None else f"{end.tokens / (VOTERS * each):.0f}"
    caption = say.say(
        "enough.caption",
        lines=len(parse_program(sampled.run.problem.question).lines),
        one=say.percent(one),
        vote=say.percent(voted),
        rsa=say.percent(end.mean),
        times=times,
    )
    draw_bars(shares, "enough", say.texts.say("enough.axis"), caption)
    simulated(sampled, say)


def _tokens(tokens: float | None, say: Words) -> str:
    return "" if tokens is None else say.texts.say("enough.tokens", tokens=f"{round(tokens, -1):,.0f}")


def _published_votes(task: str, say: Words) -> None:
    found = {one.method: one for one in table_1() if one.task == task}
    told = say.texts.say("enough.published")
    shares = [
        Share(say.texts.say("enough.one"), found["Reference"].value, told, True),
        Share(say.texts.say("enough.vote", n=160), found["Majority vote"].value, told, True),
        Share(say.texts.say("enough.rsa"), found["RSA"].value, told, True, True),
    ]
    one = found["RSA"]
    caption = say.say(
        "enough.caption_paper", paper=PAPER, source=say.texts.say("enough.table"), task=task, model=one.model
    )
    draw_bars(shares, "enough", say.texts.say("enough.axis"), caption)


def budgets(say: Words) -> None:
    """Step 9."""
    look(say.say("budgets.look"))
    names = {"middle": say.say("budgets.scattered"), "shared": say.say("budgets.shared")}
    chosen = st.segmented_control(
        say.say("budgets.title"), list(names), default="middle", format_func=lambda one: names[one],
        key="learn-slips", required=True, label_visibility="collapsed",
    )  # fmt: skip
    wanted = against_votes(chosen or "middle")
    first = population(wanted[0], say)
    if first is None:
        return
    seen = [one for one in map(there, wanted) if one is not None]
    found = arms(_trial(one) for one in seen)
    prices = [point.spent for arm in found for run in arm.finished for point in reached(run, Axis.TOKENS)]
    if len(found) < 2 or not prices:
        says(say.say("budgets.nothing"))
        return
    offered = [tokens for tokens in _ROUND if min(prices) <= tokens <= 1.5 * max(prices)]
    budget = st.select_slider(
        say.say("budgets.budget"), offered, offered[len(offered) // 2], format_func=lambda tokens: f"{tokens:,}",
        key=f"learn-budget-{chosen}",
    )  # fmt: skip
    figure = compare_figure(compare_budget_data(found, Axis.TOKENS), theme())
    _mark(figure, budget)
    told = ""
    for arm in found:
        value = _bought(arm, budget)
        name = said(arm.label)
        one = (
            say.say("budgets.nothing_yet", arm=name)
            if value is None
            else say.say("budgets.one", arm=name, value=say.percent(value))
        )
        told = one if not told else say.texts.say("budgets.both", first=told, second=one)
    caption = say.texts.say("budgets.caption", budget=f"{budget:,}", found=told)
    draw(figure, "budgets", caption)
    says(caption)
    simulated(first, say)


_ROUND = [digit * 10**ten for ten in range(2, 9) for digit in (1, 2, 3, 5)]


def _mark(figure: Figure, budget: float) -> None:
    figure.add_scatter(
        x=[budget, budget], y=[0, 1], mode="lines", hoverinfo="skip", showlegend=False,
        line={"width": 3, "dash": "dot", "color": PALETTES[theme()].accent},
    )  # fmt: skip
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.12, "yanchor": "bottom"})


def _bought(arm: Arm, budget: float) -> float | None:
    values = [one.value for run in arm.finished if (one := bought(run, Axis.TOKENS, budget)) is not None]
    return statistics.fmean(values) if values else None


@st.cache_resource(max_entries=40, show_spinner=False)
def _trial_of(run_id: str, revision: int, _seen: Population) -> Trial:
    del run_id, revision  # they tell the cached answers apart
    return trial(_seen.run, _seen.chains)


def _trial(seen: Population) -> Trial:
    return _trial_of(seen.run.id, seen.run.revision, seen)
