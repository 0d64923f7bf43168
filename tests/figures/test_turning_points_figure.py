"""The turning points of the right answer as a picture, on a population drawn by hand."""

from __future__ import annotations

import pytest

from rsa_viz.figures.style import Theme
from rsa_viz.figures.turning_points import turning_points_data, turning_points_figure
from tests.analysis.drawn import chains_from

STORY = """
    26+       25x       26+       25x       25x
    26+(1,2)  26+(1,3)  26+(2,3)  25x(4,5)  25x(1,5)
    25x(1,2)  25x(3,4)  25x(1,5)  7x(4,5)   !(2,4)
    26+(1,4)  25x(1,2)  25x(2,3)  -x(3,4)   25x(4,5)
"""


def test_the_lines_are_right_chains_and_the_most_common_other_answer() -> None:
    figure = turning_points_figure(turning_points_data(chains_from(STORY)), Theme.LIGHT)
    other, right = figure.data[:2]
    assert (list(right.x), list(right.y)) == ([1, 2, 3, 4], [2, 3, 0, 1])
    assert list(other.y) == [3, 2, 3, 3]
    assert "the most common other answer: 3" in other.hovertext[2]
    assert [note.text for note in figure.layout.annotations] == [
        "● right<br>1 of 5",
        "✕ most common<br>other answer: 3",
    ]


def test_every_turning_point_has_a_mark_that_stands_for_its_generation() -> None:
    figure = turning_points_figure(turning_points_data(chains_from(STORY)), Theme.DARK)
    marks = {trace.name: (list(trace.x), trace.hovertext[0]) for trace in figure.data[2:]}
    assert marks == {
        "vote won": ([2], "generation 2<br>the right answer won the vote"),
        "died": ([3], "generation 3<br>the right answer died<br>the right answer lost the vote"),
        "came back": ([4], "generation 4<br>the right answer came back"),
    }
    assert [trace.customdata[0][1] for trace in figure.data[2:]] == ["3.1", "4.1", "2.1"]
    assert [trace.text[0] for trace in figure.data[2:]] == ["died", "came back", "vote won"]


def test_the_caption_has_the_numbers() -> None:
    assert turning_points_data(chains_from(STORY)).caption == (
        "From generation 1 to generation 4: right 2/5 → 1/5, at best 3/5 in generation 2. The vote is right in 1 of 4 "
        "generations. 3 generations with a turning point."
    )


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        ("", "No chain has ended yet."),
        (". .", "No chain has ended yet."),
        ("26? 25?\n26?(1) 25?(2)", "Nobody can say which chains are right: there is no verdict."),
        ("26+ 25x", "Generation 1: right 1/2."),
    ],
)
def test_empty_unjudged_and_single_generations_have_a_picture(drawing: str, words: str) -> None:
    data = turning_points_data(chains_from(drawing))
    assert data.caption.startswith(words)
    assert turning_points_figure(data, Theme.LIGHT).to_json()


def test_a_hundred_generations_are_told_apart_by_a_legend() -> None:
    rows = ["26+ 25x 25x", *(["25x(1,2) 25x(2,3) 25x(1,3)", "26+(1,2) 25x(2,3) 25x(1,3)"] * 50)]
    figure = turning_points_figure(turning_points_data(chains_from("\n".join(rows))), Theme.LIGHT)
    assert figure.layout.showlegend
    assert {trace.name: len(trace.x) for trace in figure.data[2:]} == {"died": 50, "came back": 50}
    assert all(trace.mode == "markers" for trace in figure.data[2:])
    assert len(figure.layout.shapes) == 1, "all thin lines are one element"
