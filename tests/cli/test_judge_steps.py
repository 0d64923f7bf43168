"""The command judge-steps, and verdicts of other sources from analyse and segment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rsa_viz.cli import main
from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task

PERFECT = "synthetic/slip=0,blind=0,speed=0"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, str]:
    """A finished run and its database."""
    path = tmp_path_factory.mktemp("judged") / "runs.db"
    with Store(path) as store:
        service = Service(store, ())
        made = service.create(
            find_task("program").problems()[0], RunConfig(ModelChoice("synthetic/slip=0.4,speed=0"), n=5, k=2, t=3)
        )
        service.start(made.id)
        made = service.wait(made.id, 60)
        service.close()
    return made, str(path)


def test_it_tells_the_cost_judges_what_is_meant_and_says_how_far_it_agrees(
    run: tuple[Run, str], capsys: pytest.CaptureFixture[str]
) -> None:
    made, database = run
    command = ["judge-steps", made.id, "--model", PERFECT, "--db", database]
    assert main([*command, "--generation", "2", "--dry-run"]) == 0
    cost = json.loads(capsys.readouterr().out)
    assert (cost["foreseen"]["calls"], cost["simulated"]) == (5, True)
    assert main([*command, "--chain", "3.2"]) == 0
    assert json.loads(capsys.readouterr().out)["judged"] == 1
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["asked"], told["judged"], told["failed"], told["ending"]) == (14, 14, 0, "done")
    assert told["agreed"] == told["both"] == told["known"] > 0
    assert f"The judge {PERFECT} agrees with what is known on {told['agreed']} of" in told["words"]

    def fragments(*options: str) -> dict[str, object]:
        assert main(["analyse", made.id, "--what", "fragments", "--db", database, *options]) == 0
        return json.loads(capsys.readouterr().out)

    known, judged = fragments(), fragments("--verdicts", "judge")
    assert (known["verdicts_by"], judged["verdicts_by"]) == ("known", f"judge:{PERFECT}")
    assert {one["source"] for one in judged["fragments"]} == {"judge"}
    assert [one["verdict"] for one in judged["fragments"]] == [one["verdict"] for one in known["fragments"]]
    assert fragments("--verdicts", "consensus")["verdicts_by"] == "consensus"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--chain", "9.9"], "no chain 9.9"),
        (["--generation", "7"], "no chain is done there"),
        (["--chain", "x"], "is no slot"),
    ],
)
def test_what_cannot_be_judged_is_said(
    run: tuple[Run, str], options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made, database = run
    assert main(["judge-steps", made.id, "--model", PERFECT, "--db", database, *options]) == 2
    assert why in capsys.readouterr().err


def test_verdicts_that_the_run_does_not_have_are_refused(
    run: tuple[Run, str], capsys: pytest.CaptureFixture[str]
) -> None:
    made, database = run
    assert main(["analyse", made.id, "--what", "fragments", "--verdicts", "reference", "--db", database]) == 2
    assert "no worked solution" in capsys.readouterr().err
    assert main(["analyse", made.id, "--what", "events", "--verdicts", "judge", "--db", database]) == 2
    assert "--verdicts goes with --what fragments" in capsys.readouterr().err


def test_segment_compares_with_a_worked_solution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, solution = tmp_path / "text.txt", tmp_path / "solution.txt"
    text.write_text("First 2 * 3 = 6 apples.\nThen 6 + 2 = 8.\n", encoding="utf-8")
    solution.write_text("2 * 3 = 6\n6 + 1 = 7\n", encoding="utf-8")
    assert main(["segment", "--text", str(text), "--task", "gsm8k", "--solution", str(solution)]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [(one["verdict"], one["source"]) for one in steps] == [("right", "reference"), ("unknown", "none")]
