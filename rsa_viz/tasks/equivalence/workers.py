"""Worker processes that compare answers by math-verify, each of which can be killed at any moment.

Plain child processes over pipes, and no multiprocessing pool: spawn and forkserver run the app's ``__main__`` again in
every worker (under Streamlit that is the page script), and a worker that is stuck would outlive an app that was killed.
Started when first needed, usable from any thread, ended when the app ends. Knows no task and no verdict.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

LIMIT_S = 3.0
"""Hard limit of one comparison; a worker that takes longer is killed."""

START_LIMIT_S = 60.0
"""How long a worker may take to import math-verify."""

WAIT_LIMIT_S = 60.0
"""How long a caller waits for a free worker."""

MOST_WORKERS = 2

PROGRAM = Path(__file__).with_name("worker.py")


class Found(StrEnum):
    """What came of one comparison."""

    EQUAL = "equal"
    DIFFERENT = "different"
    GOLD_UNREADABLE = "gold"
    ANSWER_UNREADABLE = "answer"
    FAILED = "failed"  # math-verify failed on the pair
    LATE = "late"  # killed at the limit
    ABSENT = "absent"  # no worker could be started or had time


class Worker:
    """One child process. Used by one thread at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self.pid = self._process.pid
        self.alive = self._answer(START_LIMIT_S) == "ready"
        if not self.alive:
            self.kill()

    def compare(self, gold: str, answer: str, limit_s: float) -> Found:
        """Whether the two are equal; after LATE or ABSENT the worker is dead."""
        begun = time.monotonic()
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps([gold, answer, limit_s]) + "\n")
            self._process.stdin.flush()
            word = self._answer(limit_s)
        except OSError:
            word = ""
        if word:
            return Found(word)
        self.kill()
        return Found.LATE if time.monotonic() - begun >= limit_s else Found.FAILED

    def _answer(self, limit_s: float) -> str:
        """The next line, or "" when none came in time."""
        assert self._process.stdout is not None
        timer = threading.Timer(limit_s, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            return self._process.stdout.readline().strip()
        finally:
            timer.cancel()

    def kill(self) -> None:
        """End the process and let go of its pipes."""
        self.alive = False
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:  # what was still to be written has no reader any more
                continue


@dataclass(slots=True)
class Workers:
    """At most ``most`` workers, handed to callers one at a time."""

    most: int = MOST_WORKERS
    limit_s: float = LIMIT_S
    _idle: list[Worker] = field(default_factory=list)
    _all: set[Worker] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _places: threading.Semaphore = field(init=False)
    _closed: bool = False

    def __post_init__(self) -> None:
        self._places = threading.Semaphore(self.most)

    def compare(self, gold: str, answer: str) -> Found:
        """Whether ``answer`` equals ``gold``. From any thread; never raises for what a text can hold."""
        if not self._places.acquire(timeout=WAIT_LIMIT_S):
            return Found.ABSENT
        try:
            worker = self._taken()
            if worker is None:
                return Found.ABSENT
            found = worker.compare(gold, answer, self.limit_s)
            with self._lock:
                if worker.alive and not self._closed:
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)
            return found
        finally:
            self._places.release()

    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that live."""
        with self._lock:
            return tuple(sorted(worker.pid for worker in self._all))

    def close(self) -> None:
        """Kill every worker; comparisons under way and later ones are ABSENT or FAILED."""
        with self._lock:
            self._closed = True
            workers, self._all, self._idle = self._all, set(), []
        for worker in workers:
            worker.kill()

    def _taken(self) -> Worker | None:
        with self._lock:
            if self._closed:
                return None
            if self._idle:
                return self._idle.pop()
        try:
            worker = Worker()
        except OSError:
            return None
        with self._lock:
            if worker.alive and not self._closed:
                self._all.add(worker)
                return worker
        worker.kill()
        return None


WORKERS = Workers()
atexit.register(WORKERS.close)
