"""The runs that the lesson shows: which problem, which numbers, which model, which seed.

Nearly all are made by the synthetic reasoner, which is a simulation; it gives the same texts on every machine, so
whoever makes one of these runs again gets the same population. What training changes is shown by the tiny language
models. Some runs come with the app as recordings. Seeds were chosen
so that the examples of failure show what they are to show; a test holds that they do. Knows no database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..core.problem import Problem
from ..core.run import ModelChoice, RunConfig
from ..tasks import find_task
from ..tasks.holes_problems import written
from ..tasks.program_generating import generate_programs

RECORDINGS = Path(__file__).parent / "recordings"

FAST = ModelChoice("synthetic/fast")
COPYING = ModelChoice("synthetic/recheck=0,miscopy=0,speed=0")  # with one parent it copies, whatever stands there
CREDULOUS = ModelChoice("synthetic/oversight=0.9,recheck=0,miscopy=0,speed=0")  # nearly always goes with the most

KNOBS_N, KNOBS_K, KNOBS_T = (4, 8, 16), (1, 2, 4), 8
"""The numbers that the sliders offer; of each pair there is a recording."""
TRAINED = ("tiny/holes", "tiny/holes-direct", "tiny/holes-aggregation")
"""One tiny language model: before reinforcement, after it on bare problems, after it on problems with candidates."""
_FOUR_LINES = (
    "12 ? 12 ? 4 ? 8 = 3; 2 ? 9 ? 5 ? 4 = 11; 9 ? 5 ? 9 ? 10 = 3; 2 ? 12 ? 2 ? 7 = 5",
    "6 ? 11 ? 7 ? 6 = 5; 8 ? 4 ? 3 ? 12 = 12; 11 ? 7 ? 12 ? 7 = 1; 8 ? 8 ? 6 ? 7 = 7",
    "11 ? 6 ? 8 ? 7 = 8; 9 ? 7 ? 11 ? 6 = 1; 4 ? 12 ? 2 ? 11 = 6; 11 ? 9 ? 9 ? 11 = 10",
    "11 ? 5 ? 10 ? 7 = 9; 11 ? 5 ? 10 ? 8 = 4; 7 ? 5 ? 9 ? 4 = 3; 10 ? 12 ? 2 ? 8 = 11",
)
ROUNDS = 3
"""Rounds of which there are recordings."""
_SEEDS = (2, 1, 3)


@dataclass(frozen=True, slots=True)
class LessonRun:
    """One run of the lesson, by a ``name`` that tells it from the others."""

    name: str
    problem: Problem
    config: RunConfig

    @property
    def note(self) -> str:
        """The note by which the run is known in a database."""
        return f"lesson: {self.name}"

    @property
    def recording(self) -> Path:
        """Where its recording stands, if it is among RECORDED."""
        return RECORDINGS / f"{re.sub('[^a-z0-9]+', '-', self.name.lower())}.jsonl.gz"

    def by(self, model: ModelChoice | None) -> LessonRun:
        """The same run by another model; None leaves it as it is, and what is about its model keeps it."""
        return (
            self if model is None or self.config.model.tiny else replace(self, config=replace(self.config, model=model))
        )


def evolution(round_: int = 1) -> LessonRun:
    """N = 16, K = 4, eight generations, on a program of ten lines; every round has another seed."""
    seed = _SEEDS[round_ - 1] if round_ <= ROUNDS else round_ + 100
    return _run(f"evolution, round {round_}", _bundled(9), seed=seed)


def at_knobs(n: int, k: int) -> LessonRun:
    """As the first round of ``evolution``, with another N and K."""
    if (n, k) == (16, 4):
        return evolution()
    return _run(f"N={n}, K={k}", _bundled(9), n=n, k=k, seed=_SEEDS[0])


def copying(round_: int = 1) -> LessonRun:
    """Blind copying: each child copies its one parent, which was drawn at random. Neutral drift, really made."""
    seeds = (2, 3, 1)
    seed = seeds[round_ - 1] if round_ <= ROUNDS else round_ + 100
    return _run(f"copying, round {round_}", _bundled(9), model=COPYING, k=1, seed=seed)


def lost_minority() -> LessonRun:
    """A few right chains at the start, none later."""
    return _run("lost minority", _bundled(15), model=CREDULOUS, n=12, seed=3)


def locked_in() -> LessonRun:
    """A right majority once, and in the end everyone agrees on a wrong answer."""
    return _run("locked-in consensus", _bundled(14), model=CREDULOUS, n=12, seed=1)


def cut_short() -> LessonRun:
    """The first round of ``evolution`` with too few tokens for an answer: children that say more are cut."""
    return _run("truncation", _bundled(9), seed=_SEEDS[0], max_tokens=165)


FAILURES = {"lost": lost_minority, "locked": locked_in, "cut": cut_short}


def voting(which: str) -> LessonRun:
    """64 samples of a program, to be voted on: the ``short``, the ``middle`` or the ``long`` one, or the ``shared``
    one, in which many chains make the same slip."""
    return _run(f"vote, {which} program", _PROBLEMS[which](), strategy="majority-vote", n=64, k=1, t=1, seed=1)


def aggregating(which: str) -> LessonRun:
    """RSA on the ``short`` or the ``long`` program."""
    return _run(f"RSA, {which} program", _PROBLEMS[which](), t=4 if which == "short" else KNOBS_T, seed=2)


def against_votes(which: str) -> tuple[LessonRun, ...]:
    """What is compared at equal budgets on the ``middle`` and on the ``shared`` program: a vote, and runs of RSA. On
    the shared one with the seeds 1, 2 and 3, as they come."""
    if which == "middle":
        return voting(which), at_knobs(4, 4), *(evolution(one) for one in range(1, ROUNDS + 1))
    return voting(which), *(
        _run(f"RSA, {which} program, seed {seed}", _PROBLEMS[which](), n=8, seed=seed) for seed in (1, 2, 3)
    )


def trained(model: str) -> tuple[LessonRun, ...]:
    """RSA by one of TRAINED on the first problems of ``experiments/training.toml``: one run each, the same seed."""
    return tuple(
        _run(f"{model} on four lines, {number}", written(rows, f"Four lines of three holes, {number}"),
             model=ModelChoice(model), seed=1)
        for number, rows in enumerate(_FOUR_LINES, start=1)
    )  # fmt: skip


@cache
def _bundled(number: int) -> Problem:
    return find_task("program").problems()[number - 1]


_PROBLEMS = {
    "short": lambda: generate_programs(1, seed=5, lines=(3, 3))[0],
    "middle": lambda: _bundled(9),
    "long": lambda: _bundled(13),
    "shared": lambda: _bundled(12),
}


def _run(
    name: str,
    problem: Problem,
    *,
    model: ModelChoice = FAST,
    strategy: str = "rsa",
    n: int = 16,
    k: int = 4,
    t: int = KNOBS_T,
    seed: int,
    max_tokens: int = 8192,
) -> LessonRun:
    config = RunConfig(model, strategy=strategy, n=n, k=k, t=t, seed=seed, max_tokens=max_tokens)
    return LessonRun(name, problem, config)


def _recorded() -> tuple[LessonRun, ...]:
    found = [
        *(evolution(one) for one in range(1, ROUNDS + 1)),
        *(at_knobs(n, k) for n in KNOBS_N for k in KNOBS_K),
        *(copying(one) for one in range(1, ROUNDS + 1)),
        *(make() for make in FAILURES.values()),
        *(make(which) for which in ("short", "long") for make in (voting, aggregating)),
        *against_votes("middle"),
        *against_votes("shared"),
        *(one for model in TRAINED for one in trained(model)),
    ]
    return tuple({one.name: one for one in found}.values())


RECORDED: tuple[LessonRun, ...] = _recorded()
"""The runs of which a recording comes with the app, made by
``python -m rsa_viz lesson --recordings rsa_viz/lessons/recordings``."""
