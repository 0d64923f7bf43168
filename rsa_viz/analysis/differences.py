"""Side-by-side differences of two texts, in bounded time whatever their size.

Lines are compared first, then words within the lines that changed. What stays is a longest common subsequence, found
from the matching pairs alone (Hunt and Szymanski, Communications of the ACM 20 (1977) 350-353), because two chains
mostly differ. Of lines or words that stand so often on both sides that their pairs would not fit the budget, only the
n-th here is compared with the n-th there; the result then says that it is not complete.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

BUDGET = 400_000  # matching pairs that one difference may look at: about half a second
LOOK_AHEAD = 12  # lines of the child among which the counterpart of a changed line of the parent is looked for
ALIKE = 0.5  # the least likeness of two lines that are called one changed line

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|$)")
_WORD = re.compile(r"\w+|[^\w\s]")

Block: TypeAlias = tuple[int, int, int]
"""Equal stretches: where in the first sequence, where in the second, how long."""


class RowKind(StrEnum):
    """What a row of the side-by-side view shows."""

    KEPT = "kept"  # the same line in both
    CHANGED = "changed"  # a line and its counterpart
    PARENT_ONLY = "only in parent"
    CHILD_ONLY = "only in child"


class Span(NamedTuple):
    """Half-open character offsets into one text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line, or one line and its counterpart, without line ends.

    ``parent`` and ``child`` are the lines' places in their texts, None on a side that has none. The changes are the
    stretches that differ within a changed row, in order and inside the line; empty in all other rows. Words and signs
    are compared; where only white space differs, the whole line is the change.
    """

    kind: RowKind
    parent: Span | None
    child: Span | None
    parent_changes: tuple[Span, ...] = ()
    child_changes: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows from top to bottom, and whether the comparison was ``complete``.

    If it was not (very long texts of ever the same lines), a longer search might have found more in common; nothing is
    called kept that is not.
    """

    rows: tuple[Row, ...]
    complete: bool

    @property
    def kept(self) -> float | None:
        """The share of the child's lines that stand unchanged in the parent, in the same order: 0..1; None for a child
        without lines."""
        lines = [row for row in self.rows if row.child is not None]
        return sum(row.kind is RowKind.KEPT for row in lines) / len(lines) if lines else None


def difference(parent: str, child: str, budget: int = BUDGET) -> Difference:
    """The difference between a parent's and a child's text.

    Every character but the line ends stands in exactly one row of its side, in order. Two empty texts have no rows.
    ``budget`` is the number of matching pairs to look at, half of it for lines at most.
    """
    left, right = _lines(parent), _lines(child)
    purse = _Purse(budget)
    blocks = _common([parent[a:b] for a, b in left], [child[a:b] for a, b in right], purse, budget // 2)
    rows: list[Row] = []
    x = y = 0
    for a, b, length in [*blocks, (len(left), len(right), 0)]:
        rows += _between(parent, left[x:a], child, right[y:b], purse)
        rows += [Row(RowKind.KEPT, left[a + step], right[b + step]) for step in range(length)]
        x, y = a + length, b + length
    return Difference(tuple(rows), purse.complete)


class _Purse:
    """The matching pairs that may still be looked at, and whether they have sufficed so far."""

    def __init__(self, pairs: int) -> None:
        self.pairs = pairs
        self.complete = True

    def spend(self, pairs: int) -> bool:
        """Whether so many pairs may be looked at; if so, they are paid."""
        if pairs > self.pairs:
            self.complete = False
            return False
        self.pairs -= pairs
        return True


def _lines(text: str) -> list[Span]:
    """The places of a text's lines without line ends; a line end at the end of the text opens no further line."""
    return [Span(*found.span(1)) for found in _LINE.finditer(text) if found.start() < len(text)]


def _between(parent: str, left: Sequence[Span], child: str, right: Sequence[Span], purse: _Purse) -> Iterator[Row]:
    """The rows of two stretches between kept lines: changed lines where two are alike, else one-sided ones."""
    bags = [frozenset(_WORD.findall(child, start, end)) for start, end in right] if left else []
    y = 0
    for line in left:
        bag = frozenset(_WORD.findall(parent, line.start, line.end)) if y < len(right) else frozenset()
        best, most = y, 0.0
        for place in range(y, min(y + LOOK_AHEAD, len(right)) if bag and purse.spend(LOOK_AHEAD) else y):
            likeness = _likeness(bag, bags[place])
            if likeness > most:
                best, most = place, likeness
        if most < ALIKE:
            yield Row(RowKind.PARENT_ONLY, line, None)
            continue
        yield from (Row(RowKind.CHILD_ONLY, None, other) for other in right[y:best])
        yield _paired(parent, line, child, right[best], purse)
        y = best + 1
    yield from (Row(RowKind.CHILD_ONLY, None, other) for other in right[y:])


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common words, 2 |A and B| / (|A| + |B|): 0..1 (Dice, Ecology 26 (1945) 297-302)."""
    return 2 * len(one & other) / (len(one) + len(other))


def _paired(parent: str, line: Span, child: str, other: Span, purse: _Purse) -> Row:
    if parent[line.start : line.end] == child[other.start : other.end]:  # lines out of budget were not all compared
        return Row(RowKind.KEPT, line, other)
    before = [Span(*found.span()) for found in _WORD.finditer(parent, line.start, line.end)]
    after = [Span(*found.span()) for found in _WORD.finditer(child, other.start, other.end)]
    blocks = _common([parent[a:b] for a, b in before], [child[a:b] for a, b in after], purse, purse.pairs)
    removed: list[Span] = []
    added: list[Span] = []
    x = y = 0
    for a, b, length in [*blocks, (len(before), len(after), 0)]:
        if x < a:
            removed.append(Span(before[x].start, before[a - 1].end))
        if y < b:
            added.append(Span(after[y].start, after[b - 1].end))
        x, y = a + length, b + length
    if not removed and not added:
        removed, added = [line], [other]
    return Row(RowKind.CHANGED, line, other, tuple(removed), tuple(added))


def _common(one: Sequence[str], other: Sequence[str], purse: _Purse, limit: int) -> list[Block]:
    """Equal stretches that make up a longest common subsequence, in order; at most ``limit`` pairs are looked at."""
    head = _run(one, other, 0, 0, min(len(one), len(other)))
    left, right = len(one), len(other)
    while left > head and right > head and one[left - 1] == other[right - 1]:
        left, right = left - 1, right - 1
    tails: list[int] = []  # of common subsequences by length: the least place in other where one can end
    trails: list[tuple[int, int, object]] = []  # and the pairs that make it, last first
    for x, candidates in enumerate(_candidates(one[head:left], other[head:right], purse, limit), start=head):
        for y in candidates:
            length = bisect_left(tails, y)
            pair = (x, y + head, trails[length - 1] if length else None)
            tails[length : length + 1] = [y]
            trails[length : length + 1] = [pair]
    pairs: list[tuple[int, int]] = []
    trail: object = trails[-1] if trails else None
    while isinstance(trail, tuple):
        pairs.append(trail[:2])
        trail = trail[2]
    start = [(step, step) for step in range(head)]
    end = [(left + step, right + step) for step in range(len(one) - left)]
    return _joined(one, other, start + pairs[::-1] + end)


def _run(one: Sequence[str], other: Sequence[str], x: int, y: int, most: int) -> int:
    """How many lines from x and y on are equal, up to ``most``."""
    return next((step for step in range(most) if one[x + step] != other[y + step]), most)


def _candidates(one: Sequence[str], other: Sequence[str], purse: _Purse, limit: int) -> Iterator[Sequence[int]]:
    """For each line of ``one`` the places in ``other`` where it stands, last place first.

    If these are more than ``limit`` in all, then for the most frequent lines the first occurrence is offered the first,
    the second the second, and so on, and nothing else.
    """
    places: dict[str, list[int]] = {line: [] for line in one}
    for place in range(len(other) - 1, -1, -1):
        if other[place] in places:
            places[other[place]].append(place)
    costs = {line: count * len(places[line]) for line, count in Counter(one).items()}
    total = sum(costs.values())
    frequent: set[str] = set()
    for line in sorted(costs, key=lambda line: -costs[line]):
        if total <= limit:
            break
        total -= costs[line]
        frequent.add(line)
    if frequent:
        purse.complete = False
    purse.pairs -= total
    for line in one:
        yield places[line][-1:] if line in frequent else places[line]
        if line in frequent and places[line]:
            places[line].pop()


def _joined(one: Sequence[str], other: Sequence[str], pairs: Sequence[tuple[int, int]]) -> list[Block]:
    """Pairs as stretches, each lengthened over equal neighbours.

    A stretch that runs on gains a line for every pair that it pushes aside, so nothing is lost by it.
    """
    blocks: list[Block] = []
    x = y = 0  # the first places not yet in a stretch
    for a, b in pairs:
        if a < x or b < y:
            continue  # already in the stretch before, which was lengthened over it
        back = 0
        while a - back > x and b - back > y and one[a - back - 1] == other[b - back - 1]:
            back += 1
        length = back + _run(one, other, a, b, min(len(one) - a, len(other) - b))
        if length:
            blocks.append((a - back, b - back, length))
            x, y = a - back + length, b - back + length
    return blocks
