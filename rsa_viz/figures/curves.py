"""Links between generations as curves: one SVG path for many of them, a single element whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.chain import Slot


def curves(
    pairs: Sequence[tuple[Slot, Slot]], line: Mapping[str, object], rows: Mapping[Slot, int] | None = None
) -> dict[str, object]:
    """A shape through all pairs: a level-ended curve from each parent to its child, in the ``rows`` of the two, or at
    their slots."""

    def row(slot: Slot) -> int:
        return slot.i if rows is None else rows[slot]

    path = (
        f"M{parent.t},{row(parent)}C{_bend(parent, child)},{row(parent)} {_bend(parent, child)},{row(child)} "
        f"{child.t},{row(child)}"
        for parent, child in pairs
    )
    return {"type": "path", "path": "".join(path), "line": line, "layer": "below", "xref": "x", "yref": "y"}


def _bend(parent: Slot, child: Slot) -> str:
    return f"{(parent.t + child.t) / 2:g}"
