"""The tiny model's problems, language, curriculum and ideal reader; no torch is needed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from rsa_viz.training.curriculum import MOST_CANDIDATES, draw_batch, draw_candidates, draw_shape
from rsa_viz.training.ideal import aggregate
from rsa_viz.training.puzzles import (
    FILLINGS,
    HOLE,
    MOST_LINES,
    OPERATIONS,
    Attempts,
    Puzzles,
    digits,
    draw_fillings,
    draw_puzzles,
    filling,
    work_out,
)
from rsa_viz.training.tokens import (
    MARK_COLUMN,
    OPERATION_COLUMNS,
    PROBLEM_WIDTH,
    RESULT_COLUMNS,
    WIDTH,
    Vocabulary,
    layout,
    question,
)

ONE = Puzzles(13, np.array([[[3, 5, 7, 2]]]), np.array([[[HOLE, HOLE, HOLE]]]), np.array([[8]]))
"""3 ? 5 ? 7 ? 2 = 8 modulo 13; 3 + 5 = 8, * 7 = 4, * 2 = 8 fits."""

FITS = int(filling(np.array([0, 2, 2])))


def slow_value(numbers: list[int], operations: tuple[str, ...], modulus: int) -> int:
    value = numbers[0]
    for operation, number in zip(operations, numbers[1:], strict=True):
        value = eval(f"({value} {operation} {number}) % {modulus}")
    return value


def test_what_fits_is_what_trying_every_filling_finds() -> None:
    puzzles = draw_puzzles(np.random.default_rng(1), 20, 3, 13)
    fitting = puzzles.fitting()
    for row, line in product(range(20), range(3)):
        for index, operations in enumerate(product(OPERATIONS, repeat=3)):
            given = puzzles.given[row, line]
            allowed = all(one in (HOLE, OPERATIONS.index(sign)) for one, sign in zip(given, operations, strict=True))
            value = slow_value(puzzles.numbers[row, line].tolist(), operations, 13)
            assert fitting[row, line, index] == (allowed and value == puzzles.targets[row, line])
    assert (fitting.sum(axis=-1) == 1).all()


def test_a_drawn_problem_has_as_many_holes_as_asked_for() -> None:
    for holes in (1, 2, 3):
        puzzles = draw_puzzles(np.random.default_rng(holes), 50, 2, 11, holes)
        assert ((puzzles.given == HOLE).sum(axis=-1) == holes).all()


def test_fillings_and_operations_are_two_names_of_the_same() -> None:
    assert filling(digits(np.arange(FILLINGS))).tolist() == list(range(FILLINGS))


def test_a_line_is_worked_out_honestly_and_says_whether_it_fits() -> None:
    rng = np.random.default_rng(0)
    good = work_out(rng, ONE, np.array([[FITS]]), 0.0)
    assert good.results.tolist() == [[[8, 4, 8]]]
    assert good.fits.tolist() == [[True]]
    bad = work_out(rng, ONE, np.array([[0]]), 0.0)
    assert bad.results.tolist() == [[[8, 2, 4]]]
    assert bad.fits.tolist() == [[False]]


def test_a_slip_carries_forward_into_what_the_line_says_of_itself() -> None:
    many = ONE.rows(np.zeros(4000, np.int64))
    worked = work_out(np.random.default_rng(0), many, np.full((4000, 1), FITS), 0.1)
    first, second, third = np.moveaxis(worked.results[:, 0], -1, 0)
    alone = (first != 8) & (second == first * 7 % 13) & (third == second * 2 % 13)
    assert alone.sum() > 200  # about 4000 · 0.1 · 0.9²
    assert not worked.fits[alone].any()
    assert worked.right(many).all()  # the filling is right all the same


def test_problem_and_solution_read_as_text() -> None:
    assert question(ONE, 0).splitlines() == [
        "Work modulo 13, from left to right. Put +, - or * for every ?.",
        "(1) 3 ? 5 ? 7 ? 2 = 8",
    ]
    vocabulary = Vocabulary(13)
    worked = work_out(np.random.default_rng(0), ONE, np.array([[FITS]]), 0.0)
    assert vocabulary.text(vocabulary.attempt(ONE, worked)[0]) == "(1) 3 + 5 = 8, * 7 = 4, * 2 = 8, fits"


def test_what_was_written_is_read_back() -> None:
    rng = np.random.default_rng(2)
    puzzles = draw_puzzles(rng, 50, 3, 13)
    worked = work_out(rng, puzzles, draw_fillings(rng, puzzles, np.zeros((50, 3), bool)), 0.3)
    vocabulary = Vocabulary(13)
    read = vocabulary.read(puzzles, vocabulary.attempt(puzzles, worked))
    assert (read.fillings == worked.fillings).all()
    assert (read.results == worked.results).all()
    assert (read.fits == worked.fits).all()


@pytest.mark.parametrize("column", range(WIDTH))
def test_a_line_with_something_out_of_place_is_not_solved(column: int) -> None:
    vocabulary = Vocabulary(13)
    tokens = vocabulary.attempt(ONE, work_out(np.random.default_rng(0), ONE, np.array([[FITS]]), 0.0))
    tokens[0, column] = vocabulary.candidate
    read = vocabulary.read(ONE, tokens)
    assert read.fillings.tolist() == [[-1]]
    assert not read.right(ONE).any()


def test_a_line_that_changes_a_given_operation_is_not_solved() -> None:
    vocabulary = Vocabulary(13)
    given = Puzzles(13, ONE.numbers, np.array([[[1, HOLE, HOLE]]]), ONE.targets)
    tokens = vocabulary.attempt(ONE, work_out(np.random.default_rng(0), ONE, np.array([[FITS]]), 0.0))
    assert vocabulary.read(ONE, tokens).right(ONE).all()
    assert not vocabulary.read(given, tokens).right(given).any()


def test_every_token_belongs_to_one_kind() -> None:
    vocabulary = Vocabulary(11)
    words = [vocabulary.word(token) for token in range(vocabulary.size)]
    assert len(set(words)) == vocabulary.size == 6 * 11 + 3 + 4


def test_a_layout_has_a_place_for_every_token() -> None:
    puzzles = draw_puzzles(np.random.default_rng(0), 4, 2, 13)
    for count in (0, 1, 3):
        batch = draw_batch(np.random.default_rng(0), 4, 2, count, 13)
        places = layout(2, count)
        assert places.length == batch.tokens.shape[1] == 2 * PROBLEM_WIDTH + (count + 1) * (1 + 2 * WIDTH)
        assert len(places.lines) == len(places.columns) == places.length
        assert set(places.lines.tolist()) == ({0, 1, 2})
    assert puzzles.targets.shape == (4, 2)


def test_a_choice_counts_only_where_its_line_fits_and_a_result_always() -> None:
    batch = draw_batch(np.random.default_rng(5), 200, 3, 2, 13)
    vocabulary = Vocabulary(13)
    width = 3 * WIDTH
    tokens = batch.tokens[:, -width:].reshape(200, 3, WIDTH)
    weights = batch.weights[:, -width:].reshape(200, 3, WIDTH)
    fits = tokens[..., MARK_COLUMN] == vocabulary.fits
    assert 0.3 < fits.mean() < 0.8
    for column in OPERATION_COLUMNS:
        assert ((weights[..., column] > 0) == fits).all()
    assert (weights[..., RESULT_COLUMNS] == 1.0).all()
    candidates = batch.weights[:, 3 * PROBLEM_WIDTH : -width - 1].reshape(200, 2, width + 1)[..., 1:]
    assert (candidates.reshape(200, 2, 3, WIDTH)[..., OPERATION_COLUMNS] == 0).all()


def test_a_third_of_the_candidates_are_wholly_true() -> None:
    rng = np.random.default_rng(3)
    puzzles = draw_puzzles(rng, 3000, 3, 13, 3)
    (candidate,) = draw_candidates(rng, puzzles, 1)
    share = candidate.right(puzzles).all(axis=1).mean()
    # 1/3 true, 1/3 with a uniform share s of true lines: the mean of (s + (1 - s) g)³, g = 1/27 the chance of a guess
    g = 1 / 27
    expected = (1 + (1 - g**4) / (4 * (1 - g)) + g**3) / 3
    assert abs(share - expected) < 0.03


def test_the_same_seed_draws_the_same_batch_and_another_step_another_one() -> None:
    one, same, other = (draw_batch(np.random.default_rng([1, step]), 8, 2, 1, 13).tokens for step in (7, 7, 8))
    assert (one == same).all()
    assert (one != other).any()
    shapes = [draw_shape(np.random.default_rng([1, 1, step])) for step in range(400)]
    assert {lines for lines, _ in shapes} == set(range(1, MOST_LINES + 1))
    assert {count for _, count in shapes} == set(range(MOST_CANDIDATES + 1))


def test_the_ideal_reader_takes_what_fits_and_never_what_was_tried_in_vain() -> None:
    rng = np.random.default_rng(0)
    many = ONE.rows(np.zeros(300, np.int64))
    wrong, right = (work_out(rng, many, np.full((300, 1), one), 0.0) for one in (0, FITS))
    assert (aggregate(rng, many, [wrong, right]).fillings == FITS).all()
    assert (aggregate(rng, many, [wrong]).fillings != 0).all()
    unreadable = Attempts(np.full((300, 1), -1), wrong.results, wrong.fits)
    assert set(aggregate(rng, many, [unreadable]).fillings[:, 0].tolist()) == set(range(FILLINGS))


def test_the_ideal_reader_gains_as_much_as_drawing_without_replacement_says() -> None:
    rng = np.random.default_rng(4)
    puzzles = draw_puzzles(rng, 6000, 1, 13, 3)
    guesses = [work_out(rng, puzzles, draw_fillings(rng, puzzles, np.zeros((6000, 1), bool)), 0.0) for _ in range(2)]
    good = puzzles.fitting().sum(axis=-1)[:, 0]
    # Two guesses with replacement, the third among what is left: right unless all three miss.
    miss = (1 - good / 27) ** 2
    distinct = np.where(guesses[0].fillings[:, 0] == guesses[1].fillings[:, 0], 26, 25)
    expected = 1 - (miss * (1 - good / distinct)).mean()
    assert abs(aggregate(rng, puzzles, guesses).right(puzzles).mean() - expected) < 0.02
