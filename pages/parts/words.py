"""How numbers, times and run states are said on every page, in the language of the view. Knows no widget."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from pages.parts.spoken import said, told
from rsa_viz.analysis.telling import counted, generations, shape
from rsa_viz.core.foresight import Foresight
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Run, RunConfig, RunStatus
from rsa_viz.core.strategies import find_strategy, options_in_words
from rsa_viz.service.models import Endpoint
from rsa_viz.tasks.difficulty import difficulty

_HALF = re.compile("[\ud800-\udfff]")

STATUS_ICONS = {
    RunStatus.PLANNED: "○",
    RunStatus.RUNNING: "▶",
    RunStatus.PAUSED: "❚❚",
    RunStatus.STOPPED: "■",
    RunStatus.DONE: "✓",
    RunStatus.FAILED: "!",
    RunStatus.INTERRUPTED: "…",
}


def duration(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds < 9.95:
        return said(f"{seconds:.1f} s")
    whole = round(seconds)
    if whole < 60:
        return said(f"{whole} s")
    if whole < 3600:
        return said(f"{whole // 60} min {whole % 60} s")
    return said(f"{whole // 3600} h {whole % 3600 // 60} min")


def ago(moment: float, now: float | None = None) -> str:
    """``just now``, ``5 min ago``, ``3 h ago``, else the date in local time."""
    passed = (time.time() if now is None else now) - moment
    if passed < 60:
        return said("just now")
    if passed < 3600:
        return said(f"{int(passed // 60)} min ago")
    if passed < 86_400:
        return said(f"{int(passed // 3600)} h ago")
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))


def large(number: float) -> str:
    """``950``, ``12,400``, ``1.3 million``: a number as one says it."""
    if number >= 1_000_000:
        return said(f"{number / 1_000_000:.1f} million")
    if number >= 10_000:
        return f"{round(number, -2):,.0f}"
    return f"{number:,.0f}"


def run_label(run: Run) -> str:
    """One line that tells runs apart in a list: no two are the same, for a list finds what was chosen by its label."""
    return f"{run.problem.label[:44]} · {shape(run.config)} · {ago(run.created_at)} · {run.id[:6]}"


def model_title(endpoint: Endpoint) -> str:
    """What an endpoint is called: a built-in one in the language of the view, the operator's as he named it."""
    return said(endpoint.title) if endpoint.choice.embedded else endpoint.title


def model_note(endpoint: Endpoint) -> str:
    """What is noted of an endpoint; empty for nothing."""
    return told(endpoint.note) if endpoint.choice.embedded else endpoint.note


def sendable(text: str) -> str:
    """The text with U+FFFD for every lone half of a surrogate pair, which no browser can be sent; its length stays."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(text: str) -> str:
    """Foreign text for a place that reads markdown: every sign stands for itself."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|~$:<>&" else sign for sign in sendable(text))


def models_named(config: RunConfig) -> str:
    """The model of a run, and the one that aggregates if that is another, as markdown."""
    if config.aggregator is None:
        return escaped(config.model.model)
    return said(", ").join((escaped(config.model.model), said(f"{escaped(config.aggregator.model)} aggregates")))


def facts_line(run: Run) -> str:
    """How the run was made, as one line of markdown."""
    config = run.config
    return said(", ").join(
        [
            said(find_strategy(config.strategy).title),
            shape(config),
            said(generations(config.t)),
            *map(said, options_in_words(replace(config, aggregator=None))),
            models_named(config),
            said(f"seed {config.seed}"),
            said(f"prompts {escaped(said(run.prompts.label))}"),
        ]
    )


def foreseen(costs: Sequence[Foresight]) -> str:
    """What one run or several of one configuration will cost, in sum, as markdown; there must be one at least."""
    calls, links = sum(one.calls for one in costs), sum(one.links for one in costs)
    tokens_in, tokens_out = sum(one.tokens_in for one in costs), sum(one.tokens_out for one in costs)
    measured = min(one.measured for one in costs)
    basis = (
        _basis_of_two(measured)
        if len(costs[0].loads) > 1
        else said(f"(from {counted(measured, 'chain')} recorded of this model)")
        if measured
        else said("(at most: no answer of this model is recorded yet)")
        if len(costs) == 1
        else said("(at most: no answer of this model to some of these kinds is recorded yet)")
    )
    most, within = counted(max(one.calls for one in costs), "call"), generations(costs[0].generations)
    shape = said(f"**{counted(calls, 'call')}, {within}**, {counted(links, 'parent link')}")
    if len(costs) > 1:
        runs, all_calls = counted(len(costs), "run"), counted(calls, "call")
        alike = len({one.calls for one in costs}) == 1
        shape = (
            said(f"**{runs}, {all_calls} in all**, each {most} in {within}")
            if alike
            else said(f"**{runs}, {all_calls} in all**, at most {most} in {within}")
        )
    longest = large(max(one.longest_prompt for one in costs))
    tokens = said(f"about {large(tokens_in)} tokens in, {large(tokens_out)} out, longest prompt about {longest}")
    return f"{shape}  \n{tokens} :small[{basis}]"


def _basis_of_two(measured: int) -> str:
    """What an estimate rests on where two models write."""
    if measured:
        return said(f"(from at least {counted(measured, 'chain')} recorded of each model)")
    return said("(at most: no answer of one of the models to some of this is recorded yet)")


def alone(problem: Problem) -> str:
    """How hard a problem is for a model by itself, in one sentence; empty where nobody measured it."""
    found = difficulty(problem)
    if found is None:
        return ""
    share = 100 * found.right / found.of
    return said(
        f"{said(found.level.capitalize())}: alone, {escaped(found.model)} is right in {share:.0f} % "
        f"of {found.of:,} solutions."
    )


def judged_by(problem: Problem) -> str:
    """What a problem's answers are judged by, in one sentence."""
    if problem.gold is not None:
        return said("Compared with a gold answer.")
    tests = problem.metadata.get("tests")
    if isinstance(tests, list | tuple) and tests:
        return said(f"Judged by {counted(len(tests), 'test')}.")
    if problem.task == "program":
        return said("Recomputed exactly; no gold answer is needed.")
    return said("No gold answer: every verdict is unknown.")
