r"""The program of a worker process: reads a pair of answers a line, writes whether math-verify finds them equal.

Run by its path, so that it imports nothing of rsa_viz, and the app nothing of math-verify and sympy. One JSON line
``[gold, answer, seconds]`` in, one word out: ``equal``, ``different``, ``gold`` (gold cannot be parsed), ``answer``
(the answer cannot) or ``failed``. Whoever asked kills a worker that does not answer in time; should it be gone, an
alarm that no library can catch ends the worker soon after.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable
from typing import Any, TextIO

MEMORY_BYTES = 2 * 1024**3
ALARM_GRACE_S = 2
ROUNDING = 12
"""Decimals to which math-verify compares numbers; its own 6 takes 0.0017361 for 1/576."""

PRECISION = 30
_DEGREES = re.compile(r"\^ *\{? *\\circ *\}?|°")


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    _bound()
    compare = _comparison()
    _say(answers, "ready")
    for line in sys.stdin:
        gold, answer, seconds = json.loads(line)
        _alarm(int(seconds) + ALARM_GRACE_S)
        try:
            word = compare(gold, answer)
        except (Exception, RecursionError, MemoryError):  # noqa: BLE001  # a library's failure on model text is a result
            word = "failed"
        _alarm(0)
        _say(answers, word)


def _say(answers: TextIO, word: str) -> None:
    answers.write(word + "\n")
    answers.flush()


def _bound() -> None:
    """Bound the memory of this process where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _alarm(seconds: int) -> None:
    import signal

    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)


def _comparison() -> Callable[[str, str], str]:
    import math_verify  # type: ignore[import-untyped]

    logging.disable(logging.CRITICAL)
    how = [math_verify.LatexExtractionConfig()]  # with expressions too, it takes a number out of what it cannot parse

    def parsed(text: str) -> list[Any]:
        text = _DEGREES.sub(r"\\cdot\\frac{\\pi}{180}", text)
        found = math_verify.parse(f"${text}$", how, fallback_mode="no_fallback", parsing_timeout=None)
        return list(found)

    def compare(gold: str, answer: str) -> str:
        if not (gold_parsed := parsed(gold)):
            return "gold"
        if not (answer_parsed := parsed(answer)):
            return "answer"
        equal = math_verify.verify(
            gold_parsed,
            answer_parsed,
            float_rounding=ROUNDING,
            numeric_precision=PRECISION,
            allow_set_relation_comp=True,  # x > 3 is (3, infinity), whichever of them is gold
            timeout_seconds=None,
        )
        return "equal" if equal else "different"

    compare("\\frac{1}{2}", "0.5")  # the first comparison builds the parser's tables
    return compare


if __name__ == "__main__":
    main()
