"""Step 3 of the lesson: one aggregation from inside, as a prompt X-ray."""

from __future__ import annotations

import html

import streamlit as st

from pages.parts.foreign import foreign_code
from pages.parts.frame import theme
from pages.parts.learn_frame import Words, guess_answer, guessed, look, round_in_view, says, told_of
from pages.parts.learn_picture import draw
from pages.parts.learn_runs import Population, population, source_line
from pages.parts.painted_text import painted_text
from pages.parts.painting import text_parts
from pages.parts.words import escaped
from rsa_viz.analysis.answers import entropy_bits
from rsa_viz.analysis.painting import StepRates, painted, shares_of_donors, step_rates
from rsa_viz.core.chain import Chain, Verdict
from rsa_viz.figures.painting import painting_data, painting_figure
from rsa_viz.figures.style import PALETTES, ink_on, position_colour
from rsa_viz.lessons.runs import evolution


def aggregation(say: Words) -> None:
    """Step 3."""
    seen = population(evolution(round_in_view()), say)
    if seen is None:
        return
    above = st.container()
    child = _choose(seen, say)
    parents = [seen.chain(slot) for slot in child.available]
    if not parents:
        st.info(say.say("aggregation.none"), icon=":material/person:")
        source_line(seen, evolution(round_in_view() + 1), say)
        return
    question = f"child {seen.run.id} {child.slot}"
    open_ = guessed(question) is None
    with above:
        k = len(parents)
        look(say.say("aggregation.look_guess", k=k) if open_ else say.say("aggregation.look", k=k))
    _cards(parents, say)
    if open_:
        answers = list(dict.fromkeys(parent.answer for parent in parents if parent.answer is not None))
        guess_answer(question, [*answers, None], child.answer, say)
    else:
        told_of(question)
        _painted(seen, child, parents, say)
    with st.expander(say.say("aggregation.prompt"), icon=":material/frame_inspect:"):
        rebuilt = seen.service.prompt(seen.run.id, child.slot)
        if rebuilt.matches is not None:
            st.caption(say.say("aggregation.prompt_same") if rebuilt.matches else say.say("aggregation.prompt_other"))
        for message in rebuilt.messages:
            foreign_code(message["content"], wrap_lines=True, height=420)
    source_line(seen, evolution(round_in_view() + 1), say)


def _choose(seen: Population, say: Words) -> Chain:
    """The child under the slider: to begin with the one that has most from most of its parents."""
    children = seen.generation(min(2, seen.run.config.t))
    if len(children) == 1:
        return children[0]
    rates = _rates(seen.run.id, seen.run.revision, seen)

    def mixture(place: int) -> float:
        shares = list(shares_of_donors(painted(children[place - 1], seen.keys, rates)).values())
        return float(2 ** (entropy_bits(shares) or 0.0) * sum(shares))

    places = range(1, len(children) + 1)
    index = st.slider(
        say.say("aggregation.child"), 1, len(children), max(places, key=mixture), key=f"learn-child-{seen.run.id}"
    )
    return children[index - 1]


@st.cache_resource(max_entries=20, show_spinner=False)
def _rates(run_id: str, revision: int, _seen: Population) -> StepRates:
    del run_id, revision  # they tell the cached answers apart
    return step_rates(_seen.chains, _seen.keys)


def _cards(parents: list[Chain], say: Words) -> None:
    palette = PALETTES[theme()]
    columns = st.columns(min(len(parents), 4))
    for place, parent in enumerate(parents, start=1):
        colour = position_colour(place, palette)
        chip = (
            f'<span style="background:{colour};color:{ink_on(colour)};padding:0 0.5em;border-radius:0.5em;'
            f'font-weight:700">{place}</span>'
        )
        with columns[(place - 1) % 4], st.container(border=True):
            st.markdown(
                f"{chip} {say.say('aggregation.card', chain=str(parent.slot))}  \n"
                f"**{escaped(html.escape(say.answer(parent.answer)))}** {say.verdict(parent.verdict)}",
                unsafe_allow_html=True,  # the chip is ours, all else is escaped
            )


def _painted(seen: Population, child: Chain, parents: list[Chain], say: Words) -> None:
    found = painted(child, seen.keys, _rates(seen.run.id, seen.run.revision, seen))
    family = {one.slot: one for one in (child, *parents)}
    steps = {slot: seen.steps.get(slot, ()) for slot in family}
    data = painting_data(child, found, steps, family, run=f"learn {seen.run.id}")
    caption = say.say(
        "aggregation.caption",
        chain=str(child.slot),
        answer=say.answer(child.answer),
        verdict=say.verdict(child.verdict),
        right=sum(parent.verdict is Verdict.RIGHT for parent in parents),
        k=len(parents),
    )
    draw(painting_figure(data, theme()), "painting", caption)
    says(caption)
    with st.expander(say.say("aggregation.text"), icon=":material/palette:"):
        painted_text(
            text_parts(child, steps[child.slot], found, PALETTES[theme()]),
            key=f"learn-text-{seen.run.id}-{child.slot}",
            alt=say.say("aggregation.text"),
            on_open=lambda _: None,
        )
