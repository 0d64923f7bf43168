"""Engine, models, tasks and store put together: what pages and the command line call."""

from __future__ import annotations

from .batch import Batch, unfinished_batches
from .exchange import FORMATS
from .result import result
from .service import RebuiltPrompt, Service

__all__ = ["FORMATS", "Batch", "RebuiltPrompt", "Service", "result", "unfinished_batches"]
