"""The Reasoning Gym task: what is read as its answer, what is right, and what no answer can do to its scorers."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping

import pytest

from rsa_viz.core.chain import Judgement, Verdict, VerdictSource
from rsa_viz.core.errors import InvalidInput, InvalidProblem, UnknownName
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import TASKS, missing
from rsa_viz.tasks.reasoning_gym import CATEGORIES, GROUPS, REASONING_GYM, catalog, generate, names_of, scoring
from rsa_viz.tasks.reasoning_gym.comparing import INSTEAD, answer_key
from rsa_viz.tasks.reasoning_gym.expression import value_and_numbers
from rsa_viz.tasks.reasoning_gym.inside import plain_mathematics
from rsa_viz.tasks.sandbox import Confined, Ending, sandbox_available

with_library = pytest.mark.skipif(
    catalog.missing() is not None,
    reason="the extra 'reasoning-gym' is not installed: pip install 'rsa_viz[reasoning-gym]'",
)
with_sandbox = pytest.mark.skipif(sandbox_available() is not None, reason="bubblewrap is not installed or cannot run")


def puzzle(generator: str, gold: str | None, question: str = "A puzzle.", **entry: object) -> Problem:
    return Problem("reasoning_gym", question, gold, metadata={"dataset_name": generator, "entry": entry})


def judge(problem: Problem, answer: str) -> Judgement:
    return REASONING_GYM.judge(REASONING_GYM.extract(f"So it is <answer>{answer}</answer>", problem), problem)


MAZE = puzzle("maze", "10")


# the answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<answer>10</answer>", "10"),
        ("<answer>\n 10 \n</answer> and that is it", "10"),
        ("<ANSWER>10</Answer>", "10"),
        ("<answer>9</answer> no, wait: <answer>10</answer>", "10"),
        ("<answer>10</answer> I could also write <answer>11", "10"),
        ("<answer>10</answer>\n<answer> </answer>", "10"),
        ("I must write it between <answer> and </answer> tags: <answer>10</answer>", "10"),
        ("It goes into <answer> tags. <answer>10</answer>", "10"),
        ("<answer>```\n1 2\n3 4\n```</answer>", "1 2\n3 4"),
        ("<answer>\n```text\n1 2\n```\n</answer>", "1 2"),
        ("So it is \\boxed{10}.", "10"),
        ("<answer>10</answer> that is \\boxed{11}", "10"),
        ("", None),
        ("The answer is 10", None),
        ("<answer>10", None),
        ("10</answer>", None),
        ("<answer></answer>", None),
        ("<answer>" + "1 " * 20_000 + "</answer>", None),
    ],
)
def test_the_last_complete_answer_is_read(text: str, answer: str | None) -> None:
    found = REASONING_GYM.extract(text, MAZE)
    assert (found.text if found else None) == answer
    if found:
        assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1 2\n3 4", " 1  2 \n\n3 4\n", True),
        ("7", "7.0", True),
        ("1,234", "1234", True),
        ("-3", "−3", True),
        ("0011", "11", False),
        ("listen", "silent", False),
        ("abc", "ABC", False),
        ("1/2", "2/4", False),
        ("1 2", "12", False),
        ("x" * 3000, "x" * 3000 + "y", False),
    ],
)
def test_answers_are_one_class_by_their_text_or_number(one: str, other: str, same: bool) -> None:
    assert (answer_key(one) == answer_key(other)) is same
    assert len(answer_key(one)) <= 2_000


# verdicts without a scorer


@pytest.mark.parametrize(
    ("generator", "gold", "right", "wrong"),
    [
        ("maze", "10", ["10", "10.0"], ["11", "-10", "010", "10 steps"]),
        ("rotate_matrix", "1 2\n3 4", ["1 2 \n 3 4"], ["1 2 3 4", "3 4\n1 2"]),
        ("game_of_life_halting", "True", ["True", "true"], ["False", "zzz", "0"]),
        ("game_of_life_halting", "False", ["False"], ["True", "zzz", "[1]"]),
        ("gsm_symbolic", "1585", ["1585", "$1,585", "1585.00"], ["-1585", "1585 or not", "1", "The answer is 1585"]),
        ("spell_backward", "nap", ["nap", "NAP"], ["nap or not", "pan", "nap\nnap"]),
        ("coin_flip", "0.171875", ["0.171875", "11/64", "0.1719"], ["0.17", "0", "1", "nan"]),
        ("coin_flip", "3.051757812e-05", ["3.051757812e-05", "0.00003052", "1/32768"], ["0", "0.0001"]),
    ],
)
def test_verdicts_that_need_no_scorer(generator: str, gold: str, right: list[str], wrong: list[str]) -> None:
    problem = puzzle(generator, gold)
    assert {answer: judge(problem, answer).verdict for answer in right} == dict.fromkeys(right, Verdict.RIGHT)
    assert {answer: judge(problem, answer).verdict for answer in wrong} == dict.fromkeys(wrong, Verdict.WRONG)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("10*(8 - 5) - 6", Verdict.RIGHT),
        ("(8 − 5) × 10 − 6 = 24", Verdict.RIGHT),
        ("6*5 - 8 + 10", Verdict.WRONG),  # 32
        ("10 + 10 + 2 + 2", Verdict.WRONG),  # other numbers: full marks by the library's own scorer
        ("8*5 - 10 - 6", Verdict.RIGHT),
        ("24", Verdict.WRONG),
        ("(10 + 8 + 6) * 5 / 5", Verdict.WRONG),
        ("10*(8 - 5) - 6.5", Verdict.WRONG),
        ("9**9**9**9", Verdict.WRONG),
        ("__import__('os').getpid()", Verdict.WRONG),
        ("(" * 300 + "1" + ")" * 300, Verdict.WRONG),
        ("1/(5 - 5)", Verdict.WRONG),
    ],
)
def test_twenty_four_is_computed_exactly_and_from_the_given_numbers(answer: str, verdict: Verdict) -> None:
    problem = puzzle("puzzle24", "10*(8-5)-6", numbers=[8, 5, 10, 6])
    assert judge(problem, answer).verdict is verdict


def test_a_countdown_needs_exactly_the_target() -> None:
    problem = puzzle("countdown", "94*4 - 61 - 6", numbers=[6, 61, 94, 4], target=309)
    assert judge(problem, "4*94 - (61 + 6)").verdict is Verdict.RIGHT
    assert judge(problem, "94*4 - 61").verdict is Verdict.WRONG
    assert value_and_numbers("7*7/2") is not None
    assert value_and_numbers("7*7/2")[0] * 2 == 49  # type: ignore[index]


def test_no_answer_is_wrong_and_says_so() -> None:
    judgement = REASONING_GYM.judge(None, MAZE)
    assert (judgement.verdict, judgement.score) == (Verdict.WRONG, 0.0)


def test_an_answer_that_only_contains_the_reference_answer_keeps_its_partial_score() -> None:
    judgement = judge(MAZE, "It is 10 of 99.")
    assert (judgement.verdict, judgement.score) == (Verdict.WRONG, 2 / len("It is 10 of 99."))


def test_steps_lose_no_text_and_know_no_verdict() -> None:
    text = "First we go left. Then right.\n<answer>10</answer>"
    steps = REASONING_GYM.steps(text, MAZE)
    assert [text[step.start : step.end] for step in steps] == [
        "First we go left.",
        "Then right.",
        "<answer>10</answer>",
    ]
    assert {step.judgement.verdict for step in steps} == {Verdict.UNKNOWN}


def test_a_step_states_its_equation_or_the_answer_that_it_gives() -> None:
    text = "12 + 3 = 16\nOne more.\n<answer>0016</answer>\nNo: \\boxed{15.0}\n<answer>1\n2</answer>"
    sums = Problem("reasoning_gym", "12 + 3 = ?", "15", metadata={"dataset_name": "chain_sum", "entry": {}})
    steps = REASONING_GYM.steps(text, sums)
    assert [step.fragment for step in steps] == ["3+12=16", None, "answer=0016", "answer=15", None, None]
    assert [step.judgement.verdict for step in steps] == [Verdict.WRONG, *[Verdict.UNKNOWN] * 5]


def test_where_signs_may_mean_something_else_no_equation_is_called_wrong() -> None:
    bits = Problem("reasoning_gym", "In base 2?", "1000", metadata={"dataset_name": "base_conversion", "entry": {}})
    (step,) = REASONING_GYM.steps("101 + 11 = 1000.", bits)
    assert (step.fragment, step.judgement.verdict) == ("11+101=1000", Verdict.UNKNOWN)
    (step,) = REASONING_GYM.steps("101 + 11 = 112.", bits)
    assert step.judgement.source is VerdictSource.NONE


def test_the_generators_with_plain_numbers_are_known_ones() -> None:
    assert set(catalog.CATEGORY_OF) >= catalog.PLAIN_NUMBERS


# problems


@pytest.mark.parametrize(
    ("metadata", "gold", "says"),
    [
        ({}, "10", "dataset_name"),
        ({"dataset_name": "nowhere", "entry": {}}, "10", "'nowhere'"),
        ({"dataset_name": "composite", "entry": {}}, "10", "only mixes"),
        ({"dataset_name": "maze"}, "10", "entry"),
        ({"dataset_name": "maze", "entry": {}}, None, "reference answer"),
    ],
)
def test_a_problem_that_cannot_be_judged_is_refused(
    metadata: Mapping[str, object], gold: str | None, says: str
) -> None:
    with pytest.raises(InvalidProblem, match=says):
        REASONING_GYM.check(Problem("reasoning_gym", "Q", gold, metadata=metadata))


def test_the_papers_groups_are_seventeen_games_and_ten_of_cognition_and_arc() -> None:
    assert len(names_of("paper: games")) == 17
    assert set(names_of("paper: cognition and ARC")) == set(CATEGORIES["cognition"]) | set(CATEGORIES["arc"])
    assert len(names_of("paper: cognition and ARC")) == 10
    assert names_of("maze") == ("maze",)
    assert set(CATEGORIES) < set(GROUPS)
    with pytest.raises(UnknownName, match="nowhere"):
        names_of("nowhere")


def test_without_the_library_the_task_is_listed_and_says_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "library_folder", lambda: None)
    monkeypatch.setattr(scoring, "library_folder", lambda: None)
    assert "reasoning_gym" in TASKS
    assert "pip install 'reasoning-gym" in (missing("reasoning_gym") or "")
    assert missing("text") is None
    with pytest.raises(InvalidProblem, match="pip install"):
        REASONING_GYM.check(MAZE)
    with pytest.raises(InvalidInput, match="pip install"):
        generate(["maze"], count=1)
    assert judge(MAZE, "10").verdict is Verdict.RIGHT
    unknown = judge(puzzle("chain_sum", "7"), "8")
    assert unknown.verdict is Verdict.UNKNOWN
    assert "pip install" in unknown.why


# the scorers' guard


@pytest.mark.parametrize(
    "text",
    ["2*x**3 - 5*x/4 + C", "exp(x)*sin(2*x) + C", "-4*(-2*x - 8)**(3/2)/3", "1638*x**6 + 1281.5*x", "x"],
)
def test_plain_mathematics_passes_the_guard(text: str) -> None:
    assert plain_mathematics(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x.__class__",
        "(1).real",
        "x[0]",
        "lambda: 1",
        "eval",
        "open(x)",
        "Integral(x**3, x)",
        "'a'",
        "x if x else C",
        "x; C",
        "x\\",
        "１",
        "1" * 6000,
    ],
)
def test_what_could_be_more_than_mathematics_does_not(text: str) -> None:
    with pytest.raises(ValueError, match=r"plain|unknown"):
        plain_mathematics(text)


@pytest.mark.parametrize(
    ("ended", "says"),
    [
        (Confined("", "", None, Ending.REFUSED, "apt install bubblewrap", 0.0), "apt install bubblewrap"),
        (Confined("", "", None, Ending.PROCESSOR, "it used up its 10 s", 10.0), "used up"),
        (Confined("", "", None, Ending.CLOCK, "it did not end", 40.0), "did not end"),
        (Confined("", "", 1, Ending.EXITED, "ImportError: no numpy", 1.0), "no numpy"),
        (Confined("", "", 0, Ending.EXITED, "", 1.0), "no score that can be read"),
        (Confined('{"score": 7}', "", 0, Ending.EXITED, "", 1.0), "7.0, which is no score"),
        (Confined('{"score": NaN}', "", 0, Ending.EXITED, "", 1.0), "no score"),
        (Confined('{"error": "KeyError: 0", "gold_score": null}', "", 0, Ending.EXITED, "", 1.0), "KeyError"),
        (Confined('{"error": "KeyError: 0", "gold_score": 0.5}', "", 0, Ending.EXITED, "", 1.0), "KeyError"),
    ],
)
def test_without_a_scorers_word_the_verdict_is_unknown(
    monkeypatch: pytest.MonkeyPatch, ended: Confined, says: str
) -> None:
    monkeypatch.setattr(scoring, "run_confined", lambda *_, **__: ended)
    monkeypatch.setattr(scoring, "library_folder", lambda: catalog.Path("/nowhere"))
    monkeypatch.setattr(scoring, "_REMEMBERED", type(scoring._REMEMBERED)())
    judgement = judge(puzzle("chain_sum", "7"), "8")
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.UNKNOWN, VerdictSource.NONE, None)
    assert says in judgement.why


def test_a_word_is_asked_for_once_and_a_refusal_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ended = [
        Confined("", "", None, Ending.REFUSED, "not now", 0.0),
        Confined('{"score": 0.01}', "", 0, Ending.EXITED, "", 1.0),
    ]

    def run_confined(source: str, *, stdin: str, **_: object) -> Confined:
        asked.append(json.loads(stdin)["answer"])
        return ended[len(asked) - 1]

    monkeypatch.setattr(scoring, "run_confined", run_confined)
    monkeypatch.setattr(scoring, "library_folder", lambda: catalog.Path("/nowhere"))
    monkeypatch.setattr(scoring, "_REMEMBERED", type(scoring._REMEMBERED)())
    verdicts = [judge(puzzle("chain_sum", "7"), "8") for _ in range(3)]
    assert asked == ["8", "8"]
    assert [one.score for one in verdicts] == [None, 0.01, 0.01]


# the library itself


@pytest.fixture(scope="module")
def one_of_each() -> dict[str, Problem]:
    names = [name for names in CATEGORIES.values() for name in names]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # one of the libraries beneath leaves a file open
        problems = generate(names, count=len(names), seed=3)
    return {str(problem.metadata["dataset_name"]): problem for problem in problems}


@with_library
def test_the_table_of_generators_is_the_librarys() -> None:
    from reasoning_gym.factory import DATASETS

    assert set(catalog.CATEGORY_OF) == set(DATASETS) - {"composite"}
    for name, (dataset, _) in DATASETS.items():
        if name != "composite":
            assert dataset.__module__ == catalog.module_of(name)
            assert ("score_answer" not in vars(dataset)) is (name in catalog.COMPARED_AS_TEXT), name


@with_library
def test_every_generator_makes_problems_whose_reference_answer_is_right(one_of_each: dict[str, Problem]) -> None:
    assert len(one_of_each) == 105
    assert {name for name, problem in one_of_each.items() if problem.gold is None} == catalog.WITHOUT_REFERENCE
    for name, problem in one_of_each.items():
        REASONING_GYM.check(problem)
        assert json.loads(json.dumps(problem.metadata)) == problem.metadata
        if problem.gold is not None:
            assert judge(problem, problem.gold).verdict is Verdict.RIGHT, name
        if problem.gold is not None and (compare := INSTEAD.get(name)):
            assert compare(problem.gold, problem.gold, problem.metadata["entry"]), name  # type: ignore[arg-type]


@with_library
def test_the_same_seed_makes_the_same_problems_in_turn() -> None:
    problems = generate(["maze", "gcd"], count=5, seed=7)
    assert [problem.title for problem in problems] == ["maze 7.1", "gcd 7.1", "maze 7.2", "gcd 7.2", "maze 7.3"]
    assert problems == generate(["maze", "gcd"], count=5, seed=7)
    assert problems[0].question != generate(["maze"], count=1, seed=8)[0].question
    with pytest.raises(InvalidInput, match="1 to 1000"):
        generate(["maze"], count=0)


@with_library
@with_sandbox
@pytest.mark.parametrize(
    "generator", ["arc_agi", "rearc", "game_of_life", "polynomial_multiplication", "sudoku", "dice"]
)
def test_confined_scorers_give_the_reference_answer_its_full_score(
    one_of_each: dict[str, Problem], generator: str
) -> None:
    problem = one_of_each[generator]
    assert problem.gold is not None
    entry = problem.metadata["entry"]
    assert isinstance(entry, dict)
    assert scoring.score(generator, problem.question, problem.gold, entry, problem.gold) == scoring.Score(1.0)
    assert judge(problem, "zzz").verdict is Verdict.WRONG


@with_library
@with_sandbox
@pytest.mark.parametrize(
    ("problem", "answer", "verdict", "score"),
    [
        (puzzle("chain_sum", "7"), "+7", Verdict.RIGHT, 1.0),
        (puzzle("chain_sum", "7"), "17", Verdict.WRONG, 0.5),
        (puzzle("complex_arithmetic", "8.0 + 3.0i", result=[8.0, 3.0]), "8+3i", Verdict.RIGHT, 1.0),
        (puzzle("complex_arithmetic", "8.0 + 3.0i", result=[8.0, 3.0]), "nan", Verdict.WRONG, 0.0),
        (puzzle("prime_factorization", "2 × 2 × 3", number=12), "3 × 2 × 2", Verdict.RIGHT, 1.0),
        (puzzle("prime_factorization", "2 × 2 × 3", number=12), "zzz", Verdict.WRONG, 0.0),
        (puzzle("boxnet", None, initial_state={"0.5_0.5": ["box_red"]}), "0", Verdict.WRONG, 0.0),
        (puzzle("rubiks_cube", None, cube_size=3, scramble_moves="R"), "R'", Verdict.RIGHT, 1.0),
        (puzzle("simple_integration", "x**2 + C", variable="x", integrand="2*x"), "C + x*x", Verdict.RIGHT, 1.0),
        (puzzle("binary_matrix", "0 1\n1 0"), "[[0, 1], [1, 0]]", Verdict.WRONG, 0.1),
    ],
)
def test_scorers_in_the_sandbox(problem: Problem, answer: str, verdict: Verdict, score: float) -> None:
    judgement = judge(problem, answer)
    assert (judgement.verdict, judgement.score) == (verdict, pytest.approx(score)), judgement.why


@with_library
@with_sandbox
@pytest.mark.parametrize(
    ("problem", "answer"),
    [
        (
            puzzle("binary_matrix", "0 1\n1 0"),
            "__import__('os').write(1, b'{\"score\": 1}') and __import__('os')._exit(0)",
        ),
        (puzzle("string_insertion", "AB"), "[__import__('os').write(1, b'{\"score\": 1}'), __import__('os')._exit(0)]"),
        (
            puzzle("simple_integration", "x**2 + C", variable="x", integrand="2*x"),
            "__import__('os')._exit(__import__('os').write(1, b'{\"score\": 1}') * 0)",
        ),
        (puzzle("n_queens", "Q _", valid_answers=["Q _"]), "globals().update(float=lambda _: 1.0) or [['Q', '_']]"),
    ],
)
def test_an_answer_that_is_a_program_writes_no_score_of_its_own(problem: Problem, answer: str) -> None:
    judgement = judge(problem, answer)
    assert judgement.verdict is Verdict.WRONG, judgement.why
    assert judgement.score is not None
    assert judgement.score < 1


@with_library
@with_sandbox
def test_a_scorer_that_hangs_is_ended_and_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "LIMITS", scoring.Limits(seconds=2, clock_s=20.0, memory=scoring.LIMITS.memory))
    problem = puzzle("rubiks_cube", None, cube_size=3, scramble_moves="R")
    judgement = judge(problem, "R99999999")
    assert (judgement.verdict, judgement.score) == (Verdict.UNKNOWN, None)
    assert "no end" in judgement.why
