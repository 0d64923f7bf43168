"""The commands judge and problems: what a task reads from a text, and what there is to run."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.cli import main
from rsa_viz.tasks import TASKS, reasoning_gym
from rsa_viz.tasks.sources import read_problems

PROGRAM = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nWhat is c?"


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """One call of ``main``, with a text on standard input: its exit code and what it wrote."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        code = main(arguments)
        return code, *capfd.readouterr()

    yield call
    assert not list(tmp_path.glob("**/*.db")), "judging and listing need no database"


def judged(called: tuple[int, str, str]) -> dict[str, Any]:
    code, out, err = called
    assert code == 0, err
    assert len(out.splitlines()) == 1
    value = json.loads(out)
    assert isinstance(value, dict)
    assert list(value) == ["answer", "key", "start", "end", "verdict", "score", "source", "why"]
    return value


@pytest.mark.parametrize(
    ("arguments", "text", "answer", "verdict", "source"),
    [
        (["--task", "math", "--gold", "0.5"], "so \\boxed{1/2}.", "1/2", "right", "reference"),
        (["--task", "math", "--gold", "0.5"], "so \\boxed{1/3}.", "1/3", "wrong", "reference"),
        (["--task", "math"], "so \\boxed{1/2}.", "1/2", "unknown", "none"),
        (["--task", "math", "--gold", "0.5"], "I give up.", None, "wrong", "reference"),
        (["--task", "gsm8k", "--gold", "18"], "9 * 2 = 18\n#### 18", "18", "right", "reference"),
        (["--task", "text", "--gold", "Thursday"], "Answer: thursday", "thursday", "right", "reference"),
        (
            ["--task", "multiple_choice", "--gold", "red", "--options", '["blue", "red"]'],
            "The answer is B.",
            "B",
            "right",
            "reference",
        ),
        (["--task", "program", "--question", PROGRAM], "c = 55\n\\boxed{55}", "55", "right", "exact"),
    ],
)
def test_a_text_is_read_and_judged(
    call, arguments: list[str], text: str, answer: str | None, verdict: str, source: str
) -> None:
    value = judged(call("judge", *arguments, "--text", "-", stdin=text))
    assert (value["answer"], value["verdict"], value["source"]) == (answer, verdict, source)
    assert value["score"] == {"right": 1.0, "wrong": 0.0, "unknown": None}[verdict]
    if answer is not None:
        assert text[value["start"] : value["end"]] == answer
        assert value["key"]
    assert value["why"]


def test_a_text_and_a_whole_problem_are_read_from_files(call, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes(b"caf\xff \\boxed{55}")
    (tmp_path / "problem.json").write_text(json.dumps({"task": "program", "question": PROGRAM}))
    value = judged(call("judge", "--problem", "problem.json", "--text", "text.txt"))
    assert (value["answer"], value["verdict"], value["start"]) == ("55", "right", 12)


def test_a_puzzle_is_judged_without_a_run(call, tmp_path: Path) -> None:
    metadata = {"dataset_name": "spell_backward", "entry": {}}
    problem = {"task": "reasoning_gym", "question": "Spell pan backward.", "gold": "nap", "metadata": metadata}
    (tmp_path / "problem.json").write_text(json.dumps(problem))
    if reasoning_gym.REASONING_GYM.missing() is not None:
        pytest.skip("the extra 'reasoning-gym' is not installed")
    value = judged(call("judge", "--problem", "problem.json", "--text", "-", stdin="<answer>nap</answer>"))
    assert (value["answer"], value["verdict"]) == ("nap", "right")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--text", "-"], "--task"),
        (["--task", "math"], "--text"),
        (["--task", "magic", "--text", "-"], "'magic'"),
        (["--task", "math", "--text", "no-such-file"], "no-such-file"),
        (["--task", "multiple_choice", "--gold", "A", "--text", "-"], "options"),
        (["--task", "multiple_choice", "--options", "[red]", "--text", "-"], "--options"),
        (["--task", "program", "--text", "-"], "no program"),
        (["--problem", "x.json", "--question", "Who?", "--text", "-"], "--problem"),
    ],
)
def test_what_cannot_be_judged_is_told_in_one_line(call, arguments: list[str], says: str) -> None:
    code, out, err = call("judge", *arguments, stdin="\\boxed{1}")
    assert (code, out) == (2, "")
    assert err.startswith("rsa_viz: ")
    assert len(err.splitlines()) == 1
    assert says in err


# problems


def test_the_bundled_problems_are_listed_and_read_back(call) -> None:
    code, out, _ = call("problems", "--json")
    assert code == 0
    bundled = [problem for task in TASKS.values() for problem in task.problems()]
    assert [(one["task"], one["question"], one["gold"]) for one in json.loads(out)] == [
        (problem.task, problem.question, problem.gold) for problem in bundled
    ]
    found = read_problems("bundled.json", out.encode())
    assert found.refused == ()
    assert [problem.key for problem in found.problems] == [problem.key for problem in bundled]

    code, out, _ = call("problems", "--task", "text")
    assert (code, len(out.splitlines())) == (0, len(TASKS["text"].problems()))
    assert all(line.startswith("text ") for line in out.splitlines())


def test_puzzles_are_generated_and_read_back(call) -> None:
    pytest.importorskip("reasoning_gym", reason="the extra 'reasoning-gym' is not installed")
    code, out, _ = call("problems", "--generate", "gcd", "--count", "3", "--seed", "5", "--json")
    assert code == 0
    found = read_problems("puzzles.json", out.encode())
    assert found.refused == ()
    assert [problem.title for problem in found.problems] == ["gcd 5.1", "gcd 5.2", "gcd 5.3"]
    assert found.problems == reasoning_gym.generate(["gcd"], count=3, seed=5)


def test_the_generators_are_named_where_nothing_is_bundled(call) -> None:
    code, out, err = call("problems", "--task", "reasoning_gym")
    assert (code, out) == (0, "")
    assert "paper: games" in err
    assert "tower_of_hanoi" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--task", "magic"], "'magic'"),
        (["--generate", "nowhere"], "'nowhere'"),
        (["--generate", "gcd", "--task", "math"], "reasoning_gym"),
    ],
)
def test_an_unknown_name_is_told_in_one_line(call, arguments: list[str], says: str) -> None:
    code, out, err = call("problems", *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert says in err
