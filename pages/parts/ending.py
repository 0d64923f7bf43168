"""How a finished run answers: the uniform draw, the vote, the gold answer, and where to look next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import page_link
from rsa_viz.core.chain import Chain, Verdict
from rsa_viz.core.run import Run
from rsa_viz.core.strategies import FinalAnswer, find_strategy
from rsa_viz.figures.style import MARKS
from rsa_viz.service import result


def ending(run: Run, chains: Sequence[Chain]) -> None:
    """Draw the run's answer by the strategy's rule first, the other rule beside it, then the gold answer."""
    outcome = result(run, chains)
    last = [chain for chain in chains if chain.slot.t == run.config.t]
    verdicts = {chain.answer: chain.verdict for chain in last if chain.answer is not None}
    by_vote = find_strategy(run.config.strategy).final is FinalAnswer.VOTE
    draw_words = f"Uniform draw: chain {outcome['answer_chain']}" if outcome["answer_chain"] else "Uniform draw"
    vote_words = f"Majority vote: {outcome['votes']} of {outcome['votes_of']}" + (
        ", tied" if outcome["vote_tied"] else ""
    )
    answers = [(vote_words, outcome["vote"])]
    if not by_vote:
        answers.insert(0, (draw_words, outcome["answer"]))
    with st.container(border=True):
        columns = st.columns(len(answers) + 1)
        for column, (words, answer) in zip(columns, answers, strict=False):
            _answer(column, words, answer, verdicts)
        with columns[-1]:
            st.caption("Gold answer")
            st.subheader("unknown" if run.problem.gold is None else "", anchor=False)
            if run.problem.gold is not None:
                st.text(run.problem.gold)
        with st.container(horizontal=True):
            page_link("population", run.id, "How the population evolved")
            page_link("genealogy", run.id, "Who descends from whom")
            if outcome["answer_chain"]:
                page_link("chain", run.id, "The chain that answered", chain=outcome["answer_chain"])


def _answer(
    column: st.delta_generator.DeltaGenerator, words: str, answer: object, verdicts: dict[str, Verdict]
) -> None:
    with column:
        st.caption(words)
        if not isinstance(answer, str):
            st.text("No answer could be read.")
            return
        verdict = verdicts.get(answer, Verdict.UNKNOWN)
        st.text(f"{answer[:400]}\n{MARKS[verdict]} {verdict.value}")
