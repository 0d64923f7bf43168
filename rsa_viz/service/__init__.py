"""Engine, models, tasks and store put together: what pages and the command line call."""

from __future__ import annotations

from .exchange import FORMATS
from .result import result
from .service import RebuiltPrompt, Service

__all__ = ["FORMATS", "RebuiltPrompt", "Service", "result"]
