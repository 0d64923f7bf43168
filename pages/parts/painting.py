"""A child, and a whole generation, painted in the colours of those from whom its steps were inherited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import open_chain, show, theme
from pages.parts.naming import listed
from pages.parts.painted_text import Part, painted_text
from pages.parts.spoken import said
from pages.parts.stated import stated_by
from rsa_viz.analysis.painting import Painted, painted
from rsa_viz.core.chain import Chain, Slot, Step
from rsa_viz.core.run import Run
from rsa_viz.figures.painted_generation import Colours, painted_generation_data, painted_generation_figure
from rsa_viz.figures.painting import painting_data, painting_figure
from rsa_viz.figures.style import PALETTES, Palette, ink_on, position_colour
from rsa_viz.figures.words import percent

SHOWN = 60_000  # characters of a text on the page
UNTOLD = 0.2  # how strongly a stretch is painted of which it can not be told
FAINTEST = 0.05  # the least chance of being inherited with which a stretch is painted
AT_ONCE = 400  # chains; in larger runs every chain is read only when somebody asks
NAMES = {Colours.CHAINS: "the donor chain", Colours.POSITIONS: "its position in the prompt"}


def chain_painting(run: Run, chain: Chain, parents: Sequence[Chain]) -> None:
    """Draw a done chain and its text in its parents' colours; ``chain`` and ``parents`` with their texts.

    Nothing for a chain that had no parent in its prompt.
    """
    if not chain.available:
        return
    cut = cut_steps(run)
    family = {one.slot: one for one in (chain, *parents)}
    found = painted(chain, cut.keys, stated_by(run).rates)
    steps = {slot: cut.steps.get(slot, ()) for slot in family}
    data = painting_data(chain, found, steps, family, run=run.id)
    show(data, painting_figure(data, theme()), key=f"painting-{run.id}-{chain.slot}", on_select=_open)
    painted_text(
        text_parts(chain, steps[chain.slot], found, PALETTES[theme()]),
        key=f"painted-text-{run.id}-{chain.slot}",
        alt=said(f"The text of chain {chain.slot} in its parents' colours"),
        on_open=lambda slot: open_chain(Slot.parse(slot)),
    )
    if len(chain.text or "") > SHOWN:
        st.caption(said(f"The first {SHOWN:,} characters; the text below has more."))


def _open(slots: tuple[Slot, ...]) -> None:
    open_chain(slots[0])


def text_parts(chain: Chain, steps: Sequence[Step], found: Sequence[Painted], palette: Palette) -> list[Part]:
    """The chain's text cut into what is inherited, in the colours of the picture, and all else."""
    text = (chain.text or "")[:SHOWN]
    parts: list[Part] = []
    place = 0
    for step, one in zip(steps, found, strict=True):
        chance = UNTOLD if one.probability is None else one.probability
        if step.start >= len(text) or chance < FAINTEST:
            continue
        colours = tuple(position_colour(donor.position, palette) for donor in one.donors)
        named = listed([said(f"chain {donor.slot} (position {donor.position})") for donor in one.donors])
        parts.append(Part(text[place : step.start]))
        parts.append(
            Part(
                text[step.start : step.end],
                colours,
                chance,
                "·".join(str(donor.position) for donor in one.donors),
                ink_on(colours[0]),
                said(f"Stands in {named}; inherited and not found again: {percent(chance)}.")
                if one.probability is not None
                else said(f"Stands in {named}; whether it was inherited cannot be told: {one.doubt}."),
                str(one.donors[0].slot),
            )
        )
        place = step.end
    return [*parts, Part(text[place:])]


def generation_painting(run: Run, chains: Sequence[Chain], t: int | None) -> None:
    """Draw the children of a generation as painted rows; to begin with generation ``t``, or the last with children."""
    last = chains[-1].slot.t
    if last == 1:
        st.markdown(said("This run has one generation, so no chain has parents."))
        return
    asked = st.toggle(
        said("Paint a generation"),
        len(chains) <= AT_ONCE,
        key=f"paint-{run.id}",
        help=said("Compares the steps of all chains of the run."),
    )
    if not asked:
        return
    left, right = st.columns([2, 3], vertical_alignment="bottom", gap="medium")
    done = [chain.slot.t for chain in chains if chain.slot.t > 1 and chain.ended]
    first = t if t is not None and t > 1 else max(done, default=2)
    chosen = left.selectbox(
        said("Children of"),
        range(2, last + 1),
        min(first, last) - 2,
        format_func=lambda one: said(f"generation {one}"),
        key=f"painted-generation-of-{run.id}-{t}",
    )
    colours = right.segmented_control(
        said("A colour is"),
        list(NAMES),
        default=Colours.CHAINS,
        format_func=lambda one: said(NAMES[one]),
        key="painted-colours",
        required=True,
    )
    known = stated_by(run)
    children = [chain for chain in chains if chain.slot.t == chosen]
    rows: Mapping[Slot, Sequence[Painted]] = {chain.slot: painted(chain, known.keys, known.rates) for chain in children}
    data = painted_generation_data(children, rows, Colours(colours or Colours.CHAINS), run=run.id)
    show(data, painted_generation_figure(data, theme()), key=f"painted-generation-{run.id}", on_select=_open)
