"""The form that runs several problems with the same settings, as one batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from pages.parts.batch_progress import look_at_batch
from pages.parts.before_start import before_start, warn_unanswered
from pages.parts.keys import remember_keys
from pages.parts.problem_pool import Pooled
from pages.parts.problem_preview import plain, refusal
from pages.parts.problem_table import choose, title_of
from pages.parts.run_form import Form, run_form
from pages.parts.spoken import said
from pages.parts.words import escaped, foreseen
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.problem import Problem
from rsa_viz.service import MOST_IN_BATCH, Service


def batch_form(service: Service, chosen: Sequence[Pooled]) -> None:
    """Draw the form for the ticked problems; the last one ticked can be read."""
    title = f"Run {counted(len(chosen), 'problem')}"
    st.header(said(title), anchor=False)
    kinds = Counter(said(title_of(one.problem.task)) for one in chosen)
    st.caption(said(", ").join(f"{number:,} {escaped(kind)}" for kind, number in kinds.items()))
    with st.expander(said(f"Ticked last: {escaped(chosen[-1].problem.label)}")):
        plain(chosen[-1].problem.question, key="problem-question")
    problems = [one.problem for one in chosen]
    form = run_form(service, problems[0])
    with form.place:
        _start(service, problems, form)


def _start(service: Service, problems: Sequence[Problem], form: Form) -> None:
    refused = form.refused or _refused(problems)
    config, prompts = form.config, form.prompts
    if config is not None and prompts is not None and not refused:
        try:
            costs = service.foresee_all(problems, config, prompts)
            st.markdown(foreseen(costs))
            before_start(service, config, costs)
            warn_unanswered(service, config, problems)
        except InvalidInput as error:
            refused = str(error)
    if refused:
        st.error(escaped(refused), icon=":material/error:")
    note = st.text_input(
        said("Note (optional)"), key="batch-note", help=said("Stands with every run, after the batch's name.")
    )
    ready = config is not None and prompts is not None and not refused
    if st.button(
        said("Run all"),
        type="primary",
        icon=":material/playlist_play:",
        width="stretch",
        disabled=not ready,
        key="run-all",
    ):
        try:
            with st.spinner(said("Drawing every genealogy …")):
                batch = service.create_all(problems, config, prompts=prompts, note=note)
            for run in batch.runs:
                remember_keys(run.id, form.keys)
            look_at_batch(batch.name)
            service.start_all(
                [run.id for run in batch.runs], api_key=form.keys.model, aggregator_key=form.keys.aggregator
            )
        except (InvalidInput, StoreError) as error:
            st.error(escaped(str(error)), icon=":material/error:")
        else:
            choose([])
            st.rerun()


def _refused(problems: Sequence[Problem]) -> str:
    if len(problems) > MOST_IN_BATCH:
        return said(f"A batch has at most {MOST_IN_BATCH:,} problems, not {len(problems):,}; untick some.")
    for problem in problems:
        if (why := refusal(problem)) is not None:
            return f"{problem.label}: {why}"
    return ""
