"""The code task: programs read from fenced blocks, run in the sandbox, judged by results compared outside it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

import pytest

from rsa_viz.core.chain import Judgement, Verdict, VerdictSource
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import code as code_task
from rsa_viz.tasks import find_task
from rsa_viz.tasks.code import CODE, CodeTask, source_key
from rsa_viz.tasks.code_tests import FunctionTest, StdinTest, same_json
from rsa_viz.tasks.fences import fences
from rsa_viz.tasks.sandbox import Confined, Ending, Limits, sandbox_available

R, W, U = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN
confined = pytest.mark.skipif(
    sandbox_available() is not None and not os.environ.get("CI"), reason=sandbox_available() or "there is a sandbox"
)

DOUBLE = Problem(
    "code",
    "Read a number, print its double.",
    metadata={"tests": [{"input": "2\n", "output": "4\n"}, {"input": "5", "output": "10"}]},
)
ADD = Problem(
    "code",
    "Write add(a, b).",
    metadata={
        "tests": [
            {"function": "add", "arguments": [2, 3], "result": 5},
            {"function": "add", "arguments": ["a", "b"], "result": "ab"},
            {"function": "add", "arguments": [[1], [2]], "result": [1, 2]},
        ]
    },
)


def problem(*tests: Mapping[str, object]) -> Problem:
    return Problem("code", "Do it.", metadata={"tests": list(tests)})


def judged(source: str, one: Problem = DOUBLE) -> Judgement:
    return CODE.judge(CODE.extract(f"Here it is.\n```python\n{source}\n```\n", one), one)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("```python\nprint(1)\n```", "print(1)\n"),
        ("```\nprint(1)\n```\n", "print(1)\n"),
        ("```Python\nprint(1)\n```", "print(1)\n"),
        ("``` py\nprint(1)\n```", "print(1)\n"),
        ("```{.python .numberLines}\nprint(1)\n```", "print(1)\n"),
        ("```python title=x.py\nprint(1)\n```", "print(1)\n"),
        ("~~~python\nprint(1)\n~~~", "print(1)\n"),
        ("````python\nprint('```')\n````", "print('```')\n"),
        ("```python\nprint(1)\n```\nNo:\n```python\nprint(2)\n```", "print(2)\n"),
        ("```python\nprint(1)\n```\nIt prints\n```\n1\n```", "print(1)\n"),
        ("```\nprint(1)\n```\nor\n```\nprint(2)\n```", "print(2)\n"),
        ("```cpp\nint main;\n```", "int main;\n"),
        ("```python\nprint(1)\n```\nBetter:\n```python\nprint(2)\npri", "print(1)\n"),  # the last one was cut
        ("```python\nprint(1)\nprint(\n```python\nprint(2)\n```", "print(2)\n"),  # begun again
        ("1. First\n   ```python\n   print(1)\n   ```\n2. Done", "   print(1)\n"),
        ("```python\r\nprint(1)\r\n```\r\n", "print(1)\r\n"),
        ("```python\nprint(1)\n```\n```python\n\n```", "print(1)\n"),
        ("```python\nprint(1)\n", None),
        ("```python\n```", None),
        ("```python\n  \n```", None),
        ("print(1)", None),
        ("`print(1)`", None),
        ("```print(1)```", None),
        ("", None),
    ],
)
def test_the_answer_is_the_last_complete_block_python_first(text: str, source: str | None) -> None:
    answer = CODE.extract(text, DOUBLE)
    assert (answer and answer.text) == source
    if answer is not None:
        assert text[answer.start : answer.end] == answer.text
        assert answer.key == source_key(answer.text)


@pytest.mark.parametrize(
    "same",
    [
        (
            "a = 1\nprint(a)",
            "a = 1  # one\n\n\nprint( a )\n",
            "a=1\r\nprint(a)\r\n",
            "    a = 1\n    print(a)\n",
            "\na = 1\nprint(a)",
        ),
        ("if x:\n  y\n", "if x:\n\ty", "if x: # so\n        y\n"),
        ("f(1,\n  2)", "f(1, 2)"),
        ("no program (", "no program (  ", "no program (\n\n"),
    ],
)
def test_programs_that_differ_only_in_layout_and_comments_are_one_class(same: tuple[str, ...]) -> None:
    assert len({source_key(source) for source in same}) == 1


def test_programs_that_differ_in_more_are_different_classes() -> None:
    different = [
        "a = 1",
        "b = 1",
        "a = 1; a",
        "a = '1'",
        "a = '1 '",
        "a == 1",
        "if x:\n  y\nz",
        "if x:\n  y\n  z",
        "a = 1 (",
    ]
    assert len({source_key(source) for source in different}) == len(different)


@confined
def test_every_bundled_problem_is_solved_by_its_solution() -> None:
    for one in CODE.problems():
        CODE.check(one)
        judgement = judged(str(one.metadata["solution"]), one)
        assert (judgement.verdict, judgement.score) == (R, 1.0), (one.title, judgement.why)
        assert judgement.source is VerdictSource.REFERENCE


def test_the_bundled_problems_are_of_both_styles_and_their_statements_give_no_solution_away() -> None:
    bundled = CODE.problems()
    assert len(bundled) == 8
    assert {type(test) for one in bundled for test in code_task.read_tests(one)} == {StdinTest, FunctionTest}
    assert all(str(one.metadata["solution"]) not in one.question for one in bundled)


@confined
@pytest.mark.parametrize(
    ("source", "one"),
    [
        ("print(2 * int(input()))", DOUBLE),
        ("print(float(input()) * 2)", DOUBLE),  # 4.0 is 4, as in the benchmark
        ("n = int(input())\nprint('', n + n, ' \\n')", DOUBLE),
        ("import sys\nif __name__ == '__main__':\n    print(int(sys.stdin.read()) * 2)\n    exit()", DOUBLE),
        ("from __future__ import annotations\nprint(int(input()) * 2)", DOUBLE),
        ("print(reduce(add, [int(input())] * 2))", DOUBLE),  # names that the benchmark offers
        ("  print(int(input()) * 2)\n  print(end='')", DOUBLE),  # a block in a list is indented
        ("def add(a, b): return a + b", ADD),
        ("class Solution:\n    def add(self, a: List[int], b): return a + b", ADD),
        ("def add(a, b):\n    print('noise')\n    return tuple(a) + tuple(b) if isinstance(a, list) else a + b", ADD),
        ("add = lambda a, b: a + b\nif __name__ == '__main__': print(add(1, 2))", ADD),
    ],
)
def test_right_programs_pass(source: str, one: Problem) -> None:
    assert judged(source, one).verdict is R, judged(source, one).why


@confined
@pytest.mark.parametrize(
    ("source", "one", "passed", "why"),
    [
        ("print(4)", DOUBLE, 1, "passes 1 of 2 tests; test 2 of 2, for input '5': it prints '4' instead of '10'"),
        ("print(input())", DOUBLE, 0, "test 1 of 2, for input '2': it prints '2' instead of '4'"),
        ("print(", DOUBLE, 0, "SyntaxError: '(' was never closed"),
        ("print(1 / 0)", DOUBLE, 0, "ZeroDivisionError: division by zero"),
        ("print(2 * int(input()))\nexit(1)", DOUBLE, 0, "it ended with exit status 1"),
        ("print(2 * int(input()))\nprint()\nprint(1)", DOUBLE, 0, "it prints '4\\n\\n1' instead of '4'"),
        ("input(); input()", DOUBLE, 0, "EOFError: EOF when reading a line"),
        ("print('four')", DOUBLE, 0, "it prints 'four' instead of '4'"),
        ("x = bytearray(2**31)", DOUBLE, 0, "MemoryError"),
        ("while True: print('x' * 10**6)", DOUBLE, 0, "it wrote more than 1,048,576 bytes"),
        ("def add(a, b): return a - b", ADD, 0, "for add(2, 3): it returns -1 instead of 5"),
        ("def add(a, b): return 5", ADD, 1, 'test 2 of 3, for add("a", "b"): it returns 5 instead of "ab"'),
        ("def plus(a, b): return a + b", ADD, 0, "NameError: the program defines no function add"),
        ("def add(a): return a", ADD, 0, "TypeError: add() takes 1 positional argument but 2 were given"),
        ("def add(a, b): print(a + b)", ADD, 0, "it returns null instead of 5"),
    ],
)
def test_wrong_programs_fail_and_the_first_failing_test_is_named(
    source: str, one: Problem, passed: int, why: str
) -> None:
    judgement = judged(source, one)
    assert (judgement.verdict, judgement.source) == (W, VerdictSource.REFERENCE)
    assert judgement.score == passed / len(code_task.read_tests(one))
    assert why in judgement.why


SECRET = problem({"function": "guess", "arguments": [1], "result": ["a", "well", "kept", "secret"]})


@confined
@pytest.mark.parametrize(
    "source",
    [
        # an object that says it equals everything
        "class Any(list):\n    __eq__ = lambda self, other: True\ndef guess(n): return Any()",
        "class Any:\n    __eq__ = lambda self, other: True\ndef guess(n): return Any()",
        "class Any(str):\n    __eq__ = lambda self, other: True\ndef guess(n): return Any('x')",
        # leaving before the test
        "exit(0)",
        "import os; os._exit(0)",
        "def guess(n): raise SystemExit(0)",
        # printing results as the harness would
        "print('[\"a\"]'); print('passed'); exit(0)",
        "import os\nfor fd in range(20):\n    try: os.write(fd, b'{\"passed\": true}\\n')\n"
        "    except OSError: pass\nos._exit(0)",
        "import os\nfor fd in range(20):\n    try: os.write(fd, b'[' * 100_000)\n    except OSError: pass\nos._exit(0)",
        # replacing what the harness uses
        "import json\njson.dumps = lambda *a, **k: 'true'\ndef guess(n): return 1",
        "import sys\nsys.modules['json'] = sys.modules['builtins'] = None\ndef guess(n): return 1",
        "import builtins\nbuiltins.print = lambda *a, **k: None\ndef guess(n): return 1",
        "import sys, io\nsys.stdout = sys.__stdout__ = io.StringIO()\ndef guess(n): return 1",
        "import sys\nsys.setprofile(lambda *a: sys.exit(0))\ndef guess(n): return 1",
        # looking for what is expected: in every object, in every frame, in the files
        "import gc\ndef guess(n):\n    lists = [o for o in gc.get_objects() if isinstance(o, list) and len(o) == 4]\n"
        "    return next((o for o in lists if o[0] == 'a'), 0)",
        "import sys\ndef guess(n):\n    frame, found = sys._getframe(), []\n    while frame:\n"
        "        found += [v for v in (*frame.f_locals.values(), *frame.f_globals.values()) if 'kept' in repr(v)]\n"
        "        frame = frame.f_back\n    return [str(v) for v in found]",
        "import sys\ndef guess(n): return sys.stdin.read()",
        "import ast\ndef guess(n): return open('/program.py').read()",
    ],
)
def test_results_cannot_be_forged(source: str) -> None:
    judgement = judged(source, SECRET)
    assert judgement.verdict is W, judgement.why
    assert "['a', 'well'" not in judgement.why.split("instead of")[0]


@confined
def test_what_the_harness_prints_cannot_be_forged_for_programs_either() -> None:
    for source in ("exit(0)", "print('ok')\nraise SystemExit", "import os; os.write(1, b'passed'); os._exit(0)"):
        assert judged(source, DOUBLE).verdict is W


def test_an_empty_list_of_tests_is_no_pass() -> None:
    for one in (
        problem(),
        Problem("code", "Do it.", gold="print(1)"),
        Problem("code", "Do it.", metadata={"tests": None}),
    ):
        CODE.check(one)
        for text in ("```\nprint(1)\n```", "no code"):
            judgement = CODE.judge(CODE.extract(text, one), one)
            assert (judgement.verdict, judgement.score) == (U, None)
            assert "no tests" in judgement.why


def test_no_program_is_wrong_where_there_are_tests() -> None:
    judgement = CODE.judge(None, DOUBLE)
    assert (judgement.verdict, judgement.score, judgement.source) == (W, 0.0, VerdictSource.REFERENCE)


def ended(ending: Ending, stdout: str = "", code: int | None = 0) -> Confined:
    return Confined(stdout, "", code, ending, "" if ending is Ending.EXITED else f"why {ending}", 0.0)


def scripted(monkeypatch: pytest.MonkeyPatch, *endings: Confined) -> list[Limits]:
    """A sandbox that ends one program after the other as told; returns the limits that it is given."""
    asked: list[Limits] = []

    def run(source: str, *, stdin: str, limits: Limits) -> Confined:
        asked.append(limits)
        return endings[len(asked) - 1]

    monkeypatch.setattr(code_task, "run_confined", run)
    return asked


GOOD, BAD = ended(Ending.EXITED, "1"), ended(Ending.EXITED, "2")
CLOCK, PROCESSOR = ended(Ending.CLOCK, code=None), ended(Ending.PROCESSOR, code=152)
KILLED, REFUSED = ended(Ending.KILLED, code=137), ended(Ending.REFUSED, code=None)


@pytest.mark.parametrize(
    ("endings", "verdict", "score", "runs"),
    [
        ((GOOD, GOOD, GOOD), R, 1.0, 3),
        ((GOOD, BAD, GOOD), W, 2 / 3, 3),
        ((GOOD, CLOCK), U, None, 2),  # the machine may have been busy
        ((BAD, CLOCK), W, 0.0, 2),  # one failing test is enough
        ((GOOD, PROCESSOR), W, 1 / 3, 2),  # its own doing; the rest is not waited for
        ((KILLED, GOOD, GOOD), U, None, 3),
        ((KILLED, BAD, GOOD), W, 1 / 3, 3),
        ((REFUSED,), U, None, 1),
        ((BAD, REFUSED), U, None, 2),
    ],
)
def test_a_verdict_needs_every_test_to_pass_or_one_to_fail(
    monkeypatch: pytest.MonkeyPatch, endings: tuple[Confined, ...], verdict: Verdict, score: float | None, runs: int
) -> None:
    asked = scripted(monkeypatch, *endings)
    task = CodeTask()
    one = problem(*({"input": str(n), "output": "1"} for n in range(3)))
    judgement = task.judge(task.extract("```\nx\n```", one), one)
    assert (judgement.verdict, judgement.score, len(asked)) == (verdict, score, runs)


def test_all_tests_of_a_program_share_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = scripted(monkeypatch, *[GOOD] * 5)
    now = iter([0.0, 0.0, 50.0, 61.0])
    monkeypatch.setattr(code_task.time, "monotonic", lambda: next(now))
    tests = [StdinTest("", "1")] * 5
    judgement = code_task.run_tests("x", tests)
    assert [limits.clock_s for limits in asked] == [code_task.PER_TEST.clock_s, 10.0]
    assert judgement.verdict is U
    assert judgement.why == "passes 2 of 5 tests, the others are not settled; the tests took longer than 60 s"


def test_the_same_program_runs_once_and_an_unknown_verdict_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = problem({"input": "", "output": "1"})
    task = CodeTask()
    answer = task.extract("```\nx\n```", one)
    asked = scripted(monkeypatch, CLOCK, GOOD)
    assert [task.judge(answer, one).verdict for _ in range(4)] == [U, R, R, R]
    assert len(asked) == 2
    monkeypatch.setattr(code_task, "REMEMBERED", 1)
    asked = scripted(monkeypatch, BAD, BAD, BAD)
    other = task.extract("```\ny\n```", one)
    for _ in range(2):
        assert task.judge(other, one).verdict is W
    task.judge(task.extract("```\nz\n```", one), one)
    task.judge(other, one)
    assert len(asked) == 3


def test_without_a_sandbox_the_verdict_is_unknown_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    judgement = CodeTask().judge(CODE.extract("```\nprint(1)\n```", DOUBLE), DOUBLE)
    assert (judgement.verdict, judgement.source) == (U, VerdictSource.NONE)
    assert "apt install bubblewrap" in judgement.why


@confined
def test_an_endless_program_is_wrong_by_its_processor_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_task, "PER_TEST", Limits(seconds=1, clock_s=60.0))
    judgement = judged("while True: pass")
    assert (judgement.verdict, judgement.score) == (W, 0.0)
    assert judgement.why.endswith("it used up its 1 s of processor time")


@pytest.mark.parametrize(
    ("printed", "expected", "same"),
    [
        ("1 2\n", "1 2", True),
        ("  1 2  \n\n", "1 2", True),
        ("1.0 2", "1 2.00", True),
        ("1e3", "1000", True),
        ("0.1", "0.10000000000000000000000001", False),
        ("1  2", "1 2", True),
        ("1\n2", "1 2", False),
        ("1\n\n2", "1\n2", False),
        ("yes", "YES", False),
        ("x  y", "x y", True),
        ("", "", True),
        ("", "0", False),
        ("nan", "nan", True),
        ("Infinity", "inf", False),
        ("1_0", "10", False),
        ("9" * 10_000, "9" * 9_999 + "8", False),
    ],
)
def test_printed_lines_are_compared_without_blanks_and_numbers_exactly(printed: str, expected: str, same: bool) -> None:
    assert (StdinTest("", expected).difference(printed) is None) == same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (False, 0, False),
        (True, True, True),
        (None, None, True),
        (None, 0, False),
        ([1, [2]], [1, [2]], True),
        ([1, 2], [2, 1], False),
        ([], {}, False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"b": 1}, False),
        ("1", 1, False),
        (0.1 + 0.2, 0.3, False),
    ],
)
def test_results_are_compared_as_json_values(one: object, other: object, same: bool) -> None:
    assert same_json(one, other) == same_json(other, one) == same


@pytest.mark.parametrize(
    ("tests", "says"),
    [
        ("print(1)", "the problem's tests are str"),
        ([1], "test 1 is int"),
        ([{"input": "1", "output": "2"}, {"input": "1"}], "test 2 needs input and output"),
        ([{"input": 1, "output": "2"}], "test 1 needs input and output as text"),
        ([{"function": "a b", "arguments": [], "result": 1}], "'a b', which is no Python name"),
        ([{"function": "f", "result": 1}], "needs arguments"),
        ([{"function": "f", "arguments": []}], "and result"),
        ([{"function": "f", "arguments": [{1}], "result": 1}], "what JSON cannot"),
    ],
)
def test_tests_that_cannot_be_read_are_refused_by_number(tests: object, says: str) -> None:
    with pytest.raises(InvalidProblem, match=says):
        CODE.check(Problem("code", "Do it.", metadata={"tests": tests}))


def test_the_prompt_says_what_to_write() -> None:
    assert find_task("code") is CODE
    assert "reads standard input" in CODE.parts(DOUBLE).answer_hint
    assert "defines the function add, in one code block" in CODE.parts(ADD).answer_hint


def test_a_fenced_block_is_one_step_and_lines_and_sentences_are_others() -> None:
    text = "We read n. Then we double it.\n\n```python\nn = int(input())\n\nprint(2 * n)\n```\nDone. All is well."
    steps = CODE.steps(text, DOUBLE)
    assert [text[step.start : step.end] for step in steps] == [
        "We read n.",
        "Then we double it.",
        "```python\nn = int(input())\n\nprint(2 * n)\n```",
        "Done.",
        "All is well.",
    ]
    assert {step.judgement.verdict for step in steps} == {U}
    cut = "So:\n```python\nn = int("
    assert [cut[step.start : step.end] for step in CODE.steps(cut, DOUBLE)] == ["So:", "```python\nn = int("]
    assert CODE.steps(" \n", DOUBLE) == ()


@pytest.mark.parametrize(
    "text",
    [
        "```python\n" * 50_000,
        "```\nx\n```\n" * 50_000,
        "`" * 500_000,
        ("`" * 3 + " " * 1000 + "x\n") * 500,
        "```python\n" + "(" * 200_000 + "\n```",
        "```python\n" + "1+" * 100_000 + "1\n```",
        "```python\n" + "if x:\n" * 10_000 + "\n```",
        "```python\n" + "".join(" " * n + "if x:\n" for n in range(300)) + "\n```",
        "```python\n" + "'''" * 30_000 + "\n```",
        "```python\n\0\x1b\ud800\u202e\n```",
        "> " * 100_000 + "```",
        " \t" * 200_000,
    ],
)
def test_hostile_text_costs_little_and_steps_lose_no_character(text: str) -> None:
    began = time.process_time()
    answer = CODE.extract(text, DOUBLE)
    steps = CODE.steps(text, DOUBLE)
    assert time.process_time() - began < 3
    assert answer is None or text[answer.start : answer.end] == answer.text
    at = 0
    for step in steps:
        assert at <= step.start < step.end
        assert not text[at : step.start].strip()
        at = step.end
    assert not text[at:].strip()


def test_blocks_are_given_with_their_place_and_whether_they_are_closed() -> None:
    text = "a\n```py\nb\n```\nc\n~~~\nd"
    closed, open_one = fences(text)
    assert (text[closed.start : closed.end], text[closed.inner_start : closed.inner_end]) == ("```py\nb\n```", "b\n")
    assert (closed.tag, closed.closed) == ("py", True)
    assert (text[open_one.start : open_one.end], open_one.tag, open_one.closed) == ("~~~\nd", "", False)
