"""What a solution is rewarded with, and how much better it did than its siblings. Knows no model and no torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .puzzles import Booleans

Values = NDArray[np.float64]

REWARDS = ("outcome", "mixed", "each")


def rewards(kind: str, right: Booleans) -> Values:
    """What each line of a solution is rewarded with, in 0..1, from which lines are right: (..., L) to (..., L).

    ``outcome``: 1 for all lines if every line is right, else 0. ``mixed``: for all lines alike, half the share of right
    lines and half the outcome. ``each``: to every line its own, 1 if it is right, so that the lines' rewards add up to
    the number of right lines and each is credited to the tokens that earned it. Raises ValueError for another kind.
    """
    each: Values = right.astype(np.float64)
    outcome: Values = np.broadcast_to(each.min(axis=-1, keepdims=True), each.shape)
    match kind:
        case "outcome":
            return outcome
        case "mixed":
            mixed: Values = (each.mean(axis=-1, keepdims=True) + outcome) / 2
            return mixed
        case "each":
            return each
    raise ValueError(f"there is no reward {kind!r}; known are {', '.join(REWARDS)}")


def leave_one_out(earned: Values) -> Values:
    """Each reward less the mean of the others of its group: (..., G) to (..., G).

    Equivalent: (r - mean of the group) * G / (G - 1). A group whose rewards are equal gets 0 throughout. Raises
    ValueError for groups of fewer than 2. Source: RLOO, Ahmadian et al., arXiv 2402.14740; Kool et al., 2019.
    """
    size = earned.shape[-1]
    if size < 2:
        raise ValueError(f"leaving one out needs groups of at least 2 samples, not {size}")
    others: Values = (earned.sum(axis=-1, keepdims=True) - earned) / (size - 1)
    return earned - others


def undecided(earned: Values) -> float:
    """The share of groups that teach anything, those with different rewards: (..., G) to 0..1; 0 without groups."""
    return float((np.ptp(earned, axis=-1) > 0).mean()) if earned.size else 0.0
