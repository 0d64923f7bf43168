"""The synthetic reasoner's knobs, and how a name like ``synthetic/slip=0.2,speed=0`` sets them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from ..core.errors import InvalidEndpoint

PROVIDER = "synthetic"


@dataclass(frozen=True, slots=True)
class Knobs:
    """How the synthetic reasoner errs and how fast it writes; docs/synthetic-reasoner.md explains each.

    All but ``speed`` and ``jitter`` are probabilities or shares in 0..1. ``speed`` is in tokens a second, 0 for as
    fast as possible; ``jitter`` is the standard deviation of the logarithm of a call's own speed, 0..2.
    """

    slip: float = 0.2
    blind: float = 0.04
    oversight: float = 0.55
    recheck: float = 0.2
    miscopy: float = 0.006
    speed: float = 90.0
    jitter: float = 0.3
    abstain: float = 0.0
    cut: float = 0.0
    empty: float = 0.0


PRESETS: Mapping[str, Knobs] = {
    "reasoner": Knobs(),
    "fast": Knobs(speed=0.0),
    "sloppy": Knobs(slip=0.3, oversight=0.75, miscopy=0.015),
    "careful": Knobs(slip=0.1, oversight=0.3, recheck=0.35, miscopy=0.002),
}


def knobs_of(model: str) -> Knobs:
    """The knobs that a model name sets: a preset, knobs, or a preset followed by knobs, separated by commas.

    ``model`` may start with ``synthetic/``. Raises InvalidEndpoint, naming the part that cannot be read.
    """
    knobs = Knobs()
    for position, part in enumerate(model.removeprefix(f"{PROVIDER}/").split(",")):
        name, equals, value = (word.strip() for word in part.partition("="))
        if position == 0 and not equals and name in PRESETS:
            knobs = PRESETS[name]
        elif equals and name in _HIGHEST:
            knobs = replace(knobs, **{name: _number(model, name, value)})
        else:
            raise InvalidEndpoint(
                f"the synthetic reasoner's name {model!r} cannot be read at {part.strip()!r}; start with one of "
                f"{', '.join(PRESETS)} or set knobs like slip=0.2,speed=0; the knobs are {', '.join(_HIGHEST)}"
            )
    return knobs


_HIGHEST = {knob.name: {"speed": 1e9, "jitter": 2.0}.get(knob.name, 1.0) for knob in fields(Knobs)}


def _number(model: str, name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0.0 <= number <= _HIGHEST[name]:
        raise InvalidEndpoint(
            f"the synthetic reasoner's name {model!r} sets {name} to {value!r}; "
            f"give a number from 0 to {_HIGHEST[name]:g}"
        )
    return number
