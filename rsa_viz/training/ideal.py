"""What could be gained at best from candidates: a reader that checks every line exactly and guesses the rest.

It measures whether the problems reward aggregation before any model is trained on them. Knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .puzzles import FILLINGS, Attempts, Puzzles, choose, work_out


def aggregate(rng: np.random.Generator, puzzles: Puzzles, candidates: Sequence[Attempts]) -> Attempts:
    """One child of each problem: a line that fits is taken from a candidate drawn among those that have one; a line
    that none has solved is filled uniformly with what none has tried, or with anything if all was tried."""
    fitting, possible = puzzles.fitting(), puzzles.possible()
    tried = np.zeros(fitting.shape, bool)
    for candidate in candidates:
        tried |= np.arange(FILLINGS) == candidate.fillings[..., None]
    solved, untried = tried & fitting, possible & ~tried
    allowed = np.where(untried.any(axis=-1, keepdims=True), untried, possible)
    allowed = np.where(solved.any(axis=-1, keepdims=True), solved, allowed)
    return work_out(rng, puzzles, choose(rng, allowed), 0.0)
