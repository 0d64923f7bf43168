"""The names of the tiny language models that come with the app. Knows no network, so that naming one loads none."""

from __future__ import annotations

from ..core.errors import InvalidEndpoint

PROVIDER = "tiny"
MODELS = ("holes", "holes-direct", "holes-aggregation")
"""As it was trained; reinforced on bare problems; reinforced on problems with and without candidates."""


def check_name(model: str) -> str:
    """The model's own name in ``tiny/holes``. Raises InvalidEndpoint for one that is not there."""
    name = model.removeprefix(f"{PROVIDER}/")
    if name not in MODELS:
        known = ", ".join(f"{PROVIDER}/{one}" for one in MODELS)
        raise InvalidEndpoint(f"there is no tiny model {model!r}; those that come with the app are {known}")
    return name
