"""What a solution is rewarded with, and how much better it did than its siblings. Knows no model and no torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .puzzles import Booleans

Values = NDArray[np.float64]

REWARDS = ("outcome", "lines")


def rewards(kind: str, right: Booleans) -> Values:
    """Rewards in 0..1 from which lines are right, (..., L) to (...).

    ``outcome``: 1 if every line is right, else 0. ``lines``: half the share of right lines, half the outcome. Raises
    ValueError for another kind.
    """
    outcome: Values = np.asarray(right.all(axis=-1), np.float64)
    if kind == "outcome":
        return outcome
    if kind == "lines":
        shared: Values = (right.mean(axis=-1) + outcome) / 2
        return shared
    raise ValueError(f"there is no reward {kind!r}; known are {', '.join(REWARDS)}")


def leave_one_out(earned: Values) -> Values:
    """Each reward less the mean of the others of its group: (groups, G) to (groups, G).

    Equivalent: (r - mean of the group) * G / (G - 1). A group whose rewards are equal gets 0 throughout. Raises
    ValueError for groups of fewer than 2. Source: RLOO, Ahmadian et al., arXiv 2402.14740; Kool et al., 2019.
    """
    size = earned.shape[-1]
    if size < 2:
        raise ValueError(f"leaving one out needs groups of at least 2 samples, not {size}")
    others: Values = (earned.sum(axis=-1, keepdims=True) - earned) / (size - 1)
    return earned - others


def undecided(earned: Values) -> float:
    """The share of groups that teach anything, those with different rewards: (groups, G) to 0..1; 0 without groups."""
    return float((np.ptp(earned, axis=-1) > 0).mean()) if len(earned) else 0.0
