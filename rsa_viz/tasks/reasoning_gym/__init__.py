"""Reasoning Gym (an optional extra): its generators as problems, its scorers as judges. Knows no model and no page."""

from .catalog import CATEGORIES, GROUPS
from .generating import generate, names_of
from .task import REASONING_GYM

__all__ = ["CATEGORIES", "GROUPS", "REASONING_GYM", "generate", "names_of"]
