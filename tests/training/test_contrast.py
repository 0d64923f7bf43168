"""Several models measured on the same problems; the command is left out where torch is not installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rsa_viz.training.contrast import main, table
from rsa_viz.training.model import Shape


def test_a_difference_is_taken_problem_by_problem() -> None:
    base = np.array([0.1, 0.9, 0.2, 0.8])
    rows = table({"base": {"own": base}, "direct": {"own": base + 0.1}}).splitlines()
    assert rows[0] == "| share right | base | direct | direct − base |"
    assert rows[2].startswith("| own | 0.500 [")
    assert rows[2].endswith("| +0.100 [+0.100, +0.100] |")  # problems differ widely, the difference does not


def test_a_model_without_a_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["base=/nowhere/at-all.pt"])
    assert "'base=/nowhere/at-all.pt' names no model; write NAME=FILE" in capsys.readouterr().err


def test_a_model_differs_in_nothing_from_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch", reason="torch is not installed; add the extra 'training' to test the training")
    from rsa_viz.training.train import Recipe, train

    path = train(
        tmp_path, Shape(width=16, layers=2, heads=2, hidden=24), Recipe(steps=1, step_tokens=200), probe_each=1
    )
    few = ["--problems", "2", "--children", "2", "--n", "4", "--t", "2", "--lines", "1", "--seeds", "1", "2"]
    assert main([f"base={path}", f"same={path}", *few]) == 0
    rows = [row for row in capsys.readouterr().out.splitlines() if row.startswith("| ")][2:]
    assert len(rows) > 10
    assert any(row.startswith("| candidates of the first model | ") for row in rows)
    assert all(row.endswith("| +0.000 [+0.000, +0.000] |") for row in rows)
