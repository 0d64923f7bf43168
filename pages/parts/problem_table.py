"""The table of problems: filters, and ticks that last while the filters change. Knows no run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.problem_pool import Pooled, loaded, source_title
from pages.parts.spoken import said
from rsa_viz.analysis.telling import counted
from rsa_viz.figures.words import one_line
from rsa_viz.tasks import TASKS, find_task

ALL, WITH, WITHOUT = "all", "with", "without"
EVERY = ""  # the choice of no kind, or of no source
CHOSEN, TABLE = "chosen-problems", "problem-table"
CAP = 160  # letters of a question or an answer in the table
HEIGHT = 460
MOST = 2_000
"""Rows of the table; the filters find the others."""


def listed(known: Mapping[str, Pooled], task: str, words: str, gold: str, source: str) -> list[Pooled]:
    """The problems of a task and a source (EVERY: of all), with or without a gold answer, in whose title, question,
    gold answer, kind or source every one of the words stands; kind and source also as this view says them."""
    wanted = words.lower().split()
    titles = [*{title_of(one.problem.task) for one in known.values()}, *{one.source for one in known.values()}]
    said_here = {title: f"{title}\n{said(title)}" for title in titles}
    return [
        one
        for one in known.values()
        if task in (EVERY, one.problem.task)
        and source in (EVERY, one.source)
        and (gold == ALL or (one.problem.gold is not None) == (gold == WITH))
        and all(word in _words_of(one, said_here) for word in wanted)
    ]


def _words_of(one: Pooled, titles: Mapping[str, str]) -> str:
    problem = one.problem
    parts = (problem.title, problem.question, problem.gold or "", titles[title_of(problem.task)], titles[one.source])
    return "\n".join(parts).lower()


def title_of(task: str) -> str:
    """A task's title, or the name of one that is not known here (of an imported run)."""
    return find_task(task).title if task in TASKS else task


def problem_filters(known: Mapping[str, Pooled]) -> list[Pooled]:
    """Draw the filters; the problems that they let through."""
    left, right = st.columns(2)
    tasks = list(dict.fromkeys([*TASKS, *(one.problem.task for one in known.values())]))
    task = left.selectbox(
        said("Kind"),
        [EVERY, *tasks],
        format_func=lambda name: said(title_of(name)) if name else said("all kinds"),
        key="problems-kind",
        persist_state="session",
    )
    sources = list(dict.fromkeys(one.source for one in known.values()))
    source = right.selectbox(
        said("From"),
        [EVERY, *sources],
        format_func=lambda name: source_title(name) if name else said("everywhere"),
        key="problems-source",
        persist_state="session",
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    words = left.text_input(
        said("Search"),
        key="problems-search",
        placeholder=said("words of question, title or gold answer"),
        icon=":material/search:",
        persist_state="session",
    )
    gold = right.segmented_control(
        said("Gold answer"),
        [ALL, WITH, WITHOUT],
        default=ALL,
        required=True,
        format_func=said,
        key="problems-gold",
        help=said("Without a gold answer every verdict is unknown, never wrong."),
        persist_state="session",
    )
    return listed(known, task, words, gold, source)


def chosen_names() -> list[str]:
    """The ticked problems' names, the last one ticked last; without any, the one that the URL names."""
    if CHOSEN not in st.session_state:
        named = st.query_params.get("problem")
        st.session_state[CHOSEN] = [named] if named else []
    return list(st.session_state[CHOSEN])


def chosen_problems(known: Mapping[str, Pooled]) -> list[Pooled]:
    """The ticked problems that are there."""
    return [known[name] for name in chosen_names() if name in known]


def choose(names: Sequence[str]) -> None:
    """Tick exactly these; the URL names the problem when it is one."""
    st.session_state[CHOSEN] = list(names)
    if len(names) == 1:
        st.query_params["problem"] = names[0]
    else:
        st.query_params.pop("problem", None)


def problem_table(known: Mapping[str, Pooled], found: Sequence[Pooled]) -> None:
    """Draw the problems with their ticks, and how many are ticked."""
    total, found = len(found), found[:MOST]
    chosen = chosen_names()
    rows = [place for place, one in enumerate(found) if one.name in chosen]
    state = st.session_state.get(TABLE)
    if state is None or sorted(state["selection"]["rows"]) != rows:
        st.session_state[TABLE] = {"selection": {"rows": rows, "columns": [], "cells": []}}

    def ticked() -> None:
        picked = st.session_state[TABLE]["selection"]["rows"]
        names = [found[row].name for row in picked if row < len(found)]
        here = {one.name for one in found}
        kept = [name for name in chosen_names() if name in names or name not in here]
        choose([*kept, *(name for name in names if name not in kept)])

    st.dataframe(
        {
            "Problem": [one.problem.label for one in found],
            "Kind": [said(title_of(one.problem.task)) for one in found],
            "Gold answer": [_gold(one) for one in found],
            "From": [source_title(one.source) for one in found],
            "Question": [one_line(one.problem.question, CAP) for one in found],
        },
        key=TABLE,
        height=HEIGHT,
        hide_index=True,
        selection_mode="multi-row",
        on_select=ticked,
        column_config={
            "Problem": st.column_config.TextColumn(said("Problem"), width=250),
            "Kind": st.column_config.TextColumn(said("Kind"), width=150),
            "Gold answer": st.column_config.TextColumn(said("Gold answer"), width=110),
            "From": st.column_config.TextColumn(said("From"), width=90),
            "Question": said("Question"),
        },
        alt=said("The problems that the filters let through; tick one to read it, several to run them all."),
    )
    there = [name for name in chosen if name in known]
    with st.container(horizontal=True, vertical_alignment="center"):
        unseen = len(there) - len(rows)
        st.caption(
            said(f"{counted(total, 'problem')} of {len(known):,}")
            + (said(f", the first {MOST:,} listed") if total > MOST else "")
            + (said(f"; {len(there):,} ticked") if there else "")
            + (said(f", {unseen:,} of them not listed now") if unseen else ""),
            width="stretch",
        )
        if there:
            st.button(said("Untick all"), key="untick", icon=":material/deselect:", on_click=choose, args=([],))
    if len(chosen) > len(there) and not there:
        st.caption(said("The problem that the address names is not here: it was loaded in another browser session."))


def _gold(one: Pooled) -> str:
    gold = one.problem.gold
    if gold is not None:
        return one_line(gold, CAP)
    return said("tests") if one.problem.metadata.get("tests") else "–"


def tick_loaded(source: str) -> None:
    """Tick everything that a source brought (for a callback)."""
    choose(list(loaded().get(source, {})))
