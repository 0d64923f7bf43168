"""One confined process: started, fed, listened to, and ended in time. Knows neither the root nor the filter inside."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from .confined import Confined, Ending, Limits
from .root import command

KEPT_STDERR = 16 * 1024
"""Bytes of standard error that are kept, from its end: where Python names the error."""

_PIECE = 64 * 1024


def refused(why: str) -> Confined:
    """A program that was never started."""
    return Confined("", "", None, Ending.REFUSED, why, 0.0)


def start(bwrap: str, calls: bytes, source: str, stdin: str, limits: Limits, packages: Sequence[Path]) -> Confined:
    """Run a program under this bubblewrap and this filter of system calls, and wait for its end."""
    began = time.monotonic()
    with ExitStack() as stack:
        program_fd, filter_fd = (_memory_file(stack, content) for content in (source.encode("utf-8", "replace"), calls))
        status_out, status_in = os.pipe()
        stack.callback(os.close, status_out)
        try:
            process = subprocess.Popen(
                command(bwrap, limits, packages, program_fd=program_fd, filter_fd=filter_fd, status_fd=status_in),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={},  # also of bubblewrap itself, so that there is none to be found
                cwd="/",
                pass_fds=(program_fd, filter_fd, status_in),
            )
        except OSError as error:
            return refused(f"bubblewrap could not be started: {error}")
        finally:
            os.close(status_in)
        with process:
            heard = _Listener(process, limits, began + limits.clock_s)
            try:
                heard.follow(stdin.encode("utf-8", "replace"))
            finally:
                process.kill()  # and with it everything inside, see --die-with-parent
        return _ended(heard, _exit_status(status_out), time.monotonic() - began)


class _Listener:
    """Feeds a process its input and keeps what it says, until it ends or must be ended."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits, deadline: float) -> None:
        self.process = process
        self.limits = limits
        self.deadline = deadline
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.stdin, self.stdout, self.stderr = process.stdin, process.stdout, process.stderr
        self.said = bytearray()
        self.complained = bytearray()
        self.cut: Ending | None = None

    def follow(self, rest: bytes) -> None:
        """Return when the process has ended or must be; then ``cut`` says why."""
        view = memoryview(rest)
        with selectors.DefaultSelector() as selector:
            for stream in (self.stdin, self.stdout, self.stderr):
                os.set_blocking(stream.fileno(), False)
                selector.register(
                    stream, selectors.EVENT_WRITE if stream is self.stdin else selectors.EVENT_READ, stream
                )
            speaking = 2
            while speaking:
                left = self.deadline - time.monotonic()
                if left <= 0:
                    self.cut = Ending.CLOCK
                    return
                for key, _ in selector.select(left):
                    if key.data is self.stdin:
                        view = self._feed(view)
                        if not view:
                            selector.unregister(self.stdin)
                            _close(self.stdin)
                    elif not self._listen(key.data):
                        selector.unregister(key.data)
                        speaking -= 1
                if len(self.said) > self.limits.output:
                    self.cut = Ending.OUTPUT
                    return
        try:
            self.process.wait(max(0.0, self.deadline - time.monotonic()))  # it may have closed its ends and gone on
        except subprocess.TimeoutExpired:
            self.cut = Ending.CLOCK

    def _feed(self, view: memoryview) -> memoryview:
        """What is left to write; nothing when nobody reads any more."""
        try:
            return view[os.write(self.stdin.fileno(), view[:_PIECE]) :]
        except BlockingIOError:
            return view
        except BrokenPipeError:
            return view[:0]

    def _listen(self, stream: IO[bytes]) -> bool:
        """Keep what has come; False at its end."""
        try:
            piece = os.read(stream.fileno(), _PIECE)
        except BlockingIOError:
            return True
        if stream is self.stdout:
            self.said += piece
        else:
            self.complained = (self.complained + piece)[-KEPT_STDERR:]
        return bool(piece)


def _ended(heard: _Listener, status: int | None, seconds: float) -> Confined:
    """Put what was heard and bubblewrap's own word on the exit status into one value."""
    limits = heard.limits
    stdout = bytes(heard.said[: limits.output]).decode("utf-8", "replace")
    stderr = bytes(heard.complained).decode("utf-8", "replace")
    if heard.cut is Ending.CLOCK:
        why = f"it did not end within {limits.clock_s:g} s on the clock"
        return Confined(stdout, stderr, None, Ending.CLOCK, why, seconds)
    if heard.cut is Ending.OUTPUT:
        why = f"it wrote more than {limits.output:,} bytes"
        return Confined(stdout, stderr, None, Ending.OUTPUT, why, seconds)
    if status is None:
        words = " ".join(stderr.split())[-300:] or "it said nothing"
        return Confined("", stderr, None, Ending.REFUSED, f"bubblewrap did not start the program: {words}", seconds)
    if status == 128 + signal.SIGXCPU or (status == 128 + signal.SIGKILL and seconds > limits.seconds):
        why = f"it used up its {limits.seconds} s of processor time"
        return Confined(stdout, stderr, status, Ending.PROCESSOR, why, seconds)
    if status == 128 + signal.SIGKILL:
        return Confined(stdout, stderr, status, Ending.KILLED, "something killed it", seconds)
    return Confined(stdout, stderr, status, Ending.EXITED, _fault(status, stderr), seconds)


def _fault(status: int, stderr: str) -> str:
    if status == 0:
        return ""
    if status > 128:
        try:
            return f"it ended by {signal.Signals(status - 128).name}"
        except ValueError:
            return f"it ended with exit status {status}"
    last = stderr.rstrip().rpartition("\n")[2].strip()[:200]
    return "".join(letter if letter.isprintable() else "�" for letter in last) or f"it ended with exit status {status}"


def _exit_status(pipe: int) -> int | None:
    """What bubblewrap wrote of the program's end; None when it never ran. Its end is there: the writer has died."""
    with open(pipe, "rb", closefd=False) as file:
        for line in file.read(10_000).splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and isinstance(found.get("exit-code"), int):
                return int(found["exit-code"])
    return None


def _memory_file(stack: ExitStack, content: bytes) -> int:
    fd = os.memfd_create("rsa_viz")
    stack.callback(os.close, fd)
    with open(fd, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return
