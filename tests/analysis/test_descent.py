"""The line of descent of one chain, and where the steps of a generation first stood."""

from __future__ import annotations

import random

import pytest

from rsa_viz.analysis.descent import came_down, line_of_descent, origins, passed
from rsa_viz.analysis.genealogy import Link, LinkView, ancestry, descendants, equal_shares
from rsa_viz.core.chain import ChainStatus, Slot
from tests.analysis.drawn import chains_from, random_story, slots

STORY = """
    1+        2x        3x
    1+(1,2)   2x(2,3)   3x(3,2)
    1+(1,2)   2x(3,1)   3x(3,2)
    .(1,2)    .(2,3)    .(3,1)
"""
"""The shares, child by child (what is missing is new in the child)::

    1.1 ─.50─ 2.1 ─.50─ 3.1
    1.2 ─.25─ 2.1
    1.2 ─.50─ 2.2 ─.25─ 3.1
    1.3 ─.40─ 2.2
    1.3 ─.80─ 2.3 ─.90─ 3.2
              2.1 ─.10─ 3.2
              2.3 ─1.0─ 3.3
"""
S = Slot.parse
SHARES = {
    (S("2.1"), S("1.1")): 0.5,
    (S("2.1"), S("1.2")): 0.25,
    (S("2.2"), S("1.2")): 0.5,
    (S("2.2"), S("1.3")): 0.4,
    (S("2.3"), S("1.3")): 0.8,
    (S("3.1"), S("2.1")): 0.5,
    (S("3.1"), S("2.2")): 0.25,
    (S("3.2"), S("2.3")): 0.9,
    (S("3.2"), S("2.1")): 0.1,
    (S("3.3"), S("2.3")): 1.0,
}


def _links(view: LinkView) -> set[str]:
    return {f"{link.parent}>{link.child}" for link in view.links}


def test_an_ancestor_has_one_link_down_the_one_through_which_most_of_the_chain_came() -> None:
    view = line_of_descent(chains_from(STORY), S("3.1"), SHARES)
    assert _links(view) == {"1.1>2.1", "1.2>2.1", "1.3>2.2", "2.1>3.1", "2.2>3.1"}, "1.2: .125 by either; the first"
    assert view.weights == pytest.approx(
        {S("1.1"): 0.25, S("1.2"): 0.25, S("1.3"): 0.1, S("2.1"): 0.5, S("2.2"): 0.25, S("3.1"): 1.0}
    )
    assert view.total == 18


def test_a_descendant_has_one_link_up_the_one_through_which_most_of_it_came() -> None:
    view = line_of_descent(chains_from(STORY), S("1.2"), SHARES)
    assert _links(view) == {"1.2>2.1", "1.2>2.2", "2.1>3.1", "2.1>3.2"}, "3.1 has .125 by both; the first"
    assert view.weights == pytest.approx(
        {S("1.2"): 1.0, S("2.1"): 0.25, S("2.2"): 0.5, S("3.1"): 0.25, S("3.2"): 0.025}
    )


def test_what_has_too_little_is_left_out_with_all_that_hangs_on_it_alone() -> None:
    view = line_of_descent(chains_from(STORY), S("1.2"), SHARES, least=0.1)
    assert set(view.weights) == set(slots("1.2", "2.1", "2.2", "3.1"))
    assert _links(line_of_descent(chains_from(STORY), S("2.1"), SHARES, least=0.3)) == {"1.1>2.1", "2.1>3.1"}


def test_a_chain_that_nobody_has_has_itself() -> None:
    assert line_of_descent(chains_from(STORY), S("4.1"), SHARES) == LinkView((), 18, {S("4.1"): 1.0})
    assert line_of_descent(chains_from(STORY), S("9.9"), SHARES) == LinkView((), 18, {})
    assert line_of_descent([], S("1.1"), {}) == LinkView((), 0, {})


def test_what_came_down_weakly_is_cut_with_what_hangs_on_it() -> None:
    view = came_down(chains_from(STORY), S("3.1"), SHARES, least=0.2)
    assert _links(view) == {"1.1>2.1", "2.1>3.1", "2.2>3.1"}
    assert passed(Link(S("1.1"), S("2.1"), 0.5), view.weights, S("3.1")) == 0.25


def test_every_step_first_stood_somewhere() -> None:
    first = origins(chains_from(STORY), 3, SHARES)
    assert first == pytest.approx(
        {
            S("1.3"): (0.25 * 0.4 + 0.9 * 0.8 + 0.8) / 3,
            S("1.1"): (0.5 * 0.5 + 0.1 * 0.5) / 3,
            S("1.2"): (0.5 * 0.25 + 0.25 * 0.5 + 0.1 * 0.25) / 3,
            S("2.3"): (0.9 * 0.2 + 0.2) / 3,
            S("2.1"): (0.5 * 0.25 + 0.1 * 0.25) / 3,
            S("2.2"): 0.25 * 0.1 / 3,
            S("3.1"): 0.25 / 3,
        }
    )
    assert list(first) == list(slots("1.3", "2.3", "1.1", "1.2", "3.1", "2.1", "2.2")), "the largest share first"
    assert sum(first.values()) == pytest.approx(1.0)
    assert origins(chains_from(STORY), 4, SHARES) == {}, "nothing of generation 4 is done"
    assert origins(chains_from(STORY), 1, SHARES) == pytest.approx(dict.fromkeys(slots("1.1", "1.2", "1.3"), 1 / 3))


def test_trees_and_origins_agree_with_their_definitions_on_random_stories() -> None:
    rng = random.Random(53)
    for _ in range(30):
        chains = random_story(rng)
        done = [chain.slot for chain in chains if chain.status is ChainStatus.DONE]
        shares = {link: share * rng.choice((0.0, 0.5, 1.0)) for link, share in equal_shares(chains).items()}
        last = max(slot.t for slot in done)
        views = [ancestry(chains, slot, shares).weights for slot in done if slot.t == last]
        first = origins(chains, last, shares)
        for founder in (chain.slot for chain in chains if chain.slot.t == 1):
            mean = sum(view.get(founder, 0.0) for view in views) / len(views)
            assert first.get(founder, 0.0) == pytest.approx(mean, abs=1e-9)
        slot, least = rng.choice(done), rng.choice((0.0, 0.1, 0.3))
        tree = line_of_descent(chains, slot, shares, least)
        above, below = ancestry(chains, slot, shares), descendants(chains, slot, shares)
        assert len(tree.links) == len(tree.weights) - 1, "one link each, and the chosen chain has none"
        assert all({link.parent, link.child} <= set(tree.weights) for link in tree.links)
        down = {link.child: link for link in tree.links if link.parent >= slot}
        for heir, weight in below.weights.items():  # a part of a child is never more than of one of its parents
            assert (heir in tree.weights) == (weight >= least or heir == slot)
            if heir != slot and heir in down:
                ways = [
                    link.share * below.weights[link.parent]
                    for link in below.links
                    if link.child == heir and link.parent in tree.weights
                ]
                assert down[heir].share * below.weights[down[heir].parent] == pytest.approx(max(ways))
        for one in set(tree.weights) - set(below.weights):
            assert above.weights[one] >= least
