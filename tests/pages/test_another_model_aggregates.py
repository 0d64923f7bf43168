"""Another model aggregates: chosen in the form, said on every page, forked, and in an experiment by form."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import PROBLEM, OpenApp, opened, said

from pages.parts.experiment_arms import arm_of
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.service import Service
from rsa_viz.store import Store

BOTH = "synthetic/fast, synthetic/sloppy aggregates"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def ran(database: Path, **config: object) -> Run:
    with Store(database) as store:
        service = Service(store)
        settings = RunConfig(
            ModelChoice("synthetic/fast"), n=4, k=2, t=3, aggregator=ModelChoice("synthetic/sloppy"), **config
        )  # type: ignore[arg-type]
        run = service.create(PROBLEM, settings)
        service.start(run.id)
        run = service.wait(run.id, timeout=60)
        service.close()
        return run


def words(at: object) -> str:
    return said(at).replace("\\", "")  # type: ignore[arg-type]


def test_an_endpoint_is_chosen_in_the_form_and_the_run_says_so(app: OpenApp, database: Path) -> None:
    at = opened(app, database, "run")
    for knob, value in (("n", 4), ("k", 2), ("t", 3)):
        at.number_input(key=f"knob-{knob}").set_value(value)
    at.selectbox(key="model").select("synthetic/fast").run()
    box = at.selectbox(key="aggregator")
    assert (box.label, box.value) == ("Another model aggregates", "same")
    assert "Fast synthetic reasoner (simulation)" not in box.options  # the model itself is not offered
    assert "Another model …" not in box.options  # nor one of a visitor's own, unless the operator allows it
    box.select("synthetic/sloppy").run()
    assert not at.exception
    assert "(at most: no answer of one of the models" in said(at)
    at.selectbox(key="model").select("synthetic/sloppy").run()  # what was the aggregator
    assert at.selectbox(key="aggregator").value == "same"
    at.selectbox(key="model").select("synthetic/fast").run()
    at.selectbox(key="aggregator").select("synthetic/sloppy").run()
    at.button(key="start").click().run()
    assert not at.exception
    with Store(database) as store:
        (run,) = store.runs()
    assert run.config.aggregator == ModelChoice("synthetic/sloppy", endpoint="synthetic/sloppy")
    assert BOTH in words(at)


def test_a_model_that_knows_another_task_is_warned_of_as_an_aggregator_too(app: OpenApp, database: Path) -> None:
    at = opened(app, database, "run")
    at.selectbox(key="model").select("tiny/holes").run()
    assert "will give no answer" not in words(at)
    at.selectbox(key="aggregator").select("synthetic/fast").run()
    assert [one.value for one in at.warning] == [
        "The synthetic reasoner works on programs only; it will give no answer to this question."
    ]


def test_a_visitors_own_aggregator_has_an_address_and_a_key_of_its_own(
    app: OpenApp, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str | None, str | None]] = []

    def start(self: Service, run_id: str, *, api_key: str | None = None, aggregator_key: str | None = None) -> None:
        started.append((api_key, aggregator_key))

    monkeypatch.setattr(Service, "start", start)
    monkeypatch.setenv("RSA_VIZ_VISITOR_ADDRESS", "1")
    at = opened(app, database, "run")
    at.selectbox(key="model").set_value("another").run()
    at.text_input(key="other-model").set_value("openai/a")
    at.text_input(key="other-base").set_value("http://127.0.0.1:9/v1")
    at.text_input(key="other-key").set_value("sk-for-a").run()
    at.selectbox(key="aggregator").set_value("another").run()
    assert at.button(key="start").disabled  # it has no name yet
    at.text_input(key="aggregator-model").set_value("openai/b")
    at.text_input(key="aggregator-base").set_value("http://127.0.0.1:8/v1")
    at.text_input(key="aggregator-key").set_value("sk-for-b").run()
    assert said(at).count("context is unknown") == 2
    at.button(key="start").click().run()
    assert not at.exception
    assert started == [("sk-for-a", "sk-for-b")]
    with Store(database) as store:
        (run,) = store.runs()
    assert run.config.models == (
        ModelChoice("openai/a", "http://127.0.0.1:9/v1"), ModelChoice("openai/b", "http://127.0.0.1:8/v1"),
    )  # fmt: skip
    at.button(key="resume").click().run()  # the run's page knows both in this session, each for its own
    assert started[1:] == [("sk-for-a", "sk-for-b")]
    later = opened(app, database, "run", run=run.id)
    keys = [one.key for one in later.text_input if (one.key or "").startswith("typed-")]
    assert keys == [f"typed-key-{run.id}", f"typed-aggregator-key-{run.id}"]
    later.text_input(key=f"typed-aggregator-key-{run.id}").set_value("sk-later").run()
    later.button(key="resume").click().run()
    assert started[2:] == [(None, "sk-later")]
    assert not any(b"sk-" in file.read_bytes() for file in database.parent.iterdir())


@pytest.mark.parametrize("page", ["run", "runs"])
def test_pages_name_both(app: OpenApp, database: Path, page: str) -> None:
    run = ran(database)
    assert run.status is RunStatus.DONE
    at = opened(app, database, page, **({"run": run.id} if page == "run" else {}))
    assert not at.exception
    assert BOTH in words(at)


def test_a_fork_with_another_model_offers_both_and_says_whom_it_replaces(app: OpenApp, database: Path) -> None:
    run = ran(database)
    at = opened(app, database, "population", run=run.id)
    at.toggle(key=f"fork-{run.id}-run").set_value(True).run()
    at.selectbox(key=f"fork-kind-{run.id}-run").set_value("another model").run()
    at.selectbox(key=f"fork-model-{run.id}-run").set_value("synthetic/careful").run()
    assert not at.exception
    words_of_fork = "model synthetic/careful in place of synthetic/fast, which sampled, and synthetic/sloppy, which"
    assert words_of_fork in words(at)


@pytest.mark.parametrize(("cell", "kept"), [("tiny/holes", "tiny/holes"), ("", None), (None, None)])
def test_a_row_of_the_experiment_form_may_name_one(cell: str | None, kept: str | None) -> None:
    row = {"Arm": "RSA", "Strategy": "rsa", "Model": "m", "Aggregator": cell, "N": "4", "K": "2", "T": "3"}
    assert arm_of(1, {**row, "Temperature": "1"}).get("aggregator") == kept


def test_in_chinese_it_is_said_too(app: OpenApp, database: Path) -> None:
    run = ran(database)
    at = opened(app, database, "run", run=run.id, lang="zh")
    assert not at.exception
    assert "由 synthetic/sloppy 聚合" in words(at)
