"""The tests of a programming problem: read from its metadata, turned into confined programs, compared outside them.

Two styles. A stdin test feeds ``input`` to the whole program and compares what it prints with ``output``; a function
test calls ``function`` with ``arguments`` and compares what it returns with ``result``. What is expected never enters
the sandbox, and what comes out of it is text: no object of the program is ever asked whether it equals another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..core.errors import InvalidProblem
from ..core.problem import Problem

# The names that LiveCodeBench's harness offers to every program, so that our verdicts are its verdicts.
_OFFERED = "\n".join(
    f"from {module} import *"
    for module in (
        *("string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics"),
        *("itertools", "functools", "operator", "io", "sys", "json", "builtins", "typing"),
    )
) + (
    "\nimport string, re, datetime, collections, heapq, bisect, copy, math, random, statistics"
    "\nimport itertools, functools, operator, io, sys, json"
    "\nsys.setrecursionlimit(50000)\n"
)
_RUN = "exec(compile({source!r}, 'solution.py', 'exec'))\n"

# What the program prints goes to standard error; the first standard output carries the result alone. An offered name
# that is asked for (``add``, ``gcd``) is taken away, or a program that defines nothing would pass.
_CALL = """
def _call(name, source):
    import json, os, sys
    result = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    arguments = json.loads(sys.stdin.read())
    globals().pop(name, None)
    exec(compile(source, "solution.py", "exec"), globals())
    function = globals().get(name)
    if function is None and "Solution" in globals():
        function = getattr(globals()["Solution"](), name, None)
    if function is None:
        raise NameError(f"the program defines no function {name}")
    print(json.dumps(function(*arguments)), file=result, flush=True)
_call({name!r}, {source!r})
"""


@dataclass(frozen=True, slots=True)
class StdinTest:
    """The whole program is fed ``input`` and must print ``output``."""

    input: str
    output: str

    @property
    def shown(self) -> str:
        return f"for input {shorten(self.input)}"

    def program(self, source: str) -> str:
        return _OFFERED + _RUN.format(source=source)

    @property
    def stdin(self) -> str:
        return self.input

    def difference(self, stdout: str) -> str | None:
        """What is wrong with the output, or None. Blanks around lines do not count, and neither does how a number is
        written: ``2.50`` is ``2.5``. Compared exactly otherwise, as in LiveCodeBench."""
        if _same_lines(stdout, self.output):
            return None
        return f"it prints {shorten(stdout)} instead of {shorten(self.output)}"


@dataclass(frozen=True, slots=True)
class FunctionTest:
    """``function`` is called with ``arguments`` and must return ``result``; both are JSON text."""

    function: str
    arguments: str
    result: str

    @property
    def shown(self) -> str:
        return f"for {self.function}({shorten(self.arguments[1:-1], quoted=False)})"

    def program(self, source: str) -> str:
        return _OFFERED + _CALL.format(name=self.function, source=source)

    @property
    def stdin(self) -> str:
        return self.arguments

    def difference(self, stdout: str) -> str | None:
        """What is wrong with the result, or None. Compared as JSON values: a tuple is a list, 1.0 is 1, true is not."""
        if not stdout.strip():
            return "it ends before it returns a result"
        try:
            if same_json(json.loads(stdout), json.loads(self.result)):
                return None
        except (ValueError, RecursionError):
            return f"its result cannot be read: {shorten(stdout)}"
        return f"it returns {shorten(stdout, quoted=False)} instead of {shorten(self.result, quoted=False)}"


CodeTest = StdinTest | FunctionTest


def read_tests(problem: Problem) -> tuple[CodeTest, ...]:
    """The tests in ``metadata["tests"]``, in order; none is no error. Raises InvalidProblem naming the test."""
    rows = problem.metadata.get("tests")
    if rows is None:
        return ()
    if not isinstance(rows, list | tuple):
        raise InvalidProblem(f"the problem's tests are {type(rows).__name__}; write a list of tests")
    return tuple(_read_test(number, row) for number, row in enumerate(rows, start=1))


def _read_test(number: int, row: object) -> CodeTest:
    if not isinstance(row, Mapping):
        raise InvalidProblem(f"test {number} is {type(row).__name__}; write an object with input and output")
    if "function" in row:
        name, arguments = row["function"], row.get("arguments")
        if not isinstance(name, str) or not name.isidentifier():
            raise InvalidProblem(f"test {number} names the function {name!r}, which is no Python name")
        if not isinstance(arguments, list | tuple) or "result" not in row:
            raise InvalidProblem(f"test {number} calls {name} and needs arguments (a list) and result")
        try:
            return FunctionTest(name, json.dumps(arguments), json.dumps(row["result"]))
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidProblem(f"test {number} holds what JSON cannot: {error}") from error
    given, expected = row.get("input"), row.get("output")
    if not isinstance(given, str) or not isinstance(expected, str):
        raise InvalidProblem(
            f"test {number} needs input and output as text, or function, arguments and result; it has {sorted(row)}"
        )
    return StdinTest(given, expected)


def same_json(one: object, other: object) -> bool:
    """Equality of JSON values: numbers by value, booleans only with booleans, lists and objects member by member."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same_json(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[name], other[name]) for name in one)
    return one == other


_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,5000}(?:\.[0-9]{0,5000})?|\.[0-9]{1,5000})(?:[eE][+-]?[0-9]{1,3})?")


def _same_lines(one: str, other: str) -> bool:
    lines, others = one.strip().split("\n"), other.strip().split("\n")
    return len(lines) == len(others) and all(_same_line(*pair) for pair in zip(lines, others, strict=True))


def _same_line(one: str, other: str) -> bool:
    if one.strip() == other.strip():
        return True
    words, others = one.split(), other.split()
    return len(words) == len(others) and all(
        a == b or (_NUMBER.fullmatch(a) and _NUMBER.fullmatch(b) and Decimal(a) == Decimal(b))
        for a, b in zip(words, others, strict=True)
    )


def shorten(text: str, *, quoted: bool = True) -> str:
    """A text for one sentence: at most 80 characters, quoted, without control characters."""
    text = text.strip("\n") if quoted else " ".join(text.split())
    text = text if len(text) <= 80 else text[:79] + "…"
    return repr(text) if quoted else text
