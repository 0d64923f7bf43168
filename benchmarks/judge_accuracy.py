r"""False positives and negatives of the judge of mathematical answers, and of plain math-verify, side by side.

    python -m benchmarks.judge_accuracy [--quick] [--show]

A seeded battery of (gold, answer) pairs that are equal or different by construction: 1,600 equivalent and 1,600
different ones over fifteen kinds of writing. Plain math-verify is asked as its documentation shows,
``verify(parse("$gold$"), parse("$answer$"))``, on the main thread with its own time limit. ``unknown`` is no verdict:
neither a false positive nor a false negative of ours, and counted by itself. The battery was written beside the judge:
it says which writings are covered, not how often models use them.
"""

from __future__ import annotations

import argparse
import logging
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from rsa_viz.core.chain import Verdict
from rsa_viz.tasks.equivalence import compare

EACH = 1_600
SEED = 20_260


class Pair(NamedTuple):
    """A gold answer, another writing or another answer, and the kind of writing."""

    kind: str
    gold: str
    answer: str
    equal: bool


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


KINDS: tuple[Callable[[random.Random], Written], ...] = (
    *(integers, thousands, negatives, decimals, tiny, fractions, radicals, sums_of_radicals, two_roots),
    *(tuples, sets, intervals, polynomials, pis_and_powers, functions),
)


def battery(each: int = EACH, seed: int = SEED) -> list[Pair]:
    """``each`` equivalent and ``each`` different pairs, all kinds in turn, no pair twice."""
    dice = random.Random(seed)
    pairs: dict[tuple[str, str], Pair] = {}
    wanted = Counter({True: each, False: each})
    while wanted.total():
        for kind in KINDS:
            written = kind(dice)
            for equal, answers in ((True, written.equal), (False, written.different)):
                for answer in dice.sample(answers, min(3, len(answers))):
                    if wanted[equal] and (written.gold, answer) not in pairs:
                        pairs[written.gold, answer] = Pair(kind.__name__, written.gold, answer, equal)
                        wanted[equal] -= 1
    return list(pairs.values())


def ours(pair: Pair) -> Verdict:
    return compare(pair.answer, pair.gold).verdict


def plain(pair: Pair) -> Verdict:
    import math_verify

    equal = math_verify.verify(math_verify.parse(f"${pair.gold}$"), math_verify.parse(f"${pair.answer}$"))
    return Verdict.RIGHT if equal else Verdict.WRONG


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="200 pairs of each sort")
    parser.add_argument("--show", action="store_true", help="print every pair that our judge gets wrong")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pairs = battery(200 if options.quick else EACH)
    counts = {name: Counter[tuple[str, str]]() for name in ("ours", "plain")}
    for pair in pairs:
        for name, judge in (("ours", ours), ("plain", plain)):
            verdict = judge(pair)
            if verdict is Verdict.UNKNOWN:
                counts[name][pair.kind, "unknown"] += 1
            elif (verdict is Verdict.RIGHT) != pair.equal:
                counts[name][pair.kind, "negative" if pair.equal else "positive"] += 1
                if options.show and name == "ours":
                    print(f"{pair.kind}: gold {pair.gold!r}, answer {pair.answer!r}, equal {pair.equal}")
    total = Counter((pair.kind, pair.equal) for pair in pairs)
    print(f"{sum(pair.equal for pair in pairs)} equivalent and {sum(not pair.equal for pair in pairs)} different pairs")
    print("                               false negatives         false positives      unknown")
    print("kind              equal  diff  ours  math-verify       ours  math-verify       ours")
    for kind in (*(one.__name__ for one in KINDS), "all"):
        names = [one.__name__ for one in KINDS] if kind == "all" else [kind]

        def many(judge: str, sort: str, names: list[str] = names) -> int:
            return sum(counts[judge][name, sort] for name in names)

        equal, different = (sum(total[name, same] for name in names) for same in (True, False))
        print(
            f"{kind:16}  {equal:5}  {different:4}  {many('ours', 'negative'):4}  {many('plain', 'negative'):11}"
            f"  {many('ours', 'positive'):9}  {many('plain', 'positive'):11}  {many('ours', 'unknown'):9}"
        )


if __name__ == "__main__":
    main()
