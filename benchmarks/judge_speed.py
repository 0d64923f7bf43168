"""Milliseconds to read and judge a chain of a word problem: 10,000 generated chains, and texts of other lengths.

    python -m benchmarks.judge_speed [--quick]

The chains are written by a generator of this file, about as long as model solutions of GSM8K's problems (300
characters, some four lines of arithmetic), with the answer in the ways that models write it, right and wrong. Timed is
what a run does with a finished chain: extract, then judge. Every chain is new, and nothing is warmed up. The math task
reads no number out of a sentence, so some right chains are abstentions there.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time

from rsa_viz.core.chain import Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task

CHAINS = 10_000
NAMES = ("Ada", "Bo", "Cleo", "Dan", "Edda", "Finn")
THINGS = ("apples", "marbles", "tickets", "boxes", "pages", "coins")
ENDINGS = (
    "#### {n}",
    "#### ${n}",
    "The answer is {n} {thing}.",
    "So the final answer is \\boxed{{{n}}}.",
    "**Answer:** {n} {thing}",
    "Final answer: \\boxed{{{n} \\text{{ {thing}}}}}",
    "{name} has **{n}** {thing} in the end.",
    "#### {n}.00",
    "\\boxed{{\\frac{{{double}}}{{2}}}}",
)


def chain(dice: random.Random) -> tuple[Problem, str, bool]:
    """A word problem, a written solution of it, and whether its answer is right."""
    name, thing = dice.choice(NAMES), dice.choice(THINGS)
    start, boxes, each, sold = (dice.randint(2, 60) for _ in range(4))
    lines = [f"{name} starts with {start} {thing} and finds {boxes} bags with {each} {thing} in each of them."]
    lines.append(f"The bags hold {boxes} * {each} = {boxes * each} {thing}, which are added to the first ones.")
    total = start + boxes * each
    lines.append(f"Together with the {start} from before that makes {start} + {boxes * each} = {total} {thing}.")
    lines.append(f"After giving away {sold} of them, {name} has {total} - {sold} = {total - sold} {thing} left.")
    gold = total - sold
    right = dice.random() < 0.5
    answer = gold if right else gold + dice.choice((-10, -1, 1, 2, 100))
    lines.append(dice.choice(ENDINGS).format(n=answer, double=2 * answer, thing=thing, name=name))
    return Problem("gsm8k", f"How many {thing} has {name}?", str(gold)), "\n".join(lines), right


def milliseconds(problem: Problem, text: str) -> tuple[float, Verdict]:
    task = find_task(problem.task)
    begun = time.perf_counter()
    verdict = task.judge(task.extract(text, problem), problem).verdict
    return 1000 * (time.perf_counter() - begun), verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1,000 chains")
    options = parser.parse_args()
    dice = random.Random(8)
    many = 1_000 if options.quick else CHAINS
    chains = [chain(dice) for _ in range(many)]
    characters = statistics.mean(len(text) for _, text, _ in chains)
    print(f"{len(chains)} chains of {characters:.0f} characters on average")
    print("task         median ms    p99 ms    max ms  verdicts as made")
    for name in ("gsm8k", "math"):
        times, agreed = [], 0
        for problem, text, right in chains if name == "gsm8k" else [chain(dice) for _ in range(many)]:
            ms, verdict = milliseconds(Problem(name, problem.question, problem.gold), text)
            times.append(ms)
            agreed += (verdict is Verdict.RIGHT) == right
        times.sort()
        print(
            f"{name:11}  {statistics.median(times):9.3f}  {times[int(0.99 * len(times))]:8.3f}  {times[-1]:8.3f}"
            f"  {agreed} of {len(times)}"
        )
    print("characters    ms to read and judge the last answer of one text (gsm8k)")
    problem, text, _ = chains[0]
    for wanted in (1_000, 10_000, 100_000, 1_000_000):
        long = (text.replace("#", "") + "\n") * (wanted // len(text)) + text
        print(f"{len(long):10}    {milliseconds(problem, long)[0]:8.3f}")


if __name__ == "__main__":
    main()
