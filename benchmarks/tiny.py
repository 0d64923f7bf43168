"""Milliseconds of the processor for a generation of the tiny model: one solution at a time against all together.

    python -m benchmarks.tiny [--quick]

Both ways write the same solutions, token for token, and take turns; each number is the best of the rounds: the one that
the rest of the machine disturbed least. The last rows are whole runs of the app, 16 chains and 10 generations at K = 4,
with everything that it does beside: the engine, LiteLLM, the database.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.llm.tiny import load
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from rsa_viz.training.curriculum import draw_candidates
from rsa_viz.training.puzzles import Integers, draw_puzzles
from rsa_viz.training.tokens import Vocabulary

CHAINS = 16
NETWORK = load("holes").network


def written(prompts: Integers, lines: int, candidates: int, together: int) -> list[list[int]]:
    """The solutions, ``together`` of them at a time."""
    found = []
    for start in range(0, len(prompts), together):
        rngs = [np.random.default_rng(seed) for seed in range(start, start + together)]
        places = NETWORK.write(prompts[start : start + together], lines, candidates, 1.0, rngs)
        found += np.stack(list(places), axis=1).tolist()
    return found


def timed(work: Callable[[], list[list[int]]]) -> tuple[float, list[list[int]]]:
    begun = time.thread_time()
    made = work()
    return 1000 * (time.thread_time() - begun), made


def measure(lines: int, candidates: int, rounds: int) -> None:
    rng = np.random.default_rng([lines, candidates])
    puzzles = draw_puzzles(rng, 1, lines, 13, 2).rows(np.zeros(CHAINS, np.int64))
    vocabulary = Vocabulary(13)
    drawn = [vocabulary.attempt(puzzles, one) for one in draw_candidates(rng, puzzles, candidates)]
    prompts = vocabulary.prompt(vocabulary.problem(puzzles), drawn)
    best = {1: float("inf"), CHAINS: float("inf")}
    for _ in range(rounds):
        texts = []
        for together in best:
            took, made = timed(lambda size=together: written(prompts, lines, candidates, size))  # type: ignore[misc]
            best[together] = min(best[together], took)
            texts.append(made)
        assert texts[0] == texts[1], "a solution depends on what is written beside it"
    alone, all_of_them = best.values()
    print(f"{lines} lines, {candidates} candidates {alone:14.1f} {all_of_them:12.1f} {alone / all_of_them:8.1f}")


def whole_runs(rounds: int) -> None:
    problems = find_task("holes").problems()
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.db") as store:
        service = Service(store)
        for number in range(rounds + 1):  # the first call of all loads LiteLLM and is not shown
            begun, worked = time.perf_counter(), time.process_time()
            config = RunConfig(ModelChoice("tiny/holes"), n=CHAINS, k=4, t=10, seed=number)
            run = service.create(problems[-1], config)
            service.start(run.id)
            assert service.wait(run.id, timeout=120).status is RunStatus.DONE
            wall, cpu = time.perf_counter() - begun, time.process_time() - worked
            if number:
                print(f"{problems[-1].label}, seed {number}: {wall:.1f} s, {cpu:.1f} s of the processor")
        service.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round of everything")
    options = parser.parse_args()
    rounds = 1 if options.quick else 7
    print(f"{CHAINS} solutions          one at a time     together    ratio")
    for lines, candidates in ((2, 0), (3, 0), (2, 4), (3, 4), (4, 8)):
        measure(lines, candidates, rounds)
    whole_runs(1 if options.quick else 3)


if __name__ == "__main__":
    main()
