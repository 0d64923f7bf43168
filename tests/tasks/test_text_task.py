"""The text task: answers read from boxes and last lines, compared as text and as exact numbers."""

from __future__ import annotations

import time

import pytest

from rsa_viz.core.chain import Verdict, VerdictSource
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task
from rsa_viz.tasks.equivalence import answer_key
from rsa_viz.tasks.reading import LONGEST_TEXT
from rsa_viz.tasks.text import TEXT
from rsa_viz.tasks.wording import gold_key, text_key

PROBLEM = Problem("text", "How many rolls are left?", "70")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\\boxed{70}", "70"),
        ("\\boxed{70} and then \\boxed{71", "70"),
        ("\\boxed{70} and \\boxed{}", "70"),
        ("\\boxed{70} and \\boxed{$$}", "70"),
        ("a stray \\boxed says nothing of \\boxed{70}", "70"),
        ("\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"),
        ("\\boxed{\\{1\\}}", "\\{1\\}"),
        ("\\boxed{12\n\nand never closed {but} here}", None),
        ("Answer: 70.", "70"),
        ("**Answer:** 70 rolls", "70 rolls"),
        ("The answer is **70**.", "70"),
        ("The final answer is: 70. This follows from above.", "70"),
        ("Answer: 3.14", "3.14"),
        ("answer (in rolls): 70", "70"),
        ("#### 70", "70"),
        ("Answer: 69\nNo. Answer: 70", "70"),
        ("Answer: Thursday!", "Thursday"),
        ("It is clear.\n**70**", "**70**"),
        ("It is clear.\n70", "70"),
        ("It is clear.\n$70$.", "$70$."),
        ("It is clear.\n**70**。", "**70**。"),
        ("Answer: Dr. Who", "Dr. Who"),
        ("Answer: J. K. Rowling. She wrote it.", "J. K. Rowling"),
        ("Answer: *", "*"),
        ("Answer: yes, because it holds.", "yes"),
        ("The answer is Paris, not London.", "Paris"),
        ("The answer is therefore Paris.", "Paris"),
        ("The answer is not London. The answer is Paris.", "Paris"),
        ("The answer is Paris. It is true that the answer is not Paris.", None),
        ("If the answer is Paris, fine.", None),
        ("答案：北京", "北京"),
        ("所以答案是北京。它是首都。", "北京"),
        ("最终答案为 **北京**。", "北京"),
        ("正确答案是北京，而不是上海。", "北京"),
        ("答案不是北京。", None),
        ("<answer>Paris</answer>", "Paris"),
        ("<think>\\boxed{London}</think>\nThe answer is Paris.", "Paris"),
        ("**Explanation:**", None),
        ("Thursday.", "Thursday"),
        ("The answer is **Paris** (in France).", "Paris"),
        ("The answer is Paris, which lies in France.", "Paris"),
        ("The answer is Paris. That is wrong.", None),
        ("The answer is Paris. No, the answer is not Paris. I am sure.", None),
        ("Sorry.", None),
        ("Answer: I don't know", None),
        ("\\boxed{unknown}", None),
        ("答案：无法确定", None),
        ("So it is 70", None),
        ("1. We begin\n2.", None),
        ("I cannot answer this.", None),
        ("", None),
        ("\n \n", None),
    ],
)
def test_the_last_complete_answer_is_read(text: str, read: str | None) -> None:
    answer = TEXT.extract(text, PROBLEM)
    assert (answer and answer.text) == read
    if answer is not None:
        assert text[answer.start : answer.end] == answer.text
        assert answer.key


SAME = [
    ("0.5", "1/2", "\\frac{1}{2}", ".5", "0.50", "2/4", "$\\dfrac{2}{4}$"),
    ("1,000", "1000", "1000.0", "**1000**", "$1000$", "\\boxed{1000}", "1\\,000"),
    ("-3", "−3", "\\text{-3}", "-3."),
    ("Thursday", "thursday", " THURSDAY. ", "**Thursday**", "\\text{Thursday}"),
    ("two  words", "Two words"),
]
DIFFERENT = [
    ("70", "70%", "70_8", "7 0", "070x", "70 dollars"),
    ("0.0000001", "0.0000002", "1e-7"),
    ("4:9", "4/9", "4"),
    ("1/576", "0.0017361"),
    ("listen", "silent"),
    ("(1,2)", "(2,1)", "1,2", "12"),
    ("1/0", "2/0", "0"),
    ("3", "-3"),
    ("9" * 99, "9" * 98, "9" * 500, "9" * 501),
    ("x" * 3000, "x" * 3001),
    ("2²", "22"),
]


@pytest.mark.parametrize("answers", SAME, ids=lambda answers: answers[0])
def test_answers_that_are_the_same_have_one_key(answers: tuple[str, ...]) -> None:
    for key_of in (answer_key, text_key):
        assert len({key_of(answer) for answer in answers}) == 1


@pytest.mark.parametrize("answers", DIFFERENT, ids=lambda answers: answers[0][:10])
def test_answers_that_differ_have_different_keys(answers: tuple[str, ...]) -> None:
    for key_of in (answer_key, text_key):
        assert len({key_of(answer) for answer in answers}) == len(answers)


def test_a_key_is_its_own_key() -> None:
    for answer in (one for group in SAME + DIFFERENT for one in group if len(one) < 1000):
        assert answer_key(answer_key(answer)) == answer_key(answer)
        assert text_key(text_key(answer)) == text_key(answer)


@pytest.mark.parametrize("nothing", ["", "  ", "$$", "**", "\\text{}", "."])
def test_markup_alone_is_no_answer(nothing: str) -> None:
    assert answer_key(nothing) == ""
    assert text_key(nothing) == ""


@pytest.mark.parametrize(
    ("gold", "right", "wrong"),
    [
        (
            "Thursday",
            ('"Thursday"', "“Thursday”", "'Thursday'", "`Thursday`", "**Thursday**", "\\textit{Thursday}", "THURSDAY!"),
            ("Thursdays", "not Thursday", "Thurs", "Thursday?", "Thurs day", "Thursday or Friday"),
        ),
        (
            "75",
            ("75 rolls", "\\text{75 rolls}", "75\\text{ rolls}", "\\$75", "$75", "$75.00", "75 fresh rolls", "75元"),
            (
                *(
                    "57",
                    "7 5",
                    "75%",
                    "75 thousand",
                    "75 dozen",
                    "75 or 76 rolls",
                    "75 and a half",
                    "-75",
                    "75x",
                    "75!",
                ),
                *(
                    "at least 75",
                    "75 rolls or more",
                    "75th",
                    "75 percent",
                    "75 minus one",
                    "75^2",
                    "not 75",
                    "75 hundred",
                ),
            ),
        ),
        (
            "5/12",
            ("\\frac5{12}", "\\frac{5}{12}", "\\dfrac{10}{24}", "5 / 12", "\\frac 5 {12}"),
            ("0.4167", "12/5", "5:12"),
        ),
        ("10%", ("10\\%", "10 %", "10 percent", "10\\ \\%"), ("10", "0.1%", "1%0", "100%")),
        ("1,000", ("1000", "1{,}000", "1\\,000", "\\$1,000", "$1000$", "1000.0"), ("1.000", "100", "1000%", "1 000 0")),
        ("-1", ("- 1", "−1", "$-1$", "-1.0", "–1"), ("1", "--1", "-1 or 1", "1-")),
        (
            "New York",
            ("New\\ York", "new~york", "\\mathrm{New\\ York}", "\\emph{New  York}"),
            ("NewYork", "York New", "York"),
        ),
        ("50 km", ("50\\,\\text{km}", "50km", "50\\text{ km}", "50 \\mathrm{km}"), ("50 m", "500 km", "5 0 km")),
        ("x = 3", ("x=3", "$x = 3$", "x =3"), ("x = 4", "y = 3", "3 = y")),
        ("12:30", ("12{:}30", "12:30", "12 : 30"), ("12.30", "1230", "12:3")),
        ("Paris", ("Paris (the capital)", "**Paris**"), ("Paris (not sure)", "Paris (or Lyon)", "Lyon (Paris)")),
        ("巴黎", ("巴黎（Paris）", "“巴黎”"), ("里昂（Lyon）",)),
        ("no", ("No, 91 is not a prime number.", "No."), ("Yes, it is no prime.", "none")),
        ("yes", ("Yes, because it holds.", "Yes.", "**Yes**", "yes!"), ("no", "yes or no", "yesterday", "not yes")),
        ("10", ("10", "`10`", "**10**", "10.0"), ("1**0", "1__0", "1`0", "\\$1$0", "1*0", '1"0')),
        ("a**b", ("a**b", "`a**b`", "$a**b$"), ("ab", "a*b", "**ab**")),
        ("__init__", ("__init__", "`__init__`", "\\_\\_init\\_\\_"), ("init", "_init_", "**init**")),
        ("US$5", ("US$5", "US\\$5"), ("US5", "5", "US$6")),
        ("{}", ("\\{\\}", "{}", "`{}`"), ("[]", "()")),
        ("1 2\n3 4", ("1 2 3 4", "1 2\n3 4"), ("1 2\n4 3", "1234", "12 34")),
        ("1 -2", ("1 -2", "1  -2"), ("1-2", "-1 2", "-1")),
        ("北京", ("北京。", "**北京**", "「北京」", "\\text{北京}"), ("上海", "京北", "不是北京")),
        ("Not enough information", ("Not enough information", "not enough information."), ("enough information",)),
        ("Dr. Who", ("Dr. Who", "dr. who."), ("Dr. No", "Who")),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_writings_of_a_gold_answer(gold: str, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    problem = Problem("text", "How many are left?", gold)
    TEXT.check(problem)
    for written, verdict in ((right, Verdict.RIGHT), (wrong, Verdict.WRONG)):
        for one in written:
            answer = TEXT.extract(f"So: \\boxed{{{one}}}", problem)
            assert TEXT.judge(answer, problem).verdict is verdict, one
            if answer is not None:
                assert (answer.key == gold_key(gold)) is (verdict is Verdict.RIGHT)


def test_a_unit_is_none_where_another_is_asked_for() -> None:
    problem = Problem("text", "How many minutes does the journey take?", "155")
    for text, verdict in (("155 minutes", Verdict.RIGHT), ("155", Verdict.RIGHT), ("155 hours", Verdict.WRONG)):
        assert TEXT.judge(TEXT.extract(f"\\boxed{{{text}}}", problem), problem).verdict is verdict


def test_answers_are_judged_by_the_gold_answer() -> None:
    for text, verdict in (("\\boxed{70.0}", Verdict.RIGHT), ("\\boxed{71}", Verdict.WRONG), ("hm", Verdict.WRONG)):
        judgement = TEXT.judge(TEXT.extract(text, PROBLEM), PROBLEM)
        assert (judgement.verdict, judgement.source) == (verdict, VerdictSource.REFERENCE)
        assert "70" in judgement.why


def test_without_a_gold_answer_nothing_is_known() -> None:
    open_problem = Problem("text", "What is beauty?")
    TEXT.check(open_problem)
    for text in ("\\boxed{70}", "hm"):
        judgement = TEXT.judge(TEXT.extract(text, open_problem), open_problem)
        assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.UNKNOWN, VerdictSource.NONE, None)


def test_an_empty_gold_answer_is_refused() -> None:
    with pytest.raises(InvalidProblem, match="empty"):
        TEXT.check(Problem("text", "How many?", " $ "))


def test_steps_are_sentences_and_lines() -> None:
    text = "We start. Then 3.14 is used, e.g. here. Is it?\n\n1. First do this.\n  So: **70**\n"
    made = TEXT.steps(text, PROBLEM)
    assert [text[step.start : step.end] for step in made] == [
        "We start.",
        "Then 3.14 is used, e.g. here.",
        "Is it?",
        "1. First do this.",
        "So: **70**",
    ]
    assert {step.judgement.verdict for step in made} == {Verdict.UNKNOWN}
    assert {step.fragment for step in made} == {None}
    assert TEXT.steps(" \n\t", PROBLEM) == ()


def test_the_bundled_questions_have_answers_that_are_right() -> None:
    """Worked out again: 7·12 − 9; from 13:50 to 16:25; 100 = 14·7 + 2; sums of multiples; ways; 15 of 36 pairs."""
    ways = sum(1 for tens in range(4) for twenties in range(2) if 10 * tens + 20 * twenties <= 30)
    higher = sum(second > first for first in range(6) for second in range(6))
    gold = [
        str(7 * 12 - 9),
        str((16 * 60 + 25) - (13 * 60 + 50)),
        ["Tuesday", "Wednesday", "Thursday", "Friday"][100 % 7],
        str(sum(one for one in range(1, 41) if one % 3 == 0 or one % 5 == 0)),
        str(ways),
        f"{higher}/36",
    ]
    problems = TEXT.problems()
    assert [answer_key(problem.gold or "") for problem in problems] == [answer_key(one) for one in gold]
    for problem in problems:
        TEXT.check(problem)
        assert find_task(problem.task) is TEXT
        assert "\\boxed{answer}" in TEXT.parts(problem).answer_hint


@pytest.mark.parametrize(
    "hostile",
    [
        "9" * 10**6,
        "\\boxed{" + "9" * 1900 + "}",
        "\\boxed{9^{9^9}}",
        "\\boxed{" * 300_000,
        "\\boxed{x" * 100_000 + "}" * 100_000,
        "\\boxed{$}" * 200_000,
        "{" * 2_000_000 + "\\boxed{1}",
        "}" * 2_000_000,
        "answer is " * 200_000,
        "answer" * 300_000,
        "answer (" * 300_000,
        "Answer: *" + "*" * 1_000_000,
        "A. " * 500_000,
        "1. " * 500_000,
        "**" * 1_000_000,
        "$" * 1_000_000,
        "\\" * 1_000_000,
        "\n" * 2_000_000,
        " " * 2_000_000,
        "\x00\x1b\ud800\u2028" * 300_000,
        "```\n" * 200_000,
    ],
    ids=range(21),
)
def test_hostile_texts_cost_linear_time(hostile: str) -> None:
    begun = time.process_time()
    TEXT.judge(TEXT.extract(hostile, PROBLEM), PROBLEM)
    TEXT.steps(hostile, PROBLEM)
    answer_key(hostile)
    assert time.process_time() - begun < 6.0


def test_what_lies_behind_the_part_that_is_read_is_one_step() -> None:
    text = "So it is.\n" * (LONGEST_TEXT // 10 + 10)
    *_, last = TEXT.steps(text, PROBLEM)
    assert last.end == len(text) - 1
    assert last.end - last.start == 99
