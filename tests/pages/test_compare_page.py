"""The Compare page: its runs from a search or batches, its sentences, the paper's numbers, advice, empty states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pictures import PROBLEM, RIGHT, WRONG, OpenApp, opened, said
from streamlit.testing.v1 import AppTest
from written_runs import Write, written_run

from rsa_viz.analysis.budgets import Axis
from rsa_viz.core.chain import Slot
from rsa_viz.store import Store
from rsa_viz.store.experiment_store import ExperimentStore


def rising(slot: Slot, prompt: str, seed: int) -> str:
    return RIGHT if slot.i <= 2 * slot.t else WRONG


def falling(slot: Slot, prompt: str, seed: int) -> str:
    return RIGHT if slot.i == 1 and slot.t == 1 else WRONG


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """K = 2 and K = 3 on seven problems; K = 2 is right in the end, K = 3 never. Its runs are never changed."""
    path = tmp_path_factory.mktemp("compared") / "a.db"
    with Store(path) as store:
        for number in range(7):
            problem = replace(PROBLEM, title=f"<b>No.</b> {number}", metadata={"entry": str(number)})
            writes: tuple[tuple[int, Write], ...] = ((2, rising), (3, falling))
            for k, write in writes:
                written_run(store, problem, write, n=6, k=k, t=3)
    return path


def plain(at: AppTest) -> str:
    return said(at).replace("\\", "")


def test_the_page_says_what_is_more_than_noise(app: OpenApp, database: Path) -> None:
    at = opened(app, database, "compare")
    assert not at.exception
    words = plain(at)
    assert "RSA, N=6, K=2 is right 100 points more often than RSA, N=6, K=3" in words
    assert "(95 % interval 100 to 100, 7 problems, 1 seed): more than noise." in words
    assert "Simulation" in words
    assert "For 18 calls a problem" in words
    assert "No two arms differ in N alone." in words
    assert "7 problems, the hardest first" in words
    assert "The data do not suffice: no run has more than 12 children" in words
    assert "<b>No." not in words


def test_the_url_carries_search_and_reference_and_the_paper_is_never_mixed_in(app: OpenApp, database: Path) -> None:
    at = opened(app, database, "compare", search="No", reference="AIME-25")
    assert not at.exception
    words = plain(at)
    assert "Grey: published for AIME-25, digitised" in words
    assert "not measured here" in words
    at.selectbox(key="compare-reference").select("none").run()
    assert "Grey: published" not in plain(at)
    assert "reference" not in at.query_params
    at.text_input(key="compare-search").set_value("nothing holds this").run()
    assert not at.exception
    assert "No run holds every word of nothing holds this" in plain(at)


def test_arms_can_be_hidden_and_the_axis_switched(app: OpenApp, database: Path) -> None:
    at = opened(app, database, "compare")
    at.session_state["compare-axis"] = Axis.TOKENS
    at.run()
    assert not at.exception
    assert "tokens a problem, the most that every arm can use" in plain(at)
    at.session_state["compare-how"] = "for equal seconds"
    at.run()
    assert not at.exception
    arms = next(one for one in at.multiselect if one.label == "Arms shown")
    arms.set_value(["RSA, N=6, K=2"]).run()
    assert not at.exception
    assert "It takes two arms" in "".join(one.value for one in at.info)


def test_nothing_to_compare_says_how_to_begin(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "empty.db", "compare")
    assert not at.exception
    assert "No run yet" in "".join(one.value for one in at.header)
    with Store(tmp_path / "empty.db") as store:
        written_run(store, PROBLEM, rising, n=6, k=2, t=3, until=1)
    at = opened(app, tmp_path / "empty.db", "compare")
    assert not at.exception
    assert "None of these runs is finished" in "".join(one.value for one in at.info)
    at = opened(app, tmp_path / "empty.db", "compare", **{"from": "batches"})
    assert not at.exception
    assert "There is no batch in this database" in "".join(one.value for one in at.info)


def test_an_experiment_is_compared_from_its_link(app: OpenApp, database: Path) -> None:
    with Store(database) as store:
        experiments = ExperimentStore(store.database)
        made = experiments.save("mine", "", {})
        experiments.set_runs(made.id, [run.id for run in store.runs() if run.config.k == 2])
    at = opened(app, database, "compare", **{"from": "experiment", "experiment": made.id})
    assert not at.exception
    assert "7 runs of 7 problems in 1 arm." in plain(at)


def test_an_experiments_arms_keep_the_names_that_they_were_planned_with(app: OpenApp, database: Path) -> None:
    with Store(database) as store:
        runs = store.runs()
        model = runs[0].config.model.model
        spec = {
            "name": "named",
            "problems": [{"bundled": "math"}],
            "arms": [
                {"name": name, "model": model, "n": 6, "k": k, "t": 3} for name, k in (("two parents", 2), ("three", 3))
            ],
        }
        experiments = ExperimentStore(store.database)
        made = experiments.save("named", "", spec)
        experiments.set_runs(made.id, [run.id for run in runs])
    at = opened(app, database, "compare", **{"from": "experiment", "experiment": made.id})
    assert not at.exception
    assert "two parents is right 100 points more often than three" in plain(at)
