"""How often the tiny model solves the bundled problems alone, and how an app's run of each goes on.

    python -m benchmarks.tiny_difficulty [--quick] [--model NAME]

Alone: 1,000 solutions a problem without candidates at the temperature 1, with the 95 % Wilson interval; what the
bundled problems tell of themselves comes from here. Then right chains of 16 by generation at K = 4, in one run with
seed 0.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from rsa_viz.analysis.generations import by_generation
from rsa_viz.analysis.intervals import wilson
from rsa_viz.core.chain import Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.llm.tiny import load
from rsa_viz.llm.tiny_language import WIDTH
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from rsa_viz.tasks.difficulty import difficulty

TOGETHER = 100


def right_alone(problem: Problem, count: int, model: str = "holes") -> int:
    """How many of ``count`` solutions without candidates are right; always the same for the same weights."""
    tiny, task = load(model), find_task(problem.task)
    reading = tiny.language.read(problem.question)
    right = 0
    for start in range(0, count, TOGETHER):
        rngs = [np.random.default_rng([1, seed]) for seed in range(start, min(count, start + TOGETHER))]
        prompts = np.array([reading.tokens] * len(rngs), np.int64)
        for tokens in np.stack(list(tiny.network.write(prompts, reading.lines, 0, 1.0, rngs)), axis=1).tolist():
            rows = [tokens[at : at + WIDTH] for at in range(0, len(tokens), WIDTH)]
            text = "\n".join(tiny.language.line(number, row) for number, row in enumerate(rows, start=1))
            right += task.judge(task.extract(text, problem), problem).verdict is Verdict.RIGHT
    return right


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100 solutions each, and no runs")
    parser.add_argument("--model", default="holes", help="a tiny model's own name (default: %(default)s)")
    options = parser.parse_args()
    count = 100 if options.quick else 1000
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.db") as store:
        service = Service(store)
        print(f"{'problem':50} alone  95 % interval    told  right by generation")
        for problem in find_task("holes").problems():
            right = right_alone(problem, count, options.model)
            low, high = wilson(right, count)
            told = difficulty(problem)
            row = f"{problem.label:50} {right / count:.3f}  [{low:.3f}, {high:.3f}]  {told.right if told else '?':>4}"
            if not options.quick:
                config = RunConfig(ModelChoice(f"tiny/{options.model}"), n=16, k=4, t=10)
                run = service.create(problem, config)
                service.start(run.id)
                service.wait(run.id, timeout=120)
                row += "  " + " ".join(f"{one.right:2}" for one in by_generation(store.chains(run.id)))
            print(row, flush=True)
        service.close()


if __name__ == "__main__":
    main()
