"""Make an experiment: by form or as a TOML file; what it will take and cost before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.parts.experiment_list import PREPARING
from pages.parts.foreign import foreign_code
from pages.parts.problem_pool import pool
from pages.parts.problem_table import chosen_problems, problem_filters, problem_table
from pages.parts.spoken import said, told
from pages.parts.words import escaped, large
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.spec import ExperimentSpec, read_spec, spec_content
from rsa_viz.core.strategies import STRATEGIES
from rsa_viz.core.toml import to_toml
from rsa_viz.service import Service
from rsa_viz.service.experiment_planning import Foreseen
from rsa_viz.service.layout import Layout, read_toml
from rsa_viz.service.problem_sources import given

FORM, FILE = "By form", "As a file (TOML)"
EXAMPLE = """name = "My experiment"
seeds = 2

[[problems]]
bundled = "program"
count = 4

[defaults]
model = "synthetic/fast"
n = 8

[[arms]]
name = "RSA"
k = [2, 4]
t = 5

[[arms]]
name = "Majority vote"
strategy = "majority-vote"
n = 40
"""
WHERE = "your text"


def make_experiment(service: Service) -> None:
    """Draw the form or the text, what it would take, and the start."""
    st.header(said("New experiment"), anchor=False)
    way = st.segmented_control(
        said("How"), [FORM, FILE], default=FORM, format_func=said, required=True, key="experiment-way"
    )
    try:
        spec = _by_form(service) if way == FORM else _by_file()
        if spec is not None:
            _begin(service, service.experiments.lay_out(spec, where=WHERE if way == FILE else "the form"), way == FORM)
    except (InvalidInput, StoreError) as error:
        st.error(escaped(str(error)), icon=":material/error:")


def _by_file() -> ExperimentSpec | None:
    uploaded = st.file_uploader(said("A file"), type=["toml"], key="experiment-upload", max_upload_size=8)
    if uploaded is not None:
        try:
            text = uploaded.getvalue().decode("utf-8")
        except UnicodeDecodeError:
            raise InvalidInput(f"{uploaded.name} is no UTF-8 text; upload a TOML file") from None
        foreign_code(text[:4000], height=280)
        return read_toml(text, WHERE)
    text = st.text_area(said("… or its text"), EXAMPLE, key="experiment-text", height=380)
    st.caption(said("Every setting takes a value or a list; lists multiply. docs/experiments.md says what there is."))
    return read_toml(text, WHERE) if text.strip() else None


def _by_form(service: Service) -> ExperimentSpec | None:
    left, right = st.columns([3, 1])
    name = left.text_input(
        said("Name"), key="experiment-name", placeholder=said("K against a vote"), persist_state="session"
    )
    seeds = right.number_input(
        said("Seeds"), 1, 1000, 2, key="experiment-seeds", help=said("Runs of every setting and problem.")
    )
    note = st.text_input(said("Note (optional)"), key="experiment-note")
    problems = _problems(service)
    arms = _arms(service)
    if not name.strip():
        st.caption(said("Give it a name to go on. The name of an experiment that is there already extends that one."))
        return None
    if not problems:
        st.caption(said("Tick problems, or let some be generated, to go on."))
        return None
    return read_spec({"name": name, "note": note, "seeds": int(seeds), "problems": problems, "arms": arms}, "the form")


def _problems(service: Service) -> list[Mapping[str, object]]:
    known = pool(service.store)
    chosen = chosen_problems(known)
    with st.expander(said(f"Problems: {len(chosen):,} ticked"), icon=":material/quiz:"):
        problem_table(known, problem_filters(known))
    columns = st.columns(4)
    at_first = 0 if chosen else 8
    number = int(columns[0].number_input(said("Random programs"), 0, 1000, at_first, key="experiment-programs"))
    low = int(columns[1].number_input(said("Lines, from"), 1, 20, 6, key="experiment-lines-from"))
    high = int(columns[2].number_input(said("Lines, to"), 1, 20, 12, key="experiment-lines-to"))
    seed = int(columns[3].number_input(said("Their seed"), 0, 2**31 - 1, 0, key="experiment-programs-seed"))
    found = [given(one.problem) for one in chosen]
    if number:
        found.append({"programs": number, "lines": [low, high], "seed": seed})
    return found


def _arms(service: Service) -> list[dict[str, object]]:
    """The arms, a row each; a cell of numbers takes several, separated by blanks or commas."""
    model = next((one.name for one in service.endpoints if one.name == "synthetic/fast"), service.endpoints[0].name)
    start = {
        "Arm": ["RSA", "Majority vote"],
        "Strategy": ["rsa", "majority-vote"],
        "Model": [model, model],
        "Aggregator": ["", ""],
        "N": ["8", "40"],
        "K": ["2, 4", ""],
        "T": ["5", ""],
        "Temperature": ["1", "1"],
    }
    numbers = said("One number, or several: 4, 8, 16.")
    column = st.column_config
    edited: Any = st.data_editor(
        start,
        key="experiment-arms",
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config={
            "Arm": said("Arm"),
            "Strategy": column.SelectboxColumn(said("Strategy"), options=list(STRATEGIES), required=True),
            "Model": column.SelectboxColumn(
                said("Model"), options=[one.name for one in service.endpoints], required=True
            ),
            "Aggregator": column.SelectboxColumn(
                said("Aggregator"),
                options=["", *(one.name for one in service.endpoints)],
                help=said("Another model that writes the children; empty for the same."),
            ),
            **{knob: column.TextColumn(help=numbers, width="small") for knob in ("N", "K", "T")},
            "Temperature": column.TextColumn(said("Temperature"), help=numbers, width="small"),
        },
    )
    st.caption(said("A row an arm. Several numbers in a cell multiply; what a strategy does not use is ignored."))
    rows = [dict(zip(edited, values, strict=True)) for values in zip(*edited.values(), strict=True)]
    return [_arm(number, row) for number, row in enumerate(rows, start=1)]


def _arm(number: int, row: Mapping[str, object]) -> dict[str, object]:
    arm: dict[str, object] = {
        "name": str(row["Arm"] or f"arm {number}"),
        "strategy": row["Strategy"],
        "model": row["Model"],
    }
    if row["Aggregator"]:
        arm["aggregator"] = row["Aggregator"]
    for knob, whole in (("N", True), ("K", True), ("T", True), ("Temperature", False)):
        words = str(row[knob] or "").replace(",", " ").split()
        if not words:
            continue
        try:
            values = [int(word) if whole else float(word) for word in words]
        except ValueError:
            kind = "whole numbers" if whole else "numbers"
            raise InvalidInput(f"arm {number} ({arm['name']}): {knob} must be {kind}, not {row[knob]!r}") from None
        arm[knob.lower()] = list(dict.fromkeys(values))
    return arm


def _begin(service: Service, layout: Layout, show_file: bool) -> None:
    for words in layout.left_out:
        st.warning(escaped(words), icon=":material/warning:")
    fresh = st.checkbox(
        said("Fresh runs"),
        key="experiment-fresh",
        help=said("Without it, runs that are recorded with the same problem, settings and prompts are used again."),
    )
    foreseen = service.experiments.foresee(layout, fresh=fresh)
    _table(foreseen)
    st.markdown(_in_words(layout, foreseen))
    others = sum(problem.task != "program" for problem in layout.problems)
    if others and any(point.config.simulated for point in layout.servers):
        st.warning(
            said(f"The synthetic reasoner works on programs only; it gives no answer to {others:,} of these problems.")
        )
    unknown = sum(problem.task != "holes" for problem in layout.problems)
    if unknown and any(one.tiny for point in layout.servers for one in point.config.models):
        st.warning(
            said(f"The tiny model knows missing operations only; it gives no answer to {unknown:,} of these problems.")
        )
    if show_file:
        with st.expander(said("This experiment as a file"), icon=":material/description:"):
            foreign_code(to_toml(spec_content(layout.spec)), height=320)
    here = {one.name for one, _ in service.experiments.store.all()}
    label = said("Extend it and start" if layout.spec.name in here else "Plan it and start")
    if st.button(label, key="experiment-begin", type="primary", icon=":material/play_arrow:", width="stretch"):
        service.experiments.prepare(layout, fresh=fresh)
        st.session_state[PREPARING] = layout.spec.name
        st.rerun()


def _table(foreseen: tuple[Foreseen, ...]) -> None:
    columns = {
        "Setting": [one.name for one in foreseen],
        "Runs": [one.runs for one in foreseen],
        "Recorded": [one.reused for one in foreseen],
        "Calls left": [one.calls for one in foreseen],
        "Tokens in": [large(one.tokens_in) for one in foreseen],
        "Tokens out": [large(one.tokens_out) for one in foreseen],
        "Longest prompt": [large(one.longest_prompt) for one in foreseen],
        "Cost": [
            said("no price")
            if not one.bill.amounts
            else f"{one.bill.in_words} + ?"
            if one.bill.unpriced
            else one.bill.in_words
            for one in foreseen
        ],
    }
    st.dataframe(
        columns,
        hide_index=True,
        key="experiment-foreseen",
        column_config={name: said(name) for name in columns},
        alt=said("What each setting takes: runs, calls, tokens, cost."),
    )


def _in_words(layout: Layout, foreseen: tuple[Foreseen, ...]) -> str:
    runs, reused, calls = (sum(getattr(one, what) for one in foreseen) for what in ("runs", "reused", "calls"))
    served = len(layout.points) - len(layout.servers)
    settings, problems = counted(len(layout.servers), "setting"), counted(len(layout.problems), "problem")
    seeds = counted(len(layout.spec.seeds), "seed")
    words = [f"**{counted(runs, 'run')}, {counted(calls, 'call')}**: {settings} × {problems} × {seeds}."]
    if reused:
        words.append(f"{reused:,} of them are recorded and used again.")
    if served:
        further = counted(served, "further setting")
        words.append(f"{further} read from these runs: one run serves every T below its own.")
    if any(one.calls and not one.measured for one in foreseen):
        words.append("Tokens are at most: not every model's answers to such problems are recorded yet.")
    return told(" ".join(words))
