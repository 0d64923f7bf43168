"""The door to the sandbox: runs a program confined, or refuses it. Knows no task and no verdict."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from .available import find_bwrap, sandbox_available
from .confined import Confined, Limits
from .filter import call_filter
from .process import refused, start

DEFAULT_LIMITS = Limits()

_PLACES = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Sandboxes that run at once. More of them would only take each other's time on the clock."""


def run_confined(
    source: str, *, stdin: str = "", limits: Limits = DEFAULT_LIMITS, packages: Sequence[Path] = ()
) -> Confined:
    """Run a Python program inside bubblewrap and wait for its end; refuse where that is not possible.

    The program runs as ``__main__`` with this Python's standard library and no other package. ``packages`` are folders
    of this machine that it may read and import from. It sees no other file, no network, no environment and no
    other process, and can start none. Nothing that it prints is evaluated. Meant for worker threads: the call takes
    up to ``limits.clock_s`` seconds, and waits before for one of as many places as there are processors.
    Raises nothing for what a program can do; a missing sandbox is an Ending.REFUSED that says what to install.
    """
    missing, bwrap, calls = sandbox_available(), find_bwrap(), call_filter()
    if missing is not None or bwrap is None or calls is None:
        return refused(missing or "bubblewrap is no longer installed")
    with _PLACES:
        return start(bwrap, calls, source, stdin, limits, packages)
