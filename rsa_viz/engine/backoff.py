"""How long to wait before a failed call is tried again. Pure; draws from no shared random state."""

from __future__ import annotations

from ..core.chain import Slot
from ..core.genealogy import Streams


def backoff(slot: Slot, seed: int, attempt: int, *, base_s: float, cap_s: float, retry_after_s: float | None) -> float:
    """Seconds to wait after failed try number ``attempt`` (from 1), at least 0.

    Exponential with full jitter: uniform over 0..min(cap_s, base_s * 2**(attempt - 1)), so that calls that failed
    together do not come back together (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). The
    draw is added to the wait that the server asked for, if it asked for one: never less than that, and still
    spread. The same slot, seed and attempt give the same draw.
    """
    drawn = Streams(seed, "backoff").at(slot, f"try {attempt}").random()
    wait = drawn * min(cap_s, base_s * 2.0 ** (attempt - 1))
    return wait + retry_after_s if retry_after_s is not None and retry_after_s > 0 else wait
