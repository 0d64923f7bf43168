"""Copy or synthesis, its course, and the prompt positions as pictures: by hand."""

from __future__ import annotations

import pytest

from rsa_viz.analysis.inheritance import inherited_by
from rsa_viz.analysis.positions import position_evidence
from rsa_viz.analysis.synthesis import Taken, copy_or_synthesis
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.figures.positions import positions_data, positions_figure
from rsa_viz.figures.style import SYMBOLS, Theme
from rsa_viz.figures.synthesis import synthesis_data, synthesis_figure
from rsa_viz.figures.synthesis_course import synthesis_course_data, synthesis_course_figure
from tests.analysis.drawn import chains_from

CHAINS = chains_from("""
    7+      8x
    7+(1,2) 9x(1,2) 7+(2,1)
    7+(1,3)
""")
KEYS = {
    "1.1": "a b c d", "1.2": "e f g h", "2.1": "a b c d", "2.2": "X Y Z", "2.3": "a b e f", "3.1": "a b V W",
}  # fmt: skip


def _took(chains: list[Chain]) -> tuple[Taken, ...]:
    keys = {Slot.parse(name): [f"text {step}" for step in line.split()] for name, line in KEYS.items()}
    return copy_or_synthesis(chains, inherited_by(chains, keys))


def test_the_caption_counts_the_kinds_and_how_many_of_each_are_right() -> None:
    data = synthesis_data(CHAINS, _took(CHAINS))
    assert data.caption == (
        "4 children of all generations: clone 1 (25 %), synthesis 1 (25 %), rewrite 1 (25 %) and drift 1 (25 %). "
        "Right: clone 1/1, synthesis 1/1, rewrite 1/1 and drift 0/1. Most parents, 2, were used by chain 2.3. The "
        "first that drifted is chain 2.2. A step counts for every parent in which it stands most alike. "
        "Similarity, not proof."
    )
    assert synthesis_data(CHAINS, _took(CHAINS), 3).caption.startswith("1 child of generation 3: clone 0 (0 %), ")
    assert synthesis_data(CHAINS, ()).caption == "No child with steps yet, so nothing is copied."


def test_every_child_is_one_mark_in_the_field_of_its_kind() -> None:
    data = synthesis_data(CHAINS, _took(CHAINS), chosen=Slot(2, 3))
    figure = synthesis_figure(data, Theme.LIGHT)
    fields = {
        note.text.split("<b>")[1].split()[0]: shape
        for note, shape in zip(figure.layout.annotations, figure.layout.shapes, strict=True)
    }
    assert set(fields) == {"clone", "drift", "rewrite", "synthesis"}
    marks = {
        mark[1]: (x, y, hover, trace.marker.symbol)
        for trace in figure.data
        if trace.hoverinfo == "text"
        for mark, x, y, hover in zip(trace.customdata, trace.x, trace.y, trace.hovertext, strict=True)
    }
    assert set(marks) == {"2.1", "2.2", "2.3", "3.1"}
    for slot, kind in (("2.1", "clone"), ("2.2", "drift"), ("2.3", "synthesis"), ("3.1", "rewrite")):
        x, y, _, _ = marks[slot]
        field = fields[kind]
        assert field.x0 < x < field.x1
        assert field.y0 <= y <= field.y1
    assert [marks[slot][1] for slot in ("2.1", "2.2", "2.3", "3.1")] == pytest.approx([1, 0, 0.5, 0.5])
    assert marks["2.3"][2] == (
        "chain 2.3 · ● right<br>synthesis<br>50 % of its 4 steps stand in chain 1.2<br>2 parents used, 2.0 donors in "
        "effect<br>its answer is that of a parent"
    )
    assert marks["2.2"][2].endswith(
        "drift<br>none of its 3 steps stands in a parent<br>0 parents used, 0.0 donors in effect<br>"
        "no parent gives its answer"
    )
    assert {slot: mark[3] for slot, mark in marks.items()}["2.2"] == list(SYMBOLS.values())[1]
    (ring,) = (trace for trace in figure.data if trace.name == "chosen")
    assert (ring.x[0], ring.y[0]) == marks["2.3"][:2]


def test_marks_of_one_place_lie_beside_each_other_and_near_it() -> None:
    chains = chains_from("7+ 8x\n" + " ".join(["7+(1,2)"] * 150))
    keys = {Slot(1, 1): ["text a"], Slot(1, 2): ["text b"], **{Slot(2, i): ["text a"] for i in range(1, 151)}}
    figure = synthesis_figure(synthesis_data(chains, copy_or_synthesis(chains, inherited_by(chains, keys))), Theme.DARK)
    (marks,) = (trace for trace in figure.data if trace.hoverinfo == "text")
    assert len(set(zip(marks.x, marks.y, strict=True))) > 75
    assert all(abs(y - 1) < 0.12 for y in marks.y)


def test_by_generation_kinds_are_stacked_and_a_click_opens_the_first_of_its_kind() -> None:
    data = synthesis_course_data(CHAINS, _took(CHAINS))
    assert data.caption == (
        "From generation 2 to generation 3: 1/3 clones, 1/3 syntheses → 0/1 clones, 0/1 syntheses. In generation 3 "
        "half of the children have 2.0 to 2.0 donors in effect (median 2.0), and 1.0 parents used on average. Of a "
        "step that stands in several parents each counts as its donor, so alike parents make many donors."
    )
    figure = synthesis_course_figure(data, Theme.LIGHT)
    bars = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    assert {name: (list(bar.x), list(bar.y)) for name, bar in bars.items()} == {
        "clone": ([2], [1]), "synthesis": ([2], [1]), "rewrite": ([3], [1]), "drift": ([2], [1]),
    }  # fmt: skip
    assert [mark[1] for mark in bars["synthesis"].customdata] == ["2.3"]
    lines = {trace.name: list(trace.y) for trace in figure.data if trace.name in ("donors in effect", "parents used")}
    assert lines == {"donors in effect": [1.0, 2.0], "parents used": [1.0, 1.0]}


def test_dots_with_intervals_stand_against_the_line_without_bias() -> None:
    chains = chains_from("7? 8?\n" + " ".join(["7?(1,2)"] * 15 + ["8?(1,2)"] * 5))
    data = positions_data(chains, position_evidence(chains, {}))
    assert data.caption == (
        "Of the answers that 20 children took over, position 1 gave most, 75 %, and position 2 least, 25 %; if the "
        "place did not matter, each would give 50 %. This is more than noise (p = 0.025). Similarity, not proof."
    )
    dots, line = positions_figure(data, Theme.LIGHT).data
    assert list(dots.y) == [0.75, 0.25]
    half = 2.093024 * (0.1875 * 20 / 19) ** 0.5 / 20**0.5
    assert list(dots.error_y.array) == pytest.approx([half, half], abs=1e-4)
    assert list(line.y) == [0.5, 0.5]
    assert [tuple(mark) for mark in dots.customdata] == [(3, "2.1")] * 2


def test_children_with_another_number_of_parents_are_counted() -> None:
    chains = chains_from("7? 8? 9?\n7?(1,2) 8?(1,2) 9?(1,2,3)")
    data = positions_data(chains, position_evidence(chains, {}))
    assert (data.k, data.measures[0].children) == (2, 2)
    assert "1 child with another number of parents are left out." in data.caption
