"""The genealogy as it has grown so far, for a hall: every link that was drawn, or one chain's line of descent lit up.

Drawn as ``genealogy`` draws; beyond MOST links only those to the main donors are, as there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..analysis.descent import line_of_descent, origins
from ..analysis.genealogy import LinkView, Shares, dominant_donors, links_above
from ..analysis.telling import counted, joined
from ..core.chain import Chain, ChainStatus, Slot
from .genealogy import GenealogyData, View, largest_part
from .words import percent

MOST = 640
"""Links of a whole run up to which all of them are drawn: 16 chains with 4 parents through 11 generations."""

PROOF = "Similarity, not proof."
_NAMED = 3  # chains that the caption names as those in which the steps of a generation first stood


def descent_data(
    chains: Sequence[Chain], shares: Shares, *, chosen: Slot | None = None, why: str = "", run: str = ""
) -> GenealogyData:
    """What has grown of ``chains`` (slot order, planned ones included), or the line of descent of the ``chosen`` one.

    Links to chains that have not ended, and their shares, are left out. ``why`` says what the chosen chain is, for
    example "the first right one". Of a chosen chain without a text the whole is shown. A line leaves out chains whose
    part in it is less than half of an equal share for all of a generation.
    """
    total = sum(len(chain.parents) for chain in chains)
    grown = tuple(chain for chain in chains if chain.ended)
    known = {chain.slot for chain in grown}
    shares = {link: share for link, share in shares.items() if link[0] in known}
    own = next((chain for chain in grown if chain.slot == chosen), None)
    if own is not None and own.status is ChainStatus.DONE:
        widest = max(chain.slot.i for chain in chains)
        found = line_of_descent(grown, own.slot, shares, 0.5 / widest)
        children = tuple(chain.slot for chain in grown if own.slot in chain.parents)
        caption = _line_told(found, own, grown, children, why)
        return GenealogyData(
            tuple(chains), found.links, total, found.weights, own.slot, own.parents, children, View.LINE, caption, run
        )
    mains = dominant_donors(grown, shares)
    found = mains if total > MOST else links_above(grown, shares)
    caption = _grown_told(found, mains, grown, shares, total)
    if chosen is not None:
        caption = f"Chain {chosen} has no text{'' if own else ' yet'}, so nothing came down to it. {caption}"
    ring = own.slot if own else None
    return GenealogyData(
        tuple(chains), found.links, total, {}, ring, (), (), View.GROWN, caption, run, frozenset(mains.links)
    )


def _grown_told(found: LinkView, mains: LinkView, grown: Sequence[Chain], shares: Shares, total: int) -> str:
    if not total:
        return "No parent links: every chain is sampled from the question alone."
    if not found.total:
        return f"No child has ended yet; {counted(total, 'parent link')} are planned."
    words = [f"Showing {found.shown:,} of {counted(total, 'parent link')}."]
    if not mains.links:
        return f"{words[0]} In no child a step of a parent is known, so all lines are alike."
    if found.shown > mains.shown:
        words.append("The thick line of each child leads to the parent that most of its steps stand in.")
    else:
        words.append("Of each child the one to the parent that most of its steps stand in.")
    t = max(chain.slot.t for chain in grown)
    return " ".join((*words, *_origins_told(origins(grown, t, shares), t), PROOF))


def _origins_told(first: Mapping[Slot, float], t: int) -> list[str]:
    """Where the steps of generation ``t`` first stood."""
    old = {slot: share for slot, share in first.items() if slot.t == 1}
    if t == 1 or not old:
        return []
    named = [f"{percent(share)} to chain {slot}" for slot, share in list(old.items())[:_NAMED]]
    others = [f"the rest to {counted(len(old) - _NAMED, 'other')}"] if len(old) > _NAMED else []
    back = f"Of the steps of generation {t}, {percent(sum(old.values()))} go back to generation 1"
    return [f"{back}: {joined([*named, *others])}."]


def _line_told(found: LinkView, own: Chain, grown: Sequence[Chain], children: Sequence[Slot], why: str) -> str:
    words = [f"Chain {own.slot} is {why}." if why else f"The line of chain {own.slot}."]
    founders = sorted(((share, slot) for slot, share in found.weights.items() if slot.t == 1), reverse=True)
    if own.slot.t > 1 and founders:
        words.append(largest_part(*founders[0]))
    last = max(chain.slot.t for chain in grown)
    here = [chain.slot for chain in grown if chain.slot.t == last and chain.status is ChainStatus.DONE]
    heirs = sorted(((found.weights[slot], slot) for slot in here if slot in found.weights), reverse=True)
    if last == own.slot.t:
        return " ".join((*words, PROOF))
    if heirs:
        told = f"In generation {last} its steps stand in {len(heirs)} of {counted(len(here), 'chain')}"
        words.append(f"{told}, most of all in chain {heirs[0][1]}, of which they are {percent(heirs[0][0])}.")
    elif not children:
        words.append("No child drew it as a parent.")
    else:
        entered = f"It entered {counted(len(children), 'prompt')}"
        words.append(f"{entered}; nothing of it that is enough to draw came down to generation {last}.")
    return " ".join((*words, PROOF))
