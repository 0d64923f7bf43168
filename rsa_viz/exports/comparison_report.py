"""Many runs compared, as one HTML file to hand out: an experiment, a batch, or whichever runs were chosen.

Shows arms, their differences and whether these are more than noise, the Compare page's pictures, every problem and
every run in numbers; no chain's text. Server addresses, endpoint names and keys are no part of it. Knows no store.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .. import __version__
from ..analysis.arm_curves import arm_end
from ..analysis.arms import Arm, labelled
from ..analysis.budgets import Axis
from ..analysis.held_against import Comparison, held_against
from ..analysis.paired import comparisons_in_words, difference_in_words
from ..analysis.telling import amount, counted
from ..analysis.two_level import METHOD
from ..core.problem import Problem
from ..figures.compare import (
    LinesData,
    compare_budget_data,
    compare_figure,
    compare_gap_data,
    compare_n_data,
    compare_t_data,
)
from ..figures.paired import paired_data, paired_figure
from ..figures.problem_grid import problem_grid_data, problem_grid_figure
from .page import Section, Table, page
from .run_report import NOTICE
from .words import escaped

MOST_RUNS = 5_000  # rows of the table of runs
LONGEST_QUESTION = 4_000  # characters


@dataclass(frozen=True)
class Compared:
    """What is reported: a ``title`` and ``note`` in the user's words, the ``arms`` and the one that the others are
    held ``against``, the ``problems`` by key, and whether any of the models is ``simulated``. ``ruled`` counts
    what persons ruled on the runs, in words; empty when they ruled nothing."""

    title: str
    note: str
    arms: Sequence[Arm]
    against: Arm
    problems: Mapping[str, Problem]
    simulated: bool
    ruled: str = ""


def comparison_report(compared: Compared) -> Iterator[str]:
    """The file, piece by piece. There must be one arm at least; without a finished run it says so."""
    compared = _without_servers(compared)
    finished = [arm for arm in compared.arms if arm.finished]
    sections = [Section("What was compared", "compared", lead=_lead(compared), table=_arms(compared.arms))]
    if finished:
        drawn = [*_differences(finished, compared.against), *_pictures(finished)]
        sections += [_with_rulings(one, compared.ruled) for one in drawn]
    sections += [
        Section(
            f"The {counted(len(compared.problems), 'problem')}", "problems", body=_problems(compared.problems.values())
        ),
        Section("The runs", "runs", table=_runs(compared.arms)),
    ]
    written = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    return page(
        compared.title,
        sections,
        notice=NOTICE if compared.simulated else "",
        footer=[
            f"Written {written} by rsa_viz {__version__}. Recursive Self-Aggregation: arXiv 2509.26626.",
            "Server addresses, endpoint names and keys are left out. Nothing in this file is loaded from elsewhere.",
        ],
    )


def _without_servers(compared: Compared) -> Compared:
    """The same with arms that name no server. Those that differ in the server alone are told apart by a number."""
    own = [arm.settings for arm in compared.arms]
    servers = dict.fromkeys(name for one in own for name in (one.endpoint, one.aggregator_endpoint) if name)
    names = {"": "", **{server: f"server {place}" for place, server in enumerate(servers, start=1)}}
    settings = [
        replace(one, endpoint=names[one.endpoint], aggregator_endpoint=names[one.aggregator_endpoint]) for one in own
    ]
    arms = labelled([replace(arm, settings=one) for arm, one in zip(compared.arms, settings, strict=True)])
    return replace(compared, arms=arms, against=arms[list(compared.arms).index(compared.against)])


def _lead(compared: Compared) -> list[str]:
    runs = sum(len(arm.trials) for arm in compared.arms)
    done = sum(len(arm.finished) for arm in compared.arms)
    lead = [
        f"{counted(runs, 'run')} of {counted(len(compared.problems), 'problem')} in "
        f"{counted(len(compared.arms), 'arm')}. Runs of one arm differ in problem and seed only."
    ]
    if runs > done:
        lead.append(f"{counted(runs - done, 'unfinished run')} left out: only whole runs are compared.")
    if compared.ruled:
        lead.append(f"{compared.ruled}. Every number and figure here counts them.")
    return [compared.note, *lead] if compared.note.strip() else lead


def _with_rulings(section: Section, ruled: str) -> Section:
    """The section with what persons ruled under its figure."""
    return replace(section, caption=f"{section.caption} {ruled}.".strip()) if ruled else section


def _arms(arms: Sequence[Arm]) -> Table:
    rows = []
    for arm in arms:
        end = arm_end(arm)
        interval = None if end.low is None or end.high is None else f"{100 * end.low:.1f} to {100 * end.high:.1f}"
        rows.append(
            (
                arm.label,
                arm.problems,
                arm.seeds,
                None if end.right is None else f"{100 * end.right:.1f}",
                interval,
                *(None if cost is None else f"{cost:,.0f}" for cost in (end.calls, end.tokens, end.seconds)),
            )
        )
    columns = (
        "Arm",
        "Problems",
        "Seeds",
        "Right in the end, %",
        "95 % interval",
        "Calls",
        "Tokens",
        "Seconds of calls",
    )
    return Table(columns, rows, numbers=frozenset(range(1, len(columns))))


def _differences(arms: Sequence[Arm], against: Arm) -> Iterator[Section]:
    if len(arms) < 2 or not against.finished:
        return
    for axis in (None, *Axis):
        found = held_against(arms, against, axis)
        if found.differences:
            yield _difference(found)


def _difference(found: Comparison) -> Section:
    title = "What is more than noise?" if found.axis is None else f"And for equal {found.axis.value}?"
    lead = [f"Each arm is held against {found.against.label}, in the end, with all that it spent."]
    if found.axis is not None and found.budget is not None:
        lead = [f"Each arm for at most {amount(found.budget)} {found.axis.value} a problem, the most that all can use."]
    lead += [*map(difference_in_words, found.differences)]
    if words := comparisons_in_words(found.differences):
        lead.append(words)
    if found.axis is None:
        lead.append(f"Intervals of 95 %: {METHOD}.")
    data = paired_data(found.differences)
    anchor = "noise" if found.axis is None else f"noise-{found.axis.value}"
    return Section(title, anchor, lead, lambda theme: paired_figure(data, theme), data.caption)


def _pictures(arms: Sequence[Arm]) -> Iterator[Section]:
    for axis in Axis:
        yield from _lines(f"By {axis.value}", f"by-{axis.value}", compare_budget_data(arms, axis))
    yield from _lines("By generation", "by-generation", compare_t_data(arms))
    yield from _lines("By population size", "by-size", compare_n_data(arms))
    yield from _lines("What a single draw still misses", "gap", compare_gap_data(arms))
    grid = problem_grid_data(arms)
    yield Section(
        "Problem by problem", "grid", figure=lambda theme: problem_grid_figure(grid, theme), caption=grid.caption
    )


def _lines(title: str, anchor: str, data: LinesData) -> Iterator[Section]:
    if data.lines:
        yield Section(title, anchor, figure=lambda theme: compare_figure(data, theme), caption=data.caption)


def _problems(problems: Iterable[Problem]) -> Iterator[str]:
    for problem in problems:
        question, gold = problem.question.strip(), "unknown" if problem.gold is None else problem.gold
        cut = question[:LONGEST_QUESTION] + ("…" if len(question) > LONGEST_QUESTION else "")
        yield (
            f"<details><summary>{escaped(problem.label)}</summary>\n"
            f'<pre dir="auto">{escaped(cut)}</pre>\n<p>Gold answer: {escaped(gold)}</p></details>\n'
        )


def _runs(arms: Sequence[Arm]) -> Table:
    rows: list[tuple[object, ...]] = []
    for arm in arms:
        for one in arm.trials:
            right = None if one.end is None or one.end.answered is None else f"{100 * one.end.answered:.1f}"
            state = "finished" if one.finished else "left out: not finished"
            rows.append((one.run_id, arm.label, one.label, one.seed, right, state))
    more = f" (the first {MOST_RUNS:,})" if len(rows) > MOST_RUNS else ""
    columns = ("Run", "Arm", "Problem", "Seed", "Right in the end, %", "State")
    return Table(columns, rows[:MOST_RUNS], frozenset({3, 4}), f"{counted(len(rows), 'run')}{more}")
