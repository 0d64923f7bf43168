"""The paper's own numbers, as reference: never measured here, never mixed with what was.

Venkatraman et al., Recursive Self-Aggregation Unlocks Deep Thinking in Large Language Models, arXiv 2509.26626. Each
value says where it stands: in a table of the paper, or read off the vector figures on the project's site, which is
good to about ±0.05 points of what is drawn. All are pass@1 in per cent unless the name says otherwise. Generations
are populations, as everywhere here; the paper's Table 1 calls one aggregation "T = 1".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

PAPER = "arXiv 2509.26626"
QWEN = "Qwen3-4B-Instruct-2507"
TASKS = ("AIME-25", "HMMT-25", "LiveCodeBench v6", "Reasoning Gym games", "Reasoning Gym cognition + ARC", "SuperGPQA")
FIGURES_OF_SITE = "digitised from the vector figures of the project's site, ±0.05 points"
TABLE_1 = "Table 1"
BUDGETS = (
    "The paper matches baselines by number of generations or calls, not by tokens: majority vote 160 calls, rejection "
    "sampling 160 calls and 160 verifications, self-refinement 10 steps of one chain, single-step aggregation 4 calls "
    "and 1 aggregation, RSA N = 16, K = 4, 10 generations (9 aggregations)."
)


class Measure(StrEnum):
    """What a published number measures."""

    PASS_AT_1 = "pass@1"
    GAP = "pass@N minus pass@1"


@dataclass(frozen=True, slots=True)
class Published:
    """One number of the paper. ``value`` is a share in 0..1; ``n``, ``k`` and ``generations`` are None where the method
    has none. ``source`` says table or digitised."""

    task: str
    model: str
    method: str
    measure: Measure
    n: int | None
    k: int | None
    generations: int | None
    value: float
    source: str

    @property
    def aggregations(self) -> int | None:
        """Generations less one, which is what Table 1 counts."""
        return None if self.generations is None else self.generations - 1


_TABLE = (
    # method, n, k, generations, one value a task; None where the table has none
    ("Reference", 1, None, 1, (43.91, 27.17, 49.63, 53.88, 42.31, 41.85)),
    ("Rejection sampling", 160, None, 1, (48.23, 32.76, 50.90, 56.41, 45.11, 46.18)),
    ("Self-refinement", 1, 1, 10, (53.33, 39.17, 51.40, 65.50, 49.17, 43.5)),
    ("Majority vote", 160, None, 1, (68.33, 35.00, None, 65.15, 46.07, 48.2)),
    ("Single-step aggregation", 4, 4, 2, (56.51, 36.15, 51.94, 65.21, 48.63, 45.91)),
    ("RSA", 16, 4, 10, (73.18, 47.55, 56.72, 68.98, 51.96, 47.39)),
)
_AIME_BY_STEP = (44.0, 56.5, 64.2, 67.6, 69.9, 71.6, 72.0, 72.9, 73.2, 73.2)
_BY_K = (
    (53.3, 64.4, 66.9, 73.2),
    (39.2, 49.0, 49.4, 47.6),
    (51.4, 55.4, 56.1, 56.7),
    (65.5, 67.1, 68.6, 69.0),
    (49.2, 48.2, 51.4, 52.0),
)
_BY_N = (
    (60.0, 68.3, 73.2, 70.6),
    (36.7, 44.0, 47.6, 49.8),
    (54.4, 55.9, 56.7, 56.4),
    (67.5, 69.6, 69.0, 68.6),
    (50.3, 51.1, 52.0, 52.2),
)
_GAPS = ((25.2, 1.0), (21.9, 0.8), (17.0, 2.0))
_OTHER_MODELS = (
    ("Nemotron-9B", 40.3, 72.4),
    ("Qwen3-30B", 49.0, 76.2),
    ("Qwen3-4B-Thinking", 67.4, 86.8),
    ("gpt-oss-20b", 66.6, 89.0),
)
_TRAINED = (
    ("before RL", (73.2, 47.6, 56.7, 69.0, 52.0)),
    ("standard RL", (68.6, 44.7, 55.7, 65.7, 53.7)),
    ("aggregation-aware RL", (69.4, 55.5, 59.4, 70.6, 55.4)),
)


def table_1() -> tuple[Published, ...]:
    """Table 1: the methods side by side, with Qwen3-4B-Instruct-2507."""
    return tuple(
        Published(task, QWEN, method, Measure.PASS_AT_1, n, k, generations, value / 100, TABLE_1)
        for method, n, k, generations, values in _TABLE
        for task, value in zip(TASKS, values, strict=True)
        if value is not None
    )


def by_generation(task: str) -> tuple[Published, ...]:
    """RSA with N = 16, K = 4 by generation; known of AIME-25 alone."""
    curve = _AIME_BY_STEP if task == TASKS[0] else ()
    return tuple(_drawn(task, 16, 4, t, value) for t, value in enumerate(curve, start=1))


def by_k(task: str) -> tuple[Published, ...]:
    """RSA with N = 16 in generation 10, K = 1 to 4; K = 1 is self-refinement. Not known of SuperGPQA."""
    return tuple(_drawn(task, 16, k, 10, value) for k, value in enumerate(_of(task, _BY_K), start=1))


def by_n(task: str) -> tuple[Published, ...]:
    """RSA with K = 4 in generation 10, N = 4, 8, 16, 32. Not known of SuperGPQA."""
    return tuple(_drawn(task, n, 4, 10, value) for n, value in zip((4, 8, 16, 32), _of(task, _BY_N), strict=False))


def gaps(task: str) -> tuple[Published, ...]:
    """pass@N minus pass@1, N = 16, K = 4, in generations 1 and 10; known of AIME-25, HMMT-25 and LiveCodeBench."""
    ends = zip((1, 10), _of(task, _GAPS), strict=False)
    return tuple(_drawn(task, 16, 4, t, value, Measure.GAP) for t, value in ends)


def other_models() -> tuple[Published, ...]:
    """AIME-25 with other models: alone, and RSA in generation 10."""
    return tuple(
        Published(TASKS[0], model, method, Measure.PASS_AT_1, 16, 4, t, value / 100, FIGURES_OF_SITE)
        for model, alone, evolved in _OTHER_MODELS
        for method, t, value in (("Reference", 1, alone), ("RSA", 10, evolved))
    )


def trained() -> tuple[Published, ...]:
    """RSA in generation 10 with Qwen3-4B-Instruct-2507 before and after two kinds of reinforcement learning."""
    return tuple(
        Published(task, f"{QWEN}, {how}", "RSA", Measure.PASS_AT_1, 16, 4, 10, value / 100, FIGURES_OF_SITE)
        for how, values in _TRAINED
        for task, value in zip(TASKS, values, strict=False)
    )


def everything() -> Iterator[Published]:
    """All numbers, one after the other; some stand in a table and in a figure, which do not differ by more than 0.1."""
    yield from table_1()
    for task in TASKS:
        for found in (by_generation, by_k, by_n, gaps):
            yield from found(task)
    yield from other_models()
    yield from trained()


def _of(task: str, rows: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    at = TASKS.index(task) if task in TASKS else len(rows)
    return rows[at] if at < len(rows) else ()


def _drawn(task: str, n: int, k: int, t: int, value: float, measure: Measure = Measure.PASS_AT_1) -> Published:
    return Published(task, QWEN, "RSA", measure, n, k, t, value / 100, FIGURES_OF_SITE)
