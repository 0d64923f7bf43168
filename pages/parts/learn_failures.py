"""Step 7 of the lesson: how it fails, each with an example whose event stands in the run's ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.parts.frame import theme
from pages.parts.learn_frame import Words, guess_answer, guessed, look, says, told_of
from pages.parts.learn_picture import draw
from pages.parts.learn_runs import Population, population, source_line, there
from rsa_viz.analysis.answers import vote
from rsa_viz.analysis.events import last_right
from rsa_viz.analysis.generations import Generation, by_generation
from rsa_viz.analysis.ledger import Event, EventKind, ledger
from rsa_viz.core.chain import Verdict
from rsa_viz.figures.answers import answers_data, answers_figure
from rsa_viz.lessons.runs import FAILURES, evolution

TALLEST = 350  # px; three rows of controls stand above
KNOWN = {"lost": 2, "locked": 4, "cut": 2}  # generations that are seen before the end is guessed


def failures(say: Words) -> None:
    """Step 7."""
    names = {
        "lost": say.say("failures.lost"),
        "locked": say.say("failures.locked"),
        "cut": say.say("failures.cut"),
    }
    above = st.container()
    chosen = st.segmented_control(
        say.say("failures.title"), list(names), default="lost", format_func=lambda one: names[one],
        key="learn-failure", required=True, label_visibility="collapsed",
    )  # fmt: skip
    which = chosen or "lost"
    seen = population(FAILURES[which](), say)
    if seen is None:
        return
    last, known = seen.run.config.t, KNOWN[which]
    question = f"failure {seen.run.id}"
    open_ = guessed(question) is None
    with above:
        look(say.say("failures.look_guess", t=known, last=last) if open_ else say.say("failures.look"))
    if open_:
        _guess(seen, question, known, say)
        data = answers_data(seen.up_to(known), known, run=f"learn {seen.run.id}")
        draw(answers_figure(data, theme()), "failure", say.say("failures.look_guess", t=known, last=last))
    else:
        left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
        with left:
            told_of(question)
        t = right.slider(say.say("page.generation"), 1, last, known, key=f"learn-failure-t-{which}")
        caption = TOLD[which](seen, ledger(seen.chains), say)
        data = answers_data(seen.chains, t, run=f"learn {seen.run.id}")
        draw(answers_figure(data, theme()), "failure", caption, TALLEST)
        says(caption)
    source_line(seen, None, say)


def _guess(seen: Population, question: str, known: int, say: Words) -> None:
    """Offer the answers of the last generation that is seen, the most common first."""
    here = [chain for chain in seen.generation(known) if chain.answer_key is not None]
    keys = [chain.answer_key for chain in here]
    first = {chain.answer_key: chain.answer for chain in reversed(here)}
    common = sorted(first, key=lambda key: -keys.count(key))[:4]
    won = vote(seen.generation(seen.run.config.t))
    truth = None
    if won is not None:
        truth = first.get(won.key, next(c.answer for c in seen.chains if c.answer_key == won.key))
    guess_answer(question, [*(first[key] for key in common), None], truth, say)


def _of_kind(events: Sequence[Event], kind: EventKind) -> list[Event]:
    return [event for event in events if event.kind is kind]


def _lost(seen: Population, events: Sequence[Event], say: Words) -> str:
    found, last = _of_kind(events, EventKind.LAST_RIGHT), last_right(seen.chains)
    if not found or last is None:
        return say.say("failures.caption_not_here")
    return say.say(
        "failures.caption_lost",
        t=last.t,
        next=last.t + 1,
        right=len(last.chains),
        n=len(seen.generation(last.t)),
        replies=len(last.children),
    )


def _locked(seen: Population, events: Sequence[Event], say: Words) -> str:
    for event in _of_kind(events, EventKind.FIXATION):
        chain = seen.chain(event.parents[0])
        if chain.verdict is Verdict.WRONG:
            best = max(by_generation(seen.chains), key=lambda row: (row.right, -row.t))
            return say.say(
                "failures.caption_locked",
                peak_t=best.t,
                peak=best.right,
                n=best.planned,
                t=event.t,
                answer=say.answer(chain.answer),
            )
    return say.say("failures.caption_not_here")


def _cut(seen: Population, events: Sequence[Event], say: Words) -> str:
    cut = {event.slot for event in _of_kind(events, EventKind.TRUNCATION)}
    if not cut:
        return say.say("failures.caption_not_here")
    silent = cut & {event.slot for event in _of_kind(events, EventKind.UNREADABLE)}
    rows = by_generation(seen.chains)
    whole = there(evolution())
    beside = [] if whole is None else by_generation(whole.chains)
    worst = max(range(min(len(rows), len(beside)) or len(rows)), key=lambda at: _short(rows, beside, at))
    told = say.say(
        "failures.caption_cut",
        cut=len(cut),
        of=len(seen.chains),
        limit=seen.run.config.max_tokens,
        silent=len(silent),
        t=worst + 1,
        right=rows[worst].right,
        n=rows[worst].planned,
        other=beside[worst].right if beside else "?",
    )
    return f"{told} {say.say('failures.caption_won', last=rows[-1].t)}" if rows[-1].majority else told


def _short(rows: Sequence[Generation], beside: Sequence[Generation], at: int) -> int:
    """How many right chains a generation lacks against the same run with room enough."""
    return beside[at].right - rows[at].right if beside else -at


TOLD: dict[str, Callable[[Population, Sequence[Event], Words], str]] = {"lost": _lost, "locked": _locked, "cut": _cut}
