"""What the app says in several languages, in plain files that a translator edits. Knows no page and no figure."""

from __future__ import annotations

from .labels import Labels
from .reading import LANGUAGES, Texts, texts_in

__all__ = ["LANGUAGES", "Labels", "Texts", "texts_in"]
