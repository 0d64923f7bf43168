"""``run`` with options: they are recorded, shown, and refused where they would do nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rsa_viz.cli import main
from rsa_viz.core.aside import AsideKind
from rsa_viz.core.run import Candidates, ModelChoice
from rsa_viz.store import Store
from tests.servers.openai_server import OpenAIServer

SMALL = ("--model", "synthetic/fast", "-N", "4", "-K", "2", "-T", "3")


def test_options_are_kept_shown_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(tmp_path / "runs.db")
    options = ("--temperature-end", "0.4", "--fresh-rate", "0.25", "--candidates", "summary")
    assert main(["run", "--db", database, *SMALL, *options]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["temperature_end"], said["fresh_rate"], said["candidates"]) == (0.4, 0.25, "summary")
    with Store(database) as store:
        (run,) = store.runs()
        asides = store.asides(run.id)
    assert run.calls == run.done == 12 + len(asides)
    assert {aside.kind for aside in asides} == {AsideKind.SUMMARISE}
    assert main(["show", "--db", database, run.id]) == 0
    shown = capsys.readouterr().out
    assert "options: temperature from 1 to 0.4; 25 % fresh chains; children see summaries" in shown
    assert main(["show", "--db", database, "--json", run.id]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert [aside["chain"] for aside in whole["asides"]] == [str(aside.slot) for aside in asides]


def test_rejection_says_what_was_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(tmp_path / "runs.db")
    assert main(["run", "--db", database, *SMALL, "--strategy", "rejection"]) == 0
    said = json.loads(capsys.readouterr().out)
    verified = said["verified"]
    assert (said["answer_by"], said["calls"], said["done"]) == ("accepted", 8, 8)
    assert len(verified["accepted"]) + verified["rejected"] == 4
    assert said["answer_chain"] in (verified["accepted"] or ["1.1", "1.2", "1.3", "1.4"])
    assert main(["show", "--db", database, said["run_id"]]) == 0
    assert (
        f"accepted {len(verified['accepted'])}, rejected {verified['rejected']}, unknown 0" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--tail-characters", "100"), "--tail-characters goes with --candidates tail, not with whole"),
        (("--candidates", "tail", "--tail-characters", "0"), "tail in characters must be"),
        (("--candidates", "half"), "invalid choice: 'half'"),
        (("--fresh-rate", "2"), "rate of fresh chains must be from 0 to 1, not 2"),
        (("--temperature-end", "9"), "temperature of the last generation must be from 0 to 2, not 9"),
        (("--strategy", "reference", "--fresh-rate", "0.5"), "has no effect in a run of one generation"),
        (("--aggregator", "synthetic/fast"), "the aggregator 'synthetic/fast' is the model that writes the samples"),
        (
            ("--aggregator", "synthetic/sloppy", "-T", "1"),
            "'synthetic/sloppy' has no effect in a run of one generation",
        ),
        (("--aggregator", "no-such-model"), "'no-such-model' names no provider that LiteLLM knows"),
        (("--aggregator-api-base", "http://127.0.0.1:9/v1"), "--aggregator-api-key-env go with --aggregator"),
        (("--strategy", "islands", "-N", "3"), "two islands need at least 2 K = 4 chains"),
    ],
)
def test_what_would_do_nothing_or_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    database = tmp_path / "runs.db"
    assert main(["run", "--db", str(database), *SMALL, *arguments]) == 2
    assert says in capsys.readouterr().err
    if database.exists():
        with Store(database) as store:
            assert store.count_runs() == 0


def test_another_model_aggregates_by_an_endpoints_name_or_at_an_address_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = str(tmp_path / "runs.db")
    assert main(["run", "--db", database, *SMALL, "--aggregator", "synthetic/sloppy"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["model"], said["aggregator"]) == ("synthetic/fast", "synthetic/sloppy")
    assert main(["show", "--db", database, said["run_id"]]) == 0
    assert "options: synthetic/sloppy aggregates" in capsys.readouterr().out
    assert main(["runs", "--db", database, "--search", "sloppy"]) == 0
    assert "synthetic/fast + synthetic/sloppy" in capsys.readouterr().out
    monkeypatch.setenv("THEIR_KEY", "sk-theirs")
    with OpenAIServer(key="sk-theirs") as server:
        far = ("--aggregator", "openai/b", "--aggregator-api-base", server.address)
        assert main(["run", "--db", database, *SMALL, *far, "--aggregator-api-key-env", "THEIR_KEY"]) == 0
        assert server.requests == 8
    with Store(database) as store:
        near, named = store.runs()
    assert near.config.aggregator == ModelChoice("openai/b", server.address, "THEIR_KEY")
    assert named.config.aggregator == ModelChoice("synthetic/sloppy", endpoint="synthetic/sloppy")


def test_it_is_said_of_which_model_no_answer_will_come(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--db", str(tmp_path / "runs.db"), *SMALL, "--aggregator", "tiny/holes"]) == 0
    said = capsys.readouterr().err
    assert "tiny/holes will give no answer" in said
    assert "synthetic/fast will give no answer" not in said


def test_a_tail_is_as_long_as_it_is_said(tmp_path: Path) -> None:
    database = str(tmp_path / "runs.db")
    assert main(["run", "--db", database, *SMALL, "--candidates", "tail", "--tail-characters", "60"]) == 0
    with Store(database) as store:
        config = store.runs()[0].config
    assert (config.candidates, config.tail_characters) == (Candidates.TAIL, 60)
