"""Words and looks that all pictures share."""

from __future__ import annotations

import pytest
from made_population import made_chain

from rsa_viz.analysis.telling import counted, joined
from rsa_viz.core.chain import ChainStatus, Verdict
from rsa_viz.figures.canvas import generation_ticks, spread
from rsa_viz.figures.style import ANSWER_COLOURS, MARKS, PALETTES, Theme, ink_on, veil
from rsa_viz.figures.words import one_line, percent, safe, safe_lines, told


def test_model_text_is_escaped_capped_and_has_no_dollars_for_tex() -> None:
    assert safe("<b>$x$</b>\n\n\tnew\u202e line") == "&lt;b&gt;&#36;x&#36;&lt;/b&gt; new line"
    assert safe("a" * 10, cap=4) == "aaa…"
    assert safe_lines("one two three", width=8) == "one two<br>three"


def test_text_of_megabytes_is_cut_before_it_is_looked_at() -> None:
    assert one_line("\n" * 3_000_000 + "end", 20) == "…"
    assert one_line("word " * 1_000_000, 9) == "word wor…"


def test_only_a_whole_is_called_a_hundred_percent() -> None:
    assert [percent(share) for share in (0, 0.001, 0.125, 0.5, 0.999, 1)] == [
        "0 %", "under 1 %", "12 %", "50 %", "over 99 %", "100 %",
    ]  # fmt: skip


def test_numbers_and_lists_are_said_in_english() -> None:
    assert counted(1, "chain") == "1 chain"
    assert counted(10_240, "link") == "10,240 links"
    assert counted(2, "child", "children") == "2 children"
    assert [joined(["a", "b", "c"][:number]) for number in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_a_chain_is_told_with_its_mark_and_what_happened_to_it() -> None:
    assert told(made_chain("3.2", verdict=Verdict.RIGHT, finish_reason="length")) == (
        "chain 3.2 · ● right<br>answer 42<br>100 tokens<br>truncated"
    )
    assert told(made_chain("3.2", status=ChainStatus.PLANNED)) == "chain 3.2 · planned"
    assert told(made_chain("1.1", status=ChainStatus.FAILED)) == "chain 1.1 · failed<br>the server failed 6 times"


def test_ticks_are_few_and_start_at_one() -> None:
    assert generation_ticks(1) == [1]
    assert generation_ticks(12) == list(range(1, 13))
    assert generation_ticks(21) == [1, *range(2, 21, 2)]
    assert generation_ticks(1000) == [1, *range(100, 1001, 100)]


def test_labels_are_pushed_apart_in_their_order_and_stay_inside() -> None:
    assert spread([0.5, 0.5, 0.5], 0.2, 0, 1) == [pytest.approx(place) for place in (0.5, 0.7, 0.9)]
    assert spread([1, 1], 0.25, 0, 1) == [0.75, 1]
    assert spread([0.1] * 11, 0.5, 0, 1) == [pytest.approx(place / 10) for place in range(11)]


def _contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", list(Theme))
def test_words_and_verdicts_stand_out_from_the_background(theme: Theme) -> None:
    palette = PALETTES[theme]
    for colour in (palette.ink, palette.muted, palette.accent):
        assert _contrast(colour, palette.background) >= 4.5
    for colour in palette.verdicts.values():
        assert _contrast(colour, palette.background) >= 3  # WCAG 2.1, 1.4.11: graphical objects


def test_what_is_written_on_a_patch_can_be_read() -> None:
    for colour in ANSWER_COLOURS:
        assert _contrast(ink_on(colour), colour) >= 4.5


def test_a_verdict_is_never_told_by_colour_alone() -> None:
    assert len(set(MARKS.values())) == len(Verdict)
    for palette in PALETTES.values():
        assert len(set(palette.verdicts.values())) == len(Verdict)


def test_a_veil_is_css() -> None:
    assert veil("#0072b2", 0.25) == "rgba(0,114,178,0.25)"
