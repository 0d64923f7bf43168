"""What each field of a bundle may be. A check takes a parsed JSON value and raises ValueError if it is another.

Bundles come from anywhere: every field is checked for type and range before anything is stored. Knows no file and no
order of lines.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..core.aside import AsideKind
from ..core.chain import ChainOrigin, ChainStatus, PromptKind, Verdict, VerdictSource
from ..core.ruling import RulingKind
from ..core.run import RunStatus

Check = Callable[[object], None]

_MOST = 2**53  # whole numbers beyond it are not the same in every JSON reader


def _expect(holds: bool, wanted: str, value: object) -> None:
    if not holds:
        raise ValueError(f"must be {wanted}, not {reprlib.repr(value)}")


def _text(value: object) -> None:
    _expect(isinstance(value, str), "text", value)


def _flag(value: object) -> None:
    _expect(isinstance(value, bool), "true or false", value)


def _whole(low: int, high: int = _MOST) -> Check:
    def check(value: object) -> None:
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        _expect(fits, f"a whole number from {low} to {high}", value)

    return check


def _number(low: float, high: float) -> Check:
    def check(value: object) -> None:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        _expect(fits, f"a number from {low:g} to {high:g}", value)

    return check


def _one_of(words: Collection[str]) -> Check:
    def check(value: object) -> None:
        _expect(isinstance(value, str) and value in words, f"one of {', '.join(words)}", value)

    return check


def _or_null(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _object(fields: Mapping[str, Check]) -> Check:
    return lambda value: check_object(value, fields)


def _json_object(value: object) -> None:
    _expect(isinstance(value, dict), "an object", value)


def _parents(value: object) -> None:
    _expect(isinstance(value, list), "a list of parents", value)
    for parent in value:  # type: ignore[attr-defined]
        check_object(parent, _PARENT)


def _step_verdicts(value: object) -> None:
    _expect(isinstance(value, list), "a list of verdicts", value)
    for one in value:  # type: ignore[attr-defined]
        check_object(one, _STEP_VERDICT)


def _run_id(value: object) -> None:
    fits = isinstance(value, str) and len(value) == 12 and set(value) <= set("0123456789abcdef")
    _expect(fits, "12 hex digits", value)


def check_object(value: object, fields: Mapping[str, Check]) -> None:
    """The value is an object with exactly these fields, each as its check wants it. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError(f"must be an object, not {reprlib.repr(value)}")
    found: dict[str, Any] = value
    for name in found:
        if name not in fields:
            raise ValueError(f"has a field that this rsa_viz does not know: {reprlib.repr(name)}")
    for name, check in fields.items():
        if name not in found:
            raise ValueError(f"has no field {name!r}")
        try:
            check(found[name])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None


_TIME = _number(0, 1e12)
_SECONDS = _number(-1e9, 1e9)
_T = _whole(1, 1_000)
_I = _whole(1, 4_096)
_PARENT: Mapping[str, Check] = {"t": _T, "i": _I, "available": _or_null(_flag)}

PROBLEM: Mapping[str, Check] = {
    "task": _text,
    "question": _text,
    "gold": _or_null(_text),
    "title": _text,
    "metadata": _json_object,
}

RUN: Mapping[str, Check] = {
    "id": _run_id,
    "status": _one_of([status.value for status in RunStatus if status is not RunStatus.RUNNING]),
    "created_at": _TIME,
    "started_at": _or_null(_TIME),
    "ended_at": _or_null(_TIME),
    "error": _or_null(_text),
    "note": _text,
    "code_version": _text,
    "config": _json_object,
    "prompts": _json_object,
}

_CALL: Mapping[str, Check] = {
    "prompt_sha256": _or_null(_text),
    "finish_reason": _or_null(_text),
    "tokens_in": _or_null(_whole(0)),
    "tokens_out": _or_null(_whole(0)),
    "first_token_s": _or_null(_SECONDS),
    "latency_s": _or_null(_SECONDS),
    "started_at": _or_null(_TIME),
    "ended_at": _or_null(_TIME),
    "attempts": _whole(0),
    "error": _or_null(_text),
    "endpoint": _or_null(_text),
}
"""What chains and the calls about them both have."""

CHAIN: Mapping[str, Check] = {
    "t": _T,
    "i": _I,
    "kind": _one_of([kind.value for kind in PromptKind]),
    "seed": _whole(0),
    "temperature": _or_null(_number(0, 2)),
    "parents": _parents,
    "status": _one_of([status.value for status in ChainStatus]),
    "fresh": _flag,
    "text": _or_null(_text),
    "reasoning": _or_null(_text),
    "answer": _or_null(_object({"text": _text, "key": _text, "start": _whole(0), "end": _whole(0)})),
    "verdict": _object(
        {
            "verdict": _one_of([verdict.value for verdict in Verdict]),
            "source": _one_of([source.value for source in VerdictSource if source is not VerdictSource.PERSON]),
            "score": _or_null(_number(0, 1)),
            "why": _text,
        }
    ),
    **_CALL,
}

RULING: Mapping[str, Check] = {
    "kind": _one_of([kind.value for kind in RulingKind]),
    "t": _or_null(_T),
    "i": _or_null(_I),
    "answer_key": _or_null(_text),
    "into_key": _or_null(_text),
    "verdict": _one_of([verdict.value for verdict in Verdict]),
    "why": _text,
    "at": _TIME,
    "undone_at": _or_null(_TIME),
}

ASIDE: Mapping[str, Check] = {
    "t": _T,
    "i": _I,
    "kind": _one_of([kind.value for kind in AsideKind]),
    "status": _one_of([status.value for status in ChainStatus]),
    "seed": _whole(0),
    "text": _or_null(_text),
    "reasoning": _or_null(_text),
    "accepted": _or_null(_flag),
    **_CALL,
}

ORIGIN: Mapping[str, Check] = {
    "from_run_id": _run_id,
    "t": _T,
    "change": _text,
    "of_t": _or_null(_T),
    "of_i": _or_null(_I),
}

CHAIN_ORIGIN: Mapping[str, Check] = {
    "t": _T,
    "i": _I,
    "origin": _one_of([ChainOrigin.COPIED.value, ChainOrigin.PLANTED.value]),
    "from_t": _or_null(_T),
    "from_i": _or_null(_I),
}

_STEP_VERDICT: Mapping[str, Check] = {
    "start": _whole(0),
    "end": _whole(1),
    "verdict": _one_of([verdict.value for verdict in Verdict]),
    "why": _text,
}

STEP_JUDGING: Mapping[str, Check] = {
    "t": _T,
    "i": _I,
    "model": _text,
    "prompt": _text,
    "at": _TIME,
    "prompt_sha256": _text,
    "text": _or_null(_text),
    "finish_reason": _or_null(_text),
    "tokens_in": _or_null(_whole(0)),
    "tokens_out": _or_null(_whole(0)),
    "latency_s": _or_null(_SECONDS),
    "attempts": _whole(0),
    "error": _or_null(_text),
    "verdicts": _step_verdicts,
}

END: Mapping[str, Check] = {"chains": _whole(1), "links": _whole(0)}
COUNTED: Check = _whole(1)
"""Of what a bundle may hold beside its chains: a count, at the end, where there is something to count."""
