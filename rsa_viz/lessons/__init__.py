"""The lesson: the runs that it shows, and their recordings. Knows no page and no database."""

from __future__ import annotations

from .runs import RECORDED, LessonRun

__all__ = ["RECORDED", "LessonRun"]
