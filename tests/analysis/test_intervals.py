"""The Wilson interval and quartiles."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from rsa_viz.analysis.intervals import Z95, Quartiles, quartiles, wilson


def slow_wilson(successes: int, n: int) -> tuple[float, float]:
    """From the definition: bisect for the shares p at which |successes/n - p| = z sqrt(p (1 - p) / n)."""
    share = successes / n

    def inside(p: float) -> bool:
        return abs(share - p) <= Z95 * math.sqrt(p * (1 - p) / n)

    def edge(good: float, bad: float) -> float:
        for _ in range(200):
            middle = (good + bad) / 2
            good, bad = (middle, bad) if inside(middle) else (good, middle)
        return good

    return (edge(share, 0.0), edge(share, 1.0))


def test_the_interval_of_9_of_16_is_as_worked_by_hand() -> None:
    # z² = 3.841459; centre 10.920729 / 19.841459 = 0.550400; half 0.0987812 · sqrt(3.9375 + 0.960365) = 0.218615
    assert wilson(9, 16) == pytest.approx((0.331785, 0.769015), abs=2e-6)


def test_the_interval_agrees_with_its_definition_for_every_share_of_up_to_20() -> None:
    for n in range(1, 21):
        for successes in range(n + 1):
            assert wilson(successes, n) == pytest.approx(slow_wilson(successes, n), abs=1e-9)


def test_nothing_tried_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_none_and_all_touch_the_ends_exactly() -> None:
    for n in range(1, 200):
        assert wilson(0, n)[0] == 0.0
        assert wilson(n, n)[1] == 1.0
        assert 0.0 < wilson(0, n)[1] < 1.0


@pytest.mark.parametrize(("successes", "n"), [(-1, 3), (4, 3), (0, -1)])
def test_what_is_no_share_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(successes, n)


def test_quartiles_lie_between_neighbours() -> None:
    assert quartiles([4.0, 1.0, 2.0, 3.0]) == Quartiles(1.75, 2.5, 3.25)


def test_quartiles_of_one_value_are_that_value_and_of_none_nothing() -> None:
    assert quartiles([7.0]) == Quartiles(7.0, 7.0, 7.0)
    assert quartiles([]) is None


def test_quartiles_agree_with_numpy() -> None:
    rng = random.Random(3)
    for n in range(1, 40):
        values = [rng.uniform(-5, 5) for _ in range(n)]
        found = quartiles(values)
        assert found is not None
        expected = np.quantile(values, [0.25, 0.5, 0.75])
        assert (found.low, found.median, found.high) == pytest.approx(tuple(expected), abs=1e-12)
