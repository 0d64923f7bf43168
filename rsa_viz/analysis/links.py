"""Chains as rows of generations, and the parents that count. What every other analysis starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..core.chain import Chain, Slot


def in_prompt(chain: Chain) -> tuple[Slot, ...]:
    """The parents whose texts stand in the chain's prompt, in prompt order.

    Of a chain that has ended these are its available parents (a parent that failed or wrote nothing is none of
    them); of one that has not, its planned parents. Empty for a chain that was sampled.
    """
    return chain.available if chain.ended else chain.parents


def rows(chains: Iterable[Chain]) -> Mapping[int, tuple[Chain, ...]]:
    """The chains by generation, both in order; empty when there are none."""
    found: dict[int, list[Chain]] = {}
    for chain in sorted(chains, key=lambda chain: chain.slot):
        found.setdefault(chain.slot.t, []).append(chain)
    return {t: tuple(row) for t, row in found.items()}
