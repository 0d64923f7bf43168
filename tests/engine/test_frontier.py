"""Which slots may start, in which order, and how long texts are kept."""

from __future__ import annotations

from world import plan_of

from rsa_viz.core.chain import Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.frontier import Frontier

# generation 1    1.1     1.2    1.3
#                  | \   / |
# generation 2    2.1 2.2  2.3          (2.2 has 1.2 and 1.1)
FAN = plan_of({"1.1": (), "1.2": (), "1.3": (), "2.1": ("1.1",), "2.2": ("1.2", "1.1"), "2.3": ("1.2",)})


def test_slots_are_taken_by_generations_to_come_then_children_then_slot_order() -> None:
    frontier = Frontier(FAN, {})
    taken = []
    while frontier.best is not None:
        taken.append(str(frontier.take().planned.slot))
    assert taken == ["1.1", "1.2", "1.3"]
    assert frontier.priority(Slot(1, 1)) == (-1, -2, 1, 1)
    assert frontier.priority(Slot(2, 3)) == (0, 0, 2, 3)


def test_a_child_is_ready_once_its_last_parent_has_ended() -> None:
    frontier = Frontier(FAN, {})
    for _ in range(3):
        frontier.take()
    frontier.end(Slot(1, 1), "one")
    assert frontier.take().planned.slot == Slot(2, 1)
    assert frontier.best is None
    frontier.end(Slot(1, 2), None)
    assert [frontier.take().planned.slot for _ in range(2)] == [Slot(2, 2), Slot(2, 3)]
    assert frontier.candidates(FAN[Slot(2, 2)]) == {Slot(1, 1): "one"}
    assert frontier.candidates(FAN[Slot(2, 3)]) == {}
    assert frontier.left == 4


def test_a_slot_put_back_keeps_its_place_in_the_order() -> None:
    frontier = Frontier(FAN, {})
    frontier.take()
    frontier.put_back(Slot(1, 1))
    assert frontier.take().planned.slot == Slot(1, 1)


def test_a_text_is_dropped_when_its_last_child_has_ended() -> None:
    frontier = Frontier(FAN, {Slot(1, 1): "one", Slot(1, 2): "two", Slot(1, 3): "childless"})
    assert set(frontier._texts) == {Slot(1, 1), Slot(1, 2)}
    frontier.end(Slot(2, 1), "x")
    assert set(frontier._texts) == {Slot(1, 1), Slot(1, 2)}
    frontier.end(Slot(2, 2), "x")
    assert set(frontier._texts) == {Slot(1, 2)}
    frontier.end(Slot(2, 3), "x")
    assert (frontier._texts, frontier.left) == ({}, 0)


def test_a_resumed_run_keeps_only_texts_that_an_open_child_needs() -> None:
    class Reading(dict[Slot, str | None]):
        """Which texts were read."""

        def __getitem__(self, slot: Slot) -> str | None:
            read.add(slot)
            return super().__getitem__(slot)

    read: set[Slot] = set()
    plan = find_strategy("rsa").plan(4, 2, 10, Streams(1, "p"))
    Frontier(plan, Reading({chain.slot: "text" for chain in plan if chain.slot.t <= 8}))
    assert read
    assert {slot.t for slot in read} == {8}


def test_a_frontier_follows_the_width_of_a_plan_and_not_its_length() -> None:
    plan = find_strategy("rsa").plan(64, 8, 160, Streams(1, "p"))
    frontier = Frontier(plan, {})
    most = 0
    while frontier.best is not None:
        frontier.end(frontier.take().planned.slot, "text")
        most = max(most, len(frontier._texts))
    assert (len(plan), frontier.left) == (10_240, 0)
    assert most <= 2 * 64
