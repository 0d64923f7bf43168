"""The command line from outside: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from rsa_viz.cli import main
from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.store import Store
from rsa_viz.tasks import opening_problem
from tests import processes

QUICK = ("--model", "synthetic/slip=0.15,oversight=0.2,speed=0", "-N", "4", "-K", "2", "-T", "3")


class Ran:
    """One finished call of ``main``: its exit code and what it wrote."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def result(self) -> dict[str, Any]:
        value = json.loads(self.out.splitlines()[-1])
        assert isinstance(value, dict)
        return value


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    def call(command: str, *arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = main([command, "--db", str(tmp_path / "runs.db"), *map(str, arguments)])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


def test_without_a_question_a_bundled_problem_is_run_on_the_embedded_model(call) -> None:
    ran = call("run", *QUICK)
    assert ran.code == 0, ran.err
    result = ran.result
    assert result["status"] == "done"
    assert result["simulated"] is True
    assert result["task"] == "program"
    assert (result["calls"], result["done"], result["failed"]) == (12, 12, 0)
    assert [row["t"] for row in result["by_generation"]] == [1, 2, 3]
    for row in result["by_generation"]:
        assert row["right"] + row["wrong"] + row["unknown"] == 4
        assert row["mean"] == row["right"] / (row["right"] + row["wrong"])
        assert row["pass_at_n"] is (row["right"] > 0)
    assert "12/12 calls" in ran.err


def test_without_anything_the_tiny_model_fills_in_missing_operations(call) -> None:
    ran = call("run", "-N", "4", "-K", "2", "-T", "2")
    assert ran.code == 0, ran.err
    assert (ran.result["model"], ran.result["task"], ran.result["simulated"]) == ("tiny/holes", "holes", False)
    assert (ran.result["done"], ran.result["problem"]) == (8, opening_problem().title)
    assert "no answer" not in ran.err


def test_a_task_brings_the_model_that_knows_it_and_a_model_that_does_not_is_warned_of(call) -> None:
    small = ("-N", "2", "-K", "1", "-T", "1")
    assert call("run", *small, "--task", "program").result["model"] == "synthetic/reasoner"
    ran = call("run", *small, "--model", "tiny/holes", "--question", "What is 2 + 2?")
    assert "tiny/holes will give no answer to 'What is 2 + 2?': it knows missing operations only" in ran.err
    ran = call("run", *small, "--task", "holes", "--question", "Work modulo 7.\n(1) 3 ? 5 ? 2 ? 2 = 4")
    assert "I have learned to work modulo 13 only, not modulo 7" in ran.err


def test_the_same_seed_gives_the_same_run_and_another_seed_another(call) -> None:
    one, same, other = (call("run", *QUICK, "--seed", seed).result for seed in ("7", "7", "8"))
    chains = [call("show", "--json", result["run_id"]).json["chains"] for result in (one, same, other)]
    texts = [[chain["text"] for chain in run] for run in chains]
    assert one["run_id"] != same["run_id"]
    assert one["by_generation"][0]["right"] == same["by_generation"][0]["right"]
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_show_tells_every_chain_with_its_parents_ids_in_prompt_order(call, tmp_path: Path) -> None:
    run_id = call("run", *QUICK).result["run_id"]
    chains = call("show", "--json", run_id).json["chains"]
    slots = {chain["id"]: (chain["t"], chain["i"]) for chain in chains}
    assert sorted(slots.values()) == [(t, i) for t in (1, 2, 3) for i in (1, 2, 3, 4)]
    plan = Store(tmp_path / "runs.db").plan(run_id)
    for chain, planned in zip(chains, plan, strict=True):
        assert [slots[parent] for parent in chain["parents"]] == list(planned.parents)
        assert chain["status"] == "done"
        assert chain["verdict"] in {"right", "wrong"}
        assert chain["verdict_source"] == "exact"
        assert chain["text"]


def test_show_tells_what_persons_ruled(call, tmp_path: Path) -> None:
    run_id = call("run", *QUICK).result["run_id"]
    assert call("show", "--json", run_id).json["rulings"] == []
    with Store(tmp_path / "runs.db") as store:
        undone = store.rule_verdict(run_id, Slot(1, 1), Verdict.RIGHT)
        store.undo_ruling(run_id, undone.id)
        store.rule_verdict(run_id, Slot(1, 2), Verdict.UNKNOWN, "cannot be told")
    shown = call("show", "--json", run_id).json
    assert [(one["kind"], one["chain"], one["undone_at"] is None) for one in shown["rulings"]] == [
        ("verdict", "1.1", False),
        ("verdict", "1.2", True),
    ]
    ruled = [chain for chain in shown["chains"] if chain["ruled"]]
    assert [(chain["t"], chain["i"], chain["verdict"], chain["verdict_source"]) for chain in ruled] == [
        (1, 2, "unknown", "person")
    ]
    assert shown["by_generation"][0]["unknown"] == 1
    assert "1 verdict set by a person" in call("show", run_id).out
    assert f"{run_id}" in call("runs").out
    assert call("runs").out.rstrip().endswith("(1 verdict set by a person)")
    assert [one["rulings"] for one in call("runs", "--json").json] == ["1 verdict set by a person"]


def test_a_run_is_listed_and_found_by_a_word_of_its_note(call) -> None:
    run_id = call("run", *QUICK, "--note", "before the lecture").result["run_id"]
    assert run_id in call("runs").out
    assert [run["run_id"] for run in call("runs", "--json", "--search", "lecture").json] == [run_id]
    assert call("runs", "--json", "--search", "nowhere").json == []


def test_a_problem_is_read_from_a_file_with_its_gold_answer(call, tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    question = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nWhat is c?"
    file.write_text(json.dumps({"task": "program", "question": question, "gold": "55", "title": "one line"}))
    result = call("run", *QUICK, "--problem", file).result
    assert (result["problem"], result["gold"], result["task"]) == ("one line", "55", "program")


def test_a_question_that_the_synthetic_reasoner_cannot_read_gets_no_answer_and_says_so(call) -> None:
    ran = call("run", *QUICK, "--question", "Who wrote Faust?")
    assert ran.code == 0
    assert ran.result["answer"] is None
    assert ran.result["vote"] is None
    assert [row["abstained"] for row in ran.result["by_generation"]] == [4, 4, 4]
    assert {row["mean"] for row in ran.result["by_generation"]} == {None}


def test_exports_read_back_and_the_bundle_imports_once(call, tmp_path: Path) -> None:
    run_id = call("run", *QUICK).result["run_id"]
    for format in ("jsonl", "graphml", "gexf", "csv"):
        assert call("export", run_id, "--format", format, "--out", tmp_path / f"run.{format}").code == 0
    for graph in (nx.read_graphml(tmp_path / "run.graphml"), nx.read_gexf(tmp_path / "run.gexf")):
        assert (graph.number_of_nodes(), graph.number_of_edges()) == (12, 16)
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "run.csv").read_text(encoding="utf-8"))))) == 12

    elsewhere = tmp_path / "elsewhere.db"
    assert main(["import", "--db", str(elsewhere), str(tmp_path / "run.jsonl")]) == 0
    assert main(["import", "--db", str(elsewhere), str(tmp_path / "run.jsonl")]) == 0
    store = Store(elsewhere)
    assert [run.id for run in store.runs()] == [run_id]
    assert [chain.text for chain in store.chains(run_id, text=True)] == [
        chain.text for chain in Store(tmp_path / "runs.db").chains(run_id, text=True)
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "-N", "4", "-K", "5"], "K = 5"),
        (["run", "-N", "0"], "N (population size)"),
        (["run", "-T", "0"], "T (generations)"),
        (["run", "--temperature", "hot"], "hot"),
        (["run", "--strategy", "magic"], "'magic'"),
        (["run", "--task", "magic"], "'magic'"),
        (["run", "--model", "synthetic/slip=2"], "slip"),
        (["run", "--model", "nosuchprovider/x"], "nosuchprovider"),
        (["run", "--problem", "no-such-file.json"], "no-such-file.json"),
        (["run", "--question", "  "], "question is empty"),
        (["show", "nosuchrun"], "nosuchrun"),
        (["resume", "nosuchrun"], "nosuchrun"),
        (["export", "nosuchrun"], "nosuchrun"),
        (["import", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["dance"], "dance"),
    ],
)
def test_bad_input_ends_with_one_clear_line_and_no_run(call, tmp_path: Path, arguments: list[str], says: str) -> None:
    ran = call(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("rsa_viz: ")
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""
    assert Store(tmp_path / "runs.db").count_runs() == 0


def test_an_unknown_export_format_names_the_known_ones(call) -> None:
    run_id = call("run", *QUICK).result["run_id"]
    ran = call("export", run_id, "--format", "pickle")
    assert (ran.code, ran.out) == (2, "")
    assert "graphml" in ran.err


def test_a_run_of_which_every_call_fails_says_so_and_can_be_shown(call) -> None:
    nobody = ("--model", "openai/x", "--api-base", "http://127.0.0.1:1/v1", "--retries", "0")
    ran = call("run", *nobody, "--question", "What is 2 + 2?", "-N", "2", "-K", "1", "-T", "2")
    assert ran.code == 1
    assert (ran.result["status"], ran.result["failed"], ran.result["answer"]) == ("done", 4, None)
    assert "every call of run" in ran.err.splitlines()[-1]
    shown = call("show", ran.result["run_id"])
    assert shown.code == 0
    assert "0 done, 4 failed of 4" in shown.out
    assert shown.out.splitlines()[-1].split() == ["2", "0", "0", "0", "0", "?", "?", "?", "0", "?"]


def test_as_a_process_it_keeps_standard_output_for_json(tmp_path: Path) -> None:
    ran = processes.run("run", "--db", tmp_path / "runs.db", *QUICK)
    assert ran.returncode == 0, ran.stderr
    assert processes.last_json(ran)["status"] == "done"
    assert len(ran.stdout.splitlines()) == 1
    assert "Traceback" not in ran.stderr
