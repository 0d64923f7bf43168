"""Side-by-side differences of two texts."""

from __future__ import annotations

import difflib
import random
import time

import pytest

from rsa_viz.analysis.differences import Difference, Row, RowKind, Span, difference


def shown(parent: str, child: str) -> list[tuple[str, str | None, str | None]]:
    """The rows as text, with changes in brackets."""

    def marked(text: str, line: Span | None, changes: tuple[Span, ...]) -> str | None:
        if line is None:
            return None
        out, at = "", line.start
        for start, end in changes:
            out, at = out + text[at:start] + "[" + text[start:end] + "]", end
        return out + text[at : line.end]

    return [
        (row.kind.value, marked(parent, row.parent, row.parent_changes), marked(child, row.child, row.child_changes))
        for row in difference(parent, child).rows
    ]


def test_a_drawn_difference() -> None:
    parent = "Let a = 12.\nThen b = a * 3 = 36.\nDead end here.\nSo 36."
    child = "Let a = 12.\nThen b = a * 3 = 37.\nSo 36.\nI checked it twice."
    assert shown(parent, child) == [
        ("kept", "Let a = 12.", "Let a = 12."),
        ("changed", "Then b = a * 3 = [36].", "Then b = a * 3 = [37]."),
        ("only in parent", "Dead end here.", None),
        ("kept", "So 36.", "So 36."),
        ("only in child", None, "I checked it twice."),
    ]


def test_offsets_are_half_open_characters_of_each_text() -> None:
    assert difference("ab\r\nc d", "x\nab\nc e").rows == (
        Row(RowKind.CHILD_ONLY, None, Span(0, 1)),
        Row(RowKind.KEPT, Span(0, 2), Span(2, 4)),
        Row(RowKind.CHANGED, Span(4, 7), Span(5, 8), (Span(6, 7),), (Span(7, 8),)),
    )


def test_an_inserted_word_is_a_change_on_one_side_only() -> None:
    assert shown("we add and go", "we add them and go") == [("changed", "we add and go", "we add [them] and go")]


def test_a_line_finds_its_counterpart_behind_inserted_lines() -> None:
    assert shown("c = a * b = 55", "First look again.\nNothing else.\nc = a * b = 56") == [
        ("only in child", None, "First look again."),
        ("only in child", None, "Nothing else."),
        ("changed", "c = a * b = [55]", "c = a * b = [56]"),
    ]


def test_a_line_that_differs_in_white_space_alone_is_changed_as_a_whole() -> None:
    assert shown("a  = 1", "a = 1") == [("changed", "[a  = 1]", "[a = 1]")]


def test_lines_that_have_little_in_common_stand_alone() -> None:
    assert shown("one two three four", "five six seven four") == [
        ("only in parent", "one two three four", None),
        ("only in child", None, "five six seven four"),
    ]


@pytest.mark.parametrize(
    ("parent", "child", "kept"), [("", "", None), ("a\nb", "a\nb", 1.0), ("", "a", 0.0), ("a", "", None)]
)
def test_equal_and_empty_texts(parent: str, child: str, kept: float | None) -> None:
    found = difference(parent, child)
    assert found.complete
    assert found.kept == kept
    assert len(found.rows) == max(len(parent.split()), len(child.split()))


def test_a_final_line_end_is_no_further_line() -> None:
    assert difference("a\n", "a").rows == (Row(RowKind.KEPT, Span(0, 1), Span(0, 1)),)


def check_whole(parent: str, child: str, found: Difference) -> None:
    """Every line of both sides stands in one row, in order, and what is said of it is true."""
    for text, lines in (
        (parent, [row.parent for row in found.rows if row.parent is not None]),
        (child, [row.child for row in found.rows if row.child is not None]),
    ):
        assert [text[start:end] for start, end in lines] == text.replace("\r\n", "\n").replace("\r", "\n").splitlines()
        assert lines == sorted(lines)
    for row in found.rows:
        if row.parent is not None and row.child is not None:
            same = parent[slice(*row.parent)] == child[slice(*row.child)]
            assert same == (row.kind is RowKind.KEPT)
            assert bool(row.parent_changes or row.child_changes) == (not same)
        for line, changes in ((row.parent, row.parent_changes), (row.child, row.child_changes)):
            ends = [offset for span in changes for offset in span]
            assert ends == sorted(ends)
            assert not ends or (line is not None and line.start <= ends[0] and ends[-1] <= line.end)


def slow_common(one: list[str], other: list[str]) -> int:
    """The length of a longest common subsequence, by the textbook table."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for x, left in enumerate(one):
        for y, right in enumerate(other):
            table[x + 1][y + 1] = table[x][y] + 1 if left == right else max(table[x][y + 1], table[x + 1][y])
    return table[-1][-1]


def test_as_many_lines_are_kept_as_possible() -> None:
    rng = random.Random(71)
    for _ in range(300):
        alphabet = ["a", "b", "c", "", "x = 1", "x = 2"][: rng.randrange(1, 7)]
        one = rng.choices(alphabet, k=rng.randrange(12))
        other = rng.choices(alphabet, k=rng.randrange(12))
        parent, child = ("".join(line + "\n" for line in lines) for lines in (one, other))
        found = difference(parent, child)
        check_whole(parent, child, found)
        assert found.complete
        assert sum(row.kind is RowKind.KEPT for row in found.rows) == slow_common(one, other)


def test_texts_out_of_budget_are_still_whole_and_say_that_they_are_not_compared_to_the_end() -> None:
    rng = random.Random(73)
    for budget in (0, 3, 20, 200):
        one, other = (rng.choices(["a b c", "a b d", "", "e"], k=40) for _ in range(2))
        parent, child = "\n".join([*one, "end"]), "\n".join([*other, "end"])
        found = difference(parent, child, budget)
        check_whole(parent, child, found)
        assert not found.complete
        assert found.rows[-1].kind is RowKind.KEPT


def test_hostile_texts_lose_no_character() -> None:
    parent = "\x00a\u2028b\ud800\r\rمرحبا 😀\x85 x"
    child = "\x00a\u2028b\ud801\n\n😀 مرحبا\x85 y"
    found = difference(parent, child)
    assert [parent[slice(*row.parent)] for row in found.rows if row.parent] == [
        "\x00a\u2028b\ud800",
        "",
        "مرحبا 😀\x85 x",
    ]
    assert [child[slice(*row.child)] for row in found.rows if row.child] == ["\x00a\u2028b\ud801", "", "😀 مرحبا\x85 y"]


def test_the_kept_lines_are_no_fewer_than_the_standard_library_finds() -> None:
    rng = random.Random(79)
    words = [f"w{number}" for number in range(30)]
    for _ in range(20):
        one = [" ".join(rng.choices(words, k=2)) for _ in range(60)]
        other = [line if rng.random() < 0.6 else " ".join(rng.choices(words, k=2)) for line in one]
        blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        found = difference("\n".join(one), "\n".join(other))
        assert sum(row.kind is RowKind.KEPT for row in found.rows) >= sum(block.size for block in blocks)


def test_megabytes_are_compared_in_bounded_time() -> None:
    rng = random.Random(83)
    words = [f"w{number}" for number in range(3000)]
    lines = [" ".join(rng.choices(words, k=8)) for _ in range(20_000)]
    other = [line if rng.random() < 0.5 else " ".join(rng.choices(words, k=8)) for line in lines]
    cases = [
        ("\n".join(lines), "\n".join(other)),
        (" ".join(lines), " ".join(other)),
        ("a\nb\n" * 30_000, "b\na\n" * 30_000),
        ("".join(rng.choices(",.;:", k=60_000)), "".join(rng.choices(",.;:", k=60_000))),
    ]
    start = time.process_time()
    for parent, child in cases:
        assert difference(parent, child).rows
    assert time.process_time() - start < 20  # some 2 seconds; a quadratic search would need hours
