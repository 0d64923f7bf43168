"""The tree of main donors: its ties, its roots, its lines and the rows in which it is drawn."""

from __future__ import annotations

import random

from rsa_viz.analysis.donor_tree import DonorTree, donor_tree, surviving
from rsa_viz.analysis.genealogy import LinkView, equal_shares
from rsa_viz.core.chain import Slot
from tests.analysis.drawn import chains_from, random_story

S = Slot.parse
STORY = """
    1+      2x      3x
    1+(3,1) 2x(1,2) 3x(1,2)
    1+(3,1) 2x(2,1) 4x(1,2)
"""
SHARES = {
    (S("2.1"), S("1.3")): 0.6,
    (S("2.1"), S("1.1")): 0.4,
    (S("2.2"), S("1.1")): 0.5,  # as much as 1.2 gave: the first in the prompt
    (S("2.2"), S("1.2")): 0.5,
    (S("3.1"), S("2.3")): 0.25,
    (S("3.1"), S("2.1")): 0.75,
    (S("3.2"), S("2.2")): 1.0,
}


def test_ties_founders_and_rows_by_hand() -> None:
    tree = donor_tree(chains_from(STORY), SHARES)
    assert [(str(link.parent), str(link.child)) for link in tree.view.links] == [
        ("1.3", "2.1"),
        ("1.1", "2.2"),
        ("2.1", "3.1"),
        ("2.2", "3.2"),
    ]
    assert {str(link.child) for link in tree.tied} == {"2.2"}
    assert {str(slot): str(root) for slot, root in tree.roots.items()} == {
        "1.1": "1.1", "1.2": "1.2", "1.3": "1.3", "2.1": "1.3", "2.2": "1.1", "2.3": "2.3", "3.1": "1.3",
        "3.2": "1.1", "3.3": "3.3",
    }  # fmt: skip
    # 2.2 hangs on row 1, 2.1 on row 3, 2.3 on nothing; 3.2 on row 1 then, 3.1 on row 2
    rows = {str(slot): row for slot, row in tree.rows.items()}
    assert rows == {"1.1": 1, "1.2": 2, "1.3": 3, "2.2": 1, "2.1": 2, "2.3": 3, "3.2": 1, "3.1": 2, "3.3": 3}


def test_a_line_goes_back_to_the_founder_and_heirs_hang_below() -> None:
    tree = donor_tree(chains_from(STORY), SHARES)
    assert [f"{link.parent}>{link.child}" for link in tree.line(S("3.1"))] == ["1.3>2.1", "2.1>3.1"]
    assert tree.line(S("1.3")) == ()
    assert [f"{link.parent}>{link.child}" for link in tree.heirs(S("1.1"))] == ["1.1>2.2", "2.2>3.2"]
    assert tree.heirs(S("3.3")) == ()


def test_those_whose_line_reached_the_last_generation_survive() -> None:
    chains = chains_from(STORY)
    assert surviving(chains, donor_tree(chains, SHARES)) == {S("1.1"): 1, S("1.3"): 1, S("3.3"): 1}
    assert list(surviving(chains, donor_tree(chains, SHARES))) == [S("1.1"), S("1.3"), S("3.3")]


def test_nothing_is_an_empty_tree_and_shares_of_nothing_are_founders_only() -> None:
    assert donor_tree([], {}) == DonorTree(LinkView((), 0, {}), frozenset(), {}, {})
    assert surviving([], donor_tree([], {})) == {}
    alone = donor_tree(chains_from("1+ 2x\n3x(1,2)"), {})
    assert alone.view.links == ()
    assert all(slot == root for slot, root in alone.roots.items())


def test_equal_shares_are_ties_however_they_were_added_up() -> None:
    chains = chains_from("1+ 2x\n3x(1,2)")
    tree = donor_tree(chains, {(S("2.1"), S("1.1")): 0.1 + 0.2, (S("2.1"), S("1.2")): 0.3})
    assert len(tree.tied) == 1


def test_no_two_links_cross_and_lines_agree_with_a_walk_from_parent_to_parent() -> None:
    rng = random.Random(71)
    for _ in range(30):
        chains = random_story(rng, n=8, t=5)
        shares = {link: rng.choice((0.0, 0.2, 0.2, 0.5)) for link in equal_shares(chains)}
        tree = donor_tree(chains, shares)
        for one in tree.view.links:
            for other in tree.view.links:
                if one.child.t == other.child.t and tree.rows[one.parent] < tree.rows[other.parent]:
                    assert tree.rows[one.child] < tree.rows[other.child]
        for t in {slot.t for slot in tree.rows}:
            here = sorted(row for slot, row in tree.rows.items() if slot.t == t)
            assert here == list(range(1, len(here) + 1))
        donors = {link.child: link.parent for link in tree.view.links}
        for slot in tree.rows:
            walk = [slot]
            while walk[-1] in donors:
                walk.append(donors[walk[-1]])
            assert tree.roots[slot] == walk[-1]
            assert [link.child for link in tree.line(slot)] == list(reversed(walk[:-1]))
            heirs = {link.child for link in tree.heirs(slot)}
            assert heirs == {other for other in tree.rows if slot in {link.parent for link in tree.line(other)}}
