"""A chain among its parents: the beads under one another, the parents as cards, the difference with one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.parts.chosen_step import step_in_text, step_in_view
from pages.parts.cut_steps import steps_of
from pages.parts.foreign import foreign_code, foreign_text
from pages.parts.frame import open_chain, page_link, show, the_service, theme
from pages.parts.naming import marked, sentences
from pages.parts.spoken import said
from pages.parts.verdicts_by import judged_in_view
from pages.parts.words import escaped
from rsa_viz.analysis.differences import Difference, RowKind, Span, difference
from rsa_viz.analysis.inheritance import Inheritance, inheritances
from rsa_viz.analysis.verdicts_by import KNOWN, VerdictsBy
from rsa_viz.core.chain import Chain, Slot, Step, Verdict
from rsa_viz.core.run import Run
from rsa_viz.figures.beads import beads_data, beads_figure
from rsa_viz.figures.donors import donors_data, donors_figure
from rsa_viz.figures.style import MARKS
from rsa_viz.figures.words import one_line, percent

CARDS = 4  # in a row
COMPARED = 100_000  # characters of each text that are compared
WIDTH = 400  # letters of a line that a comparison shows


def recorded_parents(run: Run, chain: Chain) -> list[Chain]:
    """The chain's parents in prompt order, whole."""
    return [the_service().store.chain(run.id, slot) for slot in chain.parents]


def strings(
    run: Run, chain: Chain, parents: Sequence[Chain], by: VerdictsBy = KNOWN
) -> tuple[Inheritance | None, Sequence[Step]]:
    """Draw the chain's string of beads under those of its parents, with the verdicts of one source, the step that
    the URL names in its text, and its donors;
    return its inheritance and its steps with these verdicts."""
    steps = steps_of(run, (*parents, chain))
    texts = {one.slot: one.text for one in (*parents, chain) if one.text}
    found = inheritances([*parents, chain], steps, texts).get(chain.slot)
    seen = judged_in_view(run, by, steps)
    rows = [(parent, seen.get(parent.slot, ())) for parent in parents]
    own = seen.get(chain.slot, ())
    step = step_in_view(chain, own)
    beads = beads_data(chain, own, rows, by=by, chosen=step, run=f"{run.id} {chain.slot}")
    show(beads, beads_figure(beads, theme()), key=f"beads-{run.id}-{chain.slot}", on_mark=_open_step)
    if step is not None:
        step_in_text(run, chain, own, step)
    if found is not None and found.steps:
        donors = donors_data(chain, list(parents), found, run=f"{run.id} {chain.slot}")
        show(donors, donors_figure(donors, theme()), key=f"donors-{run.id}-{chain.slot}", on_select=_open)
    return found, own


def _open_step(mark: list[Any]) -> None:
    open_chain(Slot.parse(str(mark[1])), int(mark[2]))


def _open(slots: tuple[Slot, ...]) -> None:
    open_chain(slots[0])


def cards(run: Run, chain: Chain, parents: Sequence[Chain], found: Inheritance | None) -> None:
    """Draw the parents in prompt order, each with its verdict, its answer and its share in the chain."""
    for start in range(0, len(parents), CARDS):
        columns = st.columns(CARDS)
        for column, parent in zip(columns, parents[start : start + CARDS], strict=False):
            with column, st.container(border=True):
                place = chain.parents.index(parent.slot) + 1
                st.markdown(f"**{place}** {marked(parent.verdict)}")
                foreign_text(said("no answer") if parent.answer is None else one_line(parent.answer, 60))
                share = None if found is None else found.shares.get(parent.slot)
                st.caption(_share(chain, parent, share, found))
                page_link("chain", run.id, said(f"Chain {parent.slot}"), chain=parent.slot)


def _share(chain: Chain, parent: Chain, share: float | None, found: Inheritance | None) -> str:
    if not chain.ended:
        return "to be compared"
    if parent.slot not in chain.available:
        return "had no text: not in the prompt"
    if share is None or found is None or not found.steps:
        return said("share unknown")
    return said(f"{percent(share)} of the child's steps")


def telling_parent(chain: Chain, parents: Sequence[Chain], found: Inheritance | None) -> Slot | None:
    """The parent to look at first: of a wrong child a right one if there is any. Of several the one with the largest
    share in the child; None without parents."""
    shares = {} if found is None else found.shares
    lost = [parent for parent in parents if chain.verdict is Verdict.WRONG and parent.verdict is Verdict.RIGHT]
    slots = [parent.slot for parent in lost or parents]
    return max(slots, key=lambda slot: shares.get(slot, 0.0), default=None)


def comparison(run: Run, chain: Chain, parents: Sequence[Chain], first: Slot | None = None) -> None:
    """Draw one parent's text and the chain's side by side, line by line; to begin with the parent ``first``'s."""
    readable = [parent for parent in parents if parent.text]
    if not readable or not chain.text:
        st.info(said("There are no two texts to compare."), icon=":material/compare_arrows:")
        return
    parent = st.selectbox(
        said("Compare with"),
        readable,
        next((place for place, one in enumerate(readable) if one.slot == first), 0),
        format_func=lambda one: f"{_placed(chain, one.slot)} {MARKS[one.verdict]}",
        key=f"compare-{run.id}-{chain.slot}",
    )
    before, after = (parent.text or "")[:COMPARED], chain.text[:COMPARED]
    found = difference(before, after)
    left, right = side_by_side(found, before, after)
    words = [said("Marks: + only here, - only there, ~ changed, with what differs between ⟨ and ⟩.")]
    if found.kept is not None:
        words.insert(0, said(f"{percent(found.kept)} of the lines of chain {chain.slot} stand in the parent."))
    if not found.complete:
        words.append(said("The texts are too long for a full search; more may be common."))
    st.caption(escaped(sentences(words)))
    columns = st.columns(2, gap="small")
    for column, slot, lines in ((columns[0], parent.slot, left), (columns[1], chain.slot, right)):
        with column:
            st.markdown(f"**{said(f'Chain {slot}')}**")
            foreign_code(lines, height=520 if lines.count("\n") > 22 else None)


def _placed(chain: Chain, parent: Slot) -> str:
    """A parent by its place in the prompt."""
    return f"{chain.parents.index(parent) + 1}{said(': ')}{said(f'chain {parent}')}"


def side_by_side(found: Difference, before: str, after: str) -> tuple[str, str]:
    """The rows as two texts with as many lines each, so that kept and changed lines stand beside each other."""
    marks = {RowKind.KEPT: " ", RowKind.CHANGED: "~", RowKind.PARENT_ONLY: "-", RowKind.CHILD_ONLY: "+"}
    left = [_line(marks[row.kind], before, row.parent, row.parent_changes) for row in found.rows]
    right = [_line(marks[row.kind], after, row.child, row.child_changes) for row in found.rows]
    return "\n".join(left), "\n".join(right)


def _line(mark: str, text: str, span: Span | None, changes: Sequence[Span]) -> str:
    if span is None:
        return ""
    parts, place = [], span.start
    for change in changes:
        parts += [text[place : change.start], "⟨", text[change.start : change.end], "⟩"]
        place = change.end
    line = "".join([*parts, text[place : span.end]]).replace("\t", "    ")
    return f"{mark} {line if len(line) <= WIDTH else line[: WIDTH - 1] + '…'}"
