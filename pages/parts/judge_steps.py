"""Asking a model for verdicts on steps: what it costs, start and stop, how it goes, and how far it agrees with what is
known."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import may_change, say, the_service
from pages.parts.guarded import guarded
from pages.parts.naming import sentences
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.verdicts_by import judgings_of, steps_in_view
from pages.parts.words import escaped
from rsa_viz.analysis.agreement import Agreement, agreement, agreement_in_words
from rsa_viz.analysis.telling import brief, counted
from rsa_viz.analysis.verdicts_by import KNOWN, PROVEN, Source, VerdictsBy
from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.run import Run
from rsa_viz.core.step_judging import newest_judgings
from rsa_viz.service.step_judging import JudgingProgress, foresee_judging, judgeable

LOOK_EVERY_S = 1.0
EVERY, GENERATION, CHAIN = "every chain", "this generation", "this chain"
_REFUSED = "judging-refused"


def verdict_agreement(run: Run, by: VerdictsBy) -> None:
    """Say how far the chosen source agrees with what is known, with the counts; nothing for what is known itself, also
    beside a worked solution."""
    if by in (KNOWN, PROVEN):
        return
    found = agreement(cut_steps(run).steps, steps_in_view(run, by))
    who = {
        Source.REFERENCE: "The worked solution",
        Source.CONSENSUS: "The consensus",
        Source.JUDGE: f"The judge {brief(by.model)}",
    }[by.source]
    say(agreement_in_words(found, who), run.id)
    if found.known:
        with st.expander(said("The counts")):
            counts = _counts(found)
            titles = {name: said(name) for name in counts}
            st.dataframe(counts, hide_index=True, width="content", column_config=titles)
            st.caption(
                said(
                    "Known is what the task recomputed, or an equation that fails by itself. Kappa compares the "
                    "agreement with what chance would give: (p − e) / (1 − e); 1 is full agreement, 0 is chance."
                )
            )


def _counts(found: Agreement) -> Mapping[str, list[object]]:
    sides = (Verdict.RIGHT, Verdict.WRONG)
    return {
        "Known": [said(side.value) for side in sides],
        **{f"says {one.value}": [found.table[side, one] for side in sides] for one in Verdict},
    }


def judge_panel(run: Run, t: int | None = None, slot: Slot | None = None) -> None:
    """Draw the panel; ``t`` and ``slot`` are the generation and the chain in view, which can be asked about alone."""
    if not may_change():
        return
    progress = the_service().step_judgings.progress(run.id)
    going = progress is not None and progress.going
    with st.expander(said("Ask a model to judge the steps"), icon=":material/gavel:", expanded=going):
        st.fragment(guarded(_panel), run_every=LOOK_EVERY_S if going else None)(run.id, t, slot, going)


def _panel(run_id: str, t: int | None, slot: Slot | None, going: bool) -> None:
    service = the_service()
    run, progress = service.store.run(run_id), service.step_judgings.progress(run_id)
    if progress is not None:
        _progress(run, progress)
    if (progress is not None and progress.going) != going:
        if progress is not None and progress.done and not progress.going:
            st.query_params["by"] = str(VerdictsBy(Source.JUDGE, progress.model))
        st.rerun()  # the whole page: its pictures have something new, or its rhythm changes
    if going:
        return
    endpoints = {one.name: one for one in service.endpoints}
    left, right = st.columns(2)
    name = left.selectbox(
        said("Judge"), list(endpoints), format_func=lambda one: said(endpoints[one].title), key="judge-model"
    )
    scopes = [EVERY, *([GENERATION] if t is not None else []), *([CHAIN] if slot is not None else [])]
    scope = right.selectbox(
        said("About"),
        scopes[::-1] if slot is not None else scopes,
        format_func=lambda one: said({EVERY: one, GENERATION: f"generation {t}", CHAIN: f"chain {slot}"}[one]),
        key=f"judge-scope-{len(scopes)}",
    )
    endpoint = endpoints[name]
    chains = recorded_chains(run)
    meant = judgeable(
        chains, t if scope == GENERATION else None, {slot} if scope == CHAIN and slot is not None else None
    )
    newest = newest_judgings(judgings_of(run), endpoint.model)
    judged = {one for one, judging in newest.items() if judging.text is not None}
    cost = foresee_judging(run, chains, cut_steps(run).steps, meant, judged)
    if endpoint.choice.simulated:
        st.caption(said("A simulation, no language model: it works the program again, with slips of its own."))
    words = [
        said(
            f"**{counted(cost.calls, 'call')}**, one a chain, about {counted(cost.steps, 'step')}: about "
            f"{cost.tokens_in:,} tokens in and {cost.tokens_out:,} out, without what a model thinks before it answers."
        ),
        said(f"Longest prompt: about {cost.longest_prompt:,} tokens."),
    ]
    if cost.judged:
        words.append(said(f"{counted(cost.judged, 'chain')} it has judged before."))
    st.markdown(sentences(words))
    st.caption(said("The judge sees the question and the steps, never the gold answer. It can be mistaken."))
    st.button(
        said("Ask"),
        key="judge-start",
        type="primary",
        icon=":material/gavel:",
        disabled=not cost.calls,
        on_click=_start,
        args=(run.id, name, meant),
    )
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(escaped(refused), icon=":material/error:")


def _progress(run: Run, progress: JudgingProgress) -> None:
    ended = progress.done + progress.failed
    who = escaped(brief(progress.model))
    parts = [said(f"{ended:,} of {counted(progress.calls, 'chain')}")]
    if progress.failed:
        parts.append(said(f"{progress.failed:,} failed"))
    if progress.going:
        share = ended / progress.calls if progress.calls else 0.0
        parts.append(said(f"{progress.in_flight} asked now"))
        st.progress(share, f"{who}{said(': ')}{said(', ').join(parts)}")
        st.button(said("Stop"), key="judge-stop", icon=":material/stop:", on_click=_stop, args=(run.id,))
        return
    ending = f"{said('; ')}{said(progress.told)}{said('.')}"
    st.markdown(f"{who}{said(': ')}{said(', ').join(parts)}{ending}")
    if progress.error and (progress.failed or ended < progress.calls):
        st.error(escaped(progress.error), icon=":material/error:")


def _start(run_id: str, name: str, meant: list[Slot]) -> None:
    service = the_service()
    try:
        endpoint = service.models.find(name)
        service.step_judgings.start(run_id, endpoint.choice, slots=set(meant), concurrency=endpoint.concurrency)
    except (InvalidInput, StoreError) as error:
        st.session_state[_REFUSED] = str(error)


def _stop(run_id: str) -> None:
    the_service().step_judgings.stop(run_id)
