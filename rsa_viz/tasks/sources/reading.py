"""From a file's rows to problems: columns, gold answers, options, tests, puzzles, and the task that each belongs to.

Bad rows are told with their reasons and the good ones kept. Knows no model, no page and no network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from ...core.errors import InvalidProblem
from ...core.problem import Problem
from .. import TASKS, find_task
from ..reading import boxes
from .choices import gold_letter, read_options
from .found import BadRow, Columns, ReadProblems, Refused, Row
from .guessing import guess_task
from .naming import find_columns, options_columns
from .tables import LARGEST_ROW, Numbered, read_rows
from .tests_column import function_name, read_tests
from .verl import puzzle_of, question_of_messages

LONGEST_QUESTION = 200_000
"""Characters."""

LARGEST_EXTRA = 20_000
"""Characters of a further column, written as JSON, that is kept in a problem's metadata."""

_LEFT_OUT = frozenset({"private_test_cases", "reward_model", "extra_info", "prompt", "ability"})
_WORKED = ("solution", "worked_solution", "rationale", "explanation")
_LAST_LINE = re.compile(r"\n[ \t]*(?:A|(?:[Tt]he |[Ff]inal )?[Aa]nswer)[ \t]*[:=][ \t]*([^\n]{1,200}?)\s*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_problems(name: str, data: bytes, *, task: str | None = None, columns: Columns | None = None) -> ReadProblems:
    """The problems of a file: JSON, JSONL, CSV, TSV or parquet by its name's ending.

    ``task`` says which task all of them belong to; without it each row's is guessed. ``columns`` says which columns
    hold what, where the names do not tell. Raises InvalidProblem when the file cannot be read at all, and UnknownName
    for an unknown task.
    """
    return problems_of_rows(read_rows(name, data), task=task, columns=columns)


def problems_of_rows(
    rows: Iterable[Numbered], *, task: str | None = None, columns: Columns | None = None
) -> ReadProblems:
    """As ``read_problems``, from numbered rows of plain values."""
    if task is not None:
        find_task(task)
    rows = list(rows)
    names = tuple(dict.fromkeys(key for _, row in rows if not isinstance(row, Refused) for key in row))
    if not names:
        refused = tuple(row for _, row in rows if isinstance(row, Refused))
        reason = f"; row {refused[0].number}: {refused[0].reason}" if refused else ""
        raise InvalidProblem(f"the file holds no row that can be read{reason}")
    asked = columns or Columns()
    used = find_columns(names, asked)
    problems: dict[str, tuple[int, Problem]] = {}
    refused_rows: list[Refused] = []
    for number, row in rows:
        if isinstance(row, Refused):
            refused_rows.append(row)
            continue
        try:
            problem = _problem(row, used, task, task_asked=asked.task is not None)
            find_task(problem.task).check(problem)
        except InvalidProblem as failure:
            refused_rows.append(Refused(number, str(failure)))
            continue
        if problem.key in problems:
            refused_rows.append(Refused(number, f"the same problem as row {problems[problem.key][0]}"))
        else:
            problems[problem.key] = (number, problem)
    return ReadProblems(tuple(problem for _, problem in problems.values()), tuple(refused_rows), used, names)


def _problem(row: Row, columns: Columns, task: str | None, *, task_asked: bool) -> Problem:
    if len(json.dumps(row)) > LARGEST_ROW:
        raise BadRow(f"the row is too large; up to {LARGEST_ROW:,} characters are read")
    named = _named_task(row, columns, asked=task_asked)
    given = row.get("metadata")
    metadata = dict(given) if isinstance(given, Mapping) else {}
    raw_gold = row.get(columns.gold) if columns.gold is not None else None
    if (puzzle := puzzle_of(row.get("extra_info"))) is not None:
        generator, entry = puzzle
        inner = entry.get("metadata")
        metadata |= {"dataset_name": generator, "entry": inner if isinstance(inner, Mapping) else {}}
        question, gold = str(entry["question"]), _gold(entry.get("answer"))
    else:
        question, gold = _question(row.get(columns.question or "")), _gold(raw_gold)
    _keep_further_columns(row, columns, metadata)
    if gold is not None and (columns.gold == "solution" or _is_worked(gold)):
        metadata["solution"], gold = gold, _answer_of(gold)
    if options := [row[one] for one in options_columns(columns) if one in row]:
        metadata["options"], labels = read_options(options)
        gold = gold_letter(raw_gold, gold, labels)
    if columns.tests is not None and row.get(columns.tests) is not None:
        metadata["tests"] = read_tests(row[columns.tests], function_name(given))
    guessed = "reasoning_gym" if "dataset_name" in metadata and "entry" in metadata else None
    return Problem(
        task=task
        or named
        or guessed
        or guess_task(
            row,
            question,
            gold,
            worked=str(metadata.get("solution", "")),
            options="options" in metadata,
            tests="tests" in metadata,
        ),
        question=question,
        gold=gold,
        title=_title(row.get(columns.title or "")),
        metadata=metadata,
    )


def _named_task(row: Row, columns: Columns, *, asked: bool) -> str | None:
    name = row.get(columns.task) if columns.task is not None else None
    if isinstance(name, str) and name in TASKS:
        return name
    if asked and name is not None:
        raise BadRow(f"names the task {str(name)[:40]!r}; there are: {', '.join(TASKS)}")
    return None


def _question(value: object) -> str:
    question = value if isinstance(value, str) else question_of_messages(value) if value is not None else ""
    if len(question) > LONGEST_QUESTION:
        raise BadRow(f"the question has {len(question):,} characters; up to {LONGEST_QUESTION:,} are read")
    return _SURROGATE.sub("\ufffd", question)


def _text_of(value: object) -> str | None:
    """A gold answer as text: numbers without a needless ``.0``, the one member of a list, verl's ``ground_truth``."""
    if isinstance(value, Mapping) and "ground_truth" in value:
        value = value["ground_truth"]
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or isinstance(value, str | int | float):
        return None if value is None else str(value)
    raise BadRow(f"the gold answer is {str(value)[:60]!r}; write a text or a number")


def _gold(value: object) -> str | None:
    text = _text_of(value)
    return None if text is None or not text.strip() else _SURROGATE.sub("\ufffd", text)


def _is_worked(gold: str) -> bool:
    return "####" in gold or ("\n" in gold and (bool(boxes(gold)) or _LAST_LINE.search(gold) is not None))


def _answer_of(solution: str) -> str:
    r"""The answer that a worked solution ends with: behind ``####``, on a last line like ``A: 18``, in its last
    ``\boxed{}``, or all of a short line."""
    if "####" in solution:
        return solution.rpartition("####")[2].strip()
    if (line := _LAST_LINE.search(solution)) is not None:
        return line[1]
    if found := boxes(solution):
        start, end = found[-1]
        return solution[start:end]
    if len(solution) <= 100 and "\n" not in solution.strip():
        return solution
    raise BadRow(r"the solution names no answer: it has neither \boxed{} nor ####; give the answer a column of its own")


def _title(value: object) -> str:
    return " ".join(value.split())[:200] if isinstance(value, str) else ""


def _keep_further_columns(row: Row, columns: Columns, metadata: dict[str, object]) -> None:
    """Everything small that the other columns hold, so that nothing is lost; a worked solution under ``solution``."""
    used = {columns.question, columns.gold, columns.tests, columns.title, columns.task, *options_columns(columns)}
    for key, value in row.items():
        if key in used or key in _LEFT_OUT or key == "metadata" or value is None:
            continue
        kept = "solution" if key in _WORKED else key
        if kept not in metadata and len(json.dumps(value)) <= LARGEST_EXTRA:
            metadata[kept] = value
