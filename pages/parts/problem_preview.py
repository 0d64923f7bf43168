"""One problem, whole: question, options, gold answer, tests, worked solution. All of it is plain text."""

from __future__ import annotations

import streamlit as st

from pages.parts.foreign import foreign_text
from pages.parts.frame import may_change, open_new_run
from pages.parts.problem_choice import offer_problem
from pages.parts.problem_pool import Pooled, source_title
from pages.parts.problem_table import title_of
from pages.parts.spoken import said, told
from pages.parts.words import alone, escaped, judged_by
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import TASKS, find_task, missing

LONG = 1200  # characters; more than that scrolls
LONGEST = 40_000  # characters shown


def preview(pooled: Pooled) -> None:
    """Draw a problem, and the way to the Run page with it."""
    problem = pooled.problem
    st.header(escaped(problem.label), anchor=False)
    st.caption(f"{escaped(said(title_of(problem.task)))}{said(', from ')}{escaped(source_title(pooled.source))}")
    refused = refusal(problem)
    if may_change() and st.button(
        said("Use on the Run page"),
        type="primary",
        icon=":material/play_circle:",
        key="use-problem",
        disabled=refused is not None,
    ):
        offer_problem(problem)
        open_new_run()
    if refused:
        st.error(escaped(refused), icon=":material/error:")
    elif (lacking := missing(problem.task)) is not None:
        st.info(escaped(told(lacking)), icon=":material/info:")
    plain(problem.question, key="problem-question")
    if hardness := alone(problem):
        st.caption(hardness)
    options = problem.metadata.get("options")
    if isinstance(options, list | tuple) and not all(str(option) in problem.question for option in options):
        foreign_text("\n".join(f"{_letter(place)}) {option}" for place, option in enumerate(options)))
    if problem.gold is not None:
        foreign_text(said(f"Gold answer: {problem.gold[:LONGEST]}"))
    else:
        foreign_text(judged_by(problem))
    solution = problem.metadata.get("solution")
    if isinstance(solution, str) and solution.strip():
        with st.expander(said("Worked solution"), icon=":material/menu_book:"):
            plain(solution, key="problem-solution")


def refusal(problem: Problem) -> str | None:
    """Why the problem cannot be run, or None."""
    if problem.task not in TASKS:
        return said(f"This rsa_viz has no task {problem.task!r}.")
    try:
        find_task(problem.task).check(problem)
    except InvalidProblem as error:
        return str(error)
    return None


def plain(text: str, *, key: str) -> None:
    """Foreign text in a frame, which scrolls when it is long."""
    with st.container(border=True, height=380 if len(text) > LONG else "content", key=key):
        foreign_text(text[:LONGEST])
        if len(text) > LONGEST:
            st.caption(said(f"The first {LONGEST:,} of {len(text):,} characters."))


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else str(place + 1)
