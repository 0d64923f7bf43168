"""Make an experiment: by form or as a TOML file; what it will take and cost before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.parts.experiment_arms import arms_table
from pages.parts.experiment_list import PREPARING
from pages.parts.foreign import foreign_code
from pages.parts.problem_pool import pool
from pages.parts.problem_table import chosen_problems, problem_filters, problem_table
from pages.parts.spoken import said, told
from pages.parts.words import escaped, large
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.spec import ExperimentSpec, read_spec, spec_content
from rsa_viz.core.toml import to_toml
from rsa_viz.service import Service
from rsa_viz.service.experiment_planning import Foreseen
from rsa_viz.service.layout import Layout, read_toml
from rsa_viz.service.models import proposed
from rsa_viz.service.problem_sources import given

FORM, FILE = "By form", "As a file (TOML)"
EXAMPLE = """name = "My experiment"
seeds = 2

[[problems]]
holes = 4

[defaults]
model = "tiny/holes"
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
FAST = "synthetic/fast"


@dataclass(frozen=True, slots=True)
class Generated:
    """A source of random problems as the form asks for it: its name, the task, and the two numbers of ``key``."""

    title: str
    task: str
    key: str
    labels: tuple[str, str]
    help: str
    least: int
    most: int
    usual: tuple[int, int]


GENERATED = {
    "holes": Generated(
        "Missing operations", "holes", "guesses", ("Guesses, from", "Guesses, to"),
        "Operations that cannot be seen from the target: a sample is right once in about 3, 9 and 27 with 1, 2 and 3.",
        0, 4, (1, 2),
    ),
    "programs": Generated(
        "Random programs", "program", "lines", ("Lines, from", "Lines, to"), "More lines are harder.", 1, 20, (6, 12)
    ),
}  # fmt: skip
"""By the key of the source. The first one is what a newcomer is offered."""


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
    problems, task = _problems(service)
    arms = arms_table(service, _proposed(service, task))
    if not name.strip():
        st.caption(said("Give it a name to go on. The name of an experiment that is there already extends that one."))
        return None
    if not problems:
        st.caption(said("Tick problems, or let some be generated, to go on."))
        return None
    return read_spec({"name": name, "note": note, "seeds": int(seeds), "problems": problems, "arms": arms}, "the form")


def _proposed(service: Service, task: str) -> str:
    """As a newcomer is offered, but of the simulations the one that writes without a pace to watch."""
    usual = proposed(task, service.endpoints)
    fast = any(one.name == FAST for one in service.endpoints)
    return FAST if usual.choice.simulated and fast else usual.name


def _problems(service: Service) -> tuple[list[Mapping[str, object]], str]:
    """Where the problems come from, and the task that a model is proposed for: that of the first one."""
    known = pool(service.store)
    chosen = chosen_problems(known)
    with st.expander(said(f"Problems: {len(chosen):,} ticked"), icon=":material/quiz:"):
        problem_table(known, problem_filters(known))
    kinds, columns = list(GENERATED), st.columns([3, 2, 2, 2, 2])
    kind = columns[0].selectbox(
        said("Generated problems"), kinds, format_func=lambda one: said(GENERATED[one].title), key="experiment-kind"
    )
    made = GENERATED[kind]
    at_first = 0 if chosen else 8
    number = int(columns[1].number_input(said("How many"), 0, 1000, at_first, key="experiment-generated"))
    low, high = (
        int(
            column.number_input(said(label), least, made.most, at, key=f"experiment-{kind}-{end}", help=said(made.help))
        )
        for column, label, least, at, end in zip(
            columns[2:4], made.labels, (made.least, made.least), made.usual, ("from", "to"), strict=True
        )
    )
    seed = int(columns[4].number_input(said("Their seed"), 0, 2**31 - 1, 0, key="experiment-generated-seed"))
    found: list[Mapping[str, object]] = [given(one.problem) for one in chosen]
    tasks = [one.problem.task for one in chosen]
    if number:
        found.append({kind: number, made.key: [low, high], "seed": seed})
        tasks.append(made.task)
    return found, tasks[0] if tasks else made.task


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
    for words in service.experiments.unanswered(layout):
        st.warning(escaped(told(words)), icon=":material/warning:")
    if show_file:
        with st.expander(said("This experiment as a file"), icon=":material/description:"):
            text = to_toml(spec_content(layout.spec))
            foreign_code(text, height=320)
            st.button(
                said("Go on with it as a text"),
                key="experiment-as-text",
                icon=":material/edit_note:",
                on_click=_as_text,
                args=(text,),
                help=said("In a text every setting can be written, and whole prompt sets."),
            )
    here = {one.name for one, _ in service.experiments.store.all()}
    label = said("Extend it and start" if layout.spec.name in here else "Plan it and start")
    if st.button(label, key="experiment-begin", type="primary", icon=":material/play_arrow:", width="stretch"):
        service.experiments.prepare(layout, fresh=fresh)
        st.session_state[PREPARING] = layout.spec.name
        st.rerun()


def _as_text(text: str) -> None:
    """A callback: afterwards the widgets are there, and their values cannot be set."""
    st.session_state["experiment-way"] = FILE
    st.session_state["experiment-text"] = text


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
