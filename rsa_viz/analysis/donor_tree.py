"""The tree of main donors: each child hangs on the one parent in which most of its steps stand.

What it shows is which lines of text lived on, and from which chains they began. Similarity, not proof. Knows no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.chain import Chain, ChainStatus, Slot
from .genealogy import Link, LinkView, Shares, dominant_donors

SAME = 1e-9  # shares nearer than this are equal: sums of fractions differ by rounding


@dataclass(frozen=True, slots=True)
class DonorTree:
    """The ``view`` of ``genealogy.dominant_donors`` as a tree (a forest: one tree a root).

    ``tied`` are its links whose share another parent of the child reaches too, so that prompt order alone chose them.
    ``roots`` gives of each chain the one with which its line of main donors begins: itself when it has no main
    donor. ``rows`` gives each chain a row in its generation, from 1: those with a main donor in the order of the
    donors' rows, then the others, each in slot order. Drawn so, links from one generation to the next do not cross.
    """

    view: LinkView
    tied: frozenset[Link]
    roots: Mapping[Slot, Slot]
    rows: Mapping[Slot, int]

    def line(self, slot: Slot) -> tuple[Link, ...]:
        """The links from the root of the chain at ``slot`` down to it; none of a root."""
        above = {link.child: link for link in self.view.links}
        found = []
        while slot in above:
            found.append(above[slot])
            slot = above[slot].parent
        return tuple(reversed(found))

    def heirs(self, slot: Slot) -> tuple[Link, ...]:
        """The links below the chain at ``slot``, to its children in the tree, to theirs, and so on."""
        reached = {slot}
        found = []
        for link in self.view.links:  # ordered by child, so a chain comes before its own children
            if link.parent in reached:
                reached.add(link.child)
                found.append(link)
        return tuple(found)


def donor_tree(chains: Iterable[Chain], shares: Shares) -> DonorTree:
    """The tree of a run's ``chains``; empty without any."""
    known = sorted(chains, key=lambda chain: chain.slot)
    view = dominant_donors(known, shares)
    donor = {link.child: link.parent for link in view.links}
    roots: dict[Slot, Slot] = {}
    rows: dict[Slot, int] = {}
    waiting: dict[int, list[Slot]] = {}
    for chain in known:
        parent = donor.get(chain.slot)
        roots[chain.slot] = chain.slot if parent is None else roots[parent]
        waiting.setdefault(chain.slot.t, []).append(chain.slot)
    for _, slots in sorted(waiting.items()):
        last = len(known)
        ordered = sorted(slots, key=lambda slot: (rows[donor[slot]] if slot in donor else last, slot))
        rows |= {slot: row for row, slot in enumerate(ordered, start=1)}
    return DonorTree(view, frozenset(_tied(known, shares, view)), roots, rows)


def _tied(chains: Iterable[Chain], shares: Shares, view: LinkView) -> Iterable[Link]:
    parents = {chain.slot: chain.parents for chain in chains}
    for link in view.links:
        given = (shares.get((link.child, parent), 0.0) for parent in parents[link.child] if parent != link.parent)
        if any(abs(share - link.share) < SAME for share in given):
            yield link


def surviving(chains: Iterable[Chain], tree: DonorTree) -> Mapping[Slot, int]:
    """How many done chains of the last generation with any go back to each root, the most first.

    Roots without such a chain are left out.
    """
    done = [chain.slot for chain in chains if chain.status is ChainStatus.DONE]
    last = max((slot.t for slot in done), default=0)
    counts: dict[Slot, int] = {}
    for slot in done:
        if slot.t == last:
            root = tree.roots[slot]
            counts[root] = counts.get(root, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
