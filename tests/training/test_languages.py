"""The training's tokens and the app's are the same, though one draws arrays and the other reads text."""

from __future__ import annotations

import numpy as np
import pytest

from rsa_viz.core.chain import PromptKind
from rsa_viz.core.holes import parse_holes
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.llm.tiny_language import Language
from rsa_viz.tasks.holes import HOLES
from rsa_viz.training.curriculum import MOST_CANDIDATES, draw_candidates
from rsa_viz.training.puzzles import MOST_LINES, draw_puzzles
from rsa_viz.training.tokens import WIDTH, Vocabulary, question


@pytest.mark.parametrize(("lines", "count"), [(1, 0), (2, 1), (3, 4), (4, 8)])
def test_a_prompt_in_words_has_the_tokens_that_the_model_was_trained_on(lines: int, count: int) -> None:
    rng = np.random.default_rng([lines, count])
    puzzles = draw_puzzles(rng, 10, lines, 13)
    vocabulary = Vocabulary(13)
    language = Language(13, MOST_LINES, MOST_CANDIDATES)
    assert language.size == vocabulary.size
    attempts = [vocabulary.attempt(puzzles, one) for one in draw_candidates(rng, puzzles, count)]
    tokens = vocabulary.prompt(vocabulary.problem(puzzles), attempts)
    for row in range(10):
        problem = Problem("holes", question(puzzles, row))
        texts = [vocabulary.text(one[row]) for one in attempts]
        prompt = PLAIN.compose(PromptKind.AGGREGATE, HOLES.parts(problem), problem, texts)[0]["content"]
        reading = language.read(prompt)
        assert list(reading.tokens) == tokens[row].tolist()
        assert (reading.lines, reading.candidates) == (lines, count)
        for one, text in zip(attempts, texts, strict=True):
            rows = one[row].reshape(-1, WIDTH)
            assert "\n".join(language.line(at, written.tolist()) for at, written in enumerate(rows, 1)) == text


def test_the_task_judges_as_the_training_rewards() -> None:
    rng = np.random.default_rng(7)
    puzzles = draw_puzzles(rng, 200, 2, 13)
    vocabulary = Vocabulary(13)
    (candidate,) = draw_candidates(rng, puzzles, 1)
    right = candidate.right(puzzles)
    tokens = vocabulary.attempt(puzzles, candidate)
    for row in range(200):
        problem = Problem("holes", question(puzzles, row))
        assert parse_holes(problem.question).question() == problem.question
        text = vocabulary.text(tokens[row])
        verdict = HOLES.judge(HOLES.extract(text, problem), problem).verdict
        assert (verdict == "right") == right[row].all()
        assert [step.judgement.verdict == "right" for step in HOLES.steps(text, problem)] == right[row].tolist()
    assert 0 < right.all(axis=1).sum() < 200
