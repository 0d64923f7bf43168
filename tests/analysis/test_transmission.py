"""How often a child is right when j of its K parents are."""

from __future__ import annotations

import random

from rsa_viz.analysis.intervals import wilson
from rsa_viz.analysis.transmission import Transmission, transmission
from rsa_viz.core.chain import ChainStatus, Verdict
from tests.analysis.drawn import chains_from, random_story


def test_children_are_counted_under_the_number_of_their_right_parents() -> None:
    chains = chains_from("""
        26+       25x       25x       26+
        26+(1,2)  26+(2,3)  25x(2,4)  26+(1,4)
        25x(1,2)  26+(1,3)  26+(3,4)  26+(1,4)
    """)
    # right parents: 2.1 one, 2.2 none, 2.3 one, 2.4 two; 3.1 two, 3.2 one, 3.3 one, 3.4 two
    assert transmission(chains) == (
        Transmission(2, 0, 1, 1, 1.0, *wilson(1, 1)),
        Transmission(2, 1, 4, 3, 0.75, *wilson(3, 4)),
        Transmission(2, 2, 3, 2, 2 / 3, *wilson(2, 3)),
    )


def test_a_number_of_right_parents_that_never_occurred_says_nothing() -> None:
    found = transmission(chains_from("26+ 26+\n26+(1,2)"))
    assert found[0] == Transmission(2, 0, 0, 0, None, 0.0, 1.0)
    assert found[1] == Transmission(2, 1, 0, 0, None, 0.0, 1.0)


def test_a_child_that_lost_a_parent_counts_under_the_smaller_k() -> None:
    found = transmission(chains_from("26+ !\n26+(1,2)"))
    assert found == (Transmission(1, 0, 0, 0, None, 0.0, 1.0), Transmission(1, 1, 1, 1, 1.0, *wilson(1, 1)))


def test_unknown_verdicts_failed_children_and_planned_ones_are_left_out() -> None:
    assert transmission(chains_from("26+ 7? 25x\n26+(1,2) 7?(1,3) !(1,3) .(1,3)")) == ()
    assert transmission([]) == ()


def test_the_counts_agree_with_the_definition() -> None:
    rng = random.Random(31)
    for _ in range(40):
        chains = random_story(rng)
        verdicts = {chain.slot: chain.verdict for chain in chains}
        for one in transmission(chains):
            children = [
                chain
                for chain in chains
                if chain.status is ChainStatus.DONE
                and chain.verdict is not Verdict.UNKNOWN
                and len(chain.available) == one.k
                and [verdicts[parent] for parent in chain.available].count(Verdict.RIGHT) == one.j
                and [verdicts[parent] for parent in chain.available].count(Verdict.WRONG) == one.k - one.j
            ]
            assert one.children == len(children)
            assert one.right == sum(chain.verdict is Verdict.RIGHT for chain in children)
