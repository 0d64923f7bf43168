"""Whether programs can be confined on this machine, and if not, what is missing. Runs nothing but a probe."""

from __future__ import annotations

import shutil
import sys
import threading

from .confined import Limits
from .filter import call_filter
from .process import start

_WORKING: set[str] = set()
_ONE_PROBE = threading.Lock()
_PROBE = "import os, sys\ntry:\n    os.fork()\nexcept OSError:\n    print(os.getuid(), len(sys.stdin.read()))\n"


def find_bwrap() -> str | None:
    """Where bubblewrap's program stands, or None."""
    return shutil.which("bwrap")


def sandbox_available() -> str | None:
    """None if programs can be confined here, else one sentence that says what to install or to allow.

    A sandbox that has once worked is taken to go on working; a missing one is looked for at every call.
    """
    if not sys.platform.startswith("linux"):
        return "Model-written code runs only on Linux, inside bubblewrap."
    bwrap = find_bwrap()
    if bwrap is None:
        return (
            "Model-written code runs only inside bubblewrap, which is not installed; "
            "on Debian or Ubuntu: apt install bubblewrap, on Fedora: dnf install bubblewrap."
        )
    calls = call_filter()
    if calls is None:
        return "Model-written code runs only on x86-64 and AArch64 machines, whose system calls can be filtered."
    with _ONE_PROBE:
        if bwrap in _WORKING:
            return None
        probe = start(bwrap, calls, _PROBE, "12345", Limits(), ())
        if probe.stdout == "65534 5\n":
            _WORKING.add(bwrap)
            return None
    words = " ".join((probe.why or probe.stderr or probe.stdout).split())[:300]
    return (
        f"bubblewrap is installed and cannot confine a program here ({words}); "
        "the system must allow unprivileged user namespaces (a container must be started with them)."
    )
