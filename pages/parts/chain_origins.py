"""Where the results of a chain were before: in its parents, with how likely they are from there, or elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import page_link, say
from pages.parts.naming import both, listed, sentences
from pages.parts.painting import chain_painting
from pages.parts.spoken import said
from pages.parts.stated import stated_by
from rsa_viz.analysis.rediscovery import Inherited, Origin, Origins, origins
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import Chain, ChainStatus
from rsa_viz.core.run import Run
from rsa_viz.figures.words import one_line, percent

AT_ONCE = 400  # chains; in larger runs every chain is read only when somebody asks
NAMED = 6  # lost fragments that are named
CAP = 60  # letters of a fragment
ROW_PX, MOST_PX = 37, 330


def chain_origins(run: Run, chains: Sequence[Chain], chain: Chain, parents: Sequence[Chain]) -> None:
    """Draw the chain painted in its parents' colours, and its fragments with their origin.

    Nothing for a chain without a text or without parents. ``chain`` and ``parents`` with their texts.
    """
    if chain.status is not ChainStatus.DONE or not chain.available:
        return
    asked = st.toggle(
        said("Inherited or found again?"),
        len(chains) <= AT_ONCE,
        key=f"origins-{run.id}",
        help=said(
            "Compares the steps of this chain, and the results that they state, with those of all chains of the run."
        ),
    )
    if not asked:
        return
    chain_painting(run, chain, parents)
    known = stated_by(run)
    found = origins(chain, known.keys, known.rates, known.seen)
    if not found.fragments and not found.lost:
        st.markdown(
            said("Neither this chain nor its parents state a fragment: an equation, or a value that can be read.")
        )
        return
    st.dataframe(
        {
            "Fragment": [one_line(one.key, CAP) for one in found.fragments],
            "Where it was before": [said(one.origin.value) for one in found.fragments],
            "Inherited": [None if one.probability is None else 100 * one.probability for one in found.fragments],
            "Parents with it": [listed(list(map(str, one.candidates))) or "–" for one in found.fragments],
            "First in chain": [_first(one) for one in found.fragments],
        },
        hide_index=True,
        height=min(ROW_PX * (1 + len(found.fragments)) + 3, MOST_PX),
        column_config={
            "Fragment": said("Fragment"),
            "Where it was before": said("Where it was before"),
            "Inherited": st.column_config.NumberColumn(
                said("Inherited"),
                format="%.0f %%",
                help=said("How likely it came from a parent and was not found again. Empty where it cannot be told."),
            ),
            "Parents with it": said("Parents with it"),
            "First in chain": said("First in chain"),
        },
        alt=said("The fragments of this chain and where each was before."),
        key=f"origins-table-{run.id}-{chain.slot}",
    )
    say(origins_in_words(found), run.id)
    page_link("fragments", run.id, said("How fragments spread"))


def _first(one: Inherited) -> str:
    return said("this one") if one.seen is None else str(one.seen)


def origins_in_words(found: Origins) -> str:
    """How many fragments came from where, and what was lost, in plain sentences."""
    counts = [f"{found.count(origin):,} {origin.value}" for origin in Origin if found.count(origin)]
    parts = both([said(words) for words in counts])
    number = said(counted(len(found.fragments), "fragment"))
    words = [said(f"Chain {found.slot} states {number}: {parts}." if parts else f"Chain {found.slot} states {number}.")]
    known = [one.probability for one in found.fragments if one.probability is not None]
    unknown = [one.doubt for one in found.fragments if one.doubt is not None]
    if known:
        low, high = percent(min(known)), percent(max(known))
        chance = said(low if low == high else " to ".join((low, high)))
        words.append(said(f"What stands in a parent was inherited, and not found again, with a chance of {chance}."))
    if unknown:
        words.append(
            said(
                f"Of {len(unknown)} that stand in a parent it cannot be told whether they were inherited: {unknown[0]}."
            )
        )
    if found.lost:
        named = both([one_line(key, CAP) for key in found.lost[:NAMED]])
        more = len(found.lost) - NAMED
        named = said(f"{named} and {more:,} more") if more > 0 else named
        words.append(said(f"In a parent and not taken over: {named}."))
    return sentences([*words, said("Similarity, not proof.")])
