"""What may be asked of whoever drives a run: ``pause``, ``stop``, or ``pause after 5``. Knows no engine."""

from __future__ import annotations

import re

from .errors import InvalidInput


def pause_after(t: int) -> str:
    """The wish that generation ``t`` is the last one for now. Raises InvalidInput for one below 1."""
    if t < 1:
        raise InvalidInput(f"a run can be paused after a generation from 1 on, not after {t}")
    return f"pause after {t}"


def last_generation(wish: str) -> int | None:
    """The generation after which a wish pauses; None for every other wish."""
    found = re.fullmatch(r"pause after ([1-9]\d{0,8})", wish)
    return int(found[1]) if found else None


def check_wish(wish: str) -> None:
    """Raise InvalidInput for what nobody can ask."""
    if wish not in ("pause", "stop") and last_generation(wish) is None:
        raise InvalidInput(f"a run can be asked to pause, pause after a generation, or stop, not to {wish!r}")


def outweighs(wish: str, standing: str | None) -> bool:
    """Whether a wish takes the place of the one that stands: a stop is never softened, a pause only hardened, and a
    generation may be changed for another."""
    ranks = {"stop": 2, "pause": 1}
    return standing is None or ranks.get(wish, 0) >= ranks.get(standing, 0)
