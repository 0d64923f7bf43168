"""The command line in processes that can be killed and cost no import: each is forked from one that has loaded it all.

As a module it is that process: of a JSON list of arguments, one a line, it forks and tells the child's number; of a
child's number it tells how that ended (its exit code, or minus the signal) when it has.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests import processes


class ForkedCommands:
    """Starts commands, for the length of a ``with`` block. All must have ended when it does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked_commands"],
            cwd=processes.ROOT,
            env=processes.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def start(self, *arguments: str | Path) -> int:
        """Start ``python -m rsa_viz`` with these arguments; the number of its process."""
        self._last = self._told([str(one) for one in arguments])
        return self._last

    def ended(self, pid: int | None = None) -> int:
        """Wait for a command (the last one that was started) to end: its exit code, or minus the signal that did it."""
        return self._told(self._last if pid is None else pid)

    def kill(self, pid: int) -> int:
        """Kill the command with SIGKILL, and wait; how it ended."""
        os.kill(pid, signal.SIGKILL)
        return self.ended(pid)

    def _told(self, wish: object) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def main() -> None:
    import rsa_viz.service
    from rsa_viz.cli import main as command
    from rsa_viz.core.run import ModelChoice
    from rsa_viz.llm.gateway import Gateway

    del rsa_viz  # it is imported for the children
    asyncio.run(Gateway(ModelChoice("synthetic/fast"), timeout_s=60.0).prepare())  # what a first call imports, too
    for line in sys.stdin:
        wish = json.loads(line)
        if isinstance(wish, int):
            print(os.waitstatus_to_exitcode(os.waitpid(wish, 0)[1]), flush=True)  # noqa: T201
            continue
        if not (pid := os.fork()):
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(quiet, stream)
            os._exit(command(wish))
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
