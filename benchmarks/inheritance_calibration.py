"""What is told of inheritance against what is true, on populations of which the truth is known.

    python -m benchmarks.inheritance_calibration [--quick]

The populations are those of ``tests.analysis.made_children``: children that write one of four solutions anew, say
nothing, take one parent over whole or take their lines from two. Of every step that stands in a parent the table has
the mean of P(inherited), where it is told, beside the share that was copied; ``error`` is the largest difference in one
population. A second table is of single results that are copied each by itself with the chance h. A third is of children
none of which writes anything anew, and of the parents that are credited with their steps: precision is the share of the
credited steps, recall that of the copied ones, for which the parent from whom it was copied is among those, and credit
how much of a step it gets, since equal parents share it.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Mapping
from dataclasses import replace

from rsa_viz.analysis.inheritance import inherited_by
from rsa_viz.analysis.painting import painted
from rsa_viz.analysis.rediscovery import rates, step_rates
from rsa_viz.analysis.step_keys import StepKey, step_key
from rsa_viz.core.chain import Slot
from tests.analysis.made_children import (
    ALONE,
    HALF,
    RECOMBINING,
    REWORDING,
    Made,
    Manner,
    Wording,
    made,
    single_results,
)

MANNERS = {
    "clones and recombination": RECOMBINING,
    "the same, 80 % of lines reworded": REWORDING,
    "half of the children written anew": HALF,
    "no inheritance at all": ALONE,
}
SIZES = ((16, 4, 10), (8, 2, 6), (4, 2, 3))


def keys_of(one: Made) -> Mapping[Slot, list[StepKey]]:
    """The keys of all steps."""
    return {slot: [step_key(step, one.texts[slot]) for step in found] for slot, found in one.steps.items()}


def told(one: Made) -> tuple[int, int, float, int]:
    """Of one population: the steps that stand in a parent, those of which it is told, the sum of what is told of them,
    and how many of these were copied."""
    keys = keys_of(one)
    known = step_rates(one.chains, keys)
    standing = said = copied = 0
    claimed = 0.0
    for chain in one.chains:
        for step, donor in zip(painted(chain, keys, known), one.donors[chain.slot], strict=True):
            standing += bool(step.donors)
            if step.donors and step.probability is not None:
                said, claimed, copied = said + 1, claimed + step.probability, copied + (donor is not None)
    return standing, said, claimed, copied


def credited(one: Made) -> tuple[int, float, int, int]:
    """Of one population: of how many steps the parent from whom each was copied is among those that are credited, how
    much of the credit it got, and the numbers of credited and of copied steps."""
    found = inherited_by(one.chains, keys_of(one))
    hit = steps = copied = 0
    credit = 0.0
    for slot, inheritance in found.items():
        for carriers, donor in zip(inheritance.carriers, one.donors[slot], strict=True):
            steps += bool(carriers)
            copied += donor is not None
            hit += donor in carriers
            credit += 1 / len(carriers) if donor in carriers else 0.0
    return hit, credit, steps, copied


def by_manner(name: str, manner: Manner, seeds: int) -> None:
    for wording in Wording:
        for n, k, t in SIZES:
            # Small runs vary more, so there are more of them.
            rows = [told(made(seed, manner, wording, n=n, k=k, t=t)) for seed in range(seeds * 16 // n)]
            standing, said, claimed, copied = (sum(column) for column in zip(*rows, strict=True))
            errors = [abs(c - true) / number for _, number, c, true in rows if number]
            figures = f"{claimed / said:8.2f} {copied / said:6.2f} {max(errors):7.2f}" if said else ""
            print(
                f"{name:34} {wording.value:6} {n:3}/{k}/{t:<3} {len(rows):5} {standing:7,} {1 - said / standing:8.0%} "
                f"{figures}"
            )


def single(h: float, n: int, k: int, t: int, seeds: int) -> None:
    ratios, naive = [], []
    for seed in range(seeds):
        chains, stated, copies = single_results(seed, n, k, t, h)
        found = rates(chains, stated)
        ratios.append((found.copied or 0.0) * found.exposed / copies)
        naive.append(found.present / copies)
    print(
        f"{h:5} {n:3}/{k}/{t:<3} {seeds:5} {statistics.mean(ratios):7.2f} ± {statistics.pstdev(ratios):.2f} "
        f"{statistics.mean(naive):10.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few populations of each kind")
    seeds = 3 if parser.parse_args().quick else 10
    columns = f"{'steps':>7} {'not told':>8} {'told':>8} {'true':>6} {'error':>7}"
    print(f"{'children':34} {'words':6} {'N/K/T':9} {'runs':>5} {columns}")
    for name, manner in MANNERS.items():
        by_manner(name, manner, seeds)
    print(f"\n{'h':>5} {'N/K/T':9} {'runs':>5} {'told / true':>14} {'every match':>10}")
    for h in (0.1, 0.2, 0.5, 0.8):
        single(h, 16, 4, 10, seeds)
    single(0.2, 8, 2, 6, seeds)
    print(f"\n{'children':34} {'words':6} {'steps':>7} {'precision':>9} {'recall':>7} {'credit':>7}")
    for name, manner in list(MANNERS.items())[:2]:
        for wording in Wording:
            rows = [credited(made(seed, replace(manner, anew=0.0, silent=0.0), wording)) for seed in range(seeds)]
            hit, credit, steps, copied = (sum(column) for column in zip(*rows, strict=True))
            print(
                f"{name:34} {wording.value:6} {copied:7,} {hit / steps:9.3f} {hit / copied:7.3f} {credit / copied:7.2f}"
            )


if __name__ == "__main__":
    main()
