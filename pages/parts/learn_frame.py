"""What every step of the lesson stands in: the place, the texts, the score, and how to go on.

The URL is the view here too: ``step`` (1..10) and ``round``. Knows no step and no picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.spoken import texts
from pages.parts.words import escaped
from rsa_viz.core.chain import Verdict
from rsa_viz.figures.style import MARKS
from rsa_viz.texts import Texts

_STYLE = """<style>
html { font-size: clamp(17px, min(1.15vw, 2.05vh), 30px) !important }
.st-key-lesson h1 { font-size: clamp(1.5rem, 1.1rem + 1.6vw, 2.4rem); padding: 0; }
.st-key-lesson-look p { font-size: clamp(1.1rem, 0.95rem + 0.8vw, 1.5rem); line-height: 1.35; }
[class*="st-key-lesson-says"] p { font-size: clamp(1rem, 0.95rem + 0.3vw, 1.2rem); line-height: 1.5; }
.st-key-lesson { gap: 0.75rem; }
.st-key-lesson-look { margin-top: 0.2rem; }
</style>"""


@dataclass(frozen=True)
class Words:
    """The lesson's texts for markdown: what is put into them is escaped, since some of it is model text."""

    texts: Texts

    def say(self, key: str, **numbers: object) -> str:
        """The text under ``key``, filled."""
        return self.texts.say(key, **{name: _shown(value) for name, value in numbers.items()})

    def verdict(self, verdict: Verdict) -> str:
        """A verdict with its mark."""
        names = {
            Verdict.RIGHT: self.say("page.right"),
            Verdict.WRONG: self.say("page.wrong"),
            Verdict.UNKNOWN: self.say("page.unknown"),
        }
        return f"{MARKS[verdict]} {names[verdict]}"

    def percent(self, share: float) -> str:
        """A share in 0..1; what is not quite 0 or 1 never reads as 0 % or 100 %."""
        whole = round(100 * share)
        if whole == 0 and share > 0:
            return self.texts.say("page.nearly_none")
        if whole == 100 and share < 1:
            return self.texts.say("page.nearly_all")
        return self.texts.say("page.percent", number=whole)

    def answer(self, answer: str | None) -> str:
        """An answer, or that there is none; not escaped."""
        return self.say("page.no_answer") if answer is None else answer[:60]


def _shown(value: object) -> object:
    """Whole numbers stay numbers, so that a text can choose the word for one."""
    if isinstance(value, int):
        return value if value < 10_000 else f"{value:,}"
    return escaped(str(value))


def words() -> Words:
    """The texts in the language of this view."""
    return Words(texts())


def step_in_view(last: int) -> int:
    """The step that the URL names, from 1; the first when it names none that there is."""
    written = st.query_params.get("step", "")
    return min(max(int(written), 1), last) if written.isdecimal() and len(written) < 4 else 1


def round_in_view() -> int:
    """The round that the URL names, from 1."""
    written = st.query_params.get("round", "")
    return max(int(written), 1) if written.isdecimal() and len(written) < 7 else 1


def head(titles: Sequence[str], step: int, say: Words) -> None:
    """Draw the way through the lesson: previous, next, the place, the score. Arrow keys work too."""
    st.html(_STYLE)
    last = len(titles)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            say.say("page.previous"),
            on_click=_go,
            args=(step - 1,),
            disabled=step == 1,
            shortcut="Left",
            key="learn-previous",
        )
        st.button(
            say.say("page.next"),
            on_click=_go,
            args=(step + 1,),
            disabled=step == last,
            shortcut="Right",
            type="primary",
            key="learn-next",
        )
        st.session_state["learn-step"] = step
        st.selectbox(
            say.say("page.steps"),
            range(1, last + 1),
            format_func=lambda number: f"{number}/{last} · {titles[number - 1]}",
            key="learn-step",
            on_change=_chosen,
            label_visibility="collapsed",
            width=420,
        )
        points, possible = score()
        if possible:
            st.markdown(f":blue-badge[{say.say('page.score', points=points, possible=possible)}]", width="content")


def _go(step: int) -> None:
    st.query_params["step"] = str(step)


def _chosen() -> None:
    _go(st.session_state["learn-step"])


def look(text: str) -> None:
    """Draw the one sentence of what to look at."""
    with st.container(key="lesson-look"):
        st.markdown(text)


def says(text: str, picture: str = "") -> None:
    """Draw what the data say, below the picture; where there are several, ``picture`` tells them apart."""
    with st.container(key=f"lesson-says-{picture}"):
        st.markdown(text)


# predictions

_GUESSES = "learn-guesses"  # what was guessed: (points, what is said of it)


def score() -> tuple[int, int]:
    """Points so far, and how many there could be."""
    guesses = st.session_state.get(_GUESSES, {})
    return sum(points for points, _ in guesses.values()), 2 * len(guesses)


def guessed(question: str) -> str | None:
    """What came of the guess at a question, or None while it is open."""
    found = st.session_state.get(_GUESSES, {}).get(question)
    return None if found is None else str(found[1])


def guess_number(question: str, most: int, truth: int, say: Words, then: Callable[[], None] | None = None) -> None:
    """Draw a slider 0..``most`` with the button that reveals: exact is 2 points, off by one is 1."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        value = st.slider(say.say("page.guess"), 0, most, most // 2, key=f"learn-guess-{question}", width=420)
        _reveal(question, str(value), str(truth), 2 if value == truth else int(abs(value - truth) == 1), say, then)


def guess_answer(question: str, options: Sequence[str | None], truth: str | None, say: Words) -> None:
    """Draw the answers to choose from, None for any other one, with the button that reveals: right is 2 points.

    A ``truth`` of None is no answer at all, which is another one too.
    """
    there = truth in options and truth is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            say.say("page.guess"),
            range(len(options)),
            default=0,
            format_func=lambda place: escaped(_option(options[place], say)),
            key=f"learn-guess-{question}",
            required=True,
        )
        value = options[chosen or 0]
        hit = value == truth if there else value is None
        _reveal(question, _option(value, say), say.answer(truth), 2 if hit else 0, say, None)


def _option(value: str | None, say: Words) -> str:
    return say.say("page.another") if value is None else value[:40]


def _reveal(question: str, guess: str, truth: str, points: int, say: Words, then: Callable[[], None] | None) -> None:
    if points == 2:
        told = say.say("page.exact", guess=guess)
    elif points == 1:
        told = say.say("page.near", guess=guess, truth=truth)
    else:
        told = say.say("page.missed", guess=guess, truth=truth)

    def revealed() -> None:
        st.session_state.setdefault(_GUESSES, {})[question] = (points, told)
        if then is not None:
            then()

    st.button(say.say("page.reveal"), icon=":material/visibility:", on_click=revealed, type="primary",
              key=f"learn-reveal-{question}")  # fmt: skip


def told_of(question: str) -> None:
    """Say what came of a guess."""
    if (told := guessed(question)) is not None:
        st.markdown(f":blue-background[:material/scoreboard: {told}]")
