"""Which problem the new run is about: a family, then one of its problems, or the viewer's own question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice

import streamlit as st

from pages.parts.foreign import foreign_text
from pages.parts.problem_pool import bundled, loaded
from pages.parts.spoken import said, told
from pages.parts.words import alone, judged_by
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import TASKS, find_task, missing, opening_problem

READY, OWN = "A ready problem", "Your own question"
CHOSEN = "Chosen on the Problems page"
MOST = 500
"""Problems of a loaded source that are offered here; the Problems page finds the others."""

_SOURCE, _FAMILY, _CHOSEN = "problem-source", "problem-family", "chosen-problem"


def offer_problem(problem: Problem) -> None:
    """Have the form begin with this problem, and no run be in view."""
    family = next((family for family, problems in _families().items() if problem.key in problems), CHOSEN)
    if family == CHOSEN:
        st.session_state[_CHOSEN] = problem
    st.session_state[_SOURCE] = READY
    st.session_state[_FAMILY] = family
    st.session_state[_key(family)] = problem.key
    st.session_state.pop("run", None)


def choose_problem() -> Problem | None:
    """Draw the choice; None while there is no question."""
    source = st.segmented_control(
        said("Problem"),
        [READY, OWN],
        default=READY,
        required=True,
        format_func=said,
        key=_SOURCE,
        persist_state="session",
    )
    if source == OWN:
        return _own_problem()
    families = _families()
    left, right = st.columns(2, gap="small")
    family = left.selectbox(
        said("Family"),
        list(families),
        format_func=lambda one: one if one in loaded() else said(one),
        key=_FAMILY,
        label_visibility="collapsed",
        persist_state="session",
    )
    problems = families[family]
    labels = _labels(problems)
    names = list(problems)
    opening = next((names.index(one.key) for one in _openings() if one.key in names), 0)
    name = right.selectbox(
        said("Problem of this family"),
        names,
        index=opening,
        format_func=lambda one: labels[one],
        key=_key(family),
        label_visibility="collapsed",
        persist_state="session",
    )
    problem = problems[name]
    with st.container(border=True, height=420 if len(problem.question) > 1500 else "content"):
        foreign_text(problem.question)  # not st.code: its highlighter is 1.5 MB on the way to the first page
    st.caption(f"{said(find_task(problem.task).title)}{said('. ')}{judged_by(problem)}")
    if hardness := alone(problem):
        st.caption(hardness)
    if (lacking := missing(problem.task)) is not None:
        st.info(told(lacking), icon=":material/info:")
    return problem


def _openings() -> tuple[Problem, ...]:
    """The problems that their families open with: those of the tasks that an embedded model knows."""
    return opening_problem(), opening_problem("program")


def _key(family: str) -> str:
    return f"problem-of-{family}"


def _families() -> Mapping[str, Mapping[str, Problem]]:
    """The problems by name, by family: the tasks' bundled ones, the opening problem's first, then what was loaded."""
    found: dict[str, dict[str, Problem]] = {find_task(opening_problem().task).title: {}}
    for problem in bundled():
        found.setdefault(find_task(problem.task).title, {})[problem.key] = problem
    for source, problems in loaded().items():
        if problems:
            found[source] = dict(islice(problems.items(), MOST))
    chosen = st.session_state.get(_CHOSEN)
    if isinstance(chosen, Problem):
        found[CHOSEN] = {chosen.key: chosen}
    return found


def _labels(problems: Mapping[str, Problem]) -> dict[str, str]:
    """A line for each; equal ones are numbered, because a list finds what was chosen by its line."""
    often = Counter(problem.label for problem in problems.values())
    seen: Counter[str] = Counter()
    labels = {}
    for name, problem in problems.items():
        label = problem.label
        seen[label] += 1
        labels[name] = f"{label} ({seen[label]})" if often[label] > 1 else label
    return labels


def _own_problem() -> Problem | None:
    task = st.selectbox(
        said("Kind"),
        list(TASKS),
        index=list(TASKS).index("text"),
        format_func=lambda name: said(find_task(name).title),
        key="own-task",
        label_visibility="collapsed",
    )
    question = st.text_area(
        said("Question"),
        height=220,
        key="own-question",
        placeholder="Work modulo 97.\na = 12\nb = 45\nc = a * b\nWhat is c?"
        if task == "program"
        else said("How many positive integers below 100 are divisible by 6 or by 8?"),
    )
    metadata: dict[str, object] = {}
    if task == "multiple_choice":
        options = st.text_area(said("Options, one a line"), key="own-options", height=120)
        metadata = {"options": [line.strip() for line in options.splitlines() if line.strip()]}
    gold = st.text_input(
        said("Gold answer (optional)"), key="own-gold", help=said("Without one, every verdict is unknown, never wrong.")
    )
    if not question.strip():
        st.caption(said("Write a question to go on."))
        return None
    return Problem(task=task, question=question, gold=gold.strip() or None, metadata=metadata)
