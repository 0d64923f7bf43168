"""The small world that a confined program sees: bubblewrap's command line and the first lines that run inside.

Inside there are the C library, this Python's standard library, a few devices and the program, all read-only; no
``/proc``, no ``/etc``, no home, no network, no environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .confined import Limits

PROGRAM = "/program.py"
NOBODY = "65534"

BOOT = f"""
def boot():
    import resource, site, sys
    seconds, memory, threads, files, folder, *sys.path[:0] = sys.argv[1:]
    stack = resource.getrlimit(resource.RLIMIT_STACK)[1]
    for what, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, int(seconds), int(seconds) + 1),
        (resource.RLIMIT_AS, int(memory), int(memory)),
        (resource.RLIMIT_NPROC, int(threads) + 1, int(threads) + 1),
        (resource.RLIMIT_NOFILE, int(files), int(files)),
        (resource.RLIMIT_FSIZE, int(folder), int(folder)),
        (resource.RLIMIT_STACK, 120 << 20 if stack < 0 else min(stack, 120 << 20), stack),
    ):
        resource.setrlimit(what, (soft, hard))
    site.setquit()
    sys.argv = [{PROGRAM!r}]
    with open({PROGRAM!r}, encoding="utf-8") as file:
        return compile(file.read(), {PROGRAM!r}, "exec")
exec(boot())
"""
"""Sets the limits inside, where they bind nobody else (one more process counts: bubblewrap's own), then runs the
program as ``__main__``. The stack may grow, for recursion through the C library's frames."""


def command(
    bwrap: str, limits: Limits, packages: Sequence[Path], *, program_fd: int, filter_fd: int, status_fd: int
) -> list[str]:
    """The command line that runs the program standing in ``program_fd`` under these limits."""
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    return [
        bwrap,
        # Spelled out: the user namespace is left out by --unshare-all for an administrator.
        *("--unshare-all", "--unshare-user", "--uid", NOBODY, "--gid", NOBODY, "--hostname", "sandbox"),
        *("--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *_system(),
        # Before what is read: this Python or its packages may themselves stand under /tmp.
        *(("--size", str(limits.folder), "--tmpfs", "/tmp") if limits.folder else ()),
        *_read_only(python, str(Path(os.__file__).parent.parent), *map(str, packages)),
        *("--dev", "/dev", "--remount-ro", "/dev"),
        *("--ro-bind-data", str(program_fd), PROGRAM),
        *("--remount-ro", "/", "--chdir", "/tmp" if limits.folder else "/"),
        *("--setenv", "PYTHONHASHSEED", "0", "--setenv", "LANG", "C.UTF-8"),
        *("--seccomp", str(filter_fd), "--json-status-fd", str(status_fd), "--"),
        *(python, "-s", "-S", "-P", "-B", "-X", "utf8", "-c", BOOT),
        *map(str, (limits.seconds, limits.memory, limits.threads, limits.open_files, limits.folder)),
        *map(str, packages),
    ]


def _system() -> list[str]:
    """The C library and its loader, wherever this distribution keeps them."""
    arguments: list[str] = []
    for folder in ("/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib32", "/lib64"):
        if os.path.islink(folder):
            arguments += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            arguments += ["--ro-bind", folder, folder]
    return [*arguments, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]


def _read_only(*paths: str) -> list[str]:
    arguments: list[str] = []
    for path in paths:
        if not path.startswith(("/usr/lib/", "/usr/lib64/")) and path != "/usr/lib":
            arguments += ["--ro-bind", path, path]
    return arguments
