"""How children come about: the posterior of a small model of copying, on a grid. Knows no chain and no text.

**Definition.** A sampled chain states a key (a fragment, or a step's words) with the key's own rate r. A child
*copies* with probability c; else it rethinks and states each key at r, like a sampled one. A copying child takes over a
key that m of the K parents in its prompt carry with probability a(m) = take · A(m), and else states it by itself at
add · r. A(m) = (1 - (1 - g)^m) / (1 - (1 - g)^K) runs from m/K (``spread`` g = 0: every stretch comes from one parent,
as in a clone or a recombination) to 1 (g = 1: one carrier is as good as K). So of m carriers

    P(present) = b + w r,   b = c a(m),   w = 1 - c + c (1 - a(m)) add,   P(inherited | present) = b / (b + w r),

and of none P(present) = (1 - c + c add) r. P(inherited | present) is equivalently 1 - w r / P(present). With c = h and
take = g = add = 1 it is the model with one copy rate h, in which P(present) = 1 - (1 - h)(1 - r).

**Estimate.** c, take, g and add hold for a whole run and one kind of key; each key has its r. Their posterior is summed
on a grid, so that what the data do not settle stays open: P(inherited) is its mean over the posterior, and its standard
deviation says how far it is known. Every c of the grid is equally likely beforehand, within it every take, g and add;
r has Jeffreys' prior Beta(1/2, 1/2), by its Chebyshev-Gauss points. So no r is 1 because a few chains all state a key.

**Dependence.** The keys of a child are not independent: it copies or not, and one solution brings all its keys with it.
So the log-likelihood of c, take, g and add is divided by the dispersion of the children's scores, J / H in the
direction in which they vary most (the magnitude adjustment of a composite likelihood: Pauli, Racugno and Ventura,
Statistica Sinica 21 (2011) 149-164). Of few children that dispersion is itself uncertain; as much as ``CAUTION``
children speak for the worst case, in which all keys of a child are one observation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Single = NDArray[np.float32]
"""Of the largest tables, of 30 million numbers; counts are exact in it."""

COPYING = (0.0, 0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.96, 1.0)
TAKE = (0.5, 0.7, 0.85, 0.95, 1.0)
SPREAD = (0.0, 0.25, 0.5, 0.8, 1.0)
ADD = (0.0, 0.1, 0.3, 0.6, 1.0)
POINTS = 20  # of r
R: Floats = np.sin(np.pi * (np.arange(POINTS) + 0.5) / (2 * POINTS)) ** 2
CAUTION = 20  # children
MOST = 400  # kinds of keys from which c, take, g and add are read; of more, a sample
KEPT, ALMOST_ALL = 150, 0.995  # points of the grid that stand for the posterior, and the part of it that they hold
AT_ONCE = 256  # kinds of keys; where there are more, no more than KEPT points are looked at
LEAST, NEARLY_ONE = 1e-6, 1 - 1e-5  # probabilities that a single odd chain does not rule out


class Exposure(NamedTuple):
    """How a key was offered: ``carriers`` of the ``parents`` in the prompt carry it."""

    carriers: int
    parents: int


class Grid(NamedTuple):
    """The points of c, take, g and add, one a row, and how likely each is beforehand."""

    points: Floats
    prior: Floats


@lru_cache(maxsize=1)
def grid() -> Grid:
    """All points; without copying the other three mean nothing, so c = 0 is one point."""
    points, prior = [], []
    for c in COPYING:
        cells = [(c, take, g, add) for take in TAKE for g in SPREAD for add in ADD] if c else [(0.0, 1.0, 0.0, 0.0)]
        points += cells
        prior += [1 / len(COPYING) / len(cells)] * len(cells)
    return Grid(np.array(points), np.array(prior))


def reach(spread: float, exposure: Exposure) -> float:
    """A(m): the part of what is taken over that a key with so many carriers gets, 0..1."""
    m, k = exposure
    return m / k if spread == 0 else (1 - (1 - spread) ** m) / (1 - (1 - spread) ** k)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run shows of its keys. Columns 0 and 1 of ``of`` and ``present`` are sampled chains and children without a
    carrier in the prompt, then follow the ``exposures``: of how many chains, and how many of them have the key.

    One entry of ``child``, ``key``, ``column`` and ``has`` is a child and a key that its parents carry.
    """

    exposures: tuple[Exposure, ...]
    of: Ints
    present: Ints
    child: Ints
    key: Ints
    column: Ints
    has: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The posterior: by kind of key (``kind`` has that of each key) its rate r, and by exposure the ``mean`` and the
    standard ``deviation`` of P(inherited). ``dispersion`` is by how much the keys of a child depend on each other."""

    kind: Ints
    rate: Floats
    mean: Floats
    deviation: Floats
    dispersion: float


@lru_cache(maxsize=8)
def _terms(exposures: tuple[Exposure, ...]) -> tuple[Floats, Floats]:
    """b and w of P(present) = b + w r, by point of the grid and column."""
    c, take, spread, add = (column[:, None] for column in grid().points.T)
    steps = {g: [reach(g, one) for one in exposures] for g in SPREAD}
    taken = take * np.array([steps[g] for g in spread[:, 0]]).reshape(len(c), len(exposures))
    none = np.zeros_like(c)
    copied = np.hstack([none, none, c * taken])
    own = np.hstack([none + 1, 1 - c + c * add, 1 - c + c * (1 - taken) * add])
    return copied, own


def weigh(counted: Counted) -> Weighed:
    """The posterior of a run. Takes at least one key and one exposure."""
    copied, own = _terms(counted.exposures)
    kinds, kind, numbers = _kinds(np.hstack([counted.of, counted.present]))
    half = counted.of.shape[1]
    has, lacks = kinds[:, half:], kinds[:, :half] - kinds[:, half:]
    some, weights = _sample(numbers)
    with_key, _ = _by_key(copied, own, has[some], lacks[some])
    likelihood = weights @ with_key
    prior = np.log(grid().prior)
    best = int(np.argmax(likelihood + prior))
    _, at_best = _by_key(copied[[best]], own[[best]], has, lacks)
    dispersion = _dispersion(counted, copied[best], own[best], (at_best[:, 0] @ R)[kind])
    posterior = _softmax(likelihood / dispersion + prior)
    kept, weight = _kept(posterior, KEPT if len(kinds) > AT_ONCE else len(posterior))
    chance = copied[kept][:, None, 2:] / _present(copied[kept], own[kept])[:, :, 2:]
    flat = chance.reshape(-1, chance.shape[2]).astype(np.float32)
    every_r = np.tile(R, len(kept)).astype(np.float32)
    rates, means, squares = [], [], []
    for begin in range(0, len(kinds), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        _, within = _by_key(copied[kept], own[kept], has[part], lacks[part])
        joint = (within * weight[:, None].astype(np.float32)).reshape(within.shape[0], -1)
        rates.append(joint @ every_r)
        means.append(joint @ flat)
        squares.append(joint @ flat**2)
    mean, square, rate = (np.concatenate(part).astype(np.float64) for part in (means, squares, rates))
    return Weighed(kind, rate, mean, np.sqrt(np.maximum(square - mean**2, 0.0)), dispersion)


def _present(copied: Floats, own: Floats) -> Floats:
    """P(present) by point, r and column."""
    return np.clip(copied[:, None, :] + own[:, None, :] * R[None, :, None], LEAST, NEARLY_ONE)


def _by_key(copied: Floats, own: Floats, has: Ints, lacks: Ints) -> tuple[Floats, Single]:
    """The log-likelihood of each kind of key (row) at each point, over all r; and within it that of each r."""
    present = _present(copied, own)
    columns = present.shape[2]
    yes = np.log(present).astype(np.float32).reshape(-1, columns).T
    no = np.log1p(-present).astype(np.float32).reshape(-1, columns).T
    logs = (has.astype(np.float32) @ yes + lacks.astype(np.float32) @ no).reshape(len(has), len(copied), POINTS)
    top = logs.max(axis=2, keepdims=True)
    logs -= top
    within = np.exp(logs, out=logs)
    total = within.sum(axis=2, keepdims=True)
    within /= total
    return (np.log(total) + top)[:, :, 0].astype(np.float64) - math.log(POINTS), within


def _softmax(logs: Floats) -> Floats:
    found = np.exp(logs - logs.max())
    whole: Floats = found / found.sum()
    return whole


def _kinds(rows: Ints) -> tuple[Ints, Ints, Ints]:
    """The different rows, which of them each row is, and how many of each there are.

    Rows are told apart by a random sum: sorting them as they are takes most of the time of a large run.
    """
    signs = np.random.default_rng(0).integers(1, 2**62, rows.shape[1], dtype=np.int64)
    _, first, kind, numbers = np.unique(rows @ signs, return_index=True, return_inverse=True, return_counts=True)
    return rows[first], kind.ravel(), numbers


def _sample(numbers: Ints) -> tuple[Ints, Floats]:
    """The kinds that are looked at, and for how many keys each stands: the most frequent ones, and some of the rest."""
    order = np.argsort(-numbers, kind="stable")
    if len(order) <= MOST:
        return order, numbers[order].astype(np.float64)
    often, seldom = order[: MOST // 2], order[MOST // 2 :]
    drawn = np.random.default_rng(0).choice(seldom, MOST - len(often), replace=False)
    scale = numbers[seldom].sum() / numbers[drawn].sum()
    return np.concatenate([often, drawn]), np.concatenate([numbers[often], numbers[drawn] * scale])


def _kept(posterior: Floats, most: int) -> tuple[Ints, Floats]:
    """The likeliest points that together hold nearly all, with their weights; if they are too many, some of them, at
    even steps through the posterior."""
    order = np.argsort(-posterior, kind="stable")
    held = np.cumsum(posterior[order])
    enough = min(1 + int(np.searchsorted(held, ALMOST_ALL)), len(order))
    if enough <= most:
        return order[:enough], posterior[order[:enough]] / held[enough - 1]
    places, times = np.unique(np.searchsorted(held, (np.arange(most) + 0.5) / most * held[-1]), return_counts=True)
    return order[places], times / most


def _dispersion(counted: Counted, copied: Floats, own: Floats, rate: Floats) -> float:
    """By how much the scores of the children vary more than if the keys of a child were independent; at least 1."""
    r = rate[counted.key]
    column = counted.column
    present = np.clip(copied[column] + own[column] * r, 0.001, 0.999)
    score = (counted.has - present) / (present * (1 - present)) * (1 - r)
    part = np.array([0.0, 0.0, *(one.carriers / one.parents for one in counted.exposures)])[column]
    found = 1.0
    for along in (score, score * part):  # what is copied at all, and how that rises with the carriers
        alone = float((along**2).sum())
        if alone > 0:
            found = max(found, float((np.bincount(counted.child, weights=along) ** 2).sum()) / alone)
    children = len(np.unique(counted.child))
    worst = max(found, len(counted.child) / children)
    return (children * found + CAUTION * worst) / (children + CAUTION)
