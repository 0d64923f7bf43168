"""Rewards and advantages, worked by hand; no torch."""

from __future__ import annotations

import numpy as np
import pytest

from rsa_viz.training.advantages import leave_one_out, rewards, undecided


def test_a_reward_is_the_outcome_for_all_lines_or_each_lines_own() -> None:
    right = np.array([[True, True], [True, False], [False, False]])
    assert rewards("outcome", right).tolist() == [[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
    assert rewards("mixed", right).tolist() == [[1.0, 1.0], [0.25, 0.25], [0.0, 0.0]]
    assert rewards("each", right).tolist() == [[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="no reward 'style'; known are outcome, mixed, each"):
        rewards("style", right)


def test_an_advantage_is_the_reward_less_the_mean_of_the_others() -> None:
    found = leave_one_out(np.array([[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.25]]))
    assert found[0].tolist() == pytest.approx([1.0, -1 / 3, -1 / 3, -1 / 3])
    assert found[1].tolist() == pytest.approx([7 / 12, 7 / 12, -3 / 4, -5 / 12])


def test_advantages_are_the_groups_deviations_stretched_and_none_among_equals() -> None:
    earned = np.random.default_rng(0).random((5, 4))
    stretched = (earned - earned.mean(axis=1, keepdims=True)) * 4 / 3
    assert np.allclose(leave_one_out(earned), stretched)
    assert leave_one_out(np.ones((2, 3))).tolist() == [[0.0] * 3] * 2
    with pytest.raises(ValueError, match="at least 2 samples, not 1"):
        leave_one_out(np.ones((2, 1)))


def test_only_groups_of_different_rewards_teach() -> None:
    assert undecided(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])) == 0.5
    assert undecided(np.empty((0, 2))) == 0.0
