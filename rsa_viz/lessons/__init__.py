"""The lesson: its texts in several languages, its steps, and the runs that it shows. Knows no page and no database."""

from __future__ import annotations

from .runs import RECORDED, LessonRun
from .texts import LANGUAGES, Texts, texts_in

__all__ = ["LANGUAGES", "RECORDED", "LessonRun", "Texts", "texts_in"]
