"""Where a run and its chains come from, as HTML sentences with links. Knows no widget; whoever draws them hands in what
makes links."""

from __future__ import annotations

import html
from collections.abc import Callable

from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.core.chain import Chain, ChainOrigin
from rsa_viz.core.run import Run, RunOrigin
from rsa_viz.core.strategies import LEAVE_ONE_OUT

Link = Callable[..., str]
Linked = Callable[[str, str], str]
_FIRST, _SECOND, _THIRD = "\ue000", "\ue001", "\ue002"  # stand for HTML while the sentence is put into words


def origin_html(run: Run, origin: RunOrigin, there: bool, link: Link, linked: Linked) -> str:
    """Of which run, after which generation, with which change. ``there``: the original is in this database."""
    left_out = run.config.strategy == LEAVE_ONE_OUT.name
    page, view = ("chain", {"chain": origin.slot}) if left_out else ("population", {"t": origin.t})
    name = _run(origin.run_id, there, link(page, origin.run_id, **view))
    if left_out:
        change = said(origin.change)
        words = linked(change, origin.run_id) if there else escaped(change)
        sentence = _filled(said(f"Of {_FIRST}: {_SECOND}."), name, words)
        return f":violet-badge[:material/experiment: {said('Leave one out')}] {sentence}"
    after = linked(said(f"after generation {origin.t}"), run.id)
    sentence = _filled(said(f"Of {_FIRST} {_SECOND}: {_THIRD}."), name, after, linked(said(origin.change), run.id))
    return f":violet-badge[:material/fork_right: {said('Fork')}] {sentence}"


def chain_origin_html(run: Run, chain: Chain, there: bool, link: Link) -> str:
    """How a chain came into its run, when it was not made there; else empty."""
    if chain.origin is ChainOrigin.MADE or run.origin is None:
        return ""
    source = ""
    if chain.copied_from is not None:
        target = link("chain", run.origin.run_id, chain=chain.copied_from)
        slot = said(f"chain {chain.copied_from}")
        anchor = f'<a href="{html.escape(target)}" target="_self">{escaped(slot)}</a>' if there else escaped(slot)
        source = _filled(said(f"{_FIRST} of run {escaped(run.origin.run_id)}"), anchor)
    if chain.origin is ChainOrigin.COPIED:
        return _filled(said(f"Taken over, as it ended, from {_FIRST}; it was not called for again."), source)
    words = said("Written by a person, not by the model, and judged like any chain; no share counts it.")
    return f"{words} {_filled(said(f'It stands in the place of {_FIRST}.'), source)}" if source else words


def _filled(sentence: str, *html_pieces: str) -> str:
    for place, piece in zip((_FIRST, _SECOND, _THIRD), html_pieces, strict=False):
        sentence = sentence.replace(place, piece)
    return sentence


def _run(run_id: str, there: bool, target: str) -> str:
    if not there:
        return said(f"run {escaped(run_id)} (not in this database)")
    return f'<a href="{html.escape(target)}" target="_self">{said(f"run {escaped(run_id)}")}</a>'
