"""What a confined program may use, and how it ended. Plain values; knows no bubblewrap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use. It is always a single process: it can start no other.

    ``seconds`` of processor time, whole; ``clock_s`` seconds on the clock, which pass also while a busy machine runs
    something else. ``memory`` bytes of address space. ``output`` bytes on standard output. ``threads`` including
    the first one (not enforced for the administrator, whose threads are held by ``memory`` alone). ``open_files``
    including the standard three. ``folder`` bytes of a writable ``/tmp``; 0: nothing can be written anywhere.
    """

    seconds: int = 6
    clock_s: float = 20.0
    memory: int = 1024 * MIB
    output: int = 1 * MIB
    threads: int = 16
    open_files: int = 64
    folder: int = 0


class Ending(StrEnum):
    """How a confined program came to its end."""

    EXITED = "exited"  # by itself, or by a fault of its own; ``exit`` says with what status
    PROCESSOR = "processor"  # it used up its processor time
    CLOCK = "clock"  # it took too long on the clock; the machine may have been busy
    OUTPUT = "output"  # it wrote too much
    KILLED = "killed"  # by somebody: itself, or a machine short of memory
    REFUSED = "refused"  # it was never started; ``why`` says what is missing


@dataclass(frozen=True, slots=True)
class Confined:
    """A confined program that has ended, or was never started.

    ``stdout`` is cut at the limit; ``stderr`` is its last 16 KiB. Bytes that are no UTF-8 show as U+FFFD. ``exit`` is
    the exit status, 128 + n after signal n, None when it was ended from outside or never started. ``why`` says
    in one sentence what went wrong, and is empty after exit status 0. ``seconds`` on the clock.
    """

    stdout: str
    stderr: str
    exit: int | None
    ending: Ending
    why: str
    seconds: float

    @property
    def timed_out(self) -> bool:
        """It ran out of processor time or of time on the clock."""
        return self.ending in {Ending.PROCESSOR, Ending.CLOCK}
