r"""The notation that math-verify is trusted with: an answer that is wholly made of it is asked about, another is not.

math-verify reads what it knows out of an answer and passes over the rest: ``\neq 70``, ``70?`` and ``41_{a}`` are
70 and 41 to it. So an answer is first parsed here from end to end, without values. Knows no verdicts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .algebra import TooLarge

DEEPEST = 40

_TOKEN = re.compile(
    r" *(?:(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<command>\\[a-zA-Z]+|\\[{}%])"
    r"|(?P<word>(?:arc)?(?:sin|cos|tan)|cot|sec|csc|log|ln|exp|sqrt|gcd|lcm|min|max)(?![a-zA-Z])"
    r"|(?P<letter>[a-zA-Zα-ωΑ-Ω])|(?P<sign>[-+*/^_!|()\[\]{},:<>=°]))"
)
_PLAIN_FUNCTIONS = "sin cos tan cot sec csc arcsin arccos arctan log ln exp"
_FUNCTIONS = frozenset(_PLAIN_FUNCTIONS.split()) | frozenset(
    f"\\{name}" for name in (*_PLAIN_FUNCTIONS.split(), "sinh", "cosh", "tanh", "Gamma")
)
_OF_LISTS = frozenset(("\\gcd", "\\min", "\\max", "gcd", "lcm", "min", "max", "\\lcm"))
_FRACTIONS = frozenset(("\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\binom", "\\dbinom", "\\tbinom"))
_SUMS = frozenset(("\\sum", "\\prod"))
_GREEK_NAMES = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon phi
varphi chi psi omega Delta Theta Lambda Xi Sigma Phi Psi Omega ell
"""
_GREEK = frozenset(f"\\{name}" for name in _GREEK_NAMES.split())
_CONSTANTS = frozenset(("\\pi", "\\infty", "e", "i", "\\emptyset", "\\varnothing"))
_OPERATORS = frozenset(("\\cdot", "\\times", "\\div", "*", "/"))
_RELATIONS = frozenset(("<", ">", "\\le", "\\leq", "\\leqslant", "\\lt", "\\ge", "\\geq", "\\geqslant", "\\gt", "\\ne"))
_UNEQUAL = _RELATIONS | {"\\neq"}
_SETS = frozenset(("\\cup", "\\cap", "\\setminus"))
_PAIRS = {
    "\\lfloor": "\\rfloor",
    "\\lceil": "\\rceil",
    "\\lvert": "\\rvert",
    "\\{": "\\}",
    "(": ")",
    "[": "]",
    "{": "}",
}
_OTHER_NOTATION = """
pmod bmod mod ll gg nsim doteq asymp vdash models lesssim gtrsim O dots therefore
neg lnot not nless ngtr nleq ngeq mid nmid parallel nparallel perp in notin ni subset subseteq supset supseteq
nsubseteq equiv cong sim simeq approx propto prec succ ast star to rightarrow leftarrow Rightarrow implies iff lor
vee land wedge forall exists ldots dots cdots vdots prime dagger text mathrm textbf circ bullet otimes oplus lim
mathbb mathcal mathfrak colon because therefore uparrow downarrow checkmark times pm mp overline bar hat tilde vec
dot overrightarrow check cancel xcancel sout widehat widetilde underbrace overbrace
"""
_DENYING = frozenset(f"\\{name}" for name in _OTHER_NOTATION.split())
"""Known commands of relations, logic, sets and decoration: an answer with them says something else, or more."""

_MATRIX = re.compile(r"\\begin *\{([pb]matrix|array)\}(?: *\{[lcr| ]*\})?(.*)\\end *\{\1\}", re.DOTALL)


class Form(StrEnum):
    """What an answer is, as far as its notation tells."""

    VALUE = "value"
    TUPLE = "tuple"
    LIST = "list"
    SET = "set"
    REGION = "region"  # an interval, inequalities, a set of them
    EQUATION = "equation"
    MATRIX = "matrix"


class Foreign(ValueError):
    """Not wholly of this notation. ``unknown`` is the command that is not known here, or ""."""

    def __init__(self, why: str, unknown: str = "") -> None:
        super().__init__(why)
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Parsed:
    """The form of an answer, its free letters, and the sides of an equation or the members of a list."""

    form: Form
    letters: frozenset[str]
    parts: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """The form of a cleaned answer. Raises Foreign."""
    if (found := _MATRIX.fullmatch(text)) is not None:
        letters: set[str] = set()
        rows = [row.split("&") for row in found[2].split("\\\\") if row.strip()]
        for row in rows:
            for cell in row:
                if (parsed := parse(cell)).form is not Form.VALUE:
                    raise Foreign("a cell that is no value")
                letters |= parsed.letters
        return Parsed(Form.MATRIX, frozenset(letters), tuple(str(len(row)) for row in rows))
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str, int]] = []  # kind, text, start
        at = 0
        text = text.rstrip()
        while at < len(text):
            if (found := _TOKEN.match(text, at)) is None:
                raise Foreign(f"{text[at : at + 10]!r} is no mathematics")
            kind = found.lastgroup or ""
            self._tokens.append((kind, found[kind], found.start(kind)))
            at = found.end()
        self._at = 0
        self._depth = 0
        self._letters: set[str] = set()
        self._bound: set[str] = set()

    def whole(self) -> Parsed:
        if not self._tokens:
            raise Foreign("nothing")
        starts, forms = [0], [self._chain()]
        while self._take(","):
            starts.append(self._place() - 1)
            forms.append(self._chain())
        if self._at < len(self._tokens):
            raise self._foreign()
        letters = frozenset(self._letters - self._bound)
        ends = [*starts[1:], len(self._text)]
        parts = tuple(self._text[start:end].strip(" ,") for start, end in zip(starts, ends, strict=True))
        if len(forms) == 1:
            form = forms[0]
            if form is Form.EQUATION:
                parts = tuple(side.strip() for side in self._text.split("="))
            elif form in (Form.TUPLE, Form.SET):
                parts = _inner(self._text.strip())
            return Parsed(form, letters, parts)
        if any(form not in (Form.VALUE, Form.TUPLE, Form.EQUATION) for form in forms):
            raise Foreign("a list of no values")
        return Parsed(Form.LIST, letters, parts)

    def _peek(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._tokens[place][1] if place < len(self._tokens) else ""

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _place(self) -> int:
        return self._tokens[self._at][2] if self._at < len(self._tokens) else len(self._text)

    def _take(self, *wanted: str) -> str:
        if (token := self._peek()) in wanted and token:
            self._at += 1
            return token
        return ""

    def _need(self, wanted: str) -> None:
        if not self._take(wanted):
            raise self._foreign()

    def _foreign(self) -> Foreign:
        token = self._peek()
        unknown = (
            token
            if token[1:].isalpha()
            and token[0] == "\\"
            and token not in _DENYING
            and not token.endswith("arrow")
            and token not in _UNEQUAL
            else ""
        )
        return Foreign(f"{token or 'the end'!r} is not expected here", unknown)

    def _chain(self) -> Form:
        """Sides with relations of one sort between them, or one side."""
        form, relations = self._region(), set()
        while sign := self._take("=", *_UNEQUAL):
            relations.add("=" if sign == "=" else "<")
            if self._region() is not Form.VALUE or form is not Form.VALUE:
                raise Foreign("a relation between no values")
        if len(relations) > 1:
            raise Foreign("relations of two sorts")
        return form if not relations else Form.EQUATION if "=" in relations else Form.REGION

    def _region(self) -> Form:
        form = self._sum()
        while self._take(*_SETS):
            if form is Form.VALUE or self._sum() is Form.VALUE:
                raise Foreign("a union of no sets")
            form = Form.REGION
        return form

    def _sum(self) -> Form:
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooLarge(f"nested deeper than {DEEPEST}")
        form = self._product()
        while self._take("+", "-"):
            if self._product() is not Form.VALUE or form is not Form.VALUE:
                raise Foreign("a sum of no values")
        self._depth -= 1
        return form

    def _product(self) -> Form:
        signed = False
        while self._take("+", "-"):
            signed = True
        form = self._power()
        if signed and form is not Form.VALUE:
            raise Foreign("a sign before no value")
        while True:
            if self._take(*_OPERATORS):
                self._take("-")
            elif not self._starts():
                return form
            if self._power() is not Form.VALUE or form is not Form.VALUE:
                raise Foreign("a product of no values")

    def _starts(self) -> bool:
        """A factor follows without a sign between; never a bar (``70|71|``), a number only after a letter or ``!``."""
        token, kind = self._peek(), self._kind()
        if kind == "number":
            return self._tokens[self._at - 1][1] == "!" or self._tokens[self._at - 1][0] == "letter"
        if kind in ("letter", "word"):
            return True
        return token in ("(", "[", "{", "\\lfloor", "\\lceil", "\\sqrt", "\\pi", "\\int") or (
            kind == "command" and token in _FUNCTIONS | _FRACTIONS | _SUMS | _GREEK | _OF_LISTS
        )

    def _power(self) -> Form:
        form = self._atom()
        while sign := self._take("!", "^", "°", "\\degree"):
            if form is not Form.VALUE:
                raise Foreign("a power of no value")
            if sign == "^":
                self._script(degrees=True)
            elif sign == "!" and self._peek() == "!":
                raise Foreign("a double factorial")
        return form

    def _script(self, *, degrees: bool = False) -> None:
        r"""What is raised or lowered: one sign or ``{...}``."""
        if degrees and self._take("\\circ"):
            return
        if self._peek() == "{":
            if degrees and self._peek(1) == "\\circ" and self._peek(2) == "}":
                self._at += 3
                return
            self._group("{")
            return
        self._take("-")
        if self._kind() not in ("number", "letter", "command") and self._peek() != "(":
            raise self._foreign()
        self._atom()

    def _group(self, opening: str) -> None:
        self._need(opening)
        if self._sum() is not Form.VALUE:
            raise Foreign("a group that is no value")
        self._need(_PAIRS[opening])

    def _atom(self) -> Form:
        token, kind = self._peek(), self._kind()
        if kind == "number":
            self._at += 1
        elif token in ("(", "["):
            return self._bracket()
        elif token == "\\{":
            return self._braces()
        elif token in ("{", "\\lfloor", "\\lceil", "\\lvert"):
            self._group(token)
        elif self._take("|"):
            self._sum()
            self._need("|")
        elif self._take(*_FRACTIONS):
            self._argument()
            self._argument()
        elif self._take("\\sqrt", "sqrt"):
            if token == "\\sqrt" and self._take("["):
                self._sum()
                self._need("]")
            self._argument()
        elif token in ("\\emptyset", "\\varnothing"):
            self._at += 1
            return Form.SET
        elif self._take(*_CONSTANTS):
            pass
        elif kind == "letter" or token in _GREEK:
            self._letter()
        elif token in _FUNCTIONS:
            self._function()
        elif self._take(*_OF_LISTS):
            self._bracket()
        elif token in _SUMS or token in ("\\int", "\\lim"):
            self._operator()
        elif token == "\\mathbb" and self._peek(1) == "{" and self._peek(2) in ("R",) and self._peek(3) == "}":
            self._at += 4
            return Form.REGION
        else:
            raise self._foreign()
        return Form.VALUE

    def _argument(self) -> None:
        """``{...}``, or one sign; of a number its first digit."""
        if self._peek() == "{":
            self._group("{")
        elif self._peek() == "(":
            self._bracket()
        elif self._kind() in ("number", "letter", "command"):
            self._split_number()
            self._atom()
        else:
            raise self._foreign()

    def _split_number(self) -> None:
        kind, digits, start = self._tokens[self._at]
        if kind == "number" and len(digits) > 1:
            self._tokens[self._at : self._at + 1] = [(kind, digits[0], start), (kind, digits[1:], start + 1)]

    def _letter(self) -> None:
        name = self._tokens[self._at][1]
        self._at += 1
        if self._take("_"):
            begun = self._place()
            self._script()
            name += "_" + self._text[begun : self._place()].strip("{} ")
        self._letters.add(name)

    def _function(self) -> None:
        self._at += 1
        if self._take("_"):
            if self._kind() == "number":
                self._split_number()
            self._script()
        if self._take("^"):
            self._script()
        self._take("-")
        if not (self._starts() or self._kind() == "number" or self._peek() == "|"):
            raise self._foreign()
        self._power()

    def _operator(self) -> None:
        name = self._peek()
        self._at += 1
        if name == "\\lim":
            self._need("_")
            self._need("{")
            self._bind()
            if not self._take("\\to", "\\rightarrow"):
                raise self._foreign()
            self._sum()
            if self._take("^"):
                self._take("+", "-")
            self._need("}")
        elif name == "\\int":
            for _ in range(2):
                if self._take("_", "^"):
                    self._script()
            for place in range(self._at, len(self._tokens) - 1):
                if self._tokens[place][1] == "d" and self._tokens[place + 1][0] == "letter":
                    self._bound |= {"d", self._tokens[place + 1][1]}
                    break
            else:
                raise Foreign("an integral over nothing")
        else:
            self._need("_")
            self._need("{")
            self._bind()
            self._need("=")
            self._sum()
            self._need("}")
            self._need("^")
            self._script()
        self._product()

    def _bind(self) -> None:
        if self._kind() != "letter":
            raise self._foreign()
        self._bound.add(self._peek())
        self._at += 1

    def _bracket(self) -> Form:
        opening = self._take("(", "[")
        if not opening:
            raise self._foreign()
        many, form = 1, self._chain()
        while self._take(","):
            many += 1
            self._chain()
        closing = self._take(")", "]")
        if not closing:
            raise self._foreign()
        if opening + closing in ("()", "[]") and many == 1:
            if form not in (Form.VALUE, Form.TUPLE):
                raise Foreign("a bracket around no value")
            return form
        if many == 1 or form is not Form.VALUE:
            raise Foreign("a bracket of no values")
        return Form.TUPLE if opening + closing == "()" else Form.REGION

    def _braces(self) -> Form:
        self._need("\\{")
        form = self._chain()
        if self._take(":", "|"):
            self._bound |= self._letters
            form = self._chain()
            self._need("\\}")
            return Form.REGION
        while self._take(","):
            self._chain()
        self._need("\\}")
        if form not in (Form.VALUE, Form.TUPLE):
            raise Foreign("a set of no values")
        return Form.SET


def _inner(text: str) -> tuple[str, ...]:
    """The members between the outer brackets."""
    opening = 2 if text.startswith("\\{") else 1
    parts, start, depth = [], opening, 0
    inside = text[: -2 if text.endswith("\\}") else -1]
    for at, letter in enumerate(inside):
        if at < opening:
            continue
        if letter in "({[":
            depth += 1
        elif letter in ")}]":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(inside[start:at])
            start = at + 1
    return tuple(part.strip() for part in (*parts, inside[start:]))
