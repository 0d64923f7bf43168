"""The command segment, and analyse for fragments and inheritance."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.analysis.fragments import ROW
from rsa_viz.cli import main
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task

Call = Callable[..., tuple[int, str, str]]
PROGRAM = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nWhat is c?"


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """One call of ``main``, with a text on standard input: its exit code and what it wrote."""

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        code = main(arguments)
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


def told(called: tuple[int, str, str]) -> Any:
    code, out, err = called
    assert code == 0, err
    return json.loads(out)


def test_a_text_is_cut_into_steps_with_their_fragments(call: Call) -> None:
    found = told(call("segment", "--text", "-", stdin="First 2*13 = 26.\nThen x = 5 and 26 - 5 = 20.\n"))
    assert found["characters"] == 45
    assert found["fragments"] == ["2*13=26", "x=5", "26-5=20"]
    assert found["steps"][0] == {
        "start": 0, "end": 16, "text": "First 2*13 = 26.", "fragment": "2*13=26", "verdict": "unknown",
        "source": "arithmetic", "why": "arithmetic consistent: 2*13 is 26",
    }  # fmt: skip
    assert [step["verdict"] for step in found["steps"]] == ["unknown", "unknown", "wrong"]
    assert found["steps"][2]["why"] == "26-5 is 21, not 20"


def test_the_program_task_checks_each_step_and_needs_the_question(call: Call, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("c = a * b = 12 * 45 = 540 = 56\n", encoding="utf-8")
    arguments = ("segment", "--text", str(tmp_path / "text.txt"), "--task", "program")
    found = told(call(*arguments, "--question", PROGRAM))
    assert (found["fragments"], found["steps"][0]["source"]) == (["c=56"], "exact")
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert "no program" in err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("segment", "--text", "nowhere.txt"), "cannot read nowhere.txt"),
        (("segment", "--text", "-", "--task", "nothing"), "nothing"),
        (("segment",), "--text"),
    ],
)
def test_bad_input_is_one_line(call: Call, arguments: tuple[str, ...], complaint: str) -> None:
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err
    assert len(err.splitlines()) == 1


def test_a_blank_text_has_no_steps(call: Call) -> None:
    assert told(call("segment", "--text", "-", stdin=" \n\t"))["steps"] == []


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database with one finished run."""
    path = tmp_path_factory.mktemp("fragments") / "runs.db"
    with Store(path) as store:
        service = Service(store)
        run = service.create(
            find_task("program").problems()[0], RunConfig(ModelChoice("synthetic/slip=0.2,speed=0"), n=6, k=3, t=4)
        )
        service.start(run.id)
        assert service.wait(run.id, timeout=60).done == 24
        service.close()
    return path, run.id


def test_fragments_of_a_run_as_json(call: Call, recorded: tuple[Path, str]) -> None:
    path, run_id = recorded
    found = told(call("analyse", run_id, "--db", str(path), "--what", "fragments"))
    assert (found["what"], found["simulated"], found["done"]) == ("fragments", True, [6, 6, 6, 6])
    assert [row["t"] for row in found["kinds"]] == [1, 2, 3, 4]
    assert tuple(found["fragments"][0]) == ROW
    for row in found["fragments"]:
        assert row["verdict"] in ("right", "wrong")
        assert row["first"] == row["carriers"][0]
        assert len(row["shares"]) == 4
    carried = sum(len(row["carriers"]) for row in found["fragments"])
    assert carried == sum(row["right"] + row["wrong"] + row["unknown"] for row in found["kinds"])


def test_inheritance_of_a_run_as_json(call: Call, recorded: tuple[Path, str]) -> None:
    path, run_id = recorded
    found = told(call("analyse", run_id, "--db", str(path), "--what", "inheritance"))
    same = found["steps_in_the_same_words"]
    assert 0 < same["copied"] <= 1
    assert 0 < same["present"] <= same["exposed"]
    assert found["fragments_in_other_words"]["present"] == 0, "the synthetic reasoner words a result in one way"
    assert len(found["chains"]) == 24
    assert {one["origin"] for one in found["chains"][0]["fragments"]} == {"new"}
    child = found["chains"][-1]
    assert child["slot"] == "4.6"
    for one in child["fragments"]:
        assert (one["probability"] is not None or one["doubt"] is not None) == (one["origin"] == "from parents")
        assert one["probability"] is None or one["doubt"] is None
        assert bool(one["candidates"]) == (one["origin"] == "from parents")


def test_what_each_child_took_from_its_parents_as_json(call: Call, recorded: tuple[Path, str]) -> None:
    path, run_id = recorded
    found = told(call("analyse", run_id, "--db", str(path), "--what", "inheritance"))
    assert [one["slot"] for one in found["children"]] == [f"{t}.{i}" for t in (2, 3, 4) for i in range(1, 7)]
    for one in found["children"]:
        assert one["kind"] in ("clone", "synthesis", "rewrite", "drift")
        assert sum(one["shares"].values()) + one["new"] == pytest.approx(1.0)
        assert 0 <= one["used"] <= len(one["shares"])
        assert one["effective_donors"] <= len(one["shares"]) + 1e-9
        assert one["largest"] >= max(one["shares"].values()) - 1e-9
        assert one["donor"] in one["shares"] or one["largest"] == 0
    assert [row["t"] for row in found["generations"]] == [2, 3, 4]
    for row in found["generations"]:
        assert sum(row["kinds"].values()) == row["children"] == 6
        assert set(row["effective_donors"]) == {"low", "median", "high"}
    for one in found["positions"]:
        assert sum(share["share"] for share in one["shares"]) == pytest.approx(1.0)
        assert one["more_than_noise"] in (None, True, False)
        assert "if the place did not matter" in one["words"]
    assert {one["measure"] for one in found["positions"]} == {"text", "answer"}
