"""Forks and left-out parents on the pages: the form with its cost, what every page says of a fork, hostile texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import PROBLEM, RIGHT, WRONG, OpenApp, opened, recorded, said
from streamlit.testing.v1 import AppTest

from pages.parts.frame import the_service
from rsa_viz.core.chain import ChainOrigin, Slot
from rsa_viz.core.fork import OtherTemperature, Written
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.service import Service
from rsa_viz.store import Store

HARM = "<img src=x onerror=\"document.title='owned'\"> :red[red] $$x$$ [a](http://evil.test) \\boxed{<b>9</b>}"


def mixed(slot: Slot, prompt: str, seed: int) -> str | None:
    return RIGHT if slot.i % 2 else WRONG


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def what_is_shown(at: AppTest, words: str) -> None:
    assert not at.exception
    assert words in said(at).replace("\\", ""), said(at)


def ran(database: Path) -> Run:
    """A run of the simulation, which can be forked and run on."""
    with Store(database) as store:
        service = Service(store)
        run = service.create(PROBLEM, RunConfig(ModelChoice("synthetic/fast"), n=4, k=2, t=3, seed=7))
        service.start(run.id)
        run = service.wait(run.id, timeout=60)
        service.close()
        return run


def test_a_fork_is_chosen_foreseen_and_started_on_the_chain_page(app: OpenApp, database: Path) -> None:
    run = ran(database)
    at = opened(app, database, "chain", run=run.id, chain="2.1")
    at.toggle(key=f"fork-{run.id}-2.1").set_value(True).run()
    kind = at.selectbox(key=f"fork-kind-{run.id}-2.1")
    assert kind.options[:2] == ["this chain's text, edited", "another text in this chain's place"]
    what_is_shown(at, "Change the text to go on.")
    kind.select_index(1).run()
    what_is_shown(at, "Write the text that later chains shall read")
    at.text_area(key=f"fork-plant-{run.id}-2.1").set_value(HARM).run()
    what_is_shown(at, "chain 2.1 planted by a person, after generation 2:")
    what_is_shown(at, "4 calls, 3 generations (2 aggregations)")
    with Store(database) as store:
        assert store.forks(run.id) == []  # nothing is made before the button
        at.button(key=f"fork-start-{run.id}-2.1").click().run()
        assert not at.exception
        (fork,) = store.forks(run.id)
        assert the_service().wait(fork.id, timeout=60).status is RunStatus.DONE
        assert store.run(fork.id).done == 4
        assert at.query_params["run"] in (fork.id, [fork.id])


def test_every_page_says_what_a_run_was_forked_from(app: OpenApp, database: Path) -> None:
    run = ran(database)
    with Store(database) as store:
        fork = Service(store).fork(run.id, 2, Written(Slot(2, 2), HARM))
        cooler = Service(store).fork(run.id, 1, OtherTemperature(0.2))
        assert store.chain(fork.id, Slot(2, 2)).origin is ChainOrigin.PLANTED
    for page in ("run", "population", "genealogy", "failures", "chain"):
        at = opened(app, database, page, run=fork.id, chain="2.2")
        assert not at.exception
        notice = next(one.value for one in at.markdown if "badge[:material/fork_right: Fork]" in one.value)
        assert f"/population?run={run.id}" in notice
        assert "planted by a person" in notice
    what_is_shown(at, "Planted by a person: this text is not the model's.")
    what_is_shown(at, "Nothing was sent: a person wrote this text.")
    assert HARM in [str(one.value) for one in at.code]
    assert not any("onerror" in one.value and "\\<img" not in one.value for one in at.markdown)
    at = opened(app, database, "population", run=fork.id)
    what_is_shown(at, "1 chain was planted by a person; the share leaves it out.")
    what_is_shown(at, "Nothing to compare yet")
    assert any(cooler.id in one.value for one in at.markdown)  # its sibling is listed
    with Store(database) as store:
        store.delete_run(run.id)
    at = opened(app, database, "population", run=fork.id)
    what_is_shown(at, f"run {run.id} (not in this database)")
    what_is_shown(at, "nothing to compare with")


def test_left_out_parents_are_shown_with_the_cost_of_asking(app: OpenApp, database: Path) -> None:
    run = ran(database)
    at = opened(app, database, "chain", run=run.id, chain="3.1")
    what_is_shown(at, "Similarity says where a text stood before, not what it did.")
    at.toggle(key=f"left-out-{run.id}-3.1").set_value(True).run()
    at.number_input(key=f"left-out-times-{run.id}-3.1").set_value(5).run()
    what_is_shown(at, "15 calls, 2 generations (1 aggregation)")
    with Store(database) as store:
        made = Service(store).leave_one_out(run.id, Slot(3, 1), 5)
    at = opened(app, database, "chain", run=run.id, chain="3.1")
    what_is_shown(at, "No repeat has ended yet.")
    assert list(at.dataframe[-1].value["Right"]) == ["0 of 0"] * 3
    at = opened(app, database, "population", run=made.id)
    what_is_shown(at, "Leave one out")
    at = opened(app, database, "failures", run=run.id)
    assert not at.exception


def test_runs_that_cannot_be_forked_say_so_or_offer_nothing(app: OpenApp, database: Path) -> None:
    one = recorded(database, write=mixed, n=3, k=1, t=1)
    at = opened(app, database, "population", run=one.id)
    assert not at.exception
    assert not [toggle for toggle in at.toggle if toggle.label == "Fork this run"]
    planned = recorded(database, write=mixed, n=3, k=1, t=3, until=0)
    assert planned.status is RunStatus.STOPPED
    at = opened(app, database, "population", run=planned.id)
    at.toggle(key=f"fork-{planned.id}-run").set_value(True).run()
    what_is_shown(at, "Only generations that have ended can be forked")
