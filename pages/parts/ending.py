"""How a finished run answers: the uniform draw, the vote, the gold answer, and where to look next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.frame import page_link
from pages.parts.naming import marked
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.core.aside import Aside
from rsa_viz.core.chain import Chain, Slot, Verdict
from rsa_viz.core.run import Run
from rsa_viz.core.strategies import FinalAnswer, find_strategy
from rsa_viz.service import result

NOTHING_READ = "No verification could be read, so nothing was chosen: this is the reference at twice the price."
LONGEST = 120  # characters of an answer; the Chain page shows all of it


def ending(run: Run, chains: Sequence[Chain], asides: Sequence[Aside] = ()) -> Slot | None:
    """Draw the run's answer by the strategy's rule first, the vote beside it, then the gold answer.

    Returns the chain that answered, or None when a vote or nobody did.
    """
    if find_strategy(run.config.strategy).final is FinalAnswer.NONE:
        page_link("population", run.id, said("What it measured"))
        return None
    outcome = result(run, chains, asides)
    verified = outcome["verified"]
    last = [chain for chain in chains if chain.slot.t == run.config.t]
    verdicts = {chain.answer: chain.verdict for chain in last if chain.answer is not None}
    by_vote = find_strategy(run.config.strategy).final is FinalAnswer.VOTE
    drawn, tally = outcome["answer_chain"], f"{outcome['votes']} of {outcome['votes_of']}"
    draw_words = said(f"Uniform draw: chain {drawn}") if drawn else said("Uniform draw")
    vote_words = said(f"Majority vote: {tally}, tied") if outcome["vote_tied"] else said(f"Majority vote: {tally}")
    answers = [(vote_words, outcome["vote"])]
    if isinstance(verified, dict):
        number = len(verified["accepted"])
        draw_words = said(f"Draw among {number:,} accepted: chain {drawn}")
        if verified["nothing_read"]:
            draw_words = said(f"Nothing verified, draw among all: chain {drawn}")
            st.warning(said(NOTHING_READ), icon=":material/warning:")
        elif not number:
            draw_words = said(f"All rejected, draw among all: chain {drawn}")
            if verified["unknown"]:
                draw_words = said(f"None accepted, draw among all: chain {drawn}")
        else:
            tally = f"{verified['votes']} of {verified['votes_of']}"
            words = (
                said(f"Vote of the accepted: {tally}, tied")
                if verified["vote_tied"]
                else said(f"Vote of the accepted: {tally}")
            )
            answers.insert(0, (words, verified["vote"]))
    if not by_vote:
        answers.insert(0, (draw_words, outcome["answer"]))
    with st.container(border=True):
        columns = st.columns(len(answers) + 1)
        for column, (words, answer) in zip(columns, answers, strict=False):
            _answer(column, words, answer, verdicts)
        gold = run.problem.gold
        _told(columns[-1], said("Gold answer"), said("not known") if gold is None else gold)
        with st.container(horizontal=True):
            page_link("population", run.id, said("How the population evolved"))
            page_link("genealogy", run.id, said("Who descends from whom"))
            if outcome["answer_chain"]:
                page_link("chain", run.id, said("The chain that answered"), chain=outcome["answer_chain"])
    return Slot.parse(str(outcome["answer_chain"])) if outcome["answer_chain"] else None


def _answer(column: DeltaGenerator, words: str, answer: object, verdicts: dict[str, Verdict]) -> None:
    if not isinstance(answer, str):
        _told(column, words, said("no answer"))
        return
    verdict = verdicts.get(answer, Verdict.UNKNOWN)
    _told(column, words, answer, marked(verdict))


def _told(column: DeltaGenerator, words: str, value: str, verdict: str = "") -> None:
    line = " ".join(value.split())
    column.caption(words)
    column.subheader(f"{escaped(line[:LONGEST])}{'…' if len(line) > LONGEST else ''} {verdict}", anchor=False)
