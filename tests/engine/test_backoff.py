"""The wait before another try."""

from __future__ import annotations

import math

import pytest

from rsa_viz.core.chain import Slot
from rsa_viz.engine.backoff import backoff


def wait(attempt: int = 1, seed: int = 0, i: int = 1, cap_s: float = 60.0, retry_after_s: float | None = None) -> float:
    return backoff(Slot(1, i), seed, attempt, base_s=1.0, cap_s=cap_s, retry_after_s=retry_after_s)


@pytest.mark.parametrize(("attempt", "longest"), [(1, 1.0), (2, 2.0), (4, 8.0), (7, 60.0), (100, 60.0)])
def test_the_wait_is_uniform_from_nothing_to_a_limit_that_doubles_up_to_its_cap(attempt: int, longest: float) -> None:
    waits = sorted(wait(attempt, i=i) for i in range(1, 2001))
    assert waits[0] >= 0.0
    assert waits[-1] <= longest
    for share in (0.1, 0.5, 0.9):  # the standard error of a quantile of 2000 uniform draws is at most 0.012
        assert waits[int(share * 2000)] == pytest.approx(share * longest, abs=0.05 * longest)


def test_the_same_try_of_the_same_slot_waits_the_same_and_another_one_does_not() -> None:
    assert wait() == wait()
    assert len({wait(), wait(attempt=2), wait(seed=1), wait(i=2)}) == 4


def test_the_servers_wish_comes_on_top() -> None:
    assert wait(retry_after_s=30.0) == 30.0 + wait()


@pytest.mark.parametrize("wish", [0.0, -5.0, math.nan])
def test_a_wish_that_asks_for_nothing_changes_nothing(wish: float) -> None:
    assert wait(retry_after_s=wish) == wait()


def test_a_cap_of_nothing_tries_again_at_once() -> None:
    assert wait(cap_s=0.0) == 0.0
