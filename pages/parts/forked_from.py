"""Where a run and its chains come from, as HTML sentences with links. Knows no widget; whoever draws them hands in what
makes links."""

from __future__ import annotations

import html
from collections.abc import Callable

from pages.parts.words import escaped
from rsa_viz.core.chain import Chain, ChainOrigin
from rsa_viz.core.run import Run, RunOrigin
from rsa_viz.core.strategies import LEAVE_ONE_OUT

Link = Callable[..., str]
Linked = Callable[[str, str], str]


def origin_html(run: Run, origin: RunOrigin, there: bool, link: Link, linked: Linked) -> str:
    """Of which run, after which generation, with which change. ``there``: the original is in this database."""
    left_out = run.config.strategy == LEAVE_ONE_OUT.name
    page, view = ("chain", {"chain": origin.slot}) if left_out else ("population", {"t": origin.t})
    name = _run(origin.run_id, there, link(page, origin.run_id, **view))
    if left_out:
        words = linked(origin.change, origin.run_id) if there else escaped(origin.change)
        return f":violet-badge[:material/experiment: Leave one out] Of {name}: {words}."
    after = linked(f"after generation {origin.t}", run.id)
    return f":violet-badge[:material/fork_right: Fork] Of {name} {after}: {linked(origin.change, run.id)}."


def chain_origin_html(run: Run, chain: Chain, there: bool, link: Link) -> str:
    """How a chain came into its run, when it was not made there; else empty."""
    if chain.origin is ChainOrigin.MADE or run.origin is None:
        return ""
    source = ""
    if chain.copied_from is not None:
        target = link("chain", run.origin.run_id, chain=chain.copied_from)
        slot = f"chain {chain.copied_from}"
        anchor = f'<a href="{html.escape(target)}" target="_self">{escaped(slot)}</a>' if there else escaped(slot)
        source = f"{anchor} of run {escaped(run.origin.run_id)}"
    if chain.origin is ChainOrigin.COPIED:
        return f"Taken over, as it ended, from {source}; it was not called for again."
    words = "Written by a person, not by the model, and judged like any chain; no share counts it."
    return f"{words} It stands in the place of {source}." if source else words


def _run(run_id: str, there: bool, target: str) -> str:
    if not there:
        return f"run {escaped(run_id)} (not in this database)"
    return f'<a href="{html.escape(target)}" target="_self">run {escaped(run_id)}</a>'
