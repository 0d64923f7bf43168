"""The board, against populations small enough to read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from rsa_viz.core.aside import Aside, AsideKind
from rsa_viz.core.chain import Chain, ChainStatus, InFlight, PromptKind, Slot, Verdict
from rsa_viz.figures.board import BARS, CELLS, NO_MARK, TOLD, Cell, board_data, board_figure
from rsa_viz.figures.style import Theme


def chain(t: int, i: int, **fields: object) -> Chain:
    return Chain(id=100 * t + i, slot=Slot(t, i), kind=PromptKind.SAMPLE, **fields)  # type: ignore[arg-type]


def done(t: int, i: int, verdict: Verdict, answer: str | None = "42", **fields: object) -> Chain:
    return chain(t, i, status=ChainStatus.DONE, characters=100, verdict=verdict, answer=answer, **fields)


def flight(t: int, i: int, characters: int, waiting_until: float | None = None) -> InFlight:
    return InFlight(Slot(t, i), 1, 0.0, 1.0, characters, 10, "", waiting_until)


# generation   1          2
# slot 1       right      being written, 50 of 100 characters
# slot 2       cut, none  waiting to retry
# slot 3       unknown    failed
# slot 4       wrong      planned
SIX = [
    done(1, 1, Verdict.RIGHT),
    done(1, 2, Verdict.WRONG, None, finish_reason="length"),
    done(1, 3, Verdict.UNKNOWN),
    done(1, 4, Verdict.WRONG),
    chain(2, 1),
    chain(2, 2),
    chain(2, 3, status=ChainStatus.FAILED, error="no"),
    chain(2, 4),
]
FLYING = [flight(2, 1, 50), flight(2, 2, 0, waiting_until=9.0)]


def test_every_state_of_a_chain_has_its_own_cell() -> None:
    data = board_data(SIX, FLYING)
    assert [cell.cell for cell in data.cells] == [
        Cell.RIGHT,
        Cell.ABSTAINED,
        Cell.UNKNOWN,
        Cell.WRONG,
        Cell.WRITING,
        Cell.WAITING,
        Cell.FAILED,
        Cell.PLANNED,
    ]
    assert (data.generations, data.slots) == (2, 4)


def test_progress_is_measured_against_the_mean_length_of_the_done_chains() -> None:
    assert board_data(SIX, FLYING).cells[4].progress == 0.5
    assert board_data(SIX, [flight(2, 1, 400)]).cells[4].progress == 1.0
    assert board_data([chain(1, 1)], [flight(1, 1, 400)]).cells[0].progress == 0.5


def test_the_caption_counts_what_has_ended_and_never_calls_unknown_wrong() -> None:
    assert board_data(SIX, FLYING).caption == (
        "5 of 8 chains have ended: 1 right, 1 wrong, 1 unknown, 1 no answer, 1 failed. "
        "1 was cut at the token limit (…). 1 is being written."
    )
    assert board_data([]).caption == "No chains are planned."


def test_a_chain_that_ended_while_it_was_still_told_in_flight_is_shown_as_ended() -> None:
    assert board_data([done(1, 1, Verdict.RIGHT)], [flight(1, 1, 10)]).cells[0].cell is Cell.RIGHT


@pytest.mark.parametrize("theme", list(Theme))
def test_every_cell_carries_its_chain_and_its_mark(theme: Theme) -> None:
    figure = board_figure(board_data(SIX, FLYING), theme)
    cells = figure.data[1]
    assert [list(pair) for pair in cells.customdata] == [
        [101, "1.1"],
        [102, "1.2"],
        [103, "1.3"],
        [104, "1.4"],
        [201, "2.1"],
        [202, "2.2"],
        [203, "2.3"],
        [204, "2.4"],
    ]
    assert list(cells.text) == ["●", "–…", "?", "✕", NO_MARK, "↻", "!", NO_MARK]
    assert [row[0] for row in figure.data[0].z] == [
        CELLS.index(kind) for kind in (Cell.RIGHT, Cell.ABSTAINED, Cell.UNKNOWN, Cell.WRONG)
    ]


def test_the_legend_names_what_is_on_the_board_and_nothing_else() -> None:
    names = [trace.name for trace in board_figure(board_data(SIX[:1]), Theme.LIGHT).data[2:]]
    assert names == ["● right"]


def test_a_chain_being_written_is_a_bar_that_fills_and_the_eye_is_framed() -> None:
    data = board_data(SIX, FLYING, eye=Slot(1, 3))
    filled, outline, eye = board_figure(data, Theme.DARK).layout.shapes
    assert (filled.x1 - filled.x0) == pytest.approx(0.5 * (outline.x1 - outline.x0))
    assert (eye.x0, eye.x1, eye.y0, eye.y1) == (0.5, 1.5, 2.5, 3.5)


def test_an_answer_is_escaped_and_capped_in_the_hover_text() -> None:
    written = "<b>bold</b>" + "x" * 100
    hover = board_figure(board_data([done(1, 1, Verdict.WRONG, written)]), Theme.LIGHT).data[1].hovertext[0]
    assert "&lt;b&gt;bold&lt;/b&gt;" in hover
    assert "<b>" not in hover
    assert len(hover) < 140


@pytest.mark.parametrize(("n", "t"), [(1, 1), (16, 11), (64, 21), (500, 20), (4, 1000)])
def test_boards_of_every_size_draw_and_stay_small(n: int, t: int) -> None:
    chains = [done(g, i, Verdict.RIGHT) for g in range(1, t + 1) for i in range(1, n + 1)]
    figure = board_figure(board_data(chains), Theme.LIGHT)
    marked = n * t <= TOLD and n <= 40
    assert (figure.data[1].text is not None) == marked
    assert len(json.dumps(figure.to_plotly_json(), default=list)) < 120 * n * t + 6000


def test_an_empty_board_says_so() -> None:
    figure = board_figure(board_data([]), Theme.LIGHT)
    assert figure.layout.annotations[0].text == "no chains are planned"


def test_very_many_chains_being_written_are_plain_cells() -> None:
    many = [chain(1, i) for i in range(1, BARS + 2)]
    flights = [flight(1, i, 10) for i in range(1, BARS + 2)]
    assert not board_figure(board_data(many, flights), Theme.LIGHT).layout.shapes


def test_accepted_chains_carry_a_mark_that_the_legend_explains() -> None:
    said = {1: True, 2: True, 3: False}
    asides = [
        Aside(Slot(1, i), AsideKind.VERIFY, 0, ChainStatus.DONE, "x", accepted=accepted) for i, accepted in said.items()
    ]
    asides += [
        Aside(Slot(1, 4), AsideKind.VERIFY, 0, ChainStatus.FAILED, error="no"),
        Aside(Slot(2, 1), AsideKind.VERIFY, 0),
    ]
    data = board_data(SIX, [replace(flight(2, 1, 0), aside=AsideKind.VERIFY)], asides=asides)
    assert [cell.accepted for cell in data.cells] == [True, True, False, None, None, None, None, None]
    assert data.caption.endswith(
        "Verifications: 2 accepted (✓), 1 rejected, 1 unreadable or failed, 1 to come. 1 of them is being written."
    )
    figure = board_figure(data, Theme.LIGHT)
    marks = figure.data[1].text
    assert marks[:4] == ("●✓", "–…✓", "?", "✕")
    assert "✓ accepted by its verification" in [trace.name for trace in figure.data]
    assert "<br>rejected by its verification" in json.dumps(figure.to_plotly_json(), default=list)
    plain = board_figure(board_data(SIX), Theme.LIGHT)
    assert not any("✓" in (trace.name or "") for trace in plain.data)


def test_the_caption_counts_summaries() -> None:
    asides = [
        Aside(Slot(1, 1), AsideKind.SUMMARISE, 0, ChainStatus.DONE, "x"),
        Aside(Slot(1, 2), AsideKind.SUMMARISE, 0, ChainStatus.FAILED, error="no"),
        Aside(Slot(1, 3), AsideKind.SUMMARISE, 0),
    ]
    caption = board_data(SIX, asides=asides).caption
    assert caption.endswith("1 of 3 summaries are there; 1 failed, children saw the text.")
