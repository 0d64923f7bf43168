r"""What is gold and what is not: common writings of an answer, and what denies, doubts or changes it.

Every row stands for a kind that a judge once got wrong. The seeded battery of benchmarks/judge_accuracy.py has the same
kinds around other numbers.
"""

from __future__ import annotations

import itertools

import pytest

from benchmarks.judge_accuracy import KINDS, battery, ours
from rsa_viz.core.chain import Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.tasks.equivalence import Kind, compare, read
from rsa_viz.tasks.equivalence.asking import believed
from rsa_viz.tasks.equivalence.cleaning import clean
from rsa_viz.tasks.equivalence.intervals import interval
from rsa_viz.tasks.equivalence.syntax import Foreign, Form, parse
from rsa_viz.tasks.equivalence.units import canonical, conflict, is_unit, number_in_words
from rsa_viz.tasks.equivalence.workers import Found
from rsa_viz.tasks.math import MATH

# Gold, then answers that are right, then answers that are wrong.
TABLE: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "70",
        (
            *(
                "\\color{red}{70}",
                "\\textcolor{blue}{70}",
                "\\bf{70}",
                "{\\bf 70}",
                "\\large{70}",
                "\\Large\\textbf{70}",
            ),
            *(
                "\\textsf{70}",
                "\\tt 70",
                "\\textnormal{70}",
                "70\\phantom{x}",
                "70\\hspace{1mm}",
                "70\\tag{3}",
                "70\\\\",
            ),
            *("\\text{Answer: }70", "\\text{The answer is }70", "\\text{is }70", "therefore 70", "\\therefore 70"),
            *(
                "\\text{(D) }70",
                "\\textbf{(A)}\\ 70",
                "70 \\checkmark",
                "seventy",
                "70\\text{ (seventy)}",
                "70\\text{ (exactly)}",
            ),
            *(
                "\\approx 70",
                "≈70",
                "x \\approx 70",
                "70 \\approx 70.0",
                "70, not 71",
                "70_{10}",
                "70_{\\text{ten}}",
                "{70}",
            ),
            *(
                "70 m/s",
                "70 (units)",
                "70 [cm]",
                "70\\ [\\text{cm}]",
                "70 \\frac{\\text{km}}{\\text{h}}",
                "70\\text{ units}^2",
            ),
            *(
                "70\\,\\text{km}/\\text{h}",
                "70\\,\\text{€}",
                "70\\text{ in total}",
                "70 positive integers",
                "70\\text{ °}",
            ),
            *("70 \\text{(mod 100)}", "70\\text{ (mod }1000)", "|A|=70", "P(X>3)=70", "\\text{Area} = 70\\text{ cm}^2"),
            *(
                "70 = x",
                "70=70",
                "60+10=70",
                "m+n=70",
                "\\frac{8!}{4!4!}",
                "n \\equiv 70 \\pmod{100}",
                "70 such numbers",
            ),
        ),
        (
            *(
                "\\neq 70",
                "> 70",
                "\\geq 70",
                "\\leq 70",
                "\\nless 70",
                "\\neg 70",
                "x\\mid 70",
                "70\\mid x",
                "70\\nmid x",
            ),
            *("70\\text{ or higher}", "70\\text{ or more}", "70\\text{ is wrong}", "70\\text{ (incorrect)}", "70|71"),
            *(
                "70+",
                "70-",
                "70/",
                "70:",
                "70'",
                "70?",
                "70 ?",
                "70\\text{?}",
                "70_{a}",
                "70^*",
                "70^{+}",
                "70^{-}",
                "70*",
            ),
            *("70\\ast", "70\\ldots", "70...", "\\notin 70", "\\in 70", "\\subset 70", "\\nmid 70", "\\equiv 70"),
            *("\\propto 70", "\\perp 70", "\\lim 70", "70 \\lor 71", "70{:}30", "70\\text{ km and }30\\text{ m}"),
            *("70\\text{ minutes and }30\\text{ seconds}", "70\\text{ weeks}, 2\\text{ days}", "70-\\text{something}"),
            *(
                "70 squared",
                "70 cubed",
                "70 factorial",
                "70 doubled",
                "70 halves",
                "70 thirds",
                "70 tenths",
                "70 dozen",
            ),
            *(
                "70\\text{ hundredths}",
                "70 thousandths",
                "70 percent",
                "70 million",
                "seven",
                "seventy-one",
                "minus 70",
            ),
            *(
                "71 = 70",
                "70 = 71",
                "x \\ne 70",
                "x > 70",
                "\\text{not }70",
                "\\text{no: }70",
                "70₈",
                "70!!",
                "\\overline{70}",
            ),
            *(
                "70\\text{ if }n>1",
                "\\text{if } x = 70",
                "not = 70",
                "7\\mathbf{0}",
                "\\$7$0",
                "71, not 70",
                "71 \\approx 70",
            ),
            *(
                "(70)^*",
                "\\pm 70",
                "70 \\bmod 9",
                "70 \\oplus 1",
                "\\{70, \\ldots\\}",
                "70 in binary",
                "70\\text{ or }71",
            ),
        ),
    ),
    ("8", ("2**3", "2 ** 3", "**8**", "*8*"), ("2**4", "8*", "3**2")),
    ("23", ("**23**",), ("2**3", "2__3", "2`3", "\\boxed{2}\\boxed{3}", "2\\mathbf{3}")),
    ("x^2", ("x**2", "x²", "x*x"), ("x2", "2x", "y^2", "\\neq x^2", "x^2?")),
    ("2h", ("2 h", "2\\cdot h", "h+h"), ("2", "2\\text{ hours}", "2k")),
    (
        "\\$32",
        ("32", "32 dollars", "\\$32.00", "$32", "32 \\text{ USD}", "US\\$32"),
        ("32 cents", "32 euros", "€32", "\\$33"),
    ),
    ("45\\text{ cents}", ("45", "45 cents", "45¢"), ("45 dollars", "\\$45", "\\$0.45")),
    (
        "30^\\circ",
        ("30", "30°", "30 degrees", "30\\degree"),
        ("30\\text{ radians}", "30 rad", "30'", "30^\\prime", "31°"),
    ),
    ("5\\text{ hours}", ("5", "5 h", "5\\text{ hrs}", "5 hr", "\\text{5 hours}"), ("5 minutes", "5 days", "5 h 3 min")),
    (
        "12\\text{ cm}^2",
        ("12", "12\\text{ square centimeters}", "12 cm²", "12\\text{ sq. cm}", "12\\text{ square units}"),
        ("12 cm", "12\\text{ m}^2", "12\\text{ cubic centimeters}", "12\\text{ cubic units}"),
    ),
    ("18 m/s", ("18", "18\\text{ meters per second}", "18\\text{ m}\\,\\text{s}^{-1}"), ("18 km/h", "18 mph", "18 m")),
    (
        "(1,2)",
        ("x=1,y=2", "y=2,x=1", "(x,y)=(1,2)", "n=1, k=2", "(|-1|, 2)"),
        ("y=1,x=2", "2,|-1|", "k=2, n=1", "(1,2)?"),
    ),
    ("(2,1)", ("x=2, y=1",), ("y=2, x=1", "(y,x)=(2,1)")),
    ("[0,1]", ("0 \\le x \\le 1", "x \\in [0,1]"), ("0,1", "(0,1)", "0 < x < 1")),
    (
        "[1,2)",
        ("1\\le x<2", "\\{x: 1\\le x<2\\}", "\\{x \\in \\mathbb{R} \\mid 1 \\le x < 2\\}", "x<2 and x\\ge 1"),
        ("1<x<2", "1,2"),
    ),
    (
        "(-\\infty,0)\\cup(1,\\infty)",
        ("x<0 or x>1", "x > 1 \\text{ or } x < 0", "0 > x \\lor x > 1", "\\mathbb{R}\\setminus[0,1]"),
        ("x<0\\text{ and }x>1", "x\\le 0 or x>1", "0<x<1", "x<0", "\\mathbb{R}\\setminus(0,1)"),
    ),
    ("(-\\infty,3)\\cup(3,\\infty)", ("x \\ne 3", "x \\neq 3", "x<3 or x>3"), ("x = 3", "\\neq 3", "3")),
    ("\\{1,2,3\\}", ("1\\text{, }2\\text{, and }3", "x=1, x=2, x=3", "|-1|, 2, 3"), ("1,2,3+", "1,2,>3", "(1,2,3)")),
    ("3, 4", ("3\\text{ cm}, 4\\text{ cm}", "4\\text{ and }3"), ("3\\text{ cm}, 4\\text{ m}", "3")),
    (
        "\\ln 2",
        ("\\log_e 2", "\\log 2", "\\log_{e}(2)", "x = \\ln 2"),
        ("\\log_{10} 2", "\\neq \\ln 2", "\\ln 2?", "\\ln 2, 3"),
    ),
    ("\\ln 4", ("2\\ln 2", "m+n = 2\\ln 2 = \\ln 4"), ("\\ln 3 = \\ln 4", "2\\ln 2 = \\ln 5", "m+n > \\ln 4")),
    ("3+4i", ("3+4\\mathrm{i}", "4i+3", "3+i4"), ("3-4i", "3+4", "|3+4i|")),
    (
        "\\frac{2}{3}",
        (
            "0.\\bar{6}",
            "0.\\overline{6}",
            "0.(6)",
            "0.666\\ldots",
            "0.666...",
            "0.666…",
            "{2 \\over 3}",
            "\\dfrac{2}{3}\\text{ m}",
        ),
        ("0.66", "0.666", "0.667\\ldots", "0.(67)", "0(6)", "0.6\\bar{7}"),
    ),
    ("\\frac{1}{6}", ("0.1\\bar6", "0.1(6)", "0.1666..."), ("0.(16)", "0.166")),
    ("\\frac{1}{2}", ("0,5", "\\sin 30^\\circ", "\\sin(30°)"), ("\\geq 0.5", "1:2", "\\sin 30")),
    ("0.375", ("0,375", "3/8", "\\frac38 \\approx 0.38"), ("375", "0.375...", "< 0.375")),
    ("3.14", ("\\frac{22}{7} \\approx 3.14",), ("\\frac{22}{7}", "3.15 \\approx 3.14159")),
    ("-5", ("{-}5", "5 - 10"), ("5{-}", "5", "--5")),
    (
        "3\\sqrt{13}",
        ("3\\,13^{1/2}", "3(13)^{1/2}", "3 \\sqrt{13}\\text{ cm}", "3√13 \\approx 10.8"),
        ("3\\,13", "10.8"),
    ),
    ("3:4", ("3\\colon4", "3 \\text{ to } 4", "6:8"), ("3/4", "4:3")),
    (
        "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
        ("(\\begin{matrix}1&2\\\\3&4\\end{matrix})",),
        ("\\begin{pmatrix}1&2&3&4\\end{pmatrix}",),
    ),
    ("1/4", ("\\frac14\\text{ or }0.25",), ("1/4\\text{ or }1/2", "204 \\bmod 5")),
    (
        "588",
        ("\\text{The remainder is }588", "588 \\pmod{1000}", "\\fcolorbox{red}{white}{588}", "588\\,\\square"),
        (
            "588\\text{ (mod }7)",
            "588 \\bmod 7",
            "588 mod three",
            "588 \\to 2",
            "\\log_2 588\\%",
            "588√∞",
            "588\\text{e}",
        ),
    ),
    ("8\\pi\\text{ cm}", ("8 π cm", "8\\pi", "C=8\\pi\\text{ cm}"), ("8\\pi\\text{ cm}^2", "8\\pi \\text{ inches}")),
    ("4", ("204 \\bmod 5", "4 \\bmod 5"), ("4 \\bmod 3",)),
]


@pytest.mark.parametrize(("gold", "right", "wrong"), TABLE, ids=[row[0] for row in TABLE])
def test_writings_of_gold_are_right_and_answers_around_it_are_wrong(
    gold: str, right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    key = compare(gold, gold).key
    for answers, verdict in ((right, Verdict.RIGHT), (wrong, Verdict.WRONG)):
        for answer in answers:
            found = compare(answer, gold)
            assert found.verdict is verdict, (answer, found.why)
            assert (found.key == key) == (verdict is Verdict.RIGHT), answer


def test_the_classes_of_a_table_do_not_depend_on_the_order_of_the_answers() -> None:
    for gold, right, wrong in TABLE:
        answers = (*right, *wrong)
        keys = [compare(answer, gold).key for answer in answers]
        assert keys == [compare(answer, gold).key for answer in reversed(answers)][::-1]


def test_equality_of_what_is_read_exactly_is_symmetric() -> None:
    for gold, right, _ in TABLE:
        for answer in right:
            if "\\approx" in answer:  # gives two numbers, an exact one and its rounding
                continue
            if read(gold).kind is read(answer).kind is Kind.EXACT and read(gold).form == read(answer).form == "number":
                assert compare(gold, answer).verdict in (Verdict.RIGHT, Verdict.UNKNOWN), (gold, answer)


def test_every_kind_of_the_battery_has_both_sorts_of_pairs_and_no_false_verdict() -> None:
    pairs = battery(each=700, seed=2)
    assert {(pair.kind, pair.equal) for pair in pairs} == {
        (kind.__name__, equal) for kind in KINDS["math"] for equal in (True, False)
    }
    truth = {True: Verdict.RIGHT, False: Verdict.WRONG}
    assert [pair for pair in pairs if ours(pair) not in (Verdict.UNKNOWN, truth[pair.equal])] == []


def test_a_logarithm_without_a_base_is_read_as_gold_has_it() -> None:
    assert compare("\\log 2", "\\ln 2").verdict is Verdict.RIGHT
    for answer in ("\\ln 2", "\\log_{10} 2"):
        found = compare(answer, "\\log 2")
        assert (found.verdict, "no base" in found.why) == (Verdict.UNKNOWN, True)
    assert compare("\\log 2", "\\log 2").verdict is Verdict.RIGHT


def test_notation_that_is_not_known_is_unknown_and_no_class_with_gold() -> None:
    for answer in ("\\operatorname{sgn}(70)", "\\frobnicate{70}", "\\overset{!}{70}"):
        found = compare(answer, "70")
        assert found.verdict in (Verdict.UNKNOWN, Verdict.WRONG)
        assert found.key != "70"
    assert "\\frobnicate is not known here" in compare("\\frobnicate{70}", "70").why


@pytest.mark.parametrize("length", [2_001, 5_000, 40_000])
def test_a_box_that_is_too_long_to_be_read_is_unknown_with_the_reason(length: int) -> None:
    problem = Problem("math", "How many?", "70")
    text = f"First \\boxed{{12}}. Hence \\boxed{{{'1+' * (length // 2)}1}}."
    answer = MATH.extract(text, problem)
    assert answer is not None
    assert text[answer.start : answer.end] == answer.text
    judgement = MATH.judge(answer, problem)
    assert (judgement.verdict, "too long" in judgement.why) == (Verdict.UNKNOWN, True)


def test_an_unclosed_brace_and_a_later_short_box_are_no_long_box() -> None:
    problem = Problem("math", "How many?", "70")
    for text in (
        "\\boxed{" + "word " * 600 + "} and then \\boxed{70}",
        "\\boxed{70} but \\boxed{oh" + " word" * 600,
        "So \\boxed{70}. We write \\boxed{x\n\n" + "word " * 600 + "}",
    ):
        answer = MATH.extract(text, problem)
        assert answer is not None
        assert answer.text == "70"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("|-3|", Form.VALUE),
        ("\\log_28", Form.VALUE),
        ("\\sum_{k=1}^n k", Form.VALUE),
        ("\\int_0^1 x dx", Form.VALUE),
        ("\\lim_{x \\to 0} \\frac{\\sin x}{x}", Form.VALUE),
        ("\\max(5, 6)", Form.VALUE),
        ("(1, \\ln 2)", Form.TUPLE),
        ("\\ln 2, \\ln 3", Form.LIST),
        ("\\{\\ln 2, 3\\}", Form.SET),
        ("[0, \\ln 2)", Form.REGION),
        ("x > \\ln 2", Form.REGION),
        ("y = \\ln x", Form.EQUATION),
        ("\\begin{pmatrix}1&\\ln 2\\end{pmatrix}", Form.MATRIX),
    ],
)
def test_notation_is_read_from_end_to_end(text: str, form: Form) -> None:
    assert parse(text).form is form


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "70+",
            "70/",
            "41^{-}",
            "41^*",
            "41_{a}",
            "70|71",
            "70|71|",
            "7 0",
            "\\neq 70",
            "> 70",
            "70?",
            "70'",
            "70:",
        ),
        *(
            "\\frac{1}",
            "\\sqrt{}",
            "(1",
            "1)",
            "\\text{x}",
            "\\lim 41",
            "\\sum k",
            "\\int x",
            "\\sin",
            "x = 1 > 2",
            "1,,2",
            "70!!",
        ),
    ],
)
def test_what_is_not_wholly_mathematics_is_foreign(text: str) -> None:
    with pytest.raises(Foreign):
        parse(text)


def test_letters_that_are_bound_are_no_letters_of_the_answer() -> None:
    for text, letters in (
        ("\\sum_{k=1}^n k", {"n"}),
        ("\\int_0^a x dx", {"a"}),
        ("\\lim_{x \\to 0} x^2", set()),
        ("x_1 + e^{i\\pi}", {"x_1"}),
    ):
        assert parse(text).letters == letters


def test_math_verify_is_not_asked_about_an_answer_of_another_form_or_with_other_letters() -> None:
    for gold, answer in (("70", "(\\ln 2, 3)"), ("(1, 2)", "\\{1, |-2|\\}"), ("\\ln x", "\\ln y"), ("3", "\\ln x")):
        assert believed(read(gold, gold), read(answer, gold)) is Found.DIFFERENT


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1 \\le x < 2", "[1, 2)"),
        ("2 > x \\ge 1", "[1, 2)"),
        ("x > \\sqrt2", "(1*2^(1/2), infinity)"),
        ("x < -\\infty", "(-infinity, -infinity)"),
        ("x<0 or x>1", "(-infinity, 0) u (1, infinity)"),
        ("x \\ne 3", "(-infinity, 3) u (3, infinity)"),
        ("x > 1 and x < 3", "(1, 3)"),
        ("x < 1 and x > 3", None),
        ("x < y", None),
        ("1 < 2", None),
        ("1 < x > 2", None),
        ("70", None),
    ],
)
def test_inequalities_of_one_letter_are_intervals(text: str, key: str | None) -> None:
    assert interval(text) == key


def test_units_have_one_form_and_words_that_change_a_number_are_none() -> None:
    for words, form in (
        ("hrs", "hour"),
        ("square centimeters", "centimeter^2"),
        ("cm^{2}", "centimeter^2"),
        ("m/s", "meter second^-1"),
        ("mph", "hour^-1 mile"),
        ("feet squared", "foot^2"),
        ("degrees Celsius", "celsius"),
        ("in total", ""),
        ("units", ""),
        ("apples", "apple"),
    ):
        assert (is_unit(words), canonical(words)) == (True, form)
    for words in ("squared", "dozen", "or more", "thousandths", "is wrong", "percent", "half", "too many", "of", ""):
        assert not is_unit(words), words
    pairs = itertools.permutations(("hour", "minute"), 2)
    assert all(conflict(one, other) for one, other in pairs)
    assert not any(conflict(one, other) for one, other in (("", "hour"), ("dollar", "profit"), ("degree", "celsius")))
    assert [number_in_words(words) for words in ("seventy-one", "two hundred and six", "six or seven")] == [
        71,
        206,
        None,
    ]


def test_cleaning_tells_what_was_cut() -> None:
    cleaned = clean("The answer is \\$5 per hour")
    assert (cleaned.text, cleaned.qualifier) == ("5", "dollar hour^-1")
    assert clean("27 \\pmod{100}").qualifier == "mod 100"
    assert clean("3 \\text{ cm}").cut == "cm"
