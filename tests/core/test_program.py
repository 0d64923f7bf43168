"""Straight-line programs: read, written, evaluated and drawn."""

from __future__ import annotations

import random

import pytest

from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.program import Program, ProgramLine, draw_program, parse_program

QUESTION = """Work modulo 97.
a = 12
b = 45
c = a * b
d = c - a
e = d + d
What is e?"""


def test_a_program_is_read_and_evaluated_line_by_line() -> None:
    program = parse_program(QUESTION)
    assert program.modulus == 97
    assert program.lines[0] == ProgramLine("c", "a", "*", "b")
    # 12 * 45 = 540 = 5 * 97 + 55; 55 - 12 = 43; 43 + 43 = 86
    assert program.values() == {"a": 12, "b": 45, "c": 55, "d": 43, "e": 86}
    assert program.asked == "e"


def test_a_difference_below_zero_wraps() -> None:
    assert parse_program("modulo 7\na = 2\nb = 5\nc = a - b").values()["c"] == 4


def test_a_program_written_as_a_question_reads_back_the_same() -> None:
    rng = random.Random(5)
    for lines in range(1, 21):
        program = draw_program(rng, lines=lines, inputs=3, modulus=97)
        assert parse_program(program.question()) == program


def test_words_around_a_program_do_not_matter() -> None:
    assert parse_program(f"Dear class,\n\n{QUESTION}\n\nGood luck!") == parse_program(QUESTION)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("What is 2 + 2?", "modulo"),
        ("modulo 1\na = 1\nb = a + a", "modulo"),
        ("modulo 7\na = 1", "needs a line like"),
        ("modulo 7\na = 1\nb = a + c", "'c' before it is defined"),
        ("modulo 7\na = 1\na = a + a", "defines 'a' twice"),
    ],
)
def test_what_is_no_program_is_refused_with_the_reason(question: str, says: str) -> None:
    with pytest.raises(InvalidProblem, match=says):
        parse_program(question)


def test_every_drawn_line_builds_on_the_line_before() -> None:
    program = draw_program(random.Random(1), lines=10)
    names = [name for name, _ in program.inputs] + [line.name for line in program.lines]
    for line in program.lines:
        assert line.left == names[names.index(line.name) - 1]
        assert names.index(line.right) < names.index(line.left)


@pytest.mark.parametrize("numbers", [{"lines": 0}, {"lines": 21}, {"inputs": 1}, {"modulus": 1}])
def test_a_program_out_of_range_is_not_drawn(numbers: dict[str, int]) -> None:
    with pytest.raises(InvalidProblem):
        draw_program(random.Random(0), **numbers)


def test_values_stay_below_the_modulus() -> None:
    program = Program(5, (("a", 4), ("b", 3)), (ProgramLine("c", "a", "*", "b"), ProgramLine("d", "c", "-", "a")))
    assert program.values() == {"a": 4, "b": 3, "c": 2, "d": 3}
