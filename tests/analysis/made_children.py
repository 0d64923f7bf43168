"""Populations of made solutions in which it is known which line of a child was copied, and from whom.

A problem has a few solutions of several lines, each a sentence with an equation. A chain that is sampled writes one of
them down, now and then with a slip. A child writes one down anew, says nothing, takes one parent over whole, or takes
its lines from two parents, up to a line from one and from there on from the other. Nothing here is a model's text.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rsa_viz.core.chain import Chain, ChainStatus, Slot, Step
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.strategies import find_strategy
from rsa_viz.tasks import find_task

PROBLEM = Problem("gsm8k", "How many?", "1")
SOLUTIONS, LINES, SLIPS = 4, 5, 0.05
BARE = 0.05  # of the lines that are put in new words, those that leave out the equation and say the result alone
SILENT = "I am not sure; the candidates disagree."
HEADS = (
    "We find that", "This gives", "So far that is", "Adding it up", "In all there are", "As asked", "Next we see",
    "From this", "By the text", "Working on", "It follows that", "Now",
)  # fmt: skip
TAILS = (
    "apples", "books on the shelf", "coins in the jar", "days of work", "guests at the table", "marbles left",
    "miles on the road", "pages to read", "seats in the hall", "tickets sold", "trees in the yard", "cups",
)  # fmt: skip
BETWEEN = ("we get", "there will be", "one counts", "he has", "she keeps", "they need", "that leaves", "you find")


class Wording(StrEnum):
    """How a chain that works something out by itself words it."""

    FIXED = "fixed"  # by the equation alone, as a program does
    FEW = "few"  # by the solution, as a server does that knows a few texts by heart
    FREE = "free"  # anew each time, as a language model does


@dataclass(frozen=True)
class Manner:
    """How children come about: the chances that one is written anew, says nothing, or takes one parent whole (else
    two), and the chance that a line that it takes over is put in new words."""

    anew: float = 0.08
    silent: float = 0.03
    clone: float = 0.24
    reworded: float = 0.0


RECOMBINING = Manner()
REWORDING = Manner(reworded=0.8)
HALF = Manner(anew=0.5, silent=0.0, clone=0.15)
ALONE = Manner(anew=1.0, silent=0.0)


@dataclass(frozen=True)
class Made:
    """Done chains with their texts and steps; ``donors`` has for each step the parent that it was copied from, or
    None."""

    chains: list[Chain]
    steps: Mapping[Slot, tuple[Step, ...]]
    texts: Mapping[Slot, str]
    donors: Mapping[Slot, tuple[Slot | None, ...]]


@dataclass(frozen=True)
class Line:
    one: int
    sign: str
    two: int
    result: int
    words: tuple[str, str, str]

    def __str__(self) -> str:
        return f"{self.words[0]} {self.words[1]} {self.one}{self.sign}{self.two}={self.result} {self.words[2]}."


def reworded(line: Line, dice: random.Random) -> str:
    """The line with its equation as somebody else would write it, or with its result alone, in other words."""
    one, two, result, head, middle, tail = line.one, line.two, line.result, *drawn_words(dice)
    if dice.random() < BARE:
        return f"{head} {middle} {result} {tail}."
    sign = {"*": dice.choice((" x ", " * ", "·", r" \times ")), "+": " + "}[line.sign]
    if dice.random() < 0.5:
        one, two = two, one
    equation = f"{one}{sign}{two} = {result}"
    return f"{head} {middle} {f'${equation}$' if 'times' in sign or dice.random() < 0.3 else equation} {tail}."


def drawn_words(dice: random.Random) -> tuple[str, str, str]:
    return dice.choice(HEADS), dice.choice(BETWEEN), dice.choice(TAILS)


class Writer:
    """Somebody who knows the solutions of one problem."""

    def __init__(self, dice: random.Random, wording: Wording) -> None:
        self.dice, self.wording = dice, wording
        self.solutions: list[list[Line]] = []
        for _ in range(SOLUTIONS):
            self.solutions.append([])
            for place in range(LINES):
                others = [known[place] for known in self.solutions[:-1]]
                shared = bool(others) and dice.random() < 0.55
                line = dice.choice(others) if shared else self.worked_out()
                words = line.words if shared and wording is Wording.FIXED else drawn_words(dice)
                self.solutions[-1].append(Line(line.one, line.sign, line.two, line.result, words))

    def worked_out(self) -> Line:
        one, two, sign = self.dice.randint(2, 99), self.dice.randint(2, 40), self.dice.choice("*+")
        return Line(one, sign, two, one * two if sign == "*" else one + two, drawn_words(self.dice))

    def sampled(self) -> list[Line]:
        found = list(self.dice.choice(self.solutions))
        for place in range(LINES):
            if self.dice.random() < SLIPS:
                found[place] = self.worked_out()
        if self.wording is Wording.FREE:
            found = [Line(line.one, line.sign, line.two, line.result, drawn_words(self.dice)) for line in found]
        return found


def made(seed: int, manner: Manner, wording: Wording = Wording.FREE, *, n: int = 16, k: int = 4, t: int = 10) -> Made:
    """A population of ``n`` · ``t`` chains with ``k`` parents to a child; the same ``seed`` makes the same one."""
    dice = random.Random(seed)
    writer = Writer(dice, wording)
    lines: dict[Slot, list[Line]] = {}
    written: dict[Slot, list[str]] = {}
    donors: dict[Slot, tuple[Slot | None, ...]] = {}
    chains = []
    for planned in find_strategy("rsa").plan(n, k, t, Streams(seed, "made")):
        slot, fate = planned.slot, dice.random()
        telling = [parent for parent in planned.parents if lines[parent]]
        if not telling or fate < manner.anew:
            lines[slot] = writer.sampled()
            written[slot] = [str(line) for line in lines[slot]]
            donors[slot] = (None,) * LINES
        elif fate < manner.anew + manner.silent:
            lines[slot], written[slot], donors[slot] = [], [SILENT], (None,)
        else:
            whole = fate < manner.anew + manner.silent + manner.clone or len(telling) == 1
            first, second = (dice.choice(telling),) * 2 if whole else dice.sample(telling, 2)
            cut = dice.randrange(1, LINES)
            donors[slot] = (*[first] * cut, *[second] * (LINES - cut))
            lines[slot] = [*lines[first][:cut], *lines[second][cut:]]
            written[slot] = [
                reworded(line, dice) if dice.random() < manner.reworded else written[donor][place]
                for place, (line, donor) in enumerate(zip(lines[slot], (d for d in donors[slot] if d), strict=True))
            ]
        text = "\n".join(written[slot])
        chains.append(
            Chain(
                len(chains) + 1, slot, planned.kind, planned.parents, planned.parents, status=ChainStatus.DONE,
                text=text, characters=len(text),
            )
        )  # fmt: skip
    task = find_task(PROBLEM.task)
    texts = {chain.slot: chain.text or "" for chain in chains}
    return Made(chains, {slot: task.steps(text, PROBLEM) for slot, text in texts.items()}, texts, donors)


def single_results(
    seed: int, n: int, k: int, t: int, h: float, *, pool: int = 40
) -> tuple[list[Chain], dict[Slot, tuple[str, ...]], int]:
    """A population in which each chain finds fragments by itself, each with its own rate, and copies each fragment that
    its parents carry with probability ``h``. Returns how many were copied; found besides or not."""
    rng = random.Random(seed)
    rates_of = {f"f{number}": min(0.95, rng.betavariate(0.6, 1.2)) for number in range(pool)}
    stated: dict[Slot, tuple[str, ...]] = {}
    chains, copies = [], 0
    for planned in find_strategy("rsa").plan(n, k, t, Streams(seed, "made")):
        offered = sorted({key for parent in planned.parents for key in stated[parent]})
        taken = {key for key in offered if rng.random() < h}
        copies += len(taken)
        stated[planned.slot] = tuple(key for key, r in rates_of.items() if rng.random() < r or key in taken)
        chains.append(
            Chain(
                1, planned.slot, planned.kind, planned.parents, planned.parents, status=ChainStatus.DONE, characters=1
            )
        )
    return chains, stated, copies
