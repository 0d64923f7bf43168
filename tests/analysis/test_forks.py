"""A run against its forks: what is shared, what differs, and what may be said of it."""

from __future__ import annotations

from dataclasses import replace

from rsa_viz.analysis.forks import branch, left_out, parting, partings_in_words, same_links, same_seeds
from rsa_viz.analysis.generations import by_generation
from rsa_viz.analysis.intervals import newcombe
from rsa_viz.analysis.progress import progress
from rsa_viz.core.chain import Chain, ChainOrigin, Slot
from tests.analysis.drawn import chains_from, changed, plan_from

ORIGINAL = """
    26+      25x      25x
    26+(1,2) 25x(2,3) 26+(3,1)
    26+(1,2) 26+(2,3) 26+(3,1)
"""
FORK = """
    26+      25x      25x
    25x(1,2) 25x(2,3) 26+(3,1)
    25x(1,2) 25x(2,3) 25x(3,1)
"""


def forked(drawing: str, t: int, **fields: object) -> list[Chain]:
    """The drawn run as a fork at generation ``t``."""
    return [
        replace(chain, origin=ChainOrigin.COPIED, copied_from=chain.slot) if chain.slot.t <= t else chain
        for chain in chains_from(drawing, **fields)
    ]


def test_two_runs_are_compared_from_where_they_part() -> None:
    one, other = branch("a", "original", 0, chains_from(ORIGINAL)), branch("b", "fork", 1, forked(FORK, 1))
    assert parting(one, other, 1) is None  # taken over: the same chains
    found = parting(one, other, 2)
    assert found is not None
    assert (found.right, found.of, found.right_original, found.of_original) == (1, 3, 2, 3)
    assert (found.low, found.high) == newcombe(1, 3, 2, 3)
    assert found.difference == 1 / 3 - 2 / 3
    assert same_links(one, other)
    words = partings_in_words(one, other)
    assert "In generation 2, written from the same population, right 1/3 in the fork against 2/3" in words
    assert "this could be noise" in words
    assert "In generation 3, right 0/3 in the fork against 3/3" in words
    assert "One run each is one draw" in words


def test_other_links_are_said_and_what_is_not_there_yet_is_not_compared() -> None:
    original = branch("a", "original", 0, chains_from(ORIGINAL))
    drawn_anew = branch("b", "fork", 1, forked("26+ 25x 25x\n26+(1) 25x(2) 26+(3)\n. . .", 1))
    assert not same_links(original, drawn_anew)
    assert "other parents are drawn" in partings_in_words(original, drawn_anew)
    planned = branch("c", "fork", 1, forked("26+ 25x 25x\n.(1,2) .(2,3) .(3,1)", 1))
    assert partings_in_words(original, planned).startswith("Nothing to compare yet")


def test_a_parent_left_out_is_the_only_difference_that_is_told() -> None:
    """2.1 and 2.3 lack 1.1, and nothing else differs; then 2.2 has another parent too."""
    original = branch("a", "original", 0, chains_from(ORIGINAL))
    without = "26+ 25x 25x\n25x(2) 25x(2,3) 26+(3)\n26+(1,2) 26+(2,3) 26+(3,1)"
    fork = branch("b", "fork", 1, forked(without, 1))
    assert left_out(original, fork) == Slot(1, 1)
    assert "After the fork the same parents are drawn but for chain 1.1." in partings_in_words(original, fork)
    more = branch("c", "fork", 1, forked(without.replace("25x(2,3)", "25x(2,1)"), 1))
    assert left_out(original, more) is None
    assert left_out(original, branch("d", "fork", 1, forked(FORK, 1))) is None, "nothing is left out"


def test_calls_with_the_originals_seeds_are_said_to_be_coupled() -> None:
    original = branch("a", "original", 0, chains_from(ORIGINAL))
    fork = branch("b", "fork", 1, forked(FORK, 1))
    assert same_seeds(original, fork)
    assert "The calls carry the original's seeds" in partings_in_words(original, fork)
    other = branch("c", "fork", 1, forked(FORK, 1, seed=7))
    assert not same_seeds(original, other)
    assert "seeds: a server" not in partings_in_words(original, other)


def test_a_planted_chain_is_never_counted_as_the_models_own() -> None:
    chains = changed(chains_from(ORIGINAL), "1.1", origin=ChainOrigin.PLANTED)
    first, second, _ = by_generation(chains)
    assert (first.planted, first.size, first.done, first.right, first.wrong) == (1, 3, 2, 0, 2)
    assert (first.mean, first.pass_at_n, first.majority_answer, first.distinct) == (0.0, False, "25", 1)
    assert (second.planted, second.right) == (0, 2)
    alone = by_generation(changed(chains_from("26+"), "1.1", origin=ChainOrigin.PLANTED))[0]
    assert (alone.planted, alone.size, alone.done, alone.mean, alone.entropy_bits) == (1, 1, 0, None, None)


def test_the_costs_of_a_run_and_its_fork_count_no_call_twice() -> None:
    original = by_generation(chains_from(ORIGINAL, tokens_in=10, tokens_out=100, latency_s=2.0))
    fork = by_generation(forked(FORK, 2, tokens_in=10, tokens_out=100, latency_s=2.0))
    assert sum(one.tokens_out or 0 for one in (*original, *fork)) == 12 * 100  # 9 of the original, 3 of the fork
    assert [one.tokens_in for one in fork] == [None, None, 30]
    assert [one.seconds for one in fork] == [None, None, 6.0]
    assert [one.right for one in fork] == [1, 1, 0]  # what was taken over counts where it describes the population


def test_progress_counts_what_the_fork_itself_has_to_do() -> None:
    chains = forked(
        "26+ 25x 25x\n26+(1,2) .(2,3) .(3,1)\n.(1,2) .(2,3) .(3,1)", 1, latency_s=1.0, tokens_out=50, ended_at=99.0
    )
    found = progress(chains, [], plan_from(chains), 4, 100.0)
    assert (found.done, found.failed, found.in_flight, found.planned) == (1, 0, 0, 5)
    assert found.tokens_per_second == 25.0  # 50 tokens in the last two seconds, and none that were taken over
    assert Slot(1, 1) not in found.slowest_line
