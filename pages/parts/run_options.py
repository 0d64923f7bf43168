"""The options of a run that any strategy of several generations may carry, with what they are for. Knows no engine."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from pages.parts.aggregator_choice import Aggregator, choose_aggregator
from pages.parts.spoken import said
from rsa_viz.core.run import TAIL_CHARACTERS, Candidates, ModelChoice
from rsa_viz.service import Service

SEEN = {
    Candidates.WHOLE: "Whole texts",
    Candidates.TAIL: "The end of each text",
    Candidates.SUMMARY: "A summary of each",
}
HELP = {
    "candidates": "What a child reads of each parent. K whole texts make long prompts. The end of a text is cheap and "
    "may lose the way to a result; a summary costs one more call a chain, and the children wait for it.",
    "tail": "Cut at the beginning of a line or a word, and marked as cut. Four characters are about a token.",
    "schedule": "The temperature of the last generation, to which it changes in equal steps. High at first keeps the "
    "population diverse, low at the end lets it settle: one of the article's two "
    "remedies against collapse.",
    "fresh": "The other remedy: each chain after generation 1 is, with this chance, a fresh sample that reads no "
    "parent. New answers keep coming in, and what the population has agreed on is passed on by fewer children.",
}


class Options(TypedDict, total=False):
    """The fields of RunConfig that were set; what was left alone is not there."""

    temperature_end: float
    fresh_rate: float
    candidates: Candidates
    tail_characters: int
    aggregator: ModelChoice


def run_options(generations: int, service: Service, model: ModelChoice | None) -> tuple[Options, Aggregator]:
    """Draw the expander; empty for a run of one generation, which has no use for any of them. ``model`` is that of the
    samples."""
    if generations < 2:
        st.caption(
            said(
                "Options (fresh chains, a temperature schedule, summaries, another model that aggregates) need a "
                "second generation."
            )
        )
        return {}, Aggregator()
    chosen: Options = {}
    with st.expander(said("Options"), icon=":material/experiment:"):
        seen = st.segmented_control(
            said("A child sees of each parent"),
            list(Candidates),
            default=Candidates.WHOLE,
            required=True,
            format_func=lambda one: said(SEEN[one]),
            key="candidates",
            help=said(HELP["candidates"]),
        )
        if seen is not Candidates.WHOLE:
            chosen["candidates"] = Candidates(seen)
        if seen is Candidates.TAIL:
            chosen["tail_characters"] = int(
                st.number_input(
                    said("Characters of the end"),
                    1,
                    10_000_000,
                    TAIL_CHARACTERS,
                    500,
                    key="tail-characters",
                    help=said(HELP["tail"]),
                )
            )
        left, right = st.columns(2, vertical_alignment="bottom")
        share = left.number_input(
            said("Fresh chains, %"), 0.0, 100.0, 0.0, 5.0, format="%g", key="fresh-rate", help=said(HELP["fresh"])
        )
        if share:
            chosen["fresh_rate"] = share / 100
        end = right.number_input(
            said("Last temperature"),
            0.0,
            2.0,
            None,
            0.1,
            placeholder=said("like the first"),
            key="temperature-end",
            help=said(HELP["schedule"]),
        )
        if end is not None:
            chosen["temperature_end"] = end
        aggregator = choose_aggregator(service, model)
        if aggregator.choice is not None:
            chosen["aggregator"] = aggregator.choice
    return chosen, aggregator
