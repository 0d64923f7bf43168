"""Who drives a run, and whether that process is still there. Knows no table.

An owner is ``host:pid:token``. The token is drawn once a process, so a process that was given a dead one's number
(the same pid after a restart) does not pass for it.
"""

from __future__ import annotations

import os
import secrets
import socket

STALE_S = 15.0
"""An owner that gave no sign of life for so many seconds is dead, wherever it runs."""

_TOKENS: dict[int, str] = {}


def owner_name() -> str:
    """The name of this process as an owner: ``host:pid:token``, the same for as long as the process lives."""
    pid = os.getpid()
    token = _TOKENS.setdefault(pid, secrets.token_hex(4))  # by pid: a forked child is another owner
    return f"{socket.gethostname()}:{pid}:{token}"


def is_living(owner: str | None, heartbeat_at: float | None, now: float) -> bool:
    """Whether an owner drives its run at ``now``.

    Dead are: nobody; one whose last heartbeat is more than STALE_S old; on this host, one whose pid is gone or is
    now ours under another token. A name of any other form is judged by its heartbeat alone.
    """
    if owner is None or heartbeat_at is None or now - heartbeat_at > STALE_S:
        return False
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdecimal():
        return True
    if int(rest) == os.getpid():
        return owner == owner_name()
    return _exists(int(rest))


def _exists(pid: int) -> bool:
    if os.name != "posix":  # elsewhere signal 0 is no question
        return True
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
