"""What math-verify is asked, and what of its answers is believed.

Only answers that are wholly of a known notation are asked about, of gold's own form and without letters that gold has
not; tuples and sets member by member, chains of equations side by side. So nothing that math-verify passes over can
turn into gold. What was asked once is remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from .readings import Reading, read
from .structures import AND, ASSIGNED, DENIES, PLUS_MINUS, Kind, both_signs
from .syntax import Foreign, Form, Parsed, parse
from .workers import WORKERS, Found

MOST_REMEMBERED = 65_536
MOST_MEMBERS = 8
"""Of a set that is compared member by member, which takes as many questions as there are pairs."""


def believed(wanted: Reading, given: Reading) -> Found:
    """Whether an answer that is not read exactly equals gold. Raises syntax.Foreign when it is no answer to ask about.

    GOLD_UNREADABLE when gold itself is not of the known notation.
    """
    gold, answer = _plain(wanted.bare), _plain(given.bare)
    if DENIES.search(answer):
        raise Foreign("a denial")
    parsed_answer = parse(answer)
    try:
        parsed_gold = parse(gold)
    except ValueError:
        return Found.DIFFERENT if wanted.kind is Kind.EXACT else Found.GOLD_UNREADABLE
    return _compared(gold, parsed_gold, answer, parsed_answer)


def _plain(bare: str) -> str:
    """A list with commas, both signs written out."""
    bare = AND.sub(", ", bare.replace("\\langle", "(").replace("\\rangle", ")"))
    return ", ".join(both_signs(bare)) if PLUS_MINUS.search(bare) else bare


def _compared(gold: str, wanted: Parsed, answer: str, given: Parsed) -> Found:
    if wanted.form is Form.EQUATION and given.form is Form.EQUATION and not (_name(gold) and _name(answer)):
        return _asked(gold, answer) if given.letters <= wanted.letters else Found.DIFFERENT
    if name := _name(gold):
        gold, wanted = gold[len(name) :], parse(gold[len(name) :])
    if name := _name(answer):
        answer, given = answer[len(name) :], parse(answer[len(name) :])
    if wanted.form is Form.REGION or (given.form is Form.REGION and wanted.form is Form.TUPLE):
        bound = len(given.letters) <= 1
        regions = given.form in (Form.REGION, Form.TUPLE, Form.SET) and len(given.parts or "12") == 2
        return _asked(gold, answer) if bound and (regions or given.form is not Form.TUPLE) else Found.DIFFERENT
    if given.form is Form.EQUATION and wanted.form is Form.VALUE:
        return _sides(gold, wanted, given)
    if not given.letters <= wanted.letters:
        return Found.DIFFERENT
    if wanted.form is given.form is Form.VALUE:
        return _asked(gold, answer)
    if wanted.form is Form.MATRIX:
        return _asked(gold, answer) if given.form is Form.MATRIX and given.parts == wanted.parts else Found.DIFFERENT
    if wanted.form is Form.TUPLE and given.form in (Form.TUPLE, Form.LIST):
        if len(wanted.parts) != len(given.parts):
            return Found.DIFFERENT
        return _all(_member(one, other) for one, other in zip(wanted.parts, given.parts, strict=True))
    if wanted.form in (Form.LIST, Form.SET) and given.form in (Form.LIST, Form.SET, Form.TUPLE):
        if given.form is Form.TUPLE and wanted.form is Form.SET:
            return Found.DIFFERENT
        return _matched(wanted.parts, given.parts)
    return Found.DIFFERENT


def _name(text: str) -> str:
    """``x =`` before a value."""
    found = ASSIGNED.match(text)
    return found[0] if found is not None and "=" not in text[found.end() :] else ""


def _sides(gold: str, wanted: Parsed, given: Parsed) -> Found:
    r"""``m + n = 2\ln 2 = \ln 4``: sides without other letters than gold's all equal gold, the last one among them."""
    sides = [(side, parse(side)) for side in given.parts]
    values = [side for side, parsed in sides if parsed.letters <= wanted.letters]
    if not values or values[-1] != given.parts[-1]:
        return Found.DIFFERENT
    return _all(_member(gold, side) for side in values)


def _member(gold: str, answer: str) -> Found:
    gold, answer = (text[len(_name(text)) :] for text in (gold, answer))
    wanted, given = read(gold, gold), read(answer, gold)
    if wanted.key == given.key:
        return Found.EQUAL
    if Kind.OPAQUE not in (wanted.kind, given.kind) or Kind.BEYOND in (wanted.kind, given.kind):
        return Found.DIFFERENT
    return believed(wanted, given)


def _matched(gold: tuple[str, ...], answer: tuple[str, ...]) -> Found:
    """Whether every member of one stands in the other."""
    if max(len(gold), len(answer)) > MOST_MEMBERS:
        return Found.FAILED
    table = [[_member(one, other) for other in answer] for one in gold]
    for line in (*table, *map(list, zip(*table, strict=True))):
        if Found.EQUAL not in line:
            return next((found for found in line if found is not Found.DIFFERENT), Found.DIFFERENT)
    return Found.EQUAL


def _all(found: Iterable[Found]) -> Found:
    """Equal when all are; different when one is; else what stood in the way."""
    words = list(found)
    if Found.DIFFERENT in words or Found.ANSWER_UNREADABLE in words:
        return Found.DIFFERENT
    return next((word for word in words if word is not Found.EQUAL), Found.EQUAL)


_remembered: dict[tuple[str, str], Found] = {}
_lock = threading.Lock()


def _asked(gold: str, answer: str) -> Found:
    """Math-verify's word on the pair, asked once; what only failed to be asked is asked again."""
    with _lock:
        if (found := _remembered.get((gold, answer))) is not None:
            return found
    found = WORKERS.compare(gold, answer)
    if found is not Found.ABSENT:
        with _lock:
            if len(_remembered) >= MOST_REMEMBERED:
                _remembered.clear()
            _remembered[gold, answer] = found
    return found
