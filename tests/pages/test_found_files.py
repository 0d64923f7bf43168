"""Tables and training data below the list of runs."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from pyarrow import parquet
from streamlit.testing.v1 import AppTest

from rsa_viz.store import Store
from tests.exports.recorded_runs import OPEN, SUM, recorded, sevens

OpenApp = Callable[[Path], AppTest]


def opened(app: OpenApp, database: Path) -> AppTest:
    return app(database).run().switch_page("pages/runs.py").run()


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def test_training_data_of_the_runs_found_with_what_was_left_out(app: OpenApp, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        recorded(store, SUM, sevens, n=6, k=2, t=2)
        open_run = recorded(store, OPEN, sevens, n=6, k=2, t=2)
    at = opened(app, tmp_path / "runs.db")
    assert "all 2 runs" in at.expander[0].label
    next(one for one in at.number_input if one.label == "K, candidates a prompt").set_value(2)
    next(one for one in at.number_input if one.label.startswith("Standard")).set_value(20)
    press(at, "Make the file")
    assert not at.exception
    assert any("4 aggregation prompts and 1 standard prompt of 1 problem" in one.value for one in at.markdown)
    assert any(open_run.id in one.value and "no gold answer" in one.value for one in at.caption)
    _, written, data = at.session_state["training-made"]
    assert parquet.read_table(io.BytesIO(data)).num_rows == written.aggregation + written.standard == 5


def test_another_search_puts_the_made_file_away_and_what_cannot_be_made_is_one_line(
    app: OpenApp, tmp_path: Path
) -> None:
    with Store(tmp_path / "runs.db") as store:
        recorded(store, SUM, sevens, n=6, k=2, t=2)
        recorded(store, OPEN, sevens, n=6, k=2, t=2)
    at = press(opened(app, tmp_path / "runs.db"), "Make the file")
    assert any("aggregation prompts" in one.value for one in at.markdown if "standard prompts of" in one.value)
    at.text_input(key="search").set_value("warm").run()
    assert "the 1 run found" in at.expander[0].label
    assert not [one for one in at.markdown if "standard prompts of" in one.value]
    press(at, "Make the file")
    assert not at.exception
    assert "no gold answer" in at.error[0].value
    at.text_input(key="search").set_value("zebra").run()
    assert not [one for one in at.expander if "training data" in one.label]
