"""The genealogy as a graph and its filtered views."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping

import pytest

from rsa_viz.analysis.genealogy import (
    Link,
    LinkView,
    ancestry,
    descendants,
    dominant_donors,
    equal_shares,
    genealogy_graph,
    links_above,
)
from rsa_viz.core.chain import Chain, Slot
from tests.analysis.drawn import chains_from, random_story, slots

DIAMOND = """
    1+      2x      3x
    1+(1,2) 2x(2,1) 3x(3,2)
    1+(1,2) 2x(3,1)
"""
SHARES = {
    (Slot(2, 1), Slot(1, 1)): 0.75,
    (Slot(2, 1), Slot(1, 2)): 0.25,
    (Slot(2, 2), Slot(1, 2)): 0.5,
    (Slot(2, 2), Slot(1, 1)): 0.5,
    (Slot(2, 3), Slot(1, 3)): 0.125,
    (Slot(2, 3), Slot(1, 2)): 0.0,
    (Slot(3, 1), Slot(2, 1)): 0.5,
    (Slot(3, 1), Slot(2, 2)): 0.25,
    (Slot(3, 2), Slot(2, 3)): 1.0,
}


def test_the_graph_holds_every_chain_and_link_with_its_position() -> None:
    graph = genealogy_graph(chains_from("1+ ! .\n1+(2,1) .(1,3)"))
    assert set(graph) == set(slots("1.1", "1.2", "1.3", "2.1", "2.2"))
    assert graph.nodes[Slot(1, 2)] == {
        "chain_id": 2, "t": 1, "i": 2, "kind": "sample", "status": "failed", "verdict": "unknown", "answer": None,
        "answer_key": None,
    }  # fmt: skip
    assert {(parent, child): data for parent, child, data in graph.edges(data=True)} == {
        (Slot(1, 2), Slot(2, 1)): {"position": 1, "available": False},
        (Slot(1, 1), Slot(2, 1)): {"position": 2, "available": True},
        (Slot(1, 1), Slot(2, 2)): {"position": 1, "available": True},
        (Slot(1, 3), Slot(2, 2)): {"position": 2, "available": True},
    }


def test_no_chain_is_a_graph_without_nodes_and_views_without_links() -> None:
    assert len(genealogy_graph([])) == 0
    assert links_above([], {}) == dominant_donors([], {}) == LinkView((), 0, {})
    assert ancestry([], Slot(1, 1), {}) == descendants([], Slot(1, 1), {}) == LinkView((), 0, {})


def test_one_chain_is_its_own_ancestry() -> None:
    assert ancestry(chains_from("1+"), Slot(1, 1), {}) == LinkView((), 0, {Slot(1, 1): 1.0})


def test_equal_shares_are_one_over_the_parents_in_the_prompt() -> None:
    shares = equal_shares(chains_from("1+ ! 3x\n1+(1,2,3) .(1,2,3)"))
    assert shares == {
        (Slot(2, 1), Slot(1, 1)): 1 / 2,
        (Slot(2, 1), Slot(1, 3)): 1 / 2,
        (Slot(2, 2), Slot(1, 1)): 1 / 3,
        (Slot(2, 2), Slot(1, 2)): 1 / 3,
        (Slot(2, 2), Slot(1, 3)): 1 / 3,
    }


def test_weights_multiply_along_paths_and_add_over_them() -> None:
    view = ancestry(chains_from(DIAMOND), Slot(3, 1), SHARES)
    assert view.weights == {
        Slot(1, 1): 0.5 * 0.75 + 0.25 * 0.5,
        Slot(1, 2): 0.5 * 0.25 + 0.25 * 0.5,
        Slot(2, 1): 0.5,
        Slot(2, 2): 0.25,
        Slot(3, 1): 1.0,
    }
    assert list(view.weights) == sorted(view.weights)
    assert view.links == (
        Link(Slot(1, 1), Slot(2, 1), 0.75),
        Link(Slot(1, 2), Slot(2, 1), 0.25),
        Link(Slot(1, 2), Slot(2, 2), 0.5),
        Link(Slot(1, 1), Slot(2, 2), 0.5),
        Link(Slot(2, 1), Slot(3, 1), 0.5),
        Link(Slot(2, 2), Slot(3, 1), 0.25),
    )
    assert (view.shown, view.total) == (6, 10)


def test_only_links_of_at_least_the_given_share_are_followed() -> None:
    view = ancestry(chains_from(DIAMOND), Slot(3, 1), SHARES, least=0.5)
    assert view.links == (Link(Slot(1, 1), Slot(2, 1), 0.75), Link(Slot(2, 1), Slot(3, 1), 0.5))
    assert view.weights == {Slot(1, 1): 0.375, Slot(2, 1): 0.5, Slot(3, 1): 1.0}


def test_a_link_without_a_share_is_not_followed() -> None:
    view = ancestry(chains_from(DIAMOND), Slot(3, 2), SHARES)
    assert view.weights == {Slot(1, 3): 0.125, Slot(2, 3): 1.0, Slot(3, 2): 1.0}


def test_descent_weighs_how_much_of_a_chain_is_in_whom() -> None:
    view = descendants(chains_from(DIAMOND), Slot(1, 2), SHARES)
    assert view.weights == {Slot(1, 2): 1.0, Slot(2, 1): 0.25, Slot(2, 2): 0.5, Slot(3, 1): 0.5 * 0.25 + 0.25 * 0.5}
    assert [(str(link.parent), str(link.child)) for link in view.links] == [
        ("1.2", "2.1"),
        ("1.2", "2.2"),
        ("2.1", "3.1"),
        ("2.2", "3.1"),
    ]


def test_a_slot_that_is_not_there_has_an_empty_view() -> None:
    chains = chains_from(DIAMOND)
    assert ancestry(chains, Slot(9, 9), SHARES) == descendants(chains, Slot(9, 9), SHARES) == LinkView((), 10, {})


def test_every_child_keeps_its_largest_donor_and_of_equal_ones_the_first_in_the_prompt() -> None:
    view = dominant_donors(chains_from(DIAMOND), SHARES)
    assert [(str(link.parent), str(link.child)) for link in view.links] == [
        ("1.1", "2.1"),
        ("1.2", "2.2"),
        ("1.3", "2.3"),
        ("2.1", "3.1"),
        ("2.3", "3.2"),
    ]
    assert (view.shown, view.total) == (5, 10)


def test_a_child_with_nothing_from_anybody_has_no_donor() -> None:
    assert dominant_donors(chains_from("1+ 2x\n3x(1,2)"), {}) == LinkView((), 2, {})


def test_links_above_a_share_are_shown_of_all() -> None:
    chains = chains_from(DIAMOND)
    assert links_above(chains, SHARES).shown == 10
    assert [link.share for link in links_above(chains, SHARES, 0.5).links] == [0.75, 0.5, 0.5, 0.5, 1.0]


def slow_weight(chains: Mapping[Slot, Chain], slot: Slot, ancestor: Slot, shares: Mapping, least: float) -> float:
    """From the definition: the sum over paths of the product of shares, path by path."""
    if slot == ancestor:
        return 1.0
    return sum(
        share * slow_weight(chains, parent, ancestor, shares, least)
        for parent in chains[slot].parents
        if (share := shares.get((slot, parent), 0.0)) > 0 and share >= least
    )


def test_weights_agree_with_the_sum_over_paths_in_both_directions() -> None:
    rng = random.Random(41)
    for _ in range(20):
        chains = random_story(rng)
        known = {chain.slot: chain for chain in chains}
        shares = {link: rng.choice((0.0, 0.1, 0.3, 0.6)) for link in equal_shares(chains)}
        for least in (0.0, 0.25):
            views = {slot: ancestry(chains, slot, shares, least).weights for slot in known}
            for slot in known:
                for other in known:
                    expected = slow_weight(known, slot, other, shares, least)
                    assert views[slot].get(other, 0.0) == pytest.approx(expected, abs=1e-12)
                below = descendants(chains, slot, shares, least).weights
                assert below == pytest.approx({heir: view[slot] for heir, view in views.items() if slot in view})


def test_with_equal_shares_each_generation_of_ancestors_weighs_one() -> None:
    rng = random.Random(43)
    rows = [" ".join("1+" for _ in range(8))]
    rows += [" ".join("1+(" + ",".join(map(str, rng.sample(range(1, 9), 3))) + ")" for _ in range(8)) for _ in range(5)]
    chains = chains_from("\n".join(rows))
    weights = ancestry(chains, Slot(6, 1), equal_shares(chains)).weights
    for t in range(1, 7):
        assert sum(weight for slot, weight in weights.items() if slot.t == t) == pytest.approx(1.0)


def test_ten_thousand_links_are_filtered_in_well_under_a_second() -> None:
    rng = random.Random(47)
    row = " ".join("1+" for _ in range(64))
    rows = [row] + [
        " ".join("1+(" + ",".join(map(str, rng.sample(range(1, 65), 8))) + ")" for _ in range(64)) for _ in range(20)
    ]
    chains = chains_from("\n".join(rows))
    shares = equal_shares(chains)
    start = time.process_time()
    view = ancestry(chains, Slot(21, 1), shares)
    dominant_donors(chains, shares)
    links_above(chains, shares, 0.1)
    assert genealogy_graph(chains).number_of_edges() == view.total == 10_240
    assert time.process_time() - start < 1.0
