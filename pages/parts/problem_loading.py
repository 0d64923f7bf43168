"""More problems: from a file, from the Hugging Face hub, from Reasoning Gym's generators. They last for the session."""

from __future__ import annotations

import streamlit as st

from pages.parts.problem_pool import forget_loaded, keep_loaded, loaded
from pages.parts.problem_table import tick_loaded, title_of
from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput
from rsa_viz.tasks import TASKS
from rsa_viz.tasks.reasoning_gym import CATEGORIES, GROUPS, REASONING_GYM, generate, names_of
from rsa_viz.tasks.sources import FORMATS, Columns, ReadProblems, read_hub, read_problems
from rsa_viz.tasks.sources.hub import missing as hub_missing

GUESS = "by each row (guessed)"
_REPORT = "load-report"
_SHOWN = 200  # refused rows that are listed


def load_problems() -> None:
    """Draw the three ways to more problems, and what the last loading gave."""
    _report()
    with st.expander(said("Load more problems"), icon=":material/upload:", expanded=False):
        file, hub, gym = st.tabs([said("From a file"), said("Hugging Face data set"), said("Reasoning Gym")])
        with file:
            _from_file()
        with hub:
            _from_hub()
        with gym:
            _from_gym()
    _sources()


def _from_file() -> None:
    with st.form("load-file", border=False):
        uploaded = st.file_uploader(
            said("JSONL, JSON, CSV, TSV or parquet (verl's schema too)"),
            type=list(FORMATS),
            key="problems-file",
            max_upload_size=64,
        )
        task, columns = _how("file")
        if not st.form_submit_button(said("Load the file"), icon=":material/upload_file:"):
            return
    if uploaded is None:
        st.error(said("Choose a file first."), icon=":material/error:")
        return
    try:
        found = read_problems(uploaded.name, uploaded.getvalue(), task=task, columns=columns)
    except InvalidInput as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return
    _keep(uploaded.name, found)


def _from_hub() -> None:
    if (lacking := hub_missing()) is not None:
        st.info(escaped(told(lacking)), icon=":material/info:")
    with st.form("load-hub", border=False):
        name = st.text_input(said("Data set"), key="hub-name", placeholder="openai/gsm8k")
        left, middle, right = st.columns(3)
        subset = left.text_input(said("Subset"), key="hub-subset", placeholder="main")
        split = middle.text_input(said("Split"), "test", key="hub-split")
        limit = right.number_input(said("Rows"), 1, 20_000, 100, key="hub-limit")
        task, columns = _how("hub")
        sent = st.form_submit_button(said("Load the data set"), icon=":material/cloud_download:")
    if not sent:
        return
    try:
        with st.spinner(said("Reading from the hub …")):
            found = read_hub(
                name.strip(),
                subset=subset.strip() or None,
                split=split.strip() or "test",
                limit=limit,
                task=task,
                columns=columns,
            )
    except InvalidInput as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return
    _keep(":".join(part for part in (name.strip(), subset.strip(), split.strip()) if part), found)


def _from_gym() -> None:
    if (lacking := REASONING_GYM.missing()) is not None:
        st.info(escaped(told(lacking)), icon=":material/info:")
    with st.form("load-gym", border=False):
        generators = [f"all of {group}" for group in GROUPS]
        generators += [name for names in CATEGORIES.values() for name in names]
        chosen = st.selectbox(said("Generator or group"), generators, format_func=_said_group, key="gym-generator")
        left, right = st.columns(2)
        number = left.number_input(said("Problems"), 1, 1000, 10, key="gym-count")
        seed = right.number_input(said("Seed"), 0, 2**31 - 1, 0, key="gym-seed")
        sent = st.form_submit_button(said("Generate"), icon=":material/casino:", disabled=lacking is not None)
    if not sent:
        return
    try:
        with st.spinner(said("Generating; the library takes seconds to load …")):
            made = generate(names_of(chosen.removeprefix("all of ")), count=number, seed=seed)
    except InvalidInput as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return
    _keep(f"{chosen.removeprefix('all of ')}, seed {seed}", ReadProblems(made, ()))


def _said_group(generator: str) -> str:
    return said(generator) if generator.startswith("all of ") else generator


def _how(where: str) -> tuple[str | None, Columns]:
    """Which task the rows belong to, and which column holds what, where their names do not tell."""
    task = st.selectbox(
        said("Kind"),
        ["", *TASKS],
        format_func=lambda name: said(title_of(name) if name else GUESS),
        key=f"{where}-task",
    )
    with st.popover(said("Columns"), icon=":material/view_column:"):
        st.caption(said("Only where their names do not tell. Options may stand in several columns: A,B,C,D."))
        asked = {
            what: st.text_input(said(f"Column of the {what}"), key=f"{where}-column-{what}").strip() or None
            for what in ("question", "gold", "options", "tests", "title", "task")
        }
    return task or None, Columns(**asked)


def _keep(source: str, found: ReadProblems) -> None:
    keep_loaded(source, found.problems)
    st.session_state[_REPORT] = (source, found)
    st.rerun()


def _report() -> None:
    if _REPORT not in st.session_state:
        return
    source, found = st.session_state[_REPORT]
    with st.container(border=True, key="load-report"):
        words, button = st.columns([5, 1], vertical_alignment="center")
        read = counted(len(found.problems), "problem")
        told_of = (
            said(f"**{escaped(source)}**: {read} loaded, {counted(len(found.refused), 'row')} refused.")
            if found.refused
            else said(f"**{escaped(source)}**: {read} loaded.")
        )
        words.markdown(told_of + _used(found))
        button.button(said("Close"), key="close-report", on_click=st.session_state.pop, args=(_REPORT,))
        if found.refused:
            shown = found.refused[:_SHOWN]
            st.dataframe(
                {"Row": [one.number for one in shown], "Reason": [one.reason for one in shown]},
                hide_index=True,
                key="refused-rows",
                height="content" if len(shown) <= 5 else 230,
                column_config={
                    "Row": st.column_config.NumberColumn(said("Row"), width=60),
                    "Reason": said("Reason"),
                },
                alt=said("The rows that were refused, and why."),
            )
            if len(found.refused) > _SHOWN:
                st.caption(said(f"The first {_SHOWN:,} of {counted(len(found.refused), 'refused row')}."))


def _used(found: ReadProblems) -> str:
    if found.columns.question is None:
        return ""
    named = [(what, getattr(found.columns, what)) for what in ("question", "gold", "options", "tests")]
    used = said(", ").join(said(f"{what} from “{escaped(name)}”") for what, name in named if name is not None)
    return f" {used[0].upper()}{used[1:]}{said('. ').strip()}"


def _sources() -> None:
    for source, problems in loaded().items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{escaped(source)}{said(': ')}{said(counted(len(problems), 'problem'))}", width="stretch")
            st.button(
                said("Tick all"), key=f"tick-{source}", on_click=tick_loaded, args=(source,), disabled=not problems
            )
            st.button(said("Drop"), key=f"drop-{source}", on_click=forget_loaded, args=(source,))
