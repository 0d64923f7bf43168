r"""Kinds of answers around gold: other numbers that contain gold's digits, and common writings that are gold.

What denies, restricts, doubts or changes gold (``\neq 70``, ``70 squared``, ``70?``) is another answer. What only
dresses it (``\textcolor{blue}{70}``, ``The answer is 70``) is gold.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from ._judge_writings import Written

RELATIONS = (
    *(
        "\\neq",
        ">",
        "<",
        "\\geq",
        "\\leq",
        "\\nless",
        "\\ngtr",
        "\\neg",
        "\\lnot",
        "\\not=",
        "\\sim",
        "\\propto",
        "\\perp",
    ),
    *(
        "x \\mid",
        "x \\nmid",
        "\\nmid",
        "\\in",
        "\\notin",
        "\\subset",
        "\\supset",
        "\\equiv",
        "x \\neq",
        "x >",
        "x \\le",
        "\\lim",
    ),
    *(
        "x \\not\\equiv",
        "\\text{not }",
        "not",
        "\\text{no: }",
        "\\text{at least }",
        "\\text{more than }",
        "\\text{if }",
        "minus",
    ),
    *(
        "\\text{half of }",
        "twice",
        "\\forall",
        "\\parallel",
        "\\ll",
        "≠",
        "\\nsim",
        "\\O",
        "\\pm",
        "\\mp",
        "-",
        "\\sqrt",
        "2 \\cdot",
    ),
)
ENDINGS = (
    *(
        "+",
        "-",
        "/",
        ":",
        "'",
        "|71",
        "?",
        " ?",
        "\\text{?}",
        "*",
        "^*",
        "^{+}",
        "^{-}",
        "\\ast",
        "\\ldots",
        "...",
        "_{a}",
        "^\\prime",
    ),
    *(
        "\\mid x",
        "\\nmid x",
        "\\cdots 2",
        " \\to 30",
        "\\lor 30",
        " \\text{ or higher}",
        " \\text{ or more}",
        "+\\text{something}",
    ),
    *(
        "\\text{ is wrong}",
        "\\text{ (incorrect)}",
        "\\text{ and }1",
        "\\text{ or }1",
        " R 2",
        "\\text{ remainder }2",
        "{:}30",
        "^{-1}",
    ),
    *(
        " - \\text{something}",
        "\\%",
        "_8",
        "!",
        "i",
        "x",
        "\\pi",
        "^2",
        "e",
        ":1",
        " \\frac{1}{2}",
        ".5",
        "0",
        "\\cdot 2",
        "\\neq 1",
        "; 2",
    ),
    *(
        "\\text{ if }x>0",
        "\\text{ only if }n>1",
        " maybe",
        " or so",
        "\\text{ at most}",
        "\\text{, I guess}",
        "\\text{ (approximately }71)",
    ),
)
WORDS = (
    *(
        "squared",
        "cubed",
        "factorial",
        "doubled",
        "tripled",
        "halved",
        "halves",
        "thirds",
        "fifths",
        "tenths",
        "hundredths",
    ),
    *(
        "thousandths",
        "dozen",
        "score",
        "hundred",
        "thousand",
        "million",
        "percent",
        "permille",
        "negative",
        "inverse",
        "or less",
    ),
    *(
        "or fewer",
        "and counting",
        "times two",
        "choose two",
        "over nine",
        "plus one",
        "minus one",
        "wrong",
        "incorrect",
        "false",
    ),
    *(
        "to eighty",
        "and a half",
        "point five",
        "mod three",
        "base nine",
        "binary",
        "less",
        "too many",
        "is impossible",
        "unless prime",
    ),
    *("in binary", "divided by two", "not certain", "if even", "out of ninety", "per hundred", "lakh"),
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = "one two three four five six seven eight nine"
THINGS = (
    *(
        "apples",
        "ways",
        "different ways",
        "ordered pairs",
        "positive integers",
        "triangles",
        "square units",
        "units",
        "people",
    ),
    *(
        "years old",
        "m/s",
        "miles per hour",
        "prime numbers",
        "pieces of cake",
        "degrees",
        "hrs",
        "dollars per day",
        "in total",
        "total",
    ),
    *(
        "correct answers",
        "even numbers",
        "months",
        "lengths",
        "square meters",
        "cm^2",
        "points",
        "sq. units",
        "right triangles",
    ),
)


def relations(dice: random.Random) -> Written:
    n = dice.randint(11, 999)
    equal = (
        "x = ",
        "\\approx ",
        "\\therefore ",
        "\\implies ",
        "m+n = ",
        "|A| = ",
        "P(X>3) = ",
        "= ",
        "n \\equiv ",
        "f(3)=",
    )
    return Written(str(n), tuple(f"{one}{n}" for one in equal), tuple(f"{one} {n}" for one in RELATIONS))


def endings(dice: random.Random) -> Written:
    n = dice.randint(11, 999)
    equal = (
        ".",
        "\\\\",
        "\\,",
        "\\quad",
        "\\phantom{x}",
        "\\hspace{1mm}",
        "^{\\circ}",
        " \\text{ or } n".replace("n", str(n)),
    )
    return Written(str(n), tuple(f"{n}{one}" for one in equal), tuple(f"{n}{one}" for one in ENDINGS))


def words_behind(dice: random.Random) -> Written:
    n = dice.randint(11, 999)
    pattern = dice.choice(("{n} {word}", "{n}\\text{{ {word}}}", "{n}\\ \\mathrm{{{word}}}", "{n} \\text{{{word}}}"))
    worded = [[pattern.format(n=n, word=word) for word in words] for words in (THINGS, WORDS)]
    return Written(str(n), (*worded[0], f"{n} (units)", f"{n}\\ [\\text{{cm}}]", f"{n} [cm]"), tuple(worded[1]))


def mixed_units(dice: random.Random) -> Written:
    n, m = dice.randint(11, 59), dice.randint(11, 59)
    return Written(
        str(n),
        (
            f"{n}\\text{{ min}}",
            f"{n} \\frac{{\\text{{km}}}}{{\\text{{h}}}}",
            f"{n}\\,\\text{{km}}/\\text{{h}}",
            f"{n}\\text{{ m}}^2",
        ),
        (
            *(
                f"{n}\\text{{ minutes and }}{m}\\text{{ seconds}}",
                f"{n} minutes {m} seconds",
                f"{n} ft {m} in",
                f"{n}°{m}'",
            ),
            *(
                f"{n}\\text{{ km and }}{m}\\text{{ m}}",
                f"{n}\\text{{ weeks}}, {m}\\text{{ days}}",
                f"{n}:{m}",
                f"{n}{{:}}{m}",
            ),
            *(f"{n} h {m}", f"{n}'{m}''", f"{n}\\text{{ h }}{m}\\text{{ min}}"),
        ),
    )


def units(dice: random.Random) -> Written:
    n = dice.randint(11, 999)
    families: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
        (
            "\\${n}",
            ("{n}", "{n} dollars", "\\${n}.00", "${n}", "{n}\\text{{ USD}}"),
            ("{n} cents", "€{n}", "{n}\\text{{ euros}}"),
        ),
        ("{n}\\text{{ cents}}", ("{n}", "{n} cents", "{n}¢"), ("\\${n}", "{n} dollars", "£{n}")),
        (
            "{n}^\\circ",
            ("{n}", "{n}°", "{n} degrees", "{n}^{{\\circ}}"),
            ("{n}\\text{{ radians}}", "{n} rad", "{n}'", "{n}\\%"),
        ),
        (
            "{n}\\text{{ hours}}",
            ("{n}", "{n} h", "{n}\\text{{ hrs}}", "{n} hr"),
            ("{n} minutes", "{n} days", "{n}\\text{{ s}}"),
        ),
        (
            "{n}\\text{{ cm}}^2",
            (
                "{n}",
                "{n} cm²",
                "{n} \\text{{ square centimeters}}",
                "{n}\\text{{ sq. cm}}",
                "{n}\\text{{ square units}}",
            ),
            ("{n}\\text{{ cm}}", "{n}\\text{{ m}}^2", "{n}\\text{{ cubic centimeters}}", "{n}\\text{{ inches}}"),
        ),
        ("{n} km/h", ("{n}", "{n} kilometers per hour", "{n} kph"), ("{n} mph", "{n} m/s", "{n} km")),
    )
    gold, equal, different = dice.choice(families)
    return Written(
        gold.format(n=n), tuple(one.format(n=n) for one in equal), tuple(one.format(n=n) for one in different)
    )


def named_parts(dice: random.Random) -> Written:
    a, b = dice.sample(range(1, 40), 2)
    return Written(
        f"({a},{b})",
        (
            f"x={a}, y={b}",
            f"y={b}, x={a}",
            f"(x,y)=({a},{b})",
            f"x = {a} \\text{{ and }} y = {b}",
            f"a={a}, b={b}",
            f"n={a}, k={b}",
        ),
        (
            f"y={a}, x={b}",
            f"x={b}, y={a}",
            f"b={a}, a={b}",
            f"(y,x)=({a},{b})",
            f"[{a},{b}]",
            f"\\{{{a},{b}\\}}",
            f"k={b}, n={a}",
        ),
    )


def closed_intervals(dice: random.Random) -> Written:
    a = dice.randint(-9, 5)
    b = a + dice.randint(1, 9)
    return Written(
        f"[{a},{b}]",
        (f"{a} \\le x \\le {b}", f"x \\in [{a}, {b}]", f"\\{{x : {a} \\le x \\le {b}\\}}", f"{b} \\ge x \\ge {a}"),
        (f"{a},{b}", f"({a},{b})", f"{a} < x \\le {b}", f"\\{{{a},{b}\\}}", f"x \\ge {a}", f"{a} \\le x \\le {b + 1}"),
    )


def inequalities(dice: random.Random) -> Written:
    a = dice.randint(-9, 5)
    b = a + dice.randint(1, 9)
    return Written(
        f"(-\\infty,{a})\\cup({b},\\infty)",
        (
            *(f"x<{a} or x>{b}", f"x < {a} \\text{{ or }} x > {b}", f"x>{b}\\text{{ or }}x<{a}", f"{a}>x \\lor x>{b}"),
            *(
                f"({b},\\infty) \\cup (-\\infty,{a})",
                f"\\mathbb{{R}}\\setminus[{a},{b}]",
                f"x \\in (-\\infty,{a})\\cup({b},+\\infty)",
            ),
        ),
        (
            *(f"x<{a}\\text{{ and }}x>{b}", f"x\\le {a} or x>{b}", f"{a}<x<{b}", f"x<{a}", f"x>{b} or x<{a - 1}"),
            *(f"(-\\infty,{a})\\cap({b},\\infty)", f"\\mathbb{{R}}\\setminus({a},{b})", f"({a},{b})", str(a)),
        ),
    )


def sides(dice: random.Random) -> Written:
    n, k = dice.randint(11, 999), dice.randint(2, 9)
    return Written(
        str(n),
        (
            f"{k}+{n - k}={n}",
            f"{n}={n}",
            f"{n} = {n - k}+{k}",
            f"S = {n - k}+{k} = {n}",
            f"{n} = x",
            f"{n} \\approx {n}.0",
            f"{n}, not {n + k}",
        ),
        (
            f"{n + k} = {n}",
            f"{n} = {n}+{k}",
            f"{n} = {n + 1}",
            f"{k} = {n}",
            f"{n + k}, not {n}",
            f"{n + k} \\approx {n}",
            f"x = {n} + {k}",
        ),
    )


def stars(dice: random.Random) -> Written:
    a, b = dice.choice((2, 3, 4)), dice.randint(2, 5)
    return Written(
        str(a**b),
        (f"{a}**{b}", f"{a} ** {b}", f"**{a**b}**", f"*{a**b}*", f"{a}*{a}**{b - 1}", f"**{a}^{b}**", f"({a})**({b})"),
        (f"{a}**{b + 1}", f"{a**b}**3", f"{a**b}*", f"{a**b}**2", f"*{a**b}", f"{a**b}**{a}"),
    )


def glued(dice: random.Random) -> Written:
    """Two numbers that become gold when what stands between them is dropped."""
    a, b = dice.randint(2, 9), dice.randint(2, 9)
    return Written(
        f"{a}{b}",
        (f"\\mathbf{{{a}{b}}}", f"{10 * a}+{b}", f"\\text{{{a}{b}}}"),
        (
            *(
                f"{a}**{b}",
                f"{a}__{b}",
                f"{a}$ {b}",
                f"\\${a}${b}",
                f"{a}`{b}",
                f"{a}\\mathbf{{{b}}}",
                f"\\boxed{{{a}}}\\boxed{{{b}}}",
            ),
            *(
                f"{a} {b}",
                f"{a}, {b}",
                f"{a}\\;{b}",
                f"{a}\\phantom{{x}}{b}",
                f"{a}.{b}",
                f"{a}/{b}",
                f"\\textbf{{{a}}}{b}",
            ),
        ),
    )


def dressed(dice: random.Random) -> Written:
    n = dice.randint(11, 999)
    fonts = (
        "bf",
        "it",
        "rm",
        "tt",
        "sf",
        "large",
        "Large",
        "huge",
        "displaystyle",
        "boldsymbol",
        "textsf",
        "textnormal",
        "texttt",
        "mathsf",
    )
    return Written(
        str(n),
        (
            *(f"\\{font}{{{n}}}" for font in fonts),
            *(
                f"\\color{{red}}{{{n}}}",
                f"\\textcolor{{blue}}{{{n}}}",
                f"{{\\color{{red}} {n}}}",
                f"{{\\bf {n}}}",
                f"\\tt {n}",
            ),
            *(
                f"\\Large\\textbf{{{n}}}",
                f"\\textcolor{{red}}{{\\textbf{{{n}}}}}",
                f"{n}\\tag{{1}}",
                f"\\left\\{{{n}\\right\\}}",
                f"≈{n}",
            ),
        ),
        (
            f"\\overline{{{n}}}x",
            f"\\textcolor{{{n}}}{{7}}",
            f"\\color{{red}}{{{n}1}}",
            f"\\phantom{{{n}}}",
            f"7\\tag{{{n}}}",
            f"\\cancel{{{n}}}",
        ),
    )


def led(dice: random.Random) -> Written:
    n = dice.randint(11, 999)
    leads = (
        "Answer: ",
        "The answer is ",
        "The final answer is: ",
        "is ",
        "Thus ",
        "Therefore, ",
        "Total: ",
        "So the answer is ",
        "Result = ",
    )
    denied = (
        "The answer is not ",
        "No, ",
        "The answer is more than ",
        "Not ",
        "The answer cannot be ",
        "Either 3 or ",
        "The answer is at most ",
    )
    return Written(
        str(n),
        (
            *(f"\\text{{{lead}}}{n}" for lead in leads),
            *(f"{lead}{n}" for lead in leads),
            f"\\textbf{{Answer:}} {n}",
            f"\\text{{Area}}={n}",
        ),
        (
            *(f"\\text{{{lead}}}{n}" for lead in denied),
            *(f"{lead}{n}" for lead in denied),
            f"\\text{{The answer is }}{n}1",
        ),
    )


def numerals(dice: random.Random) -> Written:
    tens, ones = dice.randint(2, 9), dice.randint(1, 9)
    n = 10 * tens + ones
    ten, one = TENS.split()[tens - 2], ONES.split()[ones - 1]
    return Written(
        str(n),
        (
            f"{ten}-{one}",
            f"{n} ({ten}-{one})",
            f"{n}\\text{{ ({ten} {one})}}",
            f"{n}_{{10}}",
            f"{n}_{{\\text{{ten}}}}",
            f"\\text{{{ten} {one}}}",
        ),
        (
            f"{ten}",
            f"{one}-{ten}",
            f"{ten} or {one}",
            f"{n}_{{11}}",
            f"{n}₈",
            f"{n} ({ten})",
            f"minus {ten} {one}",
            f"{n}_{{16}}",
            f"{n}_{{a}}",
        ),
    )


def periods(dice: random.Random) -> Written:
    top, bottom = dice.choice(((1, 3), (2, 3), (1, 9), (4, 9), (5, 9), (1, 6), (5, 11), (7, 11)))
    head, period = {3: ("", str(3 * top)), 9: ("", str(top)), 6: ("1", "6"), 11: ("", f"{9 * top:02d}")}[bottom]
    return Written(
        f"\\frac{{{top}}}{{{bottom}}}",
        (
            *(
                f"0.{head}\\overline{{{period}}}",
                f"0.{head}\\bar{{{period}}}",
                f"0.{head}({period})",
                f"0.{head}{period * 3}\\ldots",
            ),
            *(f"0.{head}{period * 4}...", f"{{{top} \\over {bottom}}}", f"{top} \\over {bottom}"),
        ),
        (
            *(
                f"0.{head}{period}",
                f"0.{head}{period * 3}",
                f"0.{head}{period * 2}7\\ldots",
                f"0.{head}(8{period})",
                f"{top}.{bottom}...",
            ),
            *(f"0.{head}\\overline{{{period}8}}", f"0{head}({period})"),
        ),
    )


def logarithms(dice: random.Random) -> Written:
    n = dice.choice((2, 3, 5, 7))
    return Written(
        f"\\ln {n}",
        (
            f"\\log_e {n}",
            f"\\log {n}",
            f"\\log_{{e}}({n})",
            f"-\\ln\\frac1{n}",
            f"\\frac{{\\ln {n * n}}}{{2}}",
            f"x = \\ln {n}",
            f"\\ln({n})",
        ),
        (
            f"\\log_{{10}} {n}",
            f"\\log_2 {n}",
            f"\\ln {n + 1}",
            f"\\neq \\ln {n}",
            f"\\ln {n}?",
            f"\\ln {n}\\text{{ or more}}",
            f"> \\ln {n}",
        ),
    )


def complex_numbers(dice: random.Random) -> Written:
    a, b = dice.sample(range(2, 10), 2)
    return Written(
        f"{a}+{b}i",
        (f"{a}+{b}\\mathrm{{i}}", f"{b}i+{a}", f"z = {a}+{b}i", f"{a} + i{b}", f"{a}+{b}\\cdot i", f"{a}-{{-}}{b}i"),
        (f"{a}-{b}i", f"{b}+{a}i", f"{a + b}i", f"{a}+{b}", f"{a}+{b}j", f"|{a}+{b}i|", f"{a}{{-}}{b}i", f"{a}+{b}i?"),
    )


def marked_lists(dice: random.Random) -> Written:
    a, b, c = dice.sample(range(1, 30), 3)
    return Written(
        f"\\{{{a},{b},{c}\\}}",
        (
            f"{a}\\text{{, }}{b}\\text{{, and }}{c}",
            f"{c}, {b}, and {a}",
            f"x={a}, x={b}, x={c}",
            f"\\text{{{a}, {b}, {c}}}",
            f"\\lbrace {b},{a},{c}\\rbrace",
        ),
        (
            f"{a}\\text{{, }}{b}\\text{{, not }}{c}",
            f"{a},{b}\\text{{ or more}}",
            f"{a},{b},{c}+",
            f"{a},{b},>{c}",
            f"({a},{b},{c})",
            f"{a},{b},{c}?",
        ),
    )


TRAPS: tuple[Callable[[random.Random], Written], ...] = (
    *(relations, endings, words_behind, mixed_units, units, named_parts, closed_intervals, inequalities, sides, stars),
    *(glued, dressed, led, numerals, periods, logarithms, complex_numbers, marked_lists),
)
