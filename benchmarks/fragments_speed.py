"""Seconds from the recorded texts of a run to everything that the Fragments page shows.

    python -m benchmarks.fragments_speed [--quick]

Two made populations: 16 x 11 chains of GSM8K length (300 characters), and 64 x 21 of about 2,000 tokens (8,000
characters), whose every fourth line works something out. Children take lines over from their parents with probability
COPIED and write new ones else; the last row lets no line stand twice, the worst case, in which nothing read before
helps. Times are of the processor, in this process alone, nothing warmed up.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from typing import Any

from rsa_viz.analysis.fragments import neutral_spread, spread
from rsa_viz.analysis.painting import painted
from rsa_viz.analysis.rediscovery import first_seen, origins, step_rates
from rsa_viz.analysis.step_keys import step_key
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Verdict
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.strategies import find_strategy
from rsa_viz.figures.fragments import fragments_data, fragments_figure
from rsa_viz.figures.population_beads import population_beads_data, population_beads_figure
from rsa_viz.figures.style import Theme
from rsa_viz.tasks import find_task
from rsa_viz.tasks.equations import _equations

COPIED = 0.7
PROBLEM = Problem("gsm8k", "How many?", "1")
THINGS = ("apples", "marbles", "tickets", "boxes", "pages", "coins")


def line(dice: random.Random, number: int) -> str:
    """A line of a solution; every fourth works something out."""
    thing, one, two = dice.choice(THINGS), dice.randint(2, 4_000), dice.randint(2, 400)
    if number % 4 == 0:
        result = one * two + (dice.random() < 0.05)
        return f"That makes {one} * {two} = {result} {thing} in all of them together."
    return f"We look at the {one} {thing} next, of which {two} were there before, and go on with what is asked."


def population(n: int, k: int, t: int, characters: int, copied: float) -> tuple[list[Chain], dict[Slot, str]]:
    """Done chains and their texts."""
    dice = random.Random(1)
    lines = max(4, characters // 82)
    texts: dict[Slot, list[str]] = {}
    chains = []
    for number, planned in enumerate(find_strategy("rsa").plan(n, k, t, Streams(1, "made"))):
        texts[planned.slot] = [
            texts[dice.choice(planned.parents)][place]
            if planned.parents and dice.random() < copied
            else line(dice, place)
            for place in range(lines)
        ]
        verdict = dice.choice((Verdict.RIGHT, Verdict.WRONG))
        chains.append(
            Chain(
                number, planned.slot, planned.kind, planned.parents, planned.parents, status=ChainStatus.DONE,
                characters=characters, verdict=verdict,
            )
        )  # fmt: skip
    return chains, {slot: "\n".join(found) for slot, found in texts.items()}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    made = work()
    return time.process_time() - begun, made


def measure(name: str, n: int, k: int, t: int, characters: int, copied: float) -> None:
    chains, texts = population(n, k, t, characters, copied)
    task = find_task(PROBLEM.task)
    _equations.cache_clear()
    cut_s, steps = timed(lambda: {slot: task.steps(text, PROBLEM) for slot, text in texts.items()})
    spread_s, found = timed(lambda: spread(chains, steps))

    def inherited() -> None:
        keys = {slot: [step_key(step, texts[slot]) for step in found] for slot, found in steps.items()}
        known, seen = step_rates(chains, keys), first_seen(keys)
        for chain in chains[-n:]:  # one generation, as a page shows at once
            origins(chain, keys, known, seen)
            painted(chain, keys, known)

    inherited_s, _ = timed(inherited)
    band_s, _ = timed(lambda: neutral_spread(chains, found.fragments[0]))

    def drawn() -> int:
        beads = population_beads_figure(population_beads_data(chains, steps, texts), Theme.LIGHT)
        heatmap = fragments_figure(fragments_data(chains, found), Theme.LIGHT)
        return len(beads.to_json()) + len(heatmap.to_json())

    drawn_s, size = timed(drawn)
    total = cut_s + spread_s + inherited_s + band_s + drawn_s
    print(
        f"{name:34} {len(chains):6} {sum(map(len, steps.values())):8} {len(found.fragments):9} {cut_s:6.2f} "
        f"{spread_s:7.2f} {inherited_s:9.2f} {band_s:6.2f} {drawn_s:6.2f} {total:6.2f} {size / 1e6:8.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the small population alone")
    options = parser.parse_args()
    print(f"{'':34} {'':25} seconds to")
    print(f"{'population':34} chains    steps fragments   read  spread inherited   band  drawn  total  MB drawn")
    measure("GSM8K length", 16, 4, 11, 300, COPIED)
    if not options.quick:
        measure("2,000 tokens", 64, 8, 21, 8_000, COPIED)
        measure("2,000 tokens, no line twice", 64, 8, 21, 8_000, 0.0)


if __name__ == "__main__":
    main()
