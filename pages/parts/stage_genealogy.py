"""The genealogy on a stage: as far as it has grown, or the descent of one chain, made once for all who look on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.inherited import inherited_shares
from pages.parts.watched import Watched
from rsa_viz.analysis.fate import FateKind, fate
from rsa_viz.analysis.telling import counted
from rsa_viz.analysis.turning_points import TurnKind
from rsa_viz.core.chain import Chain, Slot, Verdict
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.figures.descent import descent_data
from rsa_viz.figures.genealogy import GenealogyData, genealogy_figure
from rsa_viz.figures.style import Figure, Theme
from rsa_viz.service import result

MOST_TURNS = 4  # deaths and returns of the right answer that are walked through, the latest


def stage_genealogy(seen: Watched, chosen: Slot | None, theme: Theme) -> tuple[GenealogyData, Figure]:
    """The picture as it is to be drawn; do not change what is returned."""
    run = seen.run
    known = tuple(chain.status for chain in seen.chains)
    return _drawn(str(the_service().store.path), run.id, run.revision, hash(known), chosen, theme.value, seen)


@st.cache_resource(max_entries=24, show_spinner=False)
def _drawn(
    path: str, run_id: str, revision: int, known: int, chosen: Slot | None, theme: str, _seen: Watched
) -> tuple[GenealogyData, Figure]:
    del path, run_id, revision, known  # they tell the cached ones apart
    run, chains = _seen.run, _seen.chains
    if chosen is not None and all(chain.slot != chosen for chain in chains):
        chosen = None  # the address may name any
    why = _that_matter(run, chains).get(chosen, "") if chosen else ""
    data = descent_data(chains, inherited_shares(run), chosen=chosen, why=why, run=run.id)
    return data, genealogy_figure(data, Theme(theme))


def next_that_matters(seen: Watched, chosen: Slot | None) -> Slot | None:
    """The chain after ``chosen`` among those that matter as far as is known, the first one after none of them, none
    after the last."""
    slots = [*_that_matter(seen.run, seen.chains)]
    return next(iter(slots[slots.index(chosen) + 1 :] if chosen in slots else slots), None)


def _that_matter(run: Run, chains: Sequence[Chain]) -> Mapping[Slot, str]:
    """What is to be said of the chains that matter, in the order in which they came to be."""
    found: dict[Slot, str] = {}
    first = next((chain.slot for chain in chains if chain.verdict is Verdict.RIGHT), None)
    if first is not None:
        found[first] = "the first right one"
    told = fate(chains)
    turned = [turn for turn in told.turns if turn.kind in (TurnKind.DIED, TurnKind.RETURNED)][-MOST_TURNS:]
    for turn in turned:
        if turn.kind is TurnKind.DIED:
            _note_last(found, turn.carriers)
        else:
            found.setdefault(turn.winners[0].slot, "the one that brought the right answer back")
    if told.kind is FateKind.LOST:
        _note_last(found, told.right)
    if run.status is RunStatus.DONE and all(chain.ended for chain in chains):
        answering = result(run, chains, the_service().store.asides(run.id))["answer_chain"]
        if isinstance(answering, str):
            slot = Slot.parse(answering)
            also = f"{found[slot]} and " if slot in found else ""
            found[slot] = f"{also}the one that gives the answer"
    return found


def _note_last(found: dict[Slot, str], right: Sequence[Slot]) -> None:
    """Say of the first of the last right chains what it is, once."""
    last = "the last right one before the right answer was lost"
    already = found.get(right[0], "")
    if last not in already:
        others = f" (of {counted(len(right), 'chain')} there)" if len(right) > 1 else ""
        found[right[0]] = f"{already}{' and ' if already else ''}{last}{others}"
