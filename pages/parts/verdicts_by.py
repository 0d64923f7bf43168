"""Whose verdicts steps and fragments show: the chooser (the URL's ``by``), and the steps with one source's verdicts.

Where nobody chose, it is what is known, with the worked solution where the problem has one. Worked out once per
recorded change and source for all viewers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import the_service
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.analysis.reference import Reference
from rsa_viz.analysis.verdicts_by import Source, VerdictsBy, found_among, offered, steps_by
from rsa_viz.core.chain import Slot, Step
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import Run
from rsa_viz.core.step_judging import StepJudging, newest_judgings
from rsa_viz.tasks import find_task
from rsa_viz.tasks.worked_solution import reference_steps

CHOSEN = "verdicts-by"


def choose_verdicts(run: Run) -> VerdictsBy:
    """Draw the chooser and return what is chosen."""
    offers = offered(_reference(run), judgings_of(run))
    chosen, refused = _in_url(offers)
    if refused:
        st.warning(escaped(f"{refused}."), icon=":material/search_off:")
    st.session_state[CHOSEN] = str(chosen)
    st.selectbox(
        said("Verdicts on steps by"),
        [str(one) for one in offers],
        format_func=lambda written: said(VerdictsBy.parse(written).title),
        key=CHOSEN,
        on_change=_take,
        args=(str(offers[0]),),
        width=360,
        help=said("One source at a time. What it does not know stays unknown."),
    )
    return chosen


def url_verdicts() -> dict[str, str]:
    """The choice as a parameter of a URL, for links to another page of the same run; nothing when there is none."""
    written = st.query_params.get("by")
    return {"by": written} if written else {}


def _in_url(offers: Sequence[VerdictsBy]) -> tuple[VerdictsBy, str]:
    written = st.query_params.get("by")
    if not written:
        return offers[0], ""
    try:
        return found_among(written, offers), ""
    except InvalidInput as error:
        return offers[0], str(error)


def _take(unasked: str) -> None:
    written = st.session_state[CHOSEN]
    if written == unasked:
        st.query_params.pop("by", None)
    else:
        st.query_params["by"] = written


def steps_in_view(run: Run, by: VerdictsBy) -> Mapping[Slot, tuple[Step, ...]]:
    """The steps of all the run's done chains with the verdicts of one source; do not change what is returned."""
    return _steps(str(the_service().store.path), run.id, run.revision, str(by))


@st.cache_resource(max_entries=6, show_spinner=False)
def _steps(path: str, run_id: str, revision: int, written: str) -> Mapping[Slot, tuple[Step, ...]]:
    del path, revision  # they tell the cached answers apart
    run, by = the_service().store.run(run_id), VerdictsBy.parse(written)
    judgings = judgings_of(run) if by.source is Source.JUDGE else ()
    return steps_by(by, recorded_chains(run), cut_steps(run).steps, reference=_reference(run), judgings=judgings)


def judged_in_view(run: Run, by: VerdictsBy, steps: Mapping[Slot, tuple[Step, ...]]) -> Mapping[Slot, tuple[Step, ...]]:
    """These ``steps`` of a few chains with the verdicts of one source. Reads the other chains of the run only where the
    source is what they say."""
    if by.source is Source.CONSENSUS:
        every = steps_in_view(run, by)
        return {slot: every.get(slot, ()) for slot in steps}
    judgings = judgings_of(run) if by.source is Source.JUDGE else ()
    return steps_by(by, (), steps, reference=_reference(run), judgings=judgings)


def judgings_of(run: Run) -> Sequence[StepJudging]:
    """What models said of the run's steps; do not change what is returned."""
    return _judgings(str(the_service().store.path), run.id, run.revision)


@st.cache_resource(max_entries=6, show_spinner=False)
def _judgings(path: str, run_id: str, revision: int) -> Sequence[StepJudging]:
    del path, revision
    return tuple(the_service().store.step_judgings(run_id))


def judging_of(run: Run, slot: Slot, model: str) -> StepJudging | None:
    """What a model said last of one chain, or None."""
    return newest_judgings((one for one in judgings_of(run) if one.slot == slot), model).get(slot)


def _reference(run: Run) -> Reference:
    return Reference(reference_steps(find_task(run.problem.task), run.problem))
