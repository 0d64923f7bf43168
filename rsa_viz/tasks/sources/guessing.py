"""Which task a problem belongs to, guessed from what its row holds. A guess: whoever reads a file may overrule it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...core.errors import InvalidProblem
from ...core.program import parse_program

_SOURCES = (
    (re.compile(r"reasoning[_-]?gym"), "reasoning_gym"),
    (re.compile(r"gsm[_-]?8k|gsm[_-]?plus|svamp"), "gsm8k"),
    (re.compile(r"gpqa|mmlu|arc[_-](?:easy|challenge)|openbookqa|commonsenseqa"), "multiple_choice"),
    (re.compile(r"livecodebench|code_?contests|\bapps\b|\btaco\b|codeforces|leetcode"), "code"),
    (re.compile(r"aime|hmmt|\bmath|math\b|amc|olympiad|deepscaler|dapo"), "math"),
)
_CALCULATED = re.compile(r"<<[^<>\n]{1,80}=[^<>\n]{1,40}>>")
_BOX = re.compile(r"\\boxed")
_NUMBER_OR_TUPLE = re.compile(r"[-+]?[$]?[\d.,]+(?:/\d+)?%?|[(\[{][-\d\s.,/]+[)\]}]")
_FORMULA = re.compile(r"\\[a-zA-Z]+|\^|_\{")


def guess_task(
    row: Mapping[str, object], question: str, gold: str | None, *, worked: str, options: bool, tests: bool
) -> str:
    """A task's name: by the data source if it is a known one, else by what the row has, else ``text``.

    ``gold`` is the answer alone, ``worked`` the solution before it, in which GSM8K's marks count.
    """
    source = row.get("data_source")
    if isinstance(source, str):
        for words, task in _SOURCES:
            if words.search(source.lower()) and (task != "multiple_choice" or options) and (task != "code" or tests):
                return task
    if tests:
        return "code"
    if options:
        return "multiple_choice"
    if _is_program(question):
        return "program"
    if "####" in worked or _CALCULATED.search(worked):
        return "gsm8k"
    if row.get("ability") == "math" or _BOX.search(question) or _is_mathematical(gold or ""):
        return "math"
    return "text"


def _is_mathematical(gold: str) -> bool:
    gold = gold[:2_000].strip().strip("$").strip()
    return _NUMBER_OR_TUPLE.fullmatch(gold) is not None or _FORMULA.search(gold) is not None


def _is_program(question: str) -> bool:
    if "=" not in question or len(question) > 20_000:
        return False
    try:
        parse_program(question)
    except InvalidProblem:
        return False
    return True
