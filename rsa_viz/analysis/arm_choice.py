"""Which arms are seen together: those that a page shows at first, and those that differ in one knob alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Literal

from .arms import Arm
from .trials import Settings


def shown_first(arms: Sequence[Arm], most: int) -> tuple[Arm, ...]:
    """At most ``most`` arms, in their order: of every strategy its centre, then the others as they come.

    The centre of a strategy is the arm from which most others of it differ in one setting alone, the first of equals:
    that about which a grid was laid. So no strategy is hidden because another one has many arms. Empty for no arms.
    """
    by_strategy: dict[str, list[Arm]] = {}
    for arm in arms:
        by_strategy.setdefault(arm.settings.strategy, []).append(arm)
    centres = [max(row, key=lambda one: _neighbours(one, row)) for row in by_strategy.values()]
    kept = [*centres, *(arm for arm in arms if arm not in centres)][:most]
    return tuple(arm for arm in arms if arm in kept)


def _neighbours(arm: Arm, among: Sequence[Arm]) -> int:
    return sum(_distance(arm.settings, other.settings) == 1 for other in among)


def _distance(one: Settings, other: Settings) -> int:
    """In how many settings two arms differ."""
    return sum(getattr(one, field.name) != getattr(other, field.name) for field in fields(Settings))


def varied(arms: Sequence[Arm], knob: Literal["n", "k"]) -> tuple[Arm, ...]:
    """The RSA arms that differ in N or in K alone, by it: the largest such group, the first of equals, and empty when
    no two arms do.

    Beside several K, self-refinement with the same other settings stands as K = 1, as in the paper (arXiv 2509.26626),
    unless there is an RSA arm of K = 1.
    """
    groups: dict[Settings, dict[int, Arm]] = {}
    for strategy in ("rsa", "self-refinement") if knob == "k" else ("rsa",):
        for arm in arms:
            if arm.settings.strategy == strategy:
                rest = replace(arm.settings, strategy="rsa")
                rest = replace(rest, n=0) if knob == "n" else replace(rest, k=0)
                groups.setdefault(rest, {}).setdefault(getattr(arm.settings, knob), arm)
    largest = max(groups.values(), key=len, default={})
    return tuple(arm for _, arm in sorted(largest.items())) if len(largest) > 1 else ()
