"""A comparison of runs as a file: their arms, as read before, and their problems. Knows no HTML and no store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from ..analysis.arms import Arm
from ..core.run import Run


def write_comparison(
    runs: Sequence[Run],
    arms: Sequence[Arm],
    against: Arm,
    out: BinaryIO,
    *,
    title: str,
    note: str = "",
    ruled: str = "",
) -> None:
    """Write runs as one HTML file: ``arms`` are theirs, and all but ``against`` are held against that one.

    ``ruled`` is what persons ruled on them, in words (``core.ruling.rulings_of_runs_in_words``).
    """
    from ..exports.comparison_report import Compared, comparison_report  # the plotting library loads in a second

    compared = Compared(
        title=title,
        note=note,
        ruled=ruled,
        arms=arms,
        against=against,
        problems={run.problem.key: run.problem for run in runs},
        simulated=any(run.config.simulated for run in runs),
    )
    for piece in comparison_report(compared):
        out.write(piece.encode("utf-8"))
