"""Neutral drift: what the genealogy alone would do, if nobody judged anything.

The same genealogy is run again with each child copying one parent of its prompt, drawn uniformly. Selection is what
leaves this band. A simulation of chance, not of a model.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .links import in_prompt, rows

REPEATS = 2000


@dataclass(frozen=True, slots=True)
class Drift:
    """The share of right chains among the judged of generation ``t`` under neutral drift: mean and 90 % band.

    All three are None where no chain can have a verdict.
    """

    t: int
    expected: float | None
    low: float | None
    high: float | None


def drift(chains: Iterable[Chain], *, seed: int = 0, repeats: int = REPEATS) -> tuple[Drift, ...]:
    """Neutral drift on the genealogy of ``chains``, by generation, from ``repeats`` simulations.

    Sampled chains (the initial generation, and fresh ones) keep their own verdict; a child takes the verdict of one
    uniformly drawn parent of its prompt; a failed chain has none, and unknown verdicts are copied as unknown and left
    out of the shares. The mean's standard error is at most 0.5 / sqrt(repeats), 1 % at 2,000. ``low`` and ``high`` are
    the 5 % and 95 % quantiles of the simulated shares. The same seed gives the same band. Empty without chains.
    """
    rng = np.random.default_rng(seed)
    everyone = np.arange(repeats)
    value = {Verdict.RIGHT: 1, Verdict.WRONG: 0, Verdict.UNKNOWN: -1}
    columns: dict[Slot, int] = {}
    found = []
    ordered = rows(chains)
    state = np.full((repeats, sum(len(row) for row in ordered.values())), -1, dtype=np.int8)
    for t, row in ordered.items():
        for chain in row:
            column = columns[chain.slot] = len(columns)
            parents = [columns[parent] for parent in in_prompt(chain)]
            if chain.status is ChainStatus.FAILED:
                continue
            if parents:
                state[:, column] = state[everyone, rng.choice(parents, size=repeats)]
            else:
                state[:, column] = value[chain.verdict]
        block = state[:, [columns[chain.slot] for chain in row]]
        judged = np.sum(block >= 0, axis=1)
        shares = np.sum(block == 1, axis=1)[judged > 0] / judged[judged > 0]
        if len(shares) == 0:
            found.append(Drift(t, None, None, None))
            continue
        low, high = np.quantile(shares, [0.05, 0.95], method="inverted_cdf")
        found.append(Drift(t, float(shares.mean()), float(low), float(high)))
    return tuple(found)
