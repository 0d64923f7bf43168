"""Equality of answers: canonical forms, classes that no order changes, and workers that can be killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

from benchmarks.judge_accuracy import battery, ours
from rsa_viz.core.chain import Verdict
from rsa_viz.tasks.equivalence import Kind, compare, read
from rsa_viz.tasks.equivalence.algebra import Sum, TooLarge, Unreadable, factors
from rsa_viz.tasks.equivalence.expression import evaluate
from rsa_viz.tasks.equivalence.workers import Found, Workers

# Gold, then answers that are right, then answers that are wrong.
TABLE: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "70",
        (
            "70",
            "70.0",
            "\\$70",
            "$70$",
            "70 dollars",
            "**70**",
            "70 \\pmod{1000}",
            "x = 70",
            "70^\\circ",
            "\\text{70}",
            "7 \\cdot 10",
        ),
        (
            "70_8",
            "70\\%",
            "70%",
            "-70",
            "7 0",
            "70, 71",
            "0.70",
            "70!",
            "70x",
            "7",
            "listen",
            "I don't know",
            "\\{70, 71\\}",
        ),
    ),
    ("3375", ("3,375", "3\\,375", "3{,}375", "3\u202f375", "3 375", "15^3"), ("3.375", "3, 375", "3,3755")),
    ("-5", ("−5", "–5", "- 5", "-5.0", "3 - 8"), ("5", "-5%", "-15")),
    ("4/9", ("\\frac{4}{9}", "\\frac49", "8/18", "\\dfrac{8}{18}", "(2/3)^2"), ("4:9", "0.4444", "9/4", "49")),
    ("4:9", ("8:18", "4 : 9", "4 to 9"), ("4/9", "9:4", "4:9:1")),
    ("0.0000001", ("1e-7", "10^{-7}", "\\frac{1}{10^7}"), ("0.0000002", "0", "1e-8")),
    ("1/576", ("\\frac{1}{576}", "24^{-2}"), ("0.0017361", "576", "1/575")),
    ("0.5", ("1/2", "50\\%", "\\frac12", ".5", "½"), ("5", "0.05", "0.5%")),
    ("7/2", ("3\\frac{1}{2}", "3 1/2", "3.5"), ("3\\cdot\\frac{1}{2}", "31/2")),
    (
        "8\\sqrt{10}",
        ("8\\sqrt10", "\\sqrt{640}", "8*sqrt(10)", "\\frac{80}{\\sqrt{10}}"),
        ("8\\sqrt{1}0", "8\\sqrt{11}", "25.298"),
    ),
    (
        "\\frac{-1+\\sqrt{17}}{2}, \\frac{-1-\\sqrt{17}}{2}",
        (
            "\\frac{-1\\pm\\sqrt{17}}2",
            "x = \\frac{-1 \\pm \\sqrt{17}}{2}",
            "\\frac{-1-\\sqrt{17}}{2} \\text{ and } \\frac{-1+\\sqrt{17}}{2}",
        ),
        ("\\frac{-1+\\sqrt{17}}{2}", "\\frac{1\\pm\\sqrt{17}}2"),
    ),
    ("\\sqrt{2}-1", ("\\frac{1}{1+\\sqrt{2}}", "-1+2^{1/2}"), ("\\sqrt{2}+1", "0.41421356")),
    ("2i", ("\\sqrt{-4}", "-\\frac{2}{i}", "i + i"), ("-2i", "2", "2j")),
    (
        "(1,2)",
        ("(1, 2)", "1,2", "\\left(1, 2\\right)", "(x,y) = (1,2)", "\\langle 1, 2 \\rangle"),
        ("(2,1)", "2,1", "\\{1,2\\}", "[1,2]", "12"),
    ),
    ("1, 2", ("2, 1", "\\{1,2\\}", "1 \\text{ or } 2", "x=2, x=1", "1 and 2"), ("1", "1, 2, 3", "12", "1.2")),
    ("\\{1\\}", ("1", "x = 1", "\\{ 1 \\}"), ("2", "\\{1, 2\\}", "(1, 1)")),
    ("(100,200)", ("100,200", "(100, 200)"), ("100200", "(200,100)", "(100200, 0)")),
    ("100, 200", ("100,200", "\\{200,100\\}"), ("100200",)),
    ("1", ("\\{1\\}",), ("\\{1,2\\}",)),
    ("a = 2, b = 3", ("(2, 3)", "b=3, a=2", "a=2 and b=3"), ("(3, 2)", "a=3, b=2", "2", "c=2, b=3")),
    ("\\{1, 2\\}", ("2, 1", "\\{2,1\\}"), ("(1,2)", "\\{1\\}", "3")),
    ("[0, 1)", ("[0,1)", "\\left[0, 1\\right)"), ("[0,1]", "(0,1)", "0, 1")),
    ("(-\\infty, 0] \\cup [1, \\infty)", ("[1,\\infty) \\cup (-\\infty,0]",), ("(-\\infty, 0) \\cup [1, \\infty)",)),
    ("2n^4-n^2", ("n^2(2n^2-1)", "-n^2+2n^4", "f(n) = 2n^4 - n^2"), ("2n^4+n^2", "2m^4-m^2", "n^4")),
    ("70 cm", ("70", "70 cm", "70\\text{ cm}", "70cm"), ("70 m", "70 km", "71 cm")),
    ("3 \\pmod 7", ("3", "3 \\pmod{7}", "3 mod 7"), ("3 \\pmod{8}", "10")),
    ("70_8", ("70_{8}", "70_{\\text{eight}}", "(70)_8"), ("70", "56", "70_9")),
    ("\\text{Thursday}", ("Thursday", "thursday", "**Thursday**", "\\textbf{Thursday}"), ("Friday", "4", "Thurs")),
    ("listen", ("listen",), ("silent", "tinsel")),
    ("1200.50", ("$1,200.50", "\\$1{,}200.50", "1200.5 dollars"), ("1,200", "120050")),
    ("3500000", ("3.5 million", "3.5 \\times 10^6", "3\\,500\\,000"), ("3.5", "35 million")),
    ("٧٠", ("70",), ("71",)),
    (
        "7",
        ("m + n = 7", "\\text{Area} = 7", "f(3) = 7", "3 + 4 = 7", "7 \\text{ or } 7.0"),
        ("3 + 4 = 8", "7 = x + 1", "7, 8"),
    ),
    ("1/3", ("0.\\overline{3}", "0.3\\overline{33}"), ("0.3", "0.33333333", "0.\\overline{34}")),
    ("2024^{2025}", ("2024 \\cdot 2024^{2024}", "2^{6075}\\cdot 253^{2025}"), ("2024^{2024}", "2025^{2024}")),
    ("\\textbf{A}", ("A", "(A)"), ("B", "a")),
]


@pytest.mark.parametrize(("gold", "right", "wrong"), TABLE, ids=[row[0] for row in TABLE])
def test_answers_that_are_read_exactly(gold: str, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    for answers, verdict in ((right, Verdict.RIGHT), (wrong, Verdict.WRONG)):
        for answer in answers:
            assert compare(answer, gold).verdict is verdict, answer
    assert {compare(answer, gold).key for answer in right} == {compare(gold, gold).key}


ASKED = [
    ("\\frac12", ("\\cos\\frac{\\pi}{3}", "\\sin(30^\\circ)"), ("\\sin\\frac{\\pi}{3}",)),
    ("3", ("\\log_2 8", "|-3|"), ("\\log_2 9", "\\lfloor 2.9 \\rfloor")),
    ("\\sqrt{2}+\\sqrt{3}", ("\\sqrt{5+2\\sqrt{6}}",), ("\\sqrt{5+\\sqrt{6}}",)),
    ("\\frac{x}{x+1}", ("1-\\frac{1}{x+1}",), ("\\frac{x}{x-1}",)),
    ("x > \\ln 3", ("(\\ln 3, \\infty)", "\\ln 3 < x"), ("x \\ge \\ln 3", "x > \\ln 4")),
    ("y = 2x + 3", ("2x - y + 3 = 0",), ("2x + y + 3 = 0",)),
]


@pytest.mark.parametrize(("gold", "right", "wrong"), ASKED, ids=[row[0] for row in ASKED])
def test_what_cannot_be_read_exactly_is_asked_of_math_verify(
    gold: str, right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    for answers, verdict in ((right, Verdict.RIGHT), (wrong, Verdict.WRONG)):
        for answer in answers:
            found = compare(answer, gold)
            assert (found.verdict, "math-verify" in found.why) == (verdict, True), answer
    assert {compare(answer, gold).key for answer in right} == {compare(gold, gold).key}


def test_answers_are_one_class_with_gold_whatever_the_order_in_which_they_come() -> None:
    answers = ("1,2", "(1,2)", "2,1", "\\{1,2\\}", "\\sqrt{5+2\\sqrt6}")
    for gold in ("(1,2)", "1,2", "\\{2,1\\}", "\\sqrt2+\\sqrt3"):
        partitions = set()
        for order in permutations(answers):
            keys = {answer: compare(answer, gold).key for answer in order}
            partitions.add(tuple(keys[answer] for answer in answers))
        assert len(partitions) == 1


def test_right_is_exactly_what_has_golds_key() -> None:
    for pair in battery(each=60, seed=5):
        found, gold = compare(pair.answer, pair.gold), compare(pair.gold, pair.gold)
        assert (found.key == gold.key) == (found.verdict is Verdict.RIGHT), pair


def test_the_battery_of_writings_has_no_false_verdict() -> None:
    false = [pair for pair in battery(each=250, seed=1) if ours(pair) not in (Verdict.UNKNOWN, _truth(pair.equal))]
    assert false == []


def _truth(equal: bool) -> Verdict:
    return Verdict.RIGHT if equal else Verdict.WRONG


def test_without_gold_an_answer_has_a_class_and_no_verdict() -> None:
    for answers, key in ((("70", "\\$70", "70.0 dollars"), "70"), (("2,1", "1,2"), "{1, 2}"), (("$$", " ", "**"), "")):
        for answer in answers:
            found = compare(answer, None)
            assert (found.key, found.verdict) == (key, Verdict.UNKNOWN)


@pytest.mark.parametrize(
    "answer",
    [
        "9^{9^9}",
        "9^9^9^9",
        "(10^8)!",
        "\\binom{10^9}{5\\cdot 10^8}",
        "(" * 2000 + "1" + ")" * 2000,
        "{" * 100 + "1" + "}" * 100,
        "1+" * 900 + "1",
        "(x+y+z)^{500}",
        "\\frac{" * 40 + "1" + "}{2}" * 40,
        "\\sqrt{" * 40 + "2" + "}" * 40,
        "√" * 300 + "2",
        "2^" * 150 + "2",
        "(2^{39999}) \\cdot 2^{39999}",
    ],
    ids=range(13),
)
def test_what_is_too_large_is_unknown_at_once(answer: str) -> None:
    begun = time.process_time()
    assert compare(answer, "70").verdict is Verdict.UNKNOWN
    assert read(answer).kind is Kind.BEYOND
    assert time.process_time() - begun < 0.5


def test_a_long_number_is_no_other_number() -> None:
    assert compare("0." + "0068181" * 200, "4").verdict is Verdict.WRONG
    for digits in (99, 1_000, 100_000):
        assert compare("9" * digits, "70").verdict is Verdict.WRONG
        assert compare("9" * digits, "9" * digits).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2\\sqrt{3}+\\pi", "2*3^(1/2) + 1*pi"),
        ("(x+1)^2", "1 + 2*x + 1*x^2"),
        ("\\frac{1}{1+\\sqrt2+\\sqrt3}", "1/2 + 1/4*2^(1/2) + -1/4*2^(1/2)*3^(1/2)"),
        ("\\sqrt[3]{16}", "2*2^(1/3)"),
        ("\\frac{1+i}{1-i}", "1*i"),
        ("5!/3!", "20"),
        ("\\binom{10}{3}", "120"),
        ("-2^2", "-4"),
        ("2^{-3}", "1/8"),
        ("x_1 + x_{2}", "1*x_1 + 1*x_2"),
        ("2^3^2", "512"),
        ("\\sqrt[3]{-8}", "-2"),
    ],
)
def test_expressions_have_one_form(written: str, form: str) -> None:
    assert str(evaluate(written)) == form


@pytest.mark.parametrize(
    "written",
    [
        "1/0",
        "0^0",
        "1/2x",
        "\\sin x",
        "f(x)",
        "7 0",
        "2^x",
        "\\sqrt{1+\\sqrt2}",
        "\\frac{1}{1+x}",
        "(1",
        "1)",
        "",
        "+",
        "2..5",
        "1.5!",
        "word",
    ],
)
def test_what_has_no_form_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        evaluate(written)


def test_arithmetic_of_sums_agrees_with_floating_point() -> None:
    """a/b + c√2 + d√3 under +, −, ·, /: exact forms against their values."""
    dice = random.Random(3)
    roots = {2: evaluate("\\sqrt2"), 3: evaluate("\\sqrt3")}

    def draw() -> tuple[Sum, float]:
        a, c, d = (Fraction(dice.randint(-9, 9), dice.randint(1, 9)) for _ in range(3))
        exact = Sum.of(a) + Sum.of(c) * roots[2] + Sum.of(d) * roots[3]
        return exact, float(a) + float(c) * 2**0.5 + float(d) * 3**0.5

    for _ in range(300):
        (one, first), (two, second) = draw(), draw()
        for exact, about in ((one + two, first + second), (one - two, first - second), (one * two, first * second)):
            assert _value(exact) == pytest.approx(about, abs=1e-9)
        if two.terms:
            assert (one / two) * two == one


def _value(one: Sum) -> float:
    total = 0.0
    for product, number in one.terms:
        part = float(number)
        for base, exponent in product:
            part *= float(base) ** float(exponent)
        total += part
    return total


def test_factors_multiply_back() -> None:
    for whole in (*range(1, 400), 2**40, 9_699_690, 2999**2, 7_368_787):
        product = 1
        for prime, times in factors(whole):
            product *= prime**times
        assert product == whole
    with pytest.raises(TooLarge):
        factors(1_000_003 * 1_000_033)


def test_a_comparison_that_does_not_end_is_killed_and_the_next_one_works() -> None:
    workers = Workers(most=1, limit_s=0.5)
    try:
        assert workers.compare("\\frac12", "\\cos\\frac{\\pi}{3}") is Found.EQUAL
        (first,) = workers.pids()
        assert workers.compare("70", "\\sin(9^{9^9})") is Found.LATE
        assert workers.pids() == ()
        assert not _runs(first)
        workers.limit_s = 20.0
        assert workers.compare("3", "\\log_2 9") is Found.DIFFERENT
    finally:
        workers.close()
    assert workers.pids() == ()
    assert workers.compare("1", "1") is Found.ABSENT


def test_a_worker_that_dies_is_replaced() -> None:
    workers = Workers(most=1, limit_s=20.0)
    try:
        assert workers.compare("3", "|-3|") is Found.EQUAL
        (pid,) = workers.pids()
        os.kill(pid, 9)
        assert workers.compare("3", "|-3|") is Found.FAILED
        assert workers.compare("3", "|-3|") is Found.EQUAL
    finally:
        workers.close()


def test_many_threads_share_the_workers() -> None:
    workers = Workers(most=2, limit_s=20.0)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda n: workers.compare(str(n % 5), f"|-{n % 4}|"), range(40)))
        assert found == [Found.EQUAL if n % 5 == n % 4 else Found.DIFFERENT for n in range(40)]
        assert len(workers.pids()) <= 2
    finally:
        workers.close()


def test_a_comparison_works_off_the_main_thread() -> None:
    found = []
    thread = threading.Thread(target=lambda: found.append(compare("\\log_3 81", "4").verdict))
    thread.start()
    thread.join()
    assert found == [Verdict.RIGHT]


def test_the_app_imports_no_computer_algebra_and_leaves_no_worker_behind() -> None:
    program = """
        import sys
        from rsa_viz.tasks.equivalence import compare
        from rsa_viz.tasks.equivalence.workers import WORKERS
        assert WORKERS.pids() == ()
        assert compare("1/2", "0.5").verdict == "right"
        assert WORKERS.pids() == ()  # started only when needed
        assert compare("|-3|", "3").verdict == "right"
        assert not [name for name in sys.modules if name.startswith(("sympy", "math_verify", "latex2sympy"))]
        print(*WORKERS.pids())
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    pids = [int(pid) for pid in ended.stdout.split()]
    assert pids
    assert not any(map(_runs, pids))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
