"""Which problems there are to choose from: bundled ones, those of recorded runs, and those that this session loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.parts.spoken import said
from rsa_viz.core.problem import Problem
from rsa_viz.store import Store
from rsa_viz.tasks import TASKS

BUNDLED, RECORDED = "bundled", "recorded runs"
_LOADED = "loaded-problems"


@dataclass(frozen=True, slots=True)
class Pooled:
    """A problem, its name in this session and in URLs (its key), and where it is from."""

    name: str
    problem: Problem
    source: str


def loaded() -> Mapping[str, Mapping[str, Problem]]:
    """What this browser session loaded: problems by name, by their source, the last source first."""
    found: dict[str, dict[str, Problem]] = st.session_state.get(_LOADED, {})
    return dict(reversed(found.items()))


def keep_loaded(source: str, problems: Iterable[Problem]) -> None:
    """Keep problems for this browser session; a source of the same name is replaced."""
    kept = {name: value for name, value in st.session_state.get(_LOADED, {}).items() if name != source}
    st.session_state[_LOADED] = {**kept, source: {problem.key: problem for problem in problems}}


def forget_loaded(source: str) -> None:
    """Drop a source's problems."""
    st.session_state[_LOADED] = {
        name: value for name, value in st.session_state.get(_LOADED, {}).items() if name != source
    }


def source_title(source: str) -> str:
    """A source's name in the language of the view; that of what was loaded as it is."""
    return said(source) if source in (BUNDLED, RECORDED) else source


def bundled() -> list[Problem]:
    """The bundled problems of every task, in the order of the tasks."""
    return [problem for task in TASKS.values() for problem in task.problems()]


def pool(store: Store) -> dict[str, Pooled]:
    """Every problem by its name: loaded ones first, then bundled ones, then those that recorded runs have and that are
    neither."""
    found = {
        name: Pooled(name, problem, source)
        for source, problems in loaded().items()
        for name, problem in problems.items()
    }
    for source, problems in ((BUNDLED, bundled()), (RECORDED, store.problems())):
        for problem in problems:
            name = problem.key
            found.setdefault(name, Pooled(name, problem, source))
    return found
