"""The recorded genealogy as a graph, and the filtered views that keep it readable.

A link's share is a number in 0..1 that says how much of the child comes from the parent: by text inherited
(``inheritance.edge_shares``), or ``equal_shares`` where no text is read. Knows no text itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..core.chain import Chain, Slot
from .links import in_prompt

if TYPE_CHECKING:
    import networkx as nx

Shares = Mapping[tuple[Slot, Slot], float]
"""The share of each link, by (child, parent); a link that is missing has share 0."""


class Link(NamedTuple):
    """A parent link with its share."""

    parent: Slot
    child: Slot
    share: float


@dataclass(frozen=True, slots=True)
class LinkView:
    """A choice among the parent links: ``links``, ordered by child and then prompt position, of ``total`` recorded.

    ``weights`` are of the chains in the view, in slot order: their share in the chain that the view starts from
    (ancestry) or its share in them (descent); empty in views that start from no chain.
    """

    links: tuple[Link, ...]
    total: int
    weights: Mapping[Slot, float]

    @property
    def shown(self) -> int:
        """The number of links in the view."""
        return len(self.links)


def genealogy_graph(chains: Iterable[Chain]) -> nx.DiGraph[Slot]:
    """The genealogy: a node a slot, an edge from each parent to its child.

    Nodes carry ``chain_id``, ``t``, ``i``, ``kind``, ``status``, ``verdict``, ``answer`` and ``answer_key`` (None where
    there is none); edges ``position`` (1..K, in the prompt as planned) and ``available`` (whether the parent's text
    stood in the prompt; of a child that has not ended: True). Empty without chains.
    """
    import networkx as nx  # takes half a second, and the views below do without

    graph: nx.DiGraph[Slot] = nx.DiGraph()
    ordered = sorted(chains, key=lambda chain: chain.slot)
    for chain in ordered:
        graph.add_node(
            chain.slot,
            chain_id=chain.id,
            t=chain.slot.t,
            i=chain.slot.i,
            kind=chain.kind.value,
            status=chain.status.value,
            verdict=chain.verdict.value,
            answer=chain.answer,
            answer_key=chain.answer_key,
        )
    for chain in ordered:
        there = set(in_prompt(chain))
        for position, parent in enumerate(chain.parents, start=1):
            graph.add_edge(parent, chain.slot, position=position, available=parent in there)
    return graph


def equal_shares(chains: Iterable[Chain]) -> Shares:
    """The same share, 1/K, for each of the K parents in a chain's prompt: descent with no look at any text."""
    return {
        (chain.slot, parent): 1 / len(parents)
        for chain in chains
        if (parents := in_prompt(chain))
        for parent in parents
    }


def links_above(chains: Iterable[Chain], shares: Shares, least: float = 0.0) -> LinkView:
    """The links with a share of at least ``least``; with 0 all of them, those of unavailable parents included."""
    everything = _links(chains, shares)
    return LinkView(tuple(link for link in everything if link.share >= least), len(everything), {})


def dominant_donors(chains: Iterable[Chain], shares: Shares) -> LinkView:
    """The dominant donor tree: each child's link to the parent with the largest share.

    Of equal shares the first in prompt order is taken. A child that has nothing of any parent has no link here, so it
    starts a tree of its own.
    """
    everything = _links(chains, shares)
    best: dict[Slot, Link] = {}
    for link in everything:
        if link.share > 0 and (link.child not in best or link.share > best[link.child].share):
            best[link.child] = link
    return LinkView(tuple(best.values()), len(everything), {})


def ancestry(chains: Sequence[Chain], slot: Slot, shares: Shares, least: float = 0.0) -> LinkView:
    """The weighted ancestry of the chain at ``slot``: what of it goes back to whom.

    The weight of an ancestor is the sum, over all paths from it to the chain, of the product of the shares along the
    path; the chain itself weighs 1. Only links with a positive share of at least ``least`` are followed. Within one
    generation the weights sum to at most 1. A slot that is not among the chains gives an empty view.
    """
    everything = _links(chains, shares)
    upward: dict[Slot, list[Link]] = {}
    for link in everything:
        if link.share > 0 and link.share >= least:
            upward.setdefault(link.child, []).append(link)
    # Parents stand in earlier generations, so walking slots from late to early meets a chain after all its heirs.
    weights = {slot: 1.0}
    followed: list[Link] = []
    for child in sorted(upward, reverse=True):
        if child in weights:
            for link in upward[child]:
                weights[link.parent] = weights.get(link.parent, 0.0) + weights[child] * link.share
                followed.append(link)
    return _view(chains, slot, followed, everything, weights)


def descendants(chains: Sequence[Chain], slot: Slot, shares: Shares, least: float = 0.0) -> LinkView:
    """The weighted descendants of the chain at ``slot``: how much of it is in whom.

    The weight of a descendant is the weight that ``ancestry`` of the descendant gives to the chain. The same links are
    followed, and the same slot gives an empty view.
    """
    everything = _links(chains, shares)
    weights = {slot: 1.0}
    followed: list[Link] = []
    for link in everything:  # ordered by child: all of a parent's own links come before it passes anything on
        if link.parent in weights and link.share > 0 and link.share >= least:
            weights[link.child] = weights.get(link.child, 0.0) + weights[link.parent] * link.share
            followed.append(link)
    return _view(chains, slot, followed, everything, weights)


def _links(chains: Iterable[Chain], shares: Shares) -> list[Link]:
    return [
        Link(parent, chain.slot, shares.get((chain.slot, parent), 0.0))
        for chain in sorted(chains, key=lambda chain: chain.slot)
        for parent in chain.parents
    ]


def _view(
    chains: Sequence[Chain], slot: Slot, followed: list[Link], everything: list[Link], weights: dict[Slot, float]
) -> LinkView:
    if all(chain.slot != slot for chain in chains):
        return LinkView((), len(everything), {})
    chosen = set(followed)
    return LinkView(
        tuple(link for link in everything if link in chosen), len(everything), dict(sorted(weights.items()))
    )
