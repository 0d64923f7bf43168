"""How the tree of main donors is drawn in the genealogy: lines that lived on in colours, the chosen chain's on top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import plotly.graph_objects as go

from ..analysis.donor_tree import DonorTree, surviving
from ..analysis.genealogy import Link
from ..analysis.telling import counted, joined
from ..core.chain import Chain, Slot
from .curves import curves
from .style import Palette, veil

HUES = (0, 2, 1, 6, 4)  # of the donors' colours, those that are not like the accent
STRONG = 0.5  # share from which a line is thick
NAMED = 4  # roots that the caption names


def tree_shapes(
    chains: Sequence[Chain], tree: DonorTree, chosen: Slot | None, palette: Palette, scale: float
) -> list[dict[str, object]]:
    """The tree as a few paths, from the back to the front: lines that died out, those that live, the chosen chain's.

    A line is thick when it passed on half of the child or more, and dashed when another parent gave as much.
    """
    colours = dict(_coloured(chains, tree, palette))
    shapes: list[dict[str, object]] = []
    for root, colour in [(None, palette.muted), *reversed(colours.items())]:
        links = [
            link
            for link in tree.view.links
            if (tree.roots[link.child] == root if root else tree.roots[link.child] not in colours)
        ]
        seen = 0.4 if root is None else 0.95 if chosen is None else 0.5
        shapes += _paths(links, tree, veil(colour, seen), scale)
    if chosen is not None and chosen in tree.roots:
        shapes += _paths(tree.heirs(chosen), tree, veil(palette.accent, 0.8), scale)
        shapes += _paths(tree.line(chosen), tree, palette.accent, 1.7 * scale)
    return shapes


def _paths(links: Iterable[Link], tree: DonorTree, colour: str, scale: float) -> Iterable[dict[str, object]]:
    kinds: dict[tuple[bool, bool], list[tuple[Slot, Slot]]] = {}
    for link in links:
        kinds.setdefault((link.share >= STRONG, link in tree.tied), []).append((link.parent, link.child))
    for (strong, tied), pairs in sorted(kinds.items()):
        line = {
            "width": max(1.2, scale * (4.0 if strong else 2.2)),
            "color": colour,
            "dash": "5px,3px" if tied else "solid",
        }
        yield curves(pairs, line, tree.rows)


def _coloured(chains: Sequence[Chain], tree: DonorTree, palette: Palette) -> Iterable[tuple[Slot, str]]:
    return zip(surviving(chains, tree), (palette.donors[hue] for hue in HUES), strict=False)


def tree_legend(chains: Sequence[Chain], tree: DonorTree, palette: Palette) -> Iterable[go.Scatter]:
    """Traces without a point: whose line has which colour, and how much of the last generation is of it."""
    counts = surviving(chains, tree)
    everybody = sum(counts.values())
    if not tree.view.links:
        return
    for root, colour in _coloured(chains, tree, palette):
        yield go.Scatter(
            x=[None], y=[None], mode="lines", name=f"from chain {root}: {counts[root]} of {everybody}",
            hoverinfo="skip", line={"width": 4, "color": colour},
        )  # fmt: skip


def tree_told(chains: Sequence[Chain], tree: DonorTree, chosen: Slot | None) -> str:
    """What the tree shows, as sentences; links and their number are told by the caller."""
    words = []
    if tied := len(tree.tied):
        words.append(
            f"In {tied:,} of them another parent gave as much; the first of these in the prompt is drawn, dashed."
        )
    counts = surviving(chains, tree)
    if tree.view.links and counts:
        last = max(slot.t for slot in tree.rows if tree.roots[slot] in counts)
        named = [f"{count:,} with chain {root}" for root, count in list(counts.items())[:NAMED]]
        more = sum(list(counts.values())[NAMED:])
        parts = [*named, f"{more:,} with {counted(len(counts) - NAMED, 'other')}"] if more else named
        done = counted(sum(counts.values()), "chain")
        words.append(f"Where the lines of the {done} of generation {last} began: {joined(parts)}.")
    if chosen is not None and chosen in tree.roots:
        line, heirs = tree.line(chosen), tree.heirs(chosen)
        if line:
            words.append(
                f"Chain {chosen} goes back to chain {line[0].parent} through {counted(len(line), 'main donor')}."
            )
        if heirs:
            words.append(f"Of chain {chosen} {counted(len(heirs), 'chain')} descend by main donors.")
    return " ".join(words)
