"""Ten thousand hostile model outputs through every task: nothing hangs, nothing crashes, nothing wrong is right."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks._judge_traps import TRAPS
from rsa_viz.core.chain import Verdict
from rsa_viz.core.holes import parse_holes
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import TASKS
from rsa_viz.tasks.equivalence import compare

TEXTS = 10_000
SEED = 77_003

JUDGED = ("program", "text", "math", "gsm8k", "multiple_choice")
"""Tasks that judge without running anything of the text; the others only read it here."""

GOLD = "7919"
MARKS = "{}[]()\\$^_&%#*`~|<>=+-−·×÷√∞±/!?.,:;'\"\n\t "
SCRIPTS = (
    "abcxyzπe",
    "абвгд",
    "你好世界",
    "مرحبا",
    "नमस्ते",
    "０１２３",
    "٠١٢٣",
    "①²³½",
    "👩‍👩‍👧🏽",
    "e\u0301\u0308\u0323",
)
CONTROLS = "".join(map(chr, range(32))) + "\x7f\x85\u2028\u202e\ufeff\ud800\udfff\U0010ffff\u0000"
WORDS = (
    *(
        "\\boxed{",
        "\\boxed",
        "\\fbox{",
        "\\frac{",
        "\\sqrt{",
        "\\text{",
        "\\left(",
        "\\right)",
        "\\begin{pmatrix}",
        "\\pm",
    ),
    *(
        "\\pmod{",
        "\\binom{",
        "\\cup",
        "\\infty",
        "\\log_2 ",
        "\\sin",
        "\\int_0^1",
        "\\sum_{n=1}^{100}",
        "\\cdot",
        "\\%",
    ),
    *(
        "Answer: ",
        "the answer is ",
        "####",
        "**",
        "$$",
        "```python\n",
        "<answer>",
        "</answer>",
        "Option B",
        "(A)",
        "A. ",
    ),
    *(
        "a=1\n",
        "b = a + 3\n",
        "Step 1. ",
        "and",
        "or",
        "None",
        "nan",
        "inf",
        "1e999",
        "0x1F",
        "1/0",
        "00.00",
        "--1",
        "1,00,0",
    ),
)
HUGE = (
    *(
        "9^{9^{9}}",
        "9**9**9**9",
        "(10^8)!",
        "\\binom{10^9}{10^8}",
        "2^{10^{10}}",
        "10^{-999999}",
        "1e99999",
        "((((9!)!)!)!)",
    ),
    *("\\sin(9^{9^9})", "(x+y+z+w)^{900}", "\\sqrt[99]{9^{99}}", "\\frac{1}{9^{9^9}}", "70_{99999999}", "9" * 900),
)


def fuzzed(dice: random.Random) -> str:
    """One text: ordinary tokens, hostile ones, deep nesting, other scripts, control characters, sometimes megabytes."""
    way = dice.random()
    if way < 0.004:
        unit = dice.choice((*WORDS, *HUGE, "{", "}", "\\", "\n", "x^", dice.choice(CONTROLS), dice.choice(SCRIPTS)))
        return unit * (dice.randint(1_000_000, 3_000_000) // len(unit))
    if way < 0.20:
        depth = dice.choice((3, 30, 300, 900))
        opening, closing = dice.choice(
            (("{", "}"), ("(", ")"), ("\\boxed{", "}"), ("\\frac{1}{", "}"), ("\\sqrt{", "}"), ("2^{", "}"))
        )
        inner = dice.choice((*HUGE, *WORDS, "1", ""))
        whole = opening * depth + inner + closing * (depth - dice.choice((0, 0, 1)))
        return dice.choice(("", "So \\boxed{", "Answer: ")) + whole + dice.choice(("", "}", "\n"))
    if way < 0.30:
        return (
            f"{dice.choice(('Hence', 'hm', ''))} \\boxed{{{dice.choice(HUGE)}{dice.choice(MARKS)}{dice.choice(WORDS)}}}"
        )
    pieces = []
    for _ in range(dice.randint(1, 40)):
        kind = dice.random()
        if kind < 0.35:
            pieces.append(dice.choice(WORDS))
        elif kind < 0.60:
            pieces.append(dice.choice(MARKS))
        elif kind < 0.75:
            pieces.append(str(dice.randint(-99, 999)))
        elif kind < 0.88:
            script = dice.choice(SCRIPTS)
            pieces.append("".join(dice.choice(script) for _ in range(dice.randint(1, 6))))
        elif kind < 0.97:
            pieces.append("".join(dice.choice(CONTROLS) for _ in range(dice.randint(1, 4))))
        else:
            pieces.append(dice.choice(HUGE))
    text = "".join(pieces)
    return f"{text}\n\\boxed{{{text[: dice.randint(1, 60)]}}}" if dice.random() < 0.4 else text


def problem_of(name: str) -> Problem:
    """A problem of the task whose gold answer no fuzzed text can hold."""
    if name == "multiple_choice":
        return Problem(name, "?", "C", metadata={"options": ["1", "\\frac{1}{2}", f"only {GOLD}", "None"]})
    if name in ("text", "math", "gsm8k"):
        return Problem(name, "?", GOLD)
    return TASKS[name].problems()[-1]


def gone_through(number: int, name: str, text: str) -> tuple[str, Verdict | None, float]:
    """The verdict on one text, or None where the task does not judge here, and the seconds that it took."""
    task, problem = TASKS[name], problem_of(name)
    started, cpu = time.monotonic(), time.thread_time()
    answer = task.extract(text, problem)
    verdict = None
    if answer is not None:
        assert answer.key
        assert 0 <= answer.start <= answer.end <= len(text)
    if name in JUDGED:
        verdict = task.judge(answer, problem).verdict
        assert verdict is not Verdict.RIGHT or name in ("program", "multiple_choice"), (number, name, text[:200])
    end = 0
    for step in task.steps(text, problem):
        assert end <= step.start < step.end <= len(text)
        end = step.end
    assert time.thread_time() - cpu < 10.0, (number, name, text[:200])
    return name, verdict, time.monotonic() - started


@pytest.mark.timeout(600)
def test_ten_thousand_fuzzed_texts_are_read_and_judged_in_bounded_time() -> None:
    """From several threads, as runs do."""
    dice = random.Random(SEED)
    names = [name for name in TASKS if TASKS[name].problems()]
    assert set(JUDGED) <= set(names)
    verdicts: Counter[tuple[str, Verdict | None]] = Counter()
    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        gone = [pool.submit(gone_through, number, names[number % len(names)], fuzzed(dice)) for number in range(TEXTS)]
        for one in gone:
            name, verdict, seconds = one.result()
            verdicts[name, verdict] += 1
            assert seconds < 60.0
    assert time.monotonic() - begun < 500.0
    for name in JUDGED:
        assert verdicts[name, Verdict.WRONG] > TEXTS / len(names) / 4, verdicts
    assert verdicts["math", Verdict.UNKNOWN] > 0


AROUND = (
    *(
        "\\neq ",
        "\\le ",
        "<",
        ">",
        "\\mid ",
        "\\nmid ",
        "\\not",
        "\\in ",
        "\\notin ",
        "\\pm ",
        "\\ldots",
        "\\approx ",
        "=",
        "\\lor ",
    ),
    *(
        "x",
        "n",
        "2",
        "\\text{ cm}",
        " cm",
        " dozen",
        "\\text{ or }",
        "\\text{ or more}",
        "\\%",
        "^{\\circ}",
        "^\\prime",
        "?",
        "\\quad",
    ),
    *(
        "\\,",
        "\\phantom{",
        "\\tag{",
        "\\color{red}",
        "\\mathbf{",
        "_{",
        "^{",
        "'",
        "}",
        "_8",
        "\\sqrt",
        "\\log",
        "\\lim",
        "not ",
    ),
)
HARMLESS = re.compile(
    r"\\text\{ cm\}| cm[xn]?|\^\{\\circ\}|\\quad|\\tag\{\}|\\(?:mathbf|boxed|fbox|phantom)(?=\{)|\\color\{red\}|"
    r"\\approx|\\left|\\right|\\[,!\\]|\*\*|the answer is|answer:|Option B|(?<![\w\\])[abxn](?: ?=|\\approx)|\b[xn]$|"
    r"^\\?[(]A\)=|^[$\s=(\\]*\+|[\s${}().,;:`\[\]=~]|\\$",
    re.IGNORECASE,
)
"""What may be taken away from a right answer around gold without making another of it."""


def around(dice: random.Random) -> str:
    def some() -> str:
        return "".join(dice.choice(dice.choice((MARKS, WORDS, AROUND, AROUND))) for _ in range(dice.randint(0, 2)))

    return f"{some()}{GOLD}{some()}"


@pytest.mark.timeout(600)
def test_what_stands_around_gold_is_not_right_unless_it_says_nothing() -> None:
    dice = random.Random(SEED)
    verdicts: Counter[Verdict] = Counter()
    for _ in range(2_500):
        answer = around(dice)
        verdict = compare(answer, GOLD).verdict
        verdicts[verdict] += 1
        if verdict is Verdict.RIGHT:
            assert HARMLESS.sub("", answer) == GOLD or answer in BY_ARITHMETIC, repr(answer)
    assert verdicts[Verdict.WRONG] > 1_500
    assert verdicts[Verdict.RIGHT] > 100


BY_ARITHMETIC = ("791900.00\\%", "--1·7919\\color{red}")


def test_no_trap_around_any_number_is_right_in_a_whole_text() -> None:
    """The kinds of benchmarks/judge_accuracy.py, in a box, in bold and in dollars, through the task."""
    dice = random.Random(SEED)
    task = TASKS["math"]
    for _ in range(12):
        for kind in TRAPS:
            written = kind(dice)
            problem = Problem("math", "?", written.gold)
            for answer in dice.sample(written.different, min(4, len(written.different))):
                for dressed in (
                    answer,
                    f" {answer} ",
                    f"${answer}$" if "$" not in answer else answer,
                    f"\\displaystyle {answer}",
                ):
                    text = f"First {written.gold}, then more. So it is \\boxed{{{dressed}}}."
                    assert task.judge(task.extract(text, problem), problem).verdict is not Verdict.RIGHT, (
                        problem,
                        text,
                    )


def test_operations_around_those_that_solve_the_holes_are_right_only_when_they_solve_them() -> None:
    dice = random.Random(SEED)
    task = TASKS["holes"]
    for problem in task.problems()[:6]:
        holes = parse_holes(problem.question)
        for _ in range(300):
            signs = [dice.choice("+-*") for _ in range(holes.slots)]
            rest = iter(signs)
            solves = all(line.solved_by([next(rest) for _ in line.signs], holes.modulus) for line in holes.lines)
            for change in ("", "+", "-1", "x", "?", " or"):
                text = f"\\boxed{{{' '.join(signs)}{change}}}"
                right = task.judge(task.extract(text, problem), problem).verdict is Verdict.RIGHT
                assert right <= (solves and change == ""), text
