"""Steps 1 and 2 of the lesson: one chain and its beads; N chains and their votes."""

from __future__ import annotations

import streamlit as st

from pages.parts.foreign import foreign_code
from pages.parts.frame import theme
from pages.parts.learn_frame import Words, guess_answer, guessed, look, round_in_view, says, told_of
from pages.parts.learn_picture import draw
from pages.parts.learn_runs import Population, population, source_line
from rsa_viz.analysis.answers import vote
from rsa_viz.core.chain import Chain, Verdict
from rsa_viz.figures.answers import distribution_data, distribution_figure
from rsa_viz.figures.beads import beads_data, beads_figure
from rsa_viz.lessons.runs import evolution

BEAD = 23  # px
SEEN_FIRST = 4  # chains whose answers are seen before the vote is guessed


def one_chain(say: Words) -> None:
    """Step 1."""
    look(say.say("chain.look"))
    seen = population(evolution(round_in_view()), say)
    if seen is None:
        return
    first = seen.generation(1)
    index = st.slider(say.say("chain.choose"), 1, len(first), 1, key="learn-chain") if len(first) > 1 else 1
    chain = first[min(index, len(first)) - 1]
    data = beads_data(chain, seen.steps.get(chain.slot, ()), run=f"learn {seen.run.id} {chain.slot}")
    caption = _beads_told(seen, chain, say)
    figure = beads_figure(data, theme())
    figure.update_yaxes(showticklabels=False)  # the slider says which chain, and a phone has no room for it
    figure.update_traces(marker_size=BEAD, selector=lambda trace: trace.hoverinfo == "text")
    draw(figure, "beads", caption)
    says(caption)
    left, right = st.columns(2)
    with left.expander(say.say("chain.read"), icon=":material/article:"):
        foreign_code(chain.text or " ", wrap_lines=True)
    with right.expander(say.say("chain.question"), icon=":material/quiz:"):
        foreign_code(seen.run.problem.question, wrap_lines=True)
    source_line(seen, evolution(round_in_view() + 1), say)


def _beads_told(seen: Population, chain: Chain, say: Words) -> str:
    steps = seen.steps.get(chain.slot, ())
    wrong = [place for place, step in enumerate(steps, start=1) if step.judgement.verdict is Verdict.WRONG]
    common = {
        "chain": str(chain.slot),
        "steps": len(steps),
        "answer": say.answer(chain.answer),
        "verdict": say.verdict(chain.verdict),
    }
    if not steps:
        return say.say("chain.caption_none", chain=str(chain.slot))
    if not wrong:
        return say.say("chain.caption_right", **common)
    step = steps[wrong[0] - 1]
    said = step.fragment or (chain.text or "")[step.start : step.end].strip()[:80]
    return say.say(
        "chain.caption_wrong", place=wrong[0], said=said, after=len(steps) - wrong[0], wrong=len(wrong) - 1, **common
    )


def votes(say: Words) -> None:
    """Step 2."""
    seen = population(evolution(round_in_view()), say)
    if seen is None:
        look(say.say("vote.look"))
        return
    first = seen.generation(1)
    question = f"vote {seen.run.id}"
    open_ = guessed(question) is None and len(first) > SEEN_FIRST
    look(say.say("vote.look_guess", n=len(first)) if open_ else say.say("vote.look"))
    if open_:
        shown = first[:SEEN_FIRST]
        winner = vote(first)
        answers = list(dict.fromkeys(chain.answer for chain in shown if chain.answer is not None))
        guess_answer(question, [*answers, None], _as_given(first, winner.key) if winner else None, say)
    else:
        left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
        with left:
            told_of(question)
        shown = first
        if len(first) > 1:
            shown = first[: right.slider(say.say("vote.choose"), 1, len(first), len(first), key="learn-voters")]
    data = distribution_data(shown, 1, run=f"learn {seen.run.id}")
    caption = _vote_told(shown, say)
    figure = distribution_figure(data, theme())
    figure.update_layout(transition=None, margin={"r": 72})  # bars come and go with the answers here
    draw(figure, f"votes-{len(data.bands)}", caption)
    says(caption)
    source_line(seen, evolution(round_in_view() + 1), say)


def _as_given(chains: list[Chain], key: str) -> str | None:
    """The answer of a class as its first chain gave it."""
    return next((chain.answer for chain in chains if chain.answer_key == key), None)


def _vote_told(chains: list[Chain], say: Words) -> str:
    won = vote(chains)
    if won is None:
        return say.say("vote.caption_none")
    right = sum(chain.verdict is Verdict.RIGHT for chain in chains)
    verdict = next((chain.verdict for chain in chains if chain.answer_key == won.key), Verdict.UNKNOWN)
    common = {"n": len(chains), "votes": won.votes, "answer": won.text[:60], "right": right}
    if won.tied:
        return say.say("vote.caption_tied", verdict=say.verdict(verdict), **common)
    return say.say("vote.caption", verdict=say.verdict(verdict), **common)
