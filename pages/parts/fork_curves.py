"""A run and its forks: their right chains by generation from where they part, and the way to each of them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.parts.frame import link, linked, show, the_service, theme
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.words import STATUS_ICONS, escaped
from rsa_viz.analysis.forks import Branch, branch
from rsa_viz.core.errors import NotFound
from rsa_viz.core.run import Run
from rsa_viz.core.strategies import LEAVE_ONE_OUT
from rsa_viz.figures.forks import DRAWN, forks_data, forks_figure

LISTED = 20  # forks that are listed, the newest


def original_run(run: Run) -> Run | None:
    """The run that this one was made from, if it was and it is there."""
    if run.origin is None:
        return None
    try:
        return the_service().store.run(run.origin.run_id)
    except NotFound:
        return None


def fork_curves(run: Run) -> None:
    """Draw the curves of the run's original and of all its forks, or of the run and its own; nothing without a fork."""
    if run.config.strategy == LEAVE_ONE_OUT.name:
        return
    found = _forks_of(run.id)
    if found:
        _family(run, run, found)
    if run.origin is not None:
        _family(run, original_run(run), _forks_of(run.origin.run_id))


def _forks_of(run_id: str) -> list[Run]:
    return [one for one in the_service().store.forks(run_id) if one.config.strategy != LEAVE_ONE_OUT.name]


def _family(run: Run, original: Run | None, forks: list[Run]) -> None:
    own = original is not None and original.id == run.id
    st.subheader(
        said("What if: this run and its forks" if own else "What if: the original and its forks"), anchor=False
    )
    shown = [one for one in forks if one.id == run.id or one in forks[-DRAWN:]]
    data = forks_data(_branch(original) if original else None, [_branch(one) for one in shown], run.id, run=run.id)
    show(data, forks_figure(data, theme()), key=f"forks-{run.id}-{'own' if own else 'original'}")
    lines = []
    if original is not None and not own:
        lines.append(f"- {_anchor(original)}{said(': ')}{said('the original')}")
    for one in reversed(forks[-LISTED:]):
        assert one.origin is not None
        here = said(" (this one)") if one.id == run.id else ""
        after, change = said(f"after generation {one.origin.t}"), linked(said(one.origin.change), one.id)
        lines.append(f"- {_anchor(one)} {after}{said(': ')}{change} {STATUS_ICONS[one.status]}{here}")
    if len(forks) > LISTED:
        lines.append(f"- {said(f'{len(forks) - LISTED:,} older ones')}")
    st.markdown("\n".join(lines), unsafe_allow_html=True)  # every word of it is escaped


def _anchor(run: Run) -> str:
    target = link("population", run.id).replace("&", "&amp;")
    return f'<a href="{target}" target="_self">{said(f"run {escaped(run.id)}")}</a>'


def _branch(run: Run) -> Branch:
    found = _branches(str(the_service().store.path), run.id, run.revision)
    return replace(found, name=said(found.name))  # here, because labels of the picture are cut


@st.cache_resource(max_entries=24, show_spinner=False)
def _branches(path: str, run_id: str, revision: int) -> Branch:
    del path, revision  # they tell the cached answers apart
    run = the_service().store.run(run_id)
    name, t = (run.origin.change, run.origin.t) if run.origin else ("original", 0)
    return branch(run_id, name, t, recorded_chains(run))
