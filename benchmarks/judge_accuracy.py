r"""False positives and negatives of the judge of mathematical answers, and of plain math-verify, side by side.

    python -m benchmarks.judge_accuracy [--quick] [--show]

A seeded battery of (gold, answer) pairs that are equal or different by construction: 3,200 equivalent and 3,200
different ones over thirty-three kinds. Fifteen are writings of numbers, expressions, tuples and sets; eighteen stand
around gold: what denies, doubts or changes it, and what only dresses it. Plain math-verify is asked as its
documentation shows, ``verify(parse("$gold$"), parse("$answer$"))``, on the main thread with its own time limit.
``unknown`` is no verdict: neither a false positive nor a false negative of ours, and counted by itself. The battery was
written beside the judge: it says which writings are covered, not how often models use them.
"""

from __future__ import annotations

import argparse
import logging
import random
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from rsa_viz.core.chain import Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task
from rsa_viz.tasks.equivalence import compare

from ._judge_traps import TRAPS
from ._judge_writings import WRITINGS, Written

EACH = 3_200
SEED = 20_260


class Pair(NamedTuple):
    """A gold answer, another writing or another answer, and the kind of writing. Of other tasks than math, the answer
    is a whole text."""

    kind: str
    gold: str
    answer: str
    equal: bool
    task: str = "math"


KINDS: dict[str, tuple[Callable[[random.Random], Written], ...]] = {"math": (*WRITINGS, *TRAPS)}
"""Kinds of pairs by task. Another task's kinds write whole texts, which are extracted and judged; math-verify reads
only those of math."""


def battery(each: int = EACH, seed: int = SEED, task: str = "math") -> list[Pair]:
    """``each`` equivalent and ``each`` different pairs of a task, all its kinds in turn, no pair twice."""
    dice = random.Random(seed)
    pairs: dict[tuple[str, str], Pair] = {}
    wanted = Counter({True: each, False: each})
    while wanted.total():
        for kind in KINDS[task]:
            written = kind(dice)
            for equal, answers in ((True, written.equal), (False, written.different)):
                for answer in dice.sample(answers, min(3, len(answers))):
                    if wanted[equal] and (written.gold, answer) not in pairs:
                        pairs[written.gold, answer] = Pair(kind.__name__, written.gold, answer, equal, task)
                        wanted[equal] -= 1
    return list(pairs.values())


def ours(pair: Pair) -> Verdict:
    if pair.task == "math":
        return compare(pair.answer, pair.gold).verdict
    task, problem = find_task(pair.task), Problem(pair.task, "?", pair.gold)
    return task.judge(task.extract(pair.answer, problem), problem).verdict


def plain(pair: Pair) -> Verdict:
    import math_verify

    equal = math_verify.verify(math_verify.parse(f"${pair.gold}$"), math_verify.parse(f"${pair.answer}$"))
    return Verdict.RIGHT if equal else Verdict.WRONG


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="200 pairs of each sort")
    parser.add_argument("--show", action="store_true", help="print every pair that our judge gets wrong")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    for task in KINDS:
        report(battery(200 if options.quick else EACH, task=task), show=options.show)


def report(pairs: list[Pair], *, show: bool) -> None:
    counts = {name: Counter[tuple[str, str]]() for name in ("ours", "plain")}
    for pair in pairs:
        for name, judge in (("ours", ours), ("plain", plain)) if pair.task == "math" else (("ours", ours),):
            verdict = judge(pair)
            if verdict is Verdict.UNKNOWN:
                counts[name][pair.kind, "unknown"] += 1
            elif (verdict is Verdict.RIGHT) != pair.equal:
                counts[name][pair.kind, "negative" if pair.equal else "positive"] += 1
                if show and name == "ours":
                    print(f"{pair.kind}: gold {pair.gold!r}, answer {pair.answer!r}, equal {pair.equal}")
    total = Counter((pair.kind, pair.equal) for pair in pairs)
    kinds = [kind.__name__ for kind in KINDS[pairs[0].task]]
    equal = sum(pair.equal for pair in pairs)
    print(f"{pairs[0].task}: {equal} equivalent and {len(pairs) - equal} different pairs")
    print("                               false negatives         false positives      unknown")
    print("kind              equal  diff  ours  math-verify       ours  math-verify       ours")
    for kind in (*kinds, "all"):
        names = kinds if kind == "all" else [kind]

        def many(judge: str, sort: str, names: list[str] = names) -> int:
            return sum(counts[judge][name, sort] for name in names)

        equal, different = (sum(total[name, same] for name in names) for same in (True, False))
        print(
            f"{kind:16}  {equal:5}  {different:4}  {many('ours', 'negative'):4}  {many('plain', 'negative'):11}"
            f"  {many('ours', 'positive'):9}  {many('plain', 'positive'):11}  {many('ours', 'unknown'):9}"
        )


if __name__ == "__main__":
    main()
