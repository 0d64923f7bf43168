"""The line of descent of one chain, up to what it has its steps from and down to what has its steps, and where the
steps of a whole generation first stood.

A share is that of ``genealogy.Shares``: how much of a child stands in which parent. Similarity, not proof. Knows no
text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.chain import Chain, ChainStatus, Slot
from .genealogy import Link, LinkView, Shares, ancestry, descendants


def passed(link: Link, weights: Mapping[Slot, float], slot: Slot) -> float:
    """How much goes through a link of the line of ``slot``, 0..1: of the chain itself on the way down to it, of the
    link's child below it. ``weights`` are the line's."""
    return link.share * weights.get(link.child if link.child <= slot else link.parent, 0.0)


def came_down(chains: Sequence[Chain], slot: Slot, shares: Shares, least: float = 0.0) -> LinkView:
    """The ancestry of the chain at ``slot`` (``genealogy.ancestry``) without links through which less than ``least`` of
    the chain came down, and without what only they lead to. A slot that is not among the chains gives no link."""
    found = ancestry(chains, slot, shares)
    reached = {slot}
    kept: set[Link] = set()
    for link in sorted(found.links, key=lambda link: link.child, reverse=True):  # from the chosen chain upwards
        if link.child in reached and passed(link, found.weights, slot) >= least:
            reached.add(link.parent)
            kept.add(link)
    return _view(found, reached, kept)


def line_of_descent(chains: Sequence[Chain], slot: Slot, shares: Shares, least: float = 0.0) -> LinkView:
    """What came down to the chain at ``slot`` and what of it went on, as a tree: one link each.

    Of the ancestors those with a weight (``genealogy.ancestry``) of at least ``least``, each with its link to the child
    in the tree through which most of the chain came down from it; of the descendants (``genealogy.descendants``) those
    of which at least ``least`` is the chain's, each with its link to the parent in the tree through which most of that
    came. Of equal links the first by child and prompt position is taken. ``weights`` say how much of the chain is an
    ancestor's and how much of a descendant is the chain's; its own is 1. Empty when the slot is not among the chains.
    """
    above, below = ancestry(chains, slot, shares), descendants(chains, slot, shares)
    if not above.weights:
        return LinkView((), above.total, {})
    up = _tree(above, slot, sorted({link.parent for link in above.links}, reverse=True), least)
    down = _tree(below, slot, sorted({link.child for link in below.links}), least)
    weights = {**up.weights, **down.weights}
    return LinkView((*up.links, *down.links), above.total, dict(sorted(weights.items())))


def _tree(found: LinkView, slot: Slot, outwards: Sequence[Slot], least: float) -> LinkView:
    """The best link of each chain to one that is nearer to the chosen chain; ``outwards`` are the others, from near to
    far."""
    reached = {slot}
    kept: set[Link] = set()
    inwards: dict[Slot, list[Link]] = {}
    for link in found.links:
        inwards.setdefault(link.parent if link.child <= slot else link.child, []).append(link)
    for one in outwards:
        links = [link for link in inwards[one] if (link.child if one == link.parent else link.parent) in reached]
        if links and found.weights[one] >= least:
            reached.add(one)
            kept.add(max(links, key=lambda link: passed(link, found.weights, slot)))
    return _view(found, reached, kept)


def _view(found: LinkView, reached: set[Slot], kept: set[Link]) -> LinkView:
    weights = {slot: weight for slot, weight in found.weights.items() if slot in reached}
    return LinkView(tuple(link for link in found.links if link in kept), found.total, weights)


def origins(chains: Sequence[Chain], t: int, shares: Shares) -> Mapping[Slot, float]:
    """Where the steps of generation ``t`` first stood: of each chain the share in 0..1 of these steps that is new in
    it, the largest first; those with none are left out.

    Definition: each done chain of ``t`` has the same weight, together 1. A chain hands its weight on to each parent in
    proportion to the link's share, and keeps the rest: that is new in it. The shares sum to 1. Equivalently, of a chain
    of generation 1 it is the mean, over the done chains of ``t``, of its weight in their ``genealogy.ancestry``. Empty
    when no chain of ``t`` is done.
    """
    done = [chain.slot for chain in chains if chain.slot.t == t and chain.status is ChainStatus.DONE]
    weights = {slot: 1.0 / len(done) for slot in done}
    new: dict[Slot, float] = {}
    for chain in sorted(chains, key=lambda chain: chain.slot, reverse=True):  # a chain after all its heirs
        weight = weights.get(chain.slot, 0.0)
        if weight <= 0.0:
            continue
        handed = {parent: shares.get((chain.slot, parent), 0.0) for parent in chain.parents}
        for parent, share in handed.items():
            weights[parent] = weights.get(parent, 0.0) + weight * share
        if (kept := weight * (1.0 - sum(handed.values()))) > 1e-12:  # less is rounding
            new[chain.slot] = kept
    return dict(sorted(new.items(), key=lambda one: (-one[1], one[0])))
