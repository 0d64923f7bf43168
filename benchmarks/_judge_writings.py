"""Kinds of writing of a number, an expression, a tuple, a set: the same answer otherwise, and other answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import NamedTuple


class Written(NamedTuple):
    """One gold answer with writings that are equal to it and answers that are not."""

    gold: str
    equal: tuple[str, ...]
    different: tuple[str, ...]


def integers(dice: random.Random) -> Written:
    n = dice.randint(2, 999)
    minus = dice.choice(["-", "−"])
    return Written(
        str(n),
        (
            *(f"{n}.0", f"${n}$", f"\\({n}\\)", f"**{n}**", f"\\$ {n}", f"\\${n}", f"${n}", f"{n} dollars", f"{n}."),
            *(f"\\text{{{n}}}", f"\\mathbf{{{n}}}", f"x = {n}", f"n={n}", f"{n} \\pmod{{1000}}", f"{n}\\text{{ cm}}"),
            *(f"{n}^\\circ", f"\\frac{{{2 * n}}}{{2}}", f"{n - 1}+1", f"{n}\\text{{ square units}}", f"0{n}", f"+{n}"),
            *(f"\\boxed{{{n}}}", f"\\sqrt{{{n * n}}}", f"{n}\\,\\mathrm{{km/h}}", f"{n} apples", f"\\left({n}\\right)"),
        ),
        (
            *(
                f"{n}_8",
                f"{n}\\%",
                f"{n}%",
                f"{minus}{n}",
                f"{n + 1}",
                f"{n}0",
                f"{n}.5",
                f"{n}x",
                f"{n}, {n + 1}",
                f"{n}^2",
            ),
            *(f"\\frac{{{n}}}{{{n + 1}}}", f"{n}:1", f"{n}!", f"{n} \\text{{ or }} {n + 2}", f"\\sqrt{{{n}}}", "none"),
            *(f"{n} million", f"{n}\\pi", f"{n}i", f"({n}, 0)"),
        ),
    )


def thousands(dice: random.Random) -> Written:
    n = dice.randint(1_001, 9_999_999)
    parts = f"{n:,}".split(",")
    return Written(
        str(n),
        tuple(sign.join(parts) for sign in (",", "\\,", "{,}", "\u202f", " ", "\\ ", ",\\!", "\\;")),
        (
            ", ".join(parts) + ", 1",
            f"{n + 1:,}",
            ".".join(parts[:2]),
            f"{parts[0]}",
            f"{n:,}0",
            f"{n // 10}",
            f"{n:,}%",
        ),
    )


def negatives(dice: random.Random) -> Written:
    n = dice.randint(2, 999)
    return Written(
        f"-{n}", (f"−{n}", f"–{n}", f"- {n}", f"-{n}.00", f"(-{n})", f"$-{n}$"), (str(n), f"-{n + 1}", f"--{n}")
    )


def decimals(dice: random.Random) -> Written:
    n = dice.randint(1, 9_999)
    value = Fraction(n, 10_000)
    text = f"{n / 10_000:.4f}"
    return Written(
        text,
        (
            f"{text}0",
            text[1:],
            f"\\frac{{{value.numerator}}}{{{value.denominator}}}",
            f"{n} \\times 10^{{-4}}",
            f"{n / 100:.2f}\\%",
        ),
        (
            f"{n / 10_000:.4f}1",
            f"{(n + 1) / 10_000:.4f}",
            f"\\frac{{{n}}}{{9999}}",
            f"{n / 1_000:.3f}",
            f"{n / 10_000:.4f}\\%",
        ),
    )


def tiny(dice: random.Random) -> Written:
    n = dice.randint(1, 8)
    small = f"0.{'0' * 6}{n}"
    return Written(
        small,
        (f"{n}e-7", f"{n} \\cdot 10^{{-7}}", f"\\frac{{{n}}}{{10000000}}"),
        (f"0.{'0' * 6}{n + 1}", "0", f"0.{'0' * 7}{n}", f"{n}e-8"),
    )


def fractions(dice: random.Random) -> Written:
    bottom = dice.choice([3, 7, 9, 11, 13, 17, 24, 96, 576])
    top = dice.choice([one for one in range(1, 3 * bottom) if gcd(one, bottom) == 1])
    whole, rest = divmod(top, bottom)
    near = f"{top / bottom:.7f}"
    mixed = (f"{whole}\\frac{{{rest}}}{{{bottom}}}", f"{whole} {rest}/{bottom}") if whole else (f"{top}/{bottom}.",)
    return Written(
        f"\\frac{{{top}}}{{{bottom}}}",
        (
            *(
                f"{top}/{bottom}",
                f"\\dfrac{{{top}}}{{{bottom}}}",
                f"\\tfrac {{{top}}} {{{bottom}}}",
                f"{2 * top}/{2 * bottom}",
            ),
            *(f"\\frac{{{3 * top}}}{{{3 * bottom}}}", f"{top} / {bottom}", f"\\frac{{-{top}}}{{-{bottom}}}", *mixed),
            *(f"{top} \\div {bottom}", f"p = \\frac{{{top}}}{{{bottom}}}", f"${top}/{bottom}$"),
        ),
        (
            *(
                near,
                f"{top}:{bottom}",
                f"\\frac{{{bottom}}}{{{top}}}",
                f"{top}/{bottom + 1}",
                f"-{top}/{bottom}",
                f"{near}%",
            ),
            *(f"{top}", f"({top}, {bottom})", f"\\frac{{{top}}}{{{bottom}}}\\%"),
        ),
    )


def radicals(dice: random.Random) -> Written:
    inside = dice.choice([2, 3, 5, 6, 7, 10, 11, 13, 15])
    a, b, c = dice.randint(2, 9), dice.randint(2, 9), dice.randint(2, 9)
    return Written(
        f"{a}\\sqrt{{{inside}}}",
        (
            *(f"{a}\\sqrt{inside}", f"\\sqrt{{{a * a * inside}}}", f"{a}*\\sqrt{{{inside}}}", f"{a}√{inside}"),
            *(
                f"{a} \\cdot \\sqrt {{{inside}}}",
                f"\\frac{{{a * inside}}}{{\\sqrt{{{inside}}}}}",
                f"{a}({inside})^{{1/2}}",
            ),
            *(f"{a}\\cdot {inside}^{{\\frac12}}", f"{a}*sqrt({inside})", f"{a}\\sqrt{{{inside}}}\\text{{ cm}}"),
        ),
        (
            *(
                f"{a + 1}\\sqrt{{{inside}}}",
                f"{a}\\sqrt{{{inside + 1}}}",
                f"\\sqrt{{{a * inside}}}",
                f"{a} + \\sqrt{{{inside}}}",
            ),
            *(
                f"{a * inside}",
                f"{a}\\sqrt[3]{{{inside}}}",
                f"{a * inside**0.5:.4f}",
                f"\\frac{{{a}}}{{\\sqrt{{{inside}}}}}",
            ),
            *(f"{a}\\sqrt{{{inside}}} + {b}/{c * 100}",),
        ),
    )


def sums_of_radicals(dice: random.Random) -> Written:
    p, q, d = dice.randint(1, 9), dice.choice([2, 3, 5, 7, 11]), dice.randint(2, 6)
    return Written(
        f"\\frac{{{p}+\\sqrt{{{q}}}}}{{{d}}}",
        (
            *(
                f"\\frac{{\\sqrt{{{q}}}+{p}}}{{{d}}}",
                f"\\frac{{{p}}}{{{d}}} + \\frac{{\\sqrt{{{q}}}}}{{{d}}}",
                f"({p}+√{q})/{d}",
            ),
            *(f"\\frac{{{p}+\\sqrt{q}}}{d}", f"\\frac{{1}}{{{d}}}\\left({p} + \\sqrt{{{q}}}\\right)"),
            *(f"\\frac{{{p * p - q}}}{{{d}({p} - \\sqrt{{{q}}})}}",),
        ),
        (
            *(
                f"\\frac{{{p}-\\sqrt{{{q}}}}}{{{d}}}",
                f"\\frac{{{p}+\\sqrt{{{q}}}}}{{{d + 1}}}",
                f"{p}+\\frac{{\\sqrt{{{q}}}}}{{{d}}}",
            ),
            *(f"\\frac{{{p}+{q}}}{{{d}}}", f"\\frac{{{p}\\pm\\sqrt{{{q}}}}}{{{d}}}"),
        ),
    )


def two_roots(dice: random.Random) -> Written:
    p, q, d = dice.randint(1, 9), dice.choice([5, 13, 17, 21, 29]), dice.choice([2, 4])
    plus, minus = (f"\\frac{{-{p}{sign}\\sqrt{{{q}}}}}{{{d}}}" for sign in "+-")
    return Written(
        f"{plus}, {minus}",
        (
            *(f"\\frac{{-{p}\\pm\\sqrt{{{q}}}}}{{{d}}}", f"\\frac{{-{p}\\pm\\sqrt{{{q}}}}}{d}", f"{minus}, {plus}"),
            *(f"x = {plus} \\text{{ or }} x = {minus}", f"\\left\\{{{plus}, {minus}\\right\\}}", f"{plus} and {minus}"),
            *(f"x=\\frac{{-{p}\\mp\\sqrt{q}}}{d}",),
        ),
        (plus, minus, f"\\frac{{{p}\\pm\\sqrt{{{q}}}}}{{{d}}}", f"{plus}, {plus}", f"{plus}, -{minus}"),
    )


def tuples(dice: random.Random) -> Written:
    a, b, c = dice.sample(range(1, 30), 3)
    return Written(
        f"({a}, {b}, {c})",
        (
            f"({a},{b},{c})",
            f"\\left({a}, {b}, {c}\\right)",
            f"{a}, {b}, {c}",
            f"( {a} , {b}, {2 * c}/2 )",
            f"(x,y,z) = ({a},{b},{c})",
        ),
        (
            f"({b}, {a}, {c})",
            f"({a}, {b})",
            f"{c}, {b}, {a}",
            f"\\{{{a}, {b}, {c}\\}}",
            f"({a}, {b}, {c + 1})",
            f"[{a}, {b}, {c}]",
        ),
    )


def sets(dice: random.Random) -> Written:
    a, b, c = dice.sample(range(1, 30), 3)
    return Written(
        f"\\{{{a}, {b}, {c}\\}}",
        (
            f"\\{{{c},{a},{b}\\}}",
            f"{b}, {c}, {a}",
            f"{a}, {b} and {c}",
            f"\\left\\{{ {b}, {a}, {c} \\right\\}}",
            f"x \\in \\{{{a},{b},{c}\\}}",
        ),
        (
            f"\\{{{a}, {b}\\}}",
            f"{a}, {b}",
            f"({a}, {b}, {c})",
            f"\\{{{a}, {b}, {c + 30}\\}}",
            f"{a + b + c}",
            f"{{{a}}}",
        ),
    )


def intervals(dice: random.Random) -> Written:
    a = dice.randint(-9, 5)
    b = a + dice.randint(1, 9)
    return Written(
        f"[{a}, {b})",
        (f"[{a},{b})", f"\\left[{a}, {b}\\right)", f"x \\in [{a}, {b})", f"[{a}, {2 * b}/2)"),
        (f"[{a}, {b}]", f"({a}, {b})", f"({a}, {b}]", f"[{a}, {b + 1})", f"{a}, {b}"),
    )


def polynomials(dice: random.Random) -> Written:
    a, b = dice.sample(range(1, 9), 2)
    return Written(
        f"x^2+{a + b}x+{a * b}",
        (
            f"(x+{a})(x+{b})",
            f"{a * b} + {a + b}x + x^2",
            f"y = x^2 + {a + b}x + {a * b}",
            f"x^{{2}}+{a + b}\\cdot x+{a * b}",
            f"(x+{b})*(x+{a})",
        ),
        (
            f"(x-{a})(x+{b})",
            f"x^2+{a + b}x",
            f"x^2+{a * b}x+{a + b + 20}",
            f"y^2+{a + b}y+{a * b}",
            f"x^3+{a + b}x+{a * b}",
        ),
    )


def pis_and_powers(dice: random.Random) -> Written:
    a, b = dice.randint(2, 12), dice.choice([3, 5, 7])
    return Written(
        f"\\frac{{{a}\\pi}}{{{b}}}",
        (
            f"{a}\\pi/{b}",
            f"\\frac{{{a}}}{{{b}}}\\pi",
            f"\\pi\\cdot\\frac{{{a}}}{{{b}}}",
            f"{a}π/{b}",
            f"\\dfrac{{{2 * a}\\pi}}{{{2 * b}}}",
        ),
        (
            f"\\frac{{{a}}}{{{b}}}",
            f"\\frac{{{a + 1}\\pi}}{{{b}}}",
            f"{a * 3.14159265 / b:.6f}",
            f"\\frac{{{a}\\pi^2}}{{{b}}}",
            f"\\frac{{{a}}}{{{b}\\pi}}",
        ),
    )


def functions(dice: random.Random) -> Written:
    """Writings that nothing but a computer algebra can read."""
    base, power = dice.choice([2, 3, 5]), dice.randint(2, 4)
    return Written(
        str(power),
        (
            f"\\log_{{{base}}} {base**power}",
            f"\\log_{base}({base**power})",
            f"{2 * power}\\cos\\frac{{\\pi}}{{3}}",
            f"|-{power}|",
            f"\\sqrt{{{power - 1}+\\sqrt{{{1}}}}}^2",
            f"\\lfloor {power}.7 \\rfloor",
        ),
        (
            f"\\log_{{{base}}} {base ** (power + 1)}",
            f"{2 * power}\\sin\\frac{{\\pi}}{{3}}",
            f"-|-{power}|",
            f"\\ln {power}",
            f"\\lceil {power}.7 \\rceil",
        ),
    )


WRITINGS: tuple[Callable[[random.Random], Written], ...] = (
    *(integers, thousands, negatives, decimals, tiny, fractions, radicals, sums_of_radicals, two_roots),
    *(tuples, sets, intervals, polynomials, pis_and_powers, functions),
)
