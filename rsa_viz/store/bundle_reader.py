"""Reads a bundle line by line and lets nothing through that does not fit. Knows no database.

::

    {"format": "rsa_viz-run", "version": 1}
    {"record": "problem", …}
    {"record": "run", …}
    {"record": "chain", "t": 1, "i": 1, …}        one a chain, in slot order, parents before children
    {"record": "end", "chains": 176, "links": 640}

A run that a person ruled on is version 2: after the chains, which say what was judged, stand its rulings, in the order
in which they were made, and the end counts them::

    {"record": "ruling", "kind": "verdict", "t": 1, "i": 1, …}
    {"record": "end", "chains": 176, "links": 640, "rulings": 1}

A run without rulings is still written as version 1, which every rsa_viz reads.

Version 3 is a run that has more than that: after its chains stand the kinds of EXTRAS, in this order and each counted
at the end where there is one; its configuration and prompts have the settings and templates that came with version 3::

    {"record": "ruling", …}
    {"record": "aside", "t": 1, "i": 1, "kind": "verify", …}
    {"record": "end", "chains": 176, "links": 640, "rulings": 1, "asides": 160}

Version 4 is a run with an ``aggregator`` in its configuration, a model choice beside ``model``, and else as version 3.

A forked run has one ``origin`` there and a ``chain_origin`` for each chain that was taken over or planted. What models
said of the steps of its chains stands last, a ``step_judging`` for each call.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from ..core.chain import ChainStatus, Slot, Verdict, VerdictSource
from ..core.errors import InvalidBundle, InvalidInput
from ..core.problem import Problem
from ..core.ruling import Ruling, RulingKind, merged_keys
from ..core.run import RunStatus
from .bundle_asides import check_aside
from .bundle_fields import (
    ASIDE,
    CHAIN,
    CHAIN_ORIGIN,
    COUNTED,
    END,
    ORIGIN,
    PROBLEM,
    RULING,
    RUN,
    STEP_JUDGING,
    Check,
    check_object,
)
from .bundle_judgings import check_step_judging
from .bundle_origins import check_chain_origin, check_origin
from .json_columns import config_from, metadata_to_json, prompts_from

FORMAT = "rsa_viz-run"
MODEL_ROLES = ("model", "aggregator")
"""Where a configuration names a model."""
VERSIONS = (1, 2, 3, 4)


class Extra(NamedTuple):
    """A kind of record that may stand after the chains: its count at the end, the first version that knows it, and
    whether more of its kind may be recorded after a run has been exported."""

    counted: str
    version: int
    grows: bool = False


EXTRAS: Mapping[str, Extra] = {
    "ruling": Extra("rulings", 2, grows=True),
    "aside": Extra("asides", 3),
    "origin": Extra("origins", 3),
    "chain_origin": Extra("chain_origins", 3),
    "step_judging": Extra("step_judgings", 3, grows=True),
}
"""In the order in which they stand."""

MAX_LINE = 64 * 2**20
"""The longest line that is read, in characters."""

MAX_BUNDLE = 4 * 2**30
"""The longest bundle that is read, in characters."""

_FIELDS: Mapping[str, Mapping[str, Check]] = {
    "problem": PROBLEM,
    "run": RUN,
    "chain": CHAIN,
    "ruling": RULING,
    "aside": ASIDE,
    "origin": ORIGIN,
    "chain_origin": CHAIN_ORIGIN,
    "step_judging": STEP_JUDGING,
    "end": END,
}
_OUTCOME = (
    *("text", "reasoning", "answer", "prompt_sha256", "finish_reason", "tokens_in", "tokens_out", "first_token_s"),
    *("latency_s", "started_at", "ended_at", "error", "endpoint"),
)


class Record(NamedTuple):
    """One checked line: its number from 1, what it is (``problem``, ``run``, ``chain``, a kind of EXTRAS, ``end``), its
    fields."""

    line: int
    what: str
    fields: dict[str, Any]


def read_bundle(source: Iterable[str]) -> Iterator[Record]:
    """The records of a bundle, in order: a problem, a run, chains, extras, an end. Blank lines are passed over.

    Memory holds one line, the slots seen so far and the rulings. Raises InvalidBundle, naming the line, for the first
    thing that does not fit; what was yielded before it was right as far as it went.
    """
    reader = _Reader()
    number = 0
    try:
        for number, line in enumerate(source, start=1):
            reader.size += len(line)
            if len(line) > MAX_LINE or reader.size > MAX_BUNDLE:
                _refuse(number, f"the bundle is too long: at most {MAX_LINE} characters a line and {MAX_BUNDLE} in all")
            if line.strip():
                yield from reader.read(number, line)
    except UnicodeDecodeError as error:
        _refuse(number + 1, f"it is no text ({error.reason})")
    if not reader.ended:
        raise InvalidBundle(f"the bundle is cut off: it ends after line {number} without its count line")


def _refuse(line: int, why: str) -> NoReturn:
    raise InvalidBundle(f"line {line} of the bundle: {why}")


class _Reader:
    """What must be remembered between lines."""

    def __init__(self) -> None:
        self.size = 0
        self.ended = False
        self.version = 0
        self.before: str | None = None
        self.slots: dict[Slot, str] = {}  # with the status of their chains
        self.rulings: list[Ruling] = []
        self.counts = dict.fromkeys(EXTRAS, 0)
        self.last_aside: Slot | None = None
        self.last_origin: Slot | None = None
        self.last = Slot(1, 0)
        self.links = 0
        self.planned = 0
        self.run_status = ""

    def read(self, number: int, line: str) -> Iterator[Record]:
        if not self.version:
            self._header(number, line.removeprefix("\ufeff"))
            return
        value = _parse(number, line)
        what = value.pop("record", None)
        if self.ended:
            _refuse(number, "something stands after the count line")
        expected = self._expected()
        if what not in expected:
            _refuse(number, f"a record {' or '.join(repr(one) for one in expected)} belongs here, not {what!r}")
        name = f"chain {value.get('t')}.{value.get('i')}" if what == "chain" else f"the {what}"
        try:
            check_object(value, self._end_fields(value) if what == "end" else _FIELDS[what])
            getattr(self, f"_{what}")(value)
        except (ValueError, InvalidInput) as error:
            _refuse(number, f"{name}: {error}")
        if what in EXTRAS:
            self.counts[what] += 1
        self.before = what
        yield Record(number, what, value)

    def _expected(self) -> tuple[str, ...]:
        heads = {None: ("problem",), "problem": ("run",), "run": ("chain",)}
        if self.before in heads:
            return heads[self.before]
        known = [what for what, extra in EXTRAS.items() if extra.version <= self.version]
        if self.before == "chain":
            return ("chain", *known) if self.version == 2 else ("chain", *known, "end")
        return (*known[known.index(str(self.before)) :], "end")

    def _end_fields(self, fields: Mapping[str, Any]) -> Mapping[str, Check]:
        counted = {extra.counted for what, extra in EXTRAS.items() if self.counts[what] or extra.counted in fields}
        return {**END, **dict.fromkeys(sorted(counted), COUNTED)}

    def _header(self, number: int, line: str) -> None:
        try:
            header = _parse(number, line)
        except InvalidBundle:
            header = {}
        version = header.get("version")
        if header.get("format") != FORMAT or type(version) is not int:
            _refuse(number, f"this is no bundle of rsa_viz; its first line must be a {FORMAT!r} header")
        if version not in VERSIONS:
            known = " and ".join(str(one) for one in VERSIONS)
            _refuse(number, f"bundle version {version} is not known (this rsa_viz reads {known}); update rsa_viz")
        self.version = version

    def _problem(self, fields: dict[str, Any]) -> None:
        metadata_to_json(Problem(**fields).metadata)

    def _run(self, fields: dict[str, Any]) -> None:
        config_from(fields["config"])
        # A variable's name, beside an address from the same file, could send a key there.
        if any("api_key_env" in (fields["config"].get(role) or {}) for role in MODEL_ROLES):
            raise ValueError("a bundle must not name a key's environment variable")
        prompts_from(fields["prompts"])
        self.run_status = fields["status"]

    def _chain(self, fields: dict[str, Any]) -> None:
        slot = Slot(fields["t"], fields["i"])
        if slot <= self.last or slot.t not in (self.last.t, self.last.t + 1):
            raise ValueError("chains must be in slot order, generations without a gap")
        parents = [Slot(parent["t"], parent["i"]) for parent in fields["parents"]]
        for parent in parents:
            if parent not in self.slots or parent.t >= slot.t:
                raise ValueError(f"its parent {parent} stands in no earlier generation of the bundle")
        if len(set(parents)) != len(parents):
            raise ValueError("it has a parent twice")
        ended = fields["status"] != ChainStatus.PLANNED.value
        if any((parent["available"] is None) == ended for parent in fields["parents"]):
            raise ValueError("its parents' 'available' must be null while it is planned, and true or false after")
        judged, source = fields["verdict"]["verdict"], fields["verdict"]["source"]
        if judged != Verdict.UNKNOWN.value and source == VerdictSource.NONE.value:
            raise ValueError(f"it cannot be {judged} with nobody who says so")
        if not ended and (any(fields[name] is not None for name in _OUTCOME) or judged != Verdict.UNKNOWN.value):
            raise ValueError("it is planned and must have neither text nor any other outcome yet")
        if fields["status"] == ChainStatus.DONE.value and fields["text"] is None:
            raise ValueError("it is done and must have a text")
        if fields["status"] == ChainStatus.FAILED.value and (fields["text"] is not None or not fields["error"]):
            raise ValueError("it failed and must have an error and no text")
        self.slots[slot] = fields["status"]
        self.last = slot
        self.links += len(parents)
        self.planned += not ended

    def _ruling(self, fields: dict[str, Any]) -> None:
        ruling = ruling_from(fields)
        keys = (ruling.answer_key, ruling.into_key)
        if (fields["t"] is None) != (fields["i"] is None):
            raise ValueError("it must have both t and i, or neither")
        if ruling.kind is RulingKind.VERDICT:
            if keys != (None, None) or ruling.slot is None or self.slots.get(ruling.slot) != ChainStatus.DONE.value:
                raise ValueError("a verdict ruling must name a chain of the bundle that is done, and no answer class")
        elif ruling.slot is not None or None in keys:
            raise ValueError("a merge must name two answer classes and no chain")
        self.rulings.append(ruling)

    def _aside(self, fields: dict[str, Any]) -> None:
        self.last_aside = check_aside(fields, self.last_aside, self.slots)
        self.planned += fields["status"] == ChainStatus.PLANNED.value

    def _origin(self, fields: dict[str, Any]) -> None:
        if self.counts["origin"]:
            raise ValueError("a run has one origin")
        check_origin(fields)

    def _chain_origin(self, fields: dict[str, Any]) -> None:
        self.last_origin = check_chain_origin(fields, self.last_origin, self.slots, bool(self.counts["origin"]))

    def _step_judging(self, fields: dict[str, Any]) -> None:
        check_step_judging(fields, self.slots)

    def _end(self, fields: dict[str, Any]) -> None:
        extras = [(extra.counted, self.counts[what]) for what, extra in EXTRAS.items()]
        for what, there in (("chains", len(self.slots)), ("links", self.links), *extras):
            if fields.get(what, 0) != there:
                raise ValueError(f"it counts {fields[what]} {what}, but there are {there}")
        if self.run_status == RunStatus.DONE.value and self.planned:
            raise ValueError(f"the run is done, but {self.planned} of its calls are still planned")
        merged_keys(self.rulings)
        self.ended = True


def ruling_from(fields: Mapping[str, Any]) -> Ruling:
    """The ruling of a checked record; its id is 0, since ids belong to a database."""
    rest = {name: fields[name] for name in ("at", "why", "answer_key", "into_key", "undone_at")}
    slot = None if fields["t"] is None or fields["i"] is None else Slot(fields["t"], fields["i"])
    return Ruling(0, RulingKind(fields["kind"]), Verdict(fields["verdict"]), slot=slot, **rest)


def _parse(number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        _refuse(number, f"it is no JSON ({error})")
    if not isinstance(value, dict):
        _refuse(number, "it is no JSON object")
    return value


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number in JSON")
