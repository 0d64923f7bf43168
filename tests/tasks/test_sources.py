"""Problems from files and from the hub: what is understood, what is refused, and with which reason."""

from __future__ import annotations

import io
import json
import pickle
import sys
import types
from typing import Any

import pyarrow as arrow
import pytest
from pyarrow import parquet

from rsa_viz.core.errors import InvalidInput, InvalidProblem, UnknownName
from rsa_viz.core.problem import Problem
from rsa_viz.tasks.sources import Columns, ReadProblems, hub, read_hub, read_problems, tables
from rsa_viz.tasks.sources.tests_column import read_tests


def jsonl(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def parquet_file(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows), out)
    return out.getvalue()


def only(found: ReadProblems) -> Problem:
    assert found.refused == ()
    (problem,) = found.problems
    return problem


def row(**values: Any) -> Problem:
    return only(read_problems("one.jsonl", jsonl(values)))


VERL = {
    "data_source": "somebody/aime_practice",
    "prompt": [
        {
            "role": "user",
            "content": "What is 3 + 4? Let's think step by step and output the final answer within \\boxed{}.",
        }
    ],
    "ability": "math",
    "reward_model": {"style": "rule", "ground_truth": "7"},
    "extra_info": {"index": 0, "split": "test"},
}
PUZZLE = {
    "data_source": "reasoning_gym",
    "prompt": [{"role": "user", "content": "Spell 'pan' backward. Answer between <answer> and </answer> tags."}],
    "ability": "games",
    "reward_model": {"style": "rule", "ground_truth": "nap"},
    "extra_info": {
        "dataset_name": "spell_backward",
        "entry": json.dumps({"question": "Spell 'pan' backward.", "answer": "nap", "metadata": {"word": "pan"}}),
    },
}


# formats


def test_the_same_rows_read_the_same_from_every_format() -> None:
    rows = [{"question": "What is 2 + 2?", "answer": "4"}, {"question": "What is 5 * 5?", "answer": "25"}]
    files = {
        "a.jsonl": jsonl(*rows),
        "a.ndjson": b"\n" + jsonl(*rows) + b"\n\n",
        "a.json": json.dumps(rows).encode(),
        "b.json": json.dumps({"problems": rows}).encode(),
        "c.json": jsonl(*rows),
        "a.csv": b"\xef\xbb\xbfquestion,answer\r\nWhat is 2 + 2?,4\r\nWhat is 5 * 5?,25\r\n",
        "b.csv": b"question;answer\nWhat is 2 + 2?;4\nWhat is 5 * 5?;25",
        "a.tsv": b"question\tanswer\nWhat is 2 + 2?\t4\nWhat is 5 * 5?\t25",
        "A.PARQUET": parquet_file(rows),
        "d.jsonl": b"\xff\xfe" + jsonl(*rows).decode().encode("utf-16-le"),
    }
    expected = (Problem("math", "What is 2 + 2?", "4"), Problem("math", "What is 5 * 5?", "25"))
    for name, data in files.items():
        found = read_problems(name, data)
        assert (found.problems, found.refused) == (expected, ()), name
        assert (found.columns.question, found.columns.gold) == ("question", "answer")
        assert found.names == ("question", "answer")


def test_a_single_json_object_is_one_problem() -> None:
    assert only(read_problems("one.json", b'{"question": "Who?", "gold": "Ada"}')) == Problem("text", "Who?", "Ada")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("problems.pkl", pickle.dumps([{"question": "x"}]), "jsonl"),
        ("problems.xlsx", b"PK", "jsonl"),
        ("problems", b"x", "jsonl"),
        ("empty.jsonl", b" \n ", "empty"),
        ("broken.json", b"[1, 2", "no JSON"),
        ("number.json", b"7", "list of problems"),
        ("latin.csv", "question\nCaf\xe9?".encode("latin-1"), "UTF-8"),
        ("twice.csv", b"question,question\na,b", "two columns"),
        ("header.csv", b"question,answer\n", "no row"),
        ("nothing.jsonl", b"not json\nnor this", "row 1: no JSON"),
        ("garbage.parquet", b"PAR1" + bytes(range(200)), "parquet"),
        ("cut.parquet", parquet_file([{"question": "x"}])[:-9], "parquet"),
        ("strange.jsonl", b'{"alpha": 1, "beta": 2}', "alpha, beta"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(name: str, data: bytes, says: str) -> None:
    with pytest.raises(InvalidProblem, match=says):
        read_problems(name, data)


def test_a_pickle_is_never_loaded_whatever_it_is_called(tmp_path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return (open, (str(tmp_path / "loaded"), "w"))

    for ending in ("jsonl", "json", "csv", "parquet", "pkl"):
        with pytest.raises(InvalidProblem):
            read_problems(f"trap.{ending}", pickle.dumps(Trap()))
    assert not (tmp_path / "loaded").exists()


# bad rows


def test_bad_rows_are_told_with_their_line_and_the_good_ones_are_kept() -> None:
    found = read_problems(
        "mixed.jsonl",
        jsonl(
            {"question": "What is 2 + 2?", "answer": "4"},
            "{'question': 'python'}",
            "",
            {"question": "  ", "answer": "4"},
            {"question": "What is 3 + 3?", "answer": {"value": 6}},
            '{"question": "What is 1 / 0?", "answer": NaN}',
            [1, 2],
            {"question": "What is 2 + 2?", "answer": "4"},
            {"answer": "5"},
            "[" * 100_000,
            '{"question": "big", "answer": ' + "9" * 5000 + "}",
            {"question": "What is 7 + 7?", "answer": 14},
        ),
    )
    assert [problem.gold for problem in found.problems] == ["4", "14"]
    reasons = {refused.number: refused.reason for refused in found.refused}
    assert sorted(reasons) == [2, 4, 5, 6, 7, 8, 9, 10, 11]
    assert "no JSON" in reasons[2]
    assert "question is empty" in reasons[4]
    assert "gold answer" in reasons[5]
    assert "NaN" in reasons[6]
    assert "JSON object" in reasons[7]
    assert "row 1" in reasons[8]
    assert "question is empty" in reasons[9]
    assert "nested" in reasons[10]
    assert "no JSON" in reasons[11]


def test_a_csv_row_counts_the_header_as_row_one() -> None:
    found = read_problems("table.csv", b'question,answer\n"What is\n2 + 2?",4\ntoo,many,fields\nshort\nWho?,Ada\n')
    assert [problem.question for problem in found.problems] == ["What is\n2 + 2?", "Who?"]
    assert [(refused.number, refused.reason) for refused in found.refused] == [
        (3, "has 3 fields and the header 2"),
        (4, "has 1 fields and the header 2"),
    ]


def test_a_field_that_is_too_long_for_csv_is_one_bad_row() -> None:
    found = read_problems("table.csv", b"question,answer\nfirst?,1\n" + b"x" * 200_000 + b",2\nlast?,3\n")
    assert [problem.question for problem in found.problems] == ["first?", "last?"]
    assert [refused.number for refused in found.refused] == [3]


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    found = read_problems("many.jsonl", jsonl(*({"question": f"What is {n}?", "answer": n} for n in range(9))))
    assert len(found.problems) == 2
    assert [(refused.number, "first 2 rows" in refused.reason) for refused in found.refused] == [(3, True)]

    found = read_problems("long.jsonl", jsonl({"question": "x" * 200_001}, {"question": "ok"}))
    assert (len(found.problems), "200,001" in found.refused[0].reason) == (1, True)

    monkeypatch.setattr(tables, "LARGEST_FILE", 10)
    with pytest.raises(InvalidProblem, match="Split it"):
        read_problems("file.jsonl", b"x" * 11)


def test_a_small_parquet_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    text = arrow.DictionaryArray.from_arrays(arrow.array([0] * 200), arrow.array(["x" * 2_000_000]))
    out = io.BytesIO()
    parquet.write_table(arrow.table({"question": text}), out, compression="zstd")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(InvalidProblem, match="unpacks to more"):
        read_problems("bomb.parquet", out.getvalue())


def test_a_task_that_cannot_read_a_row_refuses_it() -> None:
    data = jsonl(
        {"question": "Work modulo 7.\na = 3\nb = 4\nc = a * b\nWhat is c?", "answer": "6"}, {"question": "Who?"}
    )
    found = read_problems("programs.jsonl", data, task="program")
    assert found.problems == ()
    assert "contradicts the program" in found.refused[0].reason
    with pytest.raises(UnknownName, match="magic"):
        read_problems("programs.jsonl", data, task="magic")


# columns


@pytest.mark.parametrize("name", ["question", "Problem", "PROMPT", "query", "instruction", "question_content"])
def test_the_question_is_found_by_its_usual_names(name: str) -> None:
    assert row(**{name: "Who?", "id": 3}) == Problem("text", "Who?", metadata={"id": 3})


@pytest.mark.parametrize(
    "name", ["gold", "answer", "Answer", "final answer", "ground_truth", "expected_answer", "target", "solution"]
)
def test_the_gold_answer_is_found_by_its_usual_names(name: str) -> None:
    assert row(question="Who?", **{name: "Ada"}).gold == "Ada"


@pytest.mark.parametrize(
    ("value", "gold"),
    [("70", "70"), (70, "70"), (70.0, "70"), (0.5, "0.5"), (["70"], "70"), (True, "True"), (None, None), (" ", None)],
)
def test_a_gold_answer_becomes_text(value: object, gold: str | None) -> None:
    assert row(question="What is it?", answer=value).gold == gold


def test_columns_can_be_named_and_a_wrong_name_tells_those_that_are_there() -> None:
    data = jsonl({"frage": "Wer?", "antwort": "Ada", "question": "not this"})
    found = read_problems("de.jsonl", data, columns=Columns(question="frage", gold="antwort"))
    assert only(found) == Problem("text", "Wer?", "Ada", metadata={"question": "not this"})
    with pytest.raises(InvalidProblem, match="'Frage'; there are: frage, antwort, question"):
        read_problems("de.jsonl", data, columns=Columns(question="Frage"))


def test_other_columns_are_kept_as_metadata_unless_they_are_huge() -> None:
    problem = row(question="Who?", answer="Ada", subject="history", level=3, image="x" * 30_000, rationale="because")
    assert problem.metadata == {"subject": "history", "level": 3, "solution": "because"}


def test_a_problem_as_the_command_line_takes_it_comes_through_whole() -> None:
    problem = row(
        task="multiple_choice", question="Which?", gold="B", title="A title", metadata={"options": ["x", "y"], "n": 1}
    )
    assert problem == Problem("multiple_choice", "Which?", "B", "A title", {"options": ["x", "y"], "n": 1})


def test_a_task_column_counts_when_it_names_a_task_or_was_asked_for() -> None:
    assert row(task="math", question="Who?", answer="7").task == "math"
    assert row(task="translation", question="Who?", answer="Ada").task == "text"
    found = read_problems("a.jsonl", jsonl({"task": "magic", "question": "Who?"}), columns=Columns(task="task"))
    assert "'magic'" in found.refused[0].reason


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert row(question="Who \ud83d?").question == "Who \ufffd?"


# gold answers in worked solutions


@pytest.mark.parametrize(
    ("solution", "task", "gold"),
    [
        ("She has 3 + 4 = <<3+4=7>>7.\n#### 7", "gsm8k", "7"),
        ("She has 3 + 4 = <<3+4=7>>7.\nA: 7", "gsm8k", "7"),
        ("First we add.\nThen the sum is \\boxed{\\frac{1}{2}}.", "math", "\\frac{1}{2}"),
        ("First we add.\nAnswer: Ada", "text", "Ada"),
    ],
)
def test_the_answer_is_taken_out_of_a_worked_solution_that_is_kept(solution: str, task: str, gold: str) -> None:
    problem = row(question="What is it?", answer=solution)
    assert (problem.task, problem.gold, problem.metadata["solution"]) == (task, gold, solution)


def test_a_solution_column_without_an_answer_is_refused_and_a_short_one_is_the_answer() -> None:
    assert row(question="Who?", solution="Ada").gold == "Ada"
    found = read_problems("a.jsonl", jsonl({"question": "Who?", "solution": "We think.\nWe think again."}))
    assert "neither" in found.refused[0].reason


# the task


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ({"question": "What is 2 + 2?", "answer": "4"}, "math"),
        ({"question": "What is 2 + 2?", "answer": "$\\frac{4}{1}$"}, "math"),
        ({"question": "Where?", "answer": "(3, 4)"}, "math"),
        ({"question": "Put it in \\boxed{}. Who?", "answer": "Ada"}, "math"),
        ({"question": "Who?", "answer": "Ada"}, "text"),
        ({"question": "Who?"}, "text"),
        ({"question": "Work modulo 7.\na = 3\nb = 4\nc = a * b\nWhat is c?", "answer": "5"}, "program"),
        ({"question": "Which?", "options": ["x", "y"], "answer": "B"}, "multiple_choice"),
        ({"question": "Write it.", "tests": [{"input": "1", "output": "2"}]}, "code"),
        ({"question": "How many?", "answer": "4", "data_source": "openai/gsm8k"}, "gsm8k"),
        ({"question": "How many?", "answer": "4", "data_source": "MathArena/hmmt_feb_2025"}, "math"),
    ],
)
def test_the_task_is_guessed_from_what_the_row_holds(values: dict[str, Any], task: str) -> None:
    assert row(**values).task == task


def test_a_given_task_overrules_the_guess() -> None:
    data = jsonl({"question": "What is 2 + 2?", "answer": "4"})
    assert only(read_problems("a.jsonl", data, task="text")).task == "text"


# options


@pytest.mark.parametrize(
    ("values", "gold"),
    [
        ({"options": ["red", "blue", "green"], "answer": "B"}, "B"),
        ({"options": ["red", "blue", "green"], "answer": "blue"}, "blue"),
        ({"options": ["red", "blue", "green"], "answer": "blue", "answer_letter": "B"}, "B"),
        ({"choices": ["red", "blue", "green"], "answer": 1}, "B"),
        ({"choices": {"text": ["red", "blue", "green"], "label": ["A", "B", "C"]}, "answerKey": "B"}, "B"),
        ({"choices": {"text": ["red", "blue", "green"], "label": ["1", "2", "3"]}, "answerKey": "2"}, "B"),
        ({"options": {"A": "red", "B": "blue", "C": "green"}, "answer": "B"}, "B"),
        ({"options": '["red", "blue", "green"]', "answer": "B"}, "B"),
        ({"options": "['red', 'blue', 'green']", "answer": "B"}, "B"),
        ({"options": ["A) red", "B) blue", "C) green"], "answer": "B"}, "B"),
        ({"A": "red", "B": "blue", "C": "green", "answer": "B"}, "B"),
        ({"option_a": "red", "option_b": "blue", "option_c": "green", "answer": "B"}, "B"),
    ],
)
def test_options_are_read_however_they_are_written(values: dict[str, Any], gold: str) -> None:
    problem = row(question="Which colour?", **values)
    assert (problem.task, problem.gold) == ("multiple_choice", gold)
    assert problem.metadata["options"] == ["red", "blue", "green"]


def test_options_in_a_csv_stand_in_columns_and_empty_ones_are_none() -> None:
    found = read_problems("quiz.csv", b"question,A,B,C,D,answer\nWhich?,red,blue,,,B\nWhere?,x,y,z,w,D\n")
    assert [problem.metadata["options"] for problem in found.problems] == [["red", "blue"], ["x", "y", "z", "w"]]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"options": ["red", "blue"], "answer": "7"}, "names no single option"),
        ({"options": ["red", "blue"], "answer": "E"}, "names no single option"),
        ({"options": ["red", "blue"], "answer": 2}, "names no single option"),
        ({"options": "__import__('os').getcwd()", "answer": "A"}, "list of texts"),
        ({"options": ["red", ["blue"]], "answer": "A"}, "list of texts"),
        ({"options": ["red"], "answer": "A"}, "2 to 26"),
    ],
)
def test_options_that_name_no_choice_are_refused(values: dict[str, Any], says: str) -> None:
    found = read_problems("quiz.jsonl", jsonl({"question": "Which?", **values}))
    assert found.problems == ()
    assert says in found.refused[0].reason


# tests of programs


def test_tests_are_read_as_the_code_task_writes_them_and_as_data_sets_do() -> None:
    plain = {"input": "1 2\n", "output": "3\n"}
    call = {"function": "add", "arguments": [1, [2]], "result": 3}
    stdin = {**plain, "testtype": "stdin"}
    functional = {"input": "1\n[2]", "output": "3", "testtype": "functional"}
    assert read_tests([plain, call], None) == [plain, call]
    assert read_tests(json.dumps([stdin, functional]), "add") == [plain, call]
    assert read_tests({"inputs": ["1 2\n"], "outputs": ["3\n"]}, None) == [plain]
    assert read_tests({"inputs": [[1, [2]]], "outputs": [[3]], "fn_name": "add"}, None) == [call]
    problem = row(
        question_title="Add",
        question_content="Add two numbers.",
        public_test_cases=json.dumps([functional]),
        private_test_cases="eJxrYJmayAAB",
        metadata='{"func_name": "add"}',
    )
    assert (problem.task, problem.title, problem.metadata) == ("code", "Add", {"tests": [call]})


@pytest.mark.parametrize(
    ("tests", "says"),
    [
        ("assert add(1, 2) == 3", "no JSON"),
        (["assert add(1, 2) == 3"], "assert"),
        ({"inputs": ["1"], "outputs": []}, "not as many outputs"),
        ([{"input": "1", "output": "2", "testtype": "functional"}], "names no function"),
        ([{"input": 1, "output": 2}], "needs input and output"),
        (7, "write a list"),
    ],
)
def test_tests_that_cannot_be_run_are_refused(tests: object, says: str) -> None:
    found = read_problems("code.jsonl", jsonl({"question": "Write it.", "tests": tests}))
    assert found.problems == ()
    assert says in found.refused[0].reason


# verl


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_verls_schema_is_read_without_its_closing_instruction(form: str) -> None:
    data = parquet_file([VERL]) if form == "parquet" else jsonl(VERL)
    problem = only(read_problems(f"verl.{form}", data))
    assert problem == Problem("math", "What is 3 + 4?", "7", metadata={"data_source": "somebody/aime_practice"})


def test_a_puzzle_in_verls_schema_keeps_its_generator_and_its_metadata() -> None:
    pytest.importorskip("reasoning_gym", reason="the extra 'reasoning-gym' is not installed")
    problem = only(read_problems("rg.parquet", parquet_file([PUZZLE])))
    assert (problem.task, problem.question, problem.gold) == ("reasoning_gym", "Spell 'pan' backward.", "nap")
    assert problem.metadata["dataset_name"] == "spell_backward"
    assert problem.metadata["entry"] == {"word": "pan"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"prompt": [{"role": "system", "content": "Be brief."}]}, "no message of the user"),
        ({"prompt": 7}, "list of chat messages"),
        ({"extra_info": {"dataset_name": "maze", "entry": "{"}}, "no JSON"),
        ({"extra_info": {"dataset_name": "maze", "entry": {}}}, "no question"),
        ({"extra_info": {"dataset_name": "nowhere", "entry": {"question": "Q", "answer": "A"}}}, "generator"),
    ],
)
def test_what_is_wrong_in_verls_schema_is_told(change: dict[str, Any], says: str) -> None:
    found = read_problems("verl.jsonl", jsonl(VERL | change))
    assert found.problems == ()
    assert says in found.refused[0].reason


def test_dates_decimals_and_bytes_of_a_parquet_file_become_plain_values() -> None:
    import datetime
    import decimal

    rows = [
        {
            "question": "What is it?",
            "answer": 7.0,
            "day": datetime.date(2025, 2, 6),
            "price": decimal.Decimal("1.50"),
            "image": b"\x89PNG",
            "nothing": float("nan"),
        }
    ]
    problem = only(read_problems("a.parquet", parquet_file(rows)))
    assert (problem.gold, problem.metadata) == ("7", {"day": "2025-02-06", "price": "1.50"})


# the hub


@pytest.fixture
def hub_library(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A stand-in for the library ``datasets`` that knows one data set and no network."""

    def load_dataset(name: str, subset: str | None, *, split: str, streaming: bool) -> Any:
        assert streaming
        if name != "somebody/quiz":
            raise FileNotFoundError(f"no data set {name}")
        return ({"question": f"What is {n}, {subset}, {split}?", "answer": n} for n in range(10_000_000))

    module = types.ModuleType("datasets")
    module.load_dataset = load_dataset  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "datasets", module)
    monkeypatch.setattr(hub, "missing", lambda: None)
    monkeypatch.setattr(hub, "_find_hub", lambda: None)
    return module


def test_a_data_set_is_streamed_up_to_the_limit(hub_library: types.ModuleType) -> None:
    found = read_hub("somebody/quiz", subset="easy", split="train", limit=3)
    assert [problem.question for problem in found.problems] == [f"What is {n}, easy, train?" for n in range(3)]


@pytest.mark.parametrize("name", ["somebody/other", "../etc/passwd", "https://host/data", ""])
def test_a_data_set_that_is_not_there_says_so(hub_library: types.ModuleType, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"no name of a data set|could not be read"):
        read_hub(name)


def test_without_the_library_the_hub_says_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InvalidInput, match="pip install 'datasets"):
        read_hub("openai/gsm8k")


def test_without_a_network_the_hub_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> Any:
        raise OSError("Name or service not known")

    for name in [name for name in hub.os.environ if "proxy" in name.lower() or name == "HF_ENDPOINT"]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(hub, "missing", lambda: None)
    monkeypatch.setattr(hub.socket, "getaddrinfo", nothing)
    with pytest.raises(InvalidInput, match="cannot be reached"):
        read_hub("openai/gsm8k")
