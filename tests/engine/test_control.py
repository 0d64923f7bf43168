"""The switch: what is wanted, and who hears of it."""

from __future__ import annotations

import pytest

from rsa_viz.engine.control import Control


def test_a_pause_may_become_a_stop_and_nothing_goes_back() -> None:
    control = Control()
    assert control.wanted == "run"
    control.pause()
    assert control.wanted == "pause"
    control.stop()
    control.pause()
    assert control.wanted == "stop"


def test_a_listener_hears_each_change_once_and_nothing_after_its_block() -> None:
    control = Control()
    heard: list[str] = []
    with control.heard_by(lambda: heard.append(control.wanted)):
        control.pause()
        control.pause()
    control.stop()
    assert heard == ["pause"]


def test_a_listener_that_stops_the_run_while_it_is_being_paused_does_not_lock_up() -> None:
    control = Control()
    with control.heard_by(control.stop):
        control.pause()
    assert control.wanted == "stop"


def test_two_runs_may_hear_one_control() -> None:
    control = Control()
    heard: list[str] = []
    with control.heard_by(lambda: heard.append("a")), control.heard_by(lambda: heard.append("b")):
        control.stop()
    assert heard == ["a", "b"]


def test_a_block_that_raises_is_heard_no_more() -> None:
    control = Control()
    heard: list[str] = []
    with pytest.raises(LookupError), control.heard_by(lambda: heard.append("a")):
        raise LookupError
    control.stop()
    assert heard == []
