"""The genealogy: generation on x, slot on y, chains as marks, parent links as lines as strong as what they passed on.

All links in one picture are a hairball, so a picture starts from a view that leaves most of them out and says how
many of them it shows. Lines are drawn as one path per strength: a single element each, whatever their number. In the
view of main donors chains stand in the order of the tree, so that no two lines cross.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import plotly.graph_objects as go

from ..analysis.descent import came_down, passed
from ..analysis.donor_tree import DonorTree, donor_tree
from ..analysis.genealogy import Link, LinkView, Shares, links_above
from ..analysis.telling import counted
from ..core.chain import Chain, ChainOrigin, ChainStatus, Slot, Verdict
from .canvas import generation_axis, say
from .curves import curves
from .donor_tree import tree_legend, tree_shapes, tree_told
from .style import PALETTES, TEXT_SIZE, Palette, Theme, dress, veil
from .words import percent, told

STRENGTHS = ((0.5, 4.0, 0.85), (0.2, 2.4, 0.7), (0.0, 1.3, 0.55))  # least share, px, opacity; strongest first
DILUTION = 4  # through an ancestry a quarter of a share counts as strong as a whole one: it thins out on its way
FAINT = 0.25  # of chains outside the ancestry that is shown
MANY = 60  # links between carriers, from which lines are thinner
HALL = 270  # px between the axes of a stage of 1000 by 560, which is enlarged to the screen
CROWD = 2_500  # links from which lines are thinner and fainter, and marks from which hovers are shorter


class View(StrEnum):
    """Which links are shown."""

    ANCESTRY = "ancestry"
    DONORS = "donors"
    ABOVE = "above"
    WHOLE = "whole"
    CARRIED = "carried"  # links between chains that carry the same thing
    GROWN = "grown"  # what has been drawn and made so far
    LINE = "line"  # what came down to one chain and what of it went on


@dataclass(frozen=True, slots=True)
class GenealogyData:
    """What the picture of the genealogy shows.

    ``links`` are the shown ones of ``total``; ``weights`` are each shown ancestor's share in the chosen chain, or 1 for
    each carrier; in a line of descent also the chosen chain's share in each descendant. The chosen chain's own
    ``parents`` (prompt order) and ``children`` are pointed out in every view. ``mains`` are the links that a picture of
    what has grown draws strongest; ``tree`` is known in the view of main donors. ``shares`` are known when any link has
    one; without them all lines are alike.
    """

    chains: tuple[Chain, ...]
    links: tuple[Link, ...]
    total: int
    weights: Mapping[Slot, float]
    chosen: Slot | None
    parents: tuple[Slot, ...]
    children: tuple[Slot, ...]
    view: View
    caption: str
    revision: str
    mains: frozenset[Link] = frozenset()
    tree: DonorTree | None = None

    def row(self, slot: Slot) -> int:
        """Where a chain stands in its generation: its row in the tree, else its slot."""
        return slot.i if self.tree is None else self.tree.rows[slot]


def genealogy_data(
    chains: Sequence[Chain],
    shares: Shares,
    *,
    view: View = View.DONORS,
    chosen: Slot | None = None,
    least: float = 0.0,
    run: str = "",
) -> GenealogyData:
    """The genealogy of a run's ``chains`` (slot order) in one view.

    ``least`` leaves out weak links, 0..1: in the view above those with a smaller share of their child, in the ancestry
    those with a smaller share of the chosen chain. Ancestry without a chosen chain shows no link.
    """
    tree = donor_tree(chains, shares) if view is View.DONORS else None
    if view is View.ANCESTRY:
        found = _ancestry(chains, chosen, shares, least)
    elif tree is not None:
        found = tree.view
    else:
        found = links_above(chains, shares, least if view is View.ABOVE else 0.0)
    own = next((chain for chain in chains if chain.slot == chosen), None)
    return GenealogyData(
        chains=tuple(chains),
        links=found.links,
        total=found.total,
        weights=found.weights,
        chosen=own.slot if own else None,
        parents=own.parents if own else (),
        children=tuple(chain.slot for chain in chains if chosen in chain.parents) if own else (),
        view=view,
        caption=_caption(found, view, own, least) if tree is None else _tree_caption(chains, tree, own),
        revision=run,
        tree=tree,
    )


def carried_data(
    chains: Sequence[Chain], carriers: Sequence[Slot], probability: float | None, *, run: str = ""
) -> GenealogyData:
    """The path of a fragment through the genealogy: its ``carriers``, and the links between a carrier and a parent in
    its prompt that is one too.

    ``probability`` is that of inheritance (``rediscovery.Rates.inherited``), which the caption tells.
    """
    there = frozenset(carriers)
    links = tuple(
        Link(parent, chain.slot, 1.0)
        for chain in chains
        if chain.slot in there
        for parent in chain.available
        if parent in there
    )
    total = sum(len(chain.parents) for chain in chains)
    weights = dict.fromkeys(sorted(there), 1.0)
    children = len({link.child for link in links})
    caption = f"{counted(len(there), 'carrier')}, of which {children:,} had a carrier among the parents in the prompt."
    if children and probability is not None:
        caption += f" Such a child has it from them with probability {probability:.2f}; else it found it again."
    return GenealogyData(tuple(chains), links, total, weights, None, (), (), View.CARRIED, caption, run)


def _ancestry(chains: Sequence[Chain], chosen: Slot | None, shares: Shares, least: float) -> LinkView:
    if chosen is None:
        return LinkView((), sum(len(chain.parents) for chain in chains), {})
    return came_down(chains, chosen, shares, least)


def _caption(found: LinkView, view: View, own: Chain | None, least: float) -> str:
    if not found.total:
        return "No parent links: every chain was sampled from the question alone."
    count = f"Showing {found.shown:,} of {counted(found.total, 'parent link')}"
    if view is View.WHOLE:
        return f"{count}."
    if view is View.ABOVE:
        return f"{count}: those that passed on at least {percent(least)} of the child's steps. Similarity, not proof."
    if own is None:
        return "Choose a chain: click one, or open the page from a chain. Its ancestors are then drawn."
    if own.status is not ChainStatus.DONE:
        return f"Chain {own.slot} is {own.status.value}: it has no text, so nothing says what came down to it."
    part = f"at least {percent(least)} of " if least else ""
    words = [f"{count}: those through which {part}the steps of chain {own.slot} came down."]
    founders = sorted(((weight, slot) for slot, weight in found.weights.items() if slot.t == 1), reverse=True)
    if founders and own.slot.t > 1:
        weight, slot = founders[0]
        words.append(largest_part(weight, slot))
    elif own.slot.t > 1 and not found.links:
        words.append("None of its steps came down so strongly." if least else "None of its steps stands in a parent.")
    return " ".join(words) + " Similarity, not proof."


def _tree_caption(chains: Sequence[Chain], tree: DonorTree, own: Chain | None) -> str:
    found = tree.view
    if not found.total:
        return _caption(found, View.DONORS, own, 0.0)
    count = f"Showing {found.shown:,} of {counted(found.total, 'parent link')}"
    head = f"{count}: of each chain the one to the parent that most of its steps stand in."
    told = tree_told(chains, tree, None if own is None else own.slot)
    return " ".join(filter(None, (head, told, "Similarity, not proof.")))


def largest_part(weight: float, founder: Slot) -> str:
    """The sentence on the founder with the largest part of a chain."""
    return f"The largest part of its steps, {percent(weight)}, goes back to chain {founder}."


def genealogy_figure(data: GenealogyData, theme: Theme) -> go.Figure:
    """Marks ● ✕ ○ for right, wrong and unknown chains, with the chosen chain ringed."""
    palette = PALETTES[theme]
    figure = go.Figure()
    last = max((chain.slot.t for chain in data.chains), default=1)
    slots = max((chain.slot.i for chain in data.chains), default=1)
    height = min(max(26 * slots, 240), 760) + 90
    hall = data.view in (View.GROWN, View.LINE)
    size = min(max((0.78 * HALL if hall else 0.62 * (height - 90)) / slots, 4.0), 18.0)
    dress(figure, theme, height=height, revision=data.revision)
    scale = min(1.0, max(0.35, size / 14))
    if data.tree is None:
        figure.update_layout(shapes=_lines(data, palette, scale))
    else:
        figure.update_layout(shapes=tree_shapes(data.chains, data.tree, data.chosen, palette, scale))
        figure.add_traces(list(tree_legend(data.chains, data.tree, palette)))
    if data.chains:
        _rings(figure, data, palette, size)
        _marks(figure, data, palette, size)
    else:
        say(figure, theme, "No chain yet.<br>Start a run to draw its genealogy.")
    generation_axis(figure, last, room=0.35)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if slots / step <= 17)
    figure.update_yaxes(
        title_text="slot", range=[slots + 0.7, 0.3], showgrid=False, tickvals=sorted({1, *range(step, slots + 1, step)})
    )
    if data.tree is not None:
        figure.update_yaxes(title_text="chains, by main donor", showticklabels=False)
    figure.update_layout(
        hovermode="closest",
        clickmode="event+select",
        showlegend=bool(data.chains),
        legend={
            "orientation": "h",
            "y": 1,
            "yanchor": "bottom",
            "x": 0,
            "font": {"size": TEXT_SIZE},
            "itemclick": False,
        },
        margin={"t": 44},
    )
    return figure


def _lines(data: GenealogyData, palette: Palette, scale: float) -> list[dict[str, object]]:
    """The links as a handful of paths: one per strength, one to the chosen chain's parents, one to its children."""
    crowded = len(data.links) > CROWD
    behind = 0.5 if data.view is View.GROWN and len(data.links) > MANY else 1.0
    own = {(data.chosen, parent) for parent in data.parents} | {(child, data.chosen) for child in data.children}
    shown = [link for link in data.links if (link.child, link.parent) not in own]
    shapes: list[dict[str, object]] = []
    for least, width, opacity in STRENGTHS:
        strong = [(link.parent, link.child) for link in shown if strength(data, link) == least]
        if strong:
            colour = palette.accent if data.view is View.LINE else palette.muted
            seen = opacity / 3 if crowded else opacity if least else behind * opacity
            line = {"width": scale * width * (1.5 if data.view is View.LINE else 1), "color": veil(colour, seen)}
            shapes.append(curves(strong, line))
    shapes.reverse()  # the strongest on top
    if data.parents:
        pairs = [(parent, data.chosen) for parent in data.parents if data.chosen]
        shapes.append(curves(pairs, {"width": 3, "color": palette.accent}))
    if data.children:
        pairs = [(data.chosen, child) for child in data.children if data.chosen]
        shapes.append(curves(pairs, {"width": 2, "color": palette.accent, "dash": "dot"}))
    return shapes


def strength(data: GenealogyData, link: Link) -> float:
    """The strength class of a link's line, by the least share that it stands for: 0.5, 0.2 or 0.

    In an ancestry it says what came through the link of the chosen chain, in what has grown whether the link is one of
    the ``mains``. In the whole graph all lines are alike.
    """
    if data.view is View.WHOLE:
        return 0.0
    if data.view is View.CARRIED:
        return STRENGTHS[1][0] if len(data.links) <= MANY else STRENGTHS[2][0]
    if data.view is View.GROWN:
        return STRENGTHS[0][0] if link in data.mains else STRENGTHS[2][0]
    share = link.share
    if data.view in (View.ANCESTRY, View.LINE) and data.chosen is not None:
        share = DILUTION * passed(link, data.weights, data.chosen)
    return next(least for least, _, _ in STRENGTHS if share >= least)


def _marks(figure: go.Figure, data: GenealogyData, palette: Palette, size: float) -> None:
    """One trace a kind of mark, for the legend. Chains outside an ancestry are faint, not gone: they can be clicked."""
    faded = data.view in (View.ANCESTRY, View.CARRIED, View.LINE) and bool(data.weights)
    by_kind: dict[str, list[Chain]] = defaultdict(list)
    # A legend takes its colour from a trace's first mark, so the faint ones come last.
    for chain in sorted(data.chains, key=lambda chain: faded and chain.slot not in data.weights):
        by_kind[_kind(chain)].append(chain)
    kinds: tuple[tuple[str, str, str, list[Chain]], ...] = tuple(
        (name, symbol, colour, by_kind[name])
        for name, symbol, colour in (
            ("planned", "circle", palette.other),
            ("failed", "square-x-open", palette.failed),
            ("unknown", "circle-open", palette.verdicts[Verdict.UNKNOWN]),
            ("wrong", "x", palette.verdicts[Verdict.WRONG]),
            ("right", "circle", palette.verdicts[Verdict.RIGHT]),
        )
    )
    short = len(data.chains) > CROWD
    trace = go.Scattergl if len(data.chains) > CROWD else go.Scatter
    for name, symbol, colour, chains in kinds:
        if not chains:
            continue
        tones = [veil(colour, FAINT) if faded and chain.slot not in data.weights else colour for chain in chains]
        figure.add_trace(
            trace(
                x=[chain.slot.t for chain in chains],
                y=[data.row(chain.slot) for chain in chains],
                mode="markers",
                name=name,
                marker={
                    "symbol": symbol,
                    "color": tones,
                    "size": size * (0.4 if name == "planned" else 0.85 if symbol == "x" else 1),
                    "line": {"width": 2 if "open" in symbol else 0, "color": tones},
                },
                customdata=[(chain.id, str(chain.slot)) for chain in chains],
                hovertext=[f"chain {chain.slot}" if short else _hover(data, chain) for chain in chains],
                hoverinfo="text",
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 1}},
            )
        )


def _kind(chain: Chain) -> str:
    return chain.verdict.value if chain.status is ChainStatus.DONE else chain.status.value


def _hover(data: GenealogyData, chain: Chain) -> str:
    weight = data.weights.get(chain.slot)
    if data.view is View.CARRIED:
        return told(chain) + ("<br>carries the fragment" if weight else "")
    if weight is None or data.chosen is None or chain.slot == data.chosen:
        return told(chain)
    whose = "of chain" if chain.slot < data.chosen else "of it from chain"
    return told(chain) + f"<br>{percent(weight)} {whose} {data.chosen}"


def _rings(figure: go.Figure, data: GenealogyData, palette: Palette, size: float) -> None:
    """Rings under the chosen chain, its parents and its children; they take no click from the marks. What a person
    planted has a diamond around it."""
    planted = tuple(chain.slot for chain in data.chains if chain.origin is ChainOrigin.PLANTED)
    for name, slots, wide, dash in (
        ("planted by a person", planted, 2.5, "diamond"),
        ("chosen", (data.chosen,) if data.chosen else (), 3.0, "solid"),
        ("its parents", data.parents, 2.0, "solid"),
        ("its children", data.children, 1.5, "dot"),
    ):
        if slots:
            figure.add_scatter(
                x=[slot.t for slot in slots], y=[data.row(slot) for slot in slots], mode="markers", name=name,
                cliponaxis=False, hoverinfo="skip", customdata=[(0, str(slot)) for slot in slots],
                marker={
                    "symbol": "diamond-open" if dash == "diamond" else "circle-open",
                    "size": size + (14 if name == "chosen" else 8), "color": palette.accent,
                    "line": {"width": wide, "color": palette.accent}, "opacity": 0.7 if dash == "dot" else 1,
                },
            )  # fmt: skip
