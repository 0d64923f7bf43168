"""What an experiment is planned from: where its problems come from, its arms and its seeds.

Knows no problem and no model. ``read_spec`` takes what a TOML file or a form holds, ``spec_content`` gives it back;
docs/experiments.md describes it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum

from .errors import InvalidInput
from .prompts import PROMPT_SETS, PromptSet
from .run import ModelChoice, RunConfig

MOST_SEEDS = 1000
LONGEST_NAME = 80

SETTINGS: Mapping[str, object] = {
    one.name: one.default for one in fields(RunConfig) if one.name not in ("model", "seed")
}
"""The settings of a run that an arm may give, with what they are when it does not."""

SOURCES: Mapping[str, frozenset[str]] = {
    "bundled": frozenset({"count"}),
    "programs": frozenset({"lines", "modulus", "seed"}),
    "holes": frozenset({"lines", "guesses", "seed"}),
    "reasoning_gym": frozenset({"count", "seed"}),
    "file": frozenset({"count", "task", "columns"}),
    "hub": frozenset({"count", "task", "columns"}),
    "question": frozenset({"task", "gold", "title", "metadata"}),
}
"""Where problems may come from, by the key that says so, and what else such a table may hold."""


@dataclass(frozen=True, slots=True)
class ArmSpec:
    """One arm: every setting that it gives, with its values in order; several values multiply."""

    name: str
    settings: Mapping[str, tuple[object, ...]]

    def points(self) -> Iterator[dict[str, object]]:
        """Every combination of the values, the last setting varying fastest."""
        for values in itertools.product(*self.settings.values()):
            yield dict(zip(self.settings, values, strict=True))


@dataclass(frozen=True, slots=True)
class ExperimentSpec:
    """A named set of problems × arms × seeds.

    ``problems`` are tables as SOURCES describes them; ``prompts`` are prompt sets by name, each with its templates, for
    the arms that name them.
    """

    name: str
    problems: tuple[Mapping[str, object], ...]
    arms: tuple[ArmSpec, ...]
    seeds: tuple[int, ...] = (0,)
    note: str = ""
    prompts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_spec(content: Mapping[str, object], where: str = "the experiment") -> ExperimentSpec:
    """The experiment in parsed TOML or JSON.

    Raises InvalidInput, naming ``where``, the table, the key, the value and what to do. What settings may be is checked
    when runs are made of them.
    """
    known = {"name", "note", "seeds", "problems", "defaults", "arms", "prompts"}
    _refuse_unknown(where, content, known)
    name = content.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"{where}: name must be 1 to {LONGEST_NAME} letters on one line, not {name!r}")
    note = content.get("note", "")
    if not isinstance(note, str):
        raise InvalidInput(f"{where}: note must be text, not {note!r}")
    defaults = content.get("defaults", {})
    if not isinstance(defaults, Mapping):
        raise InvalidInput(f"{where}: defaults must be a table, [defaults], not {defaults!r}")
    return ExperimentSpec(
        name=name.strip(),
        note=note.strip(),
        seeds=_seeds(where, content.get("seeds", 1)),
        problems=tuple(
            _source(f"{where}, [[problems]] {number}", table)
            for number, table in enumerate(_tables(where, content, "problems"), start=1)
        ),
        arms=_arms(where, _tables(where, content, "arms"), defaults),
        prompts=_prompts(where, content.get("prompts", {})),
    )


def spec_content(spec: ExperimentSpec) -> dict[str, object]:
    """What ``read_spec`` reads this experiment from, in plain JSON values."""
    content: dict[str, object] = {"name": spec.name}
    if spec.note:
        content["note"] = spec.note
    content["seeds"] = list(spec.seeds)
    content["problems"] = [_plain(source) for source in spec.problems]
    content["arms"] = [
        {
            "name": arm.name,
            **{name: _plain(values[0] if len(values) == 1 else values) for name, values in arm.settings.items()},
        }
        for arm in spec.arms
    ]
    if spec.prompts:
        content["prompts"] = _plain(spec.prompts)
    return content


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, StrEnum) else value


def _tables(where: str, content: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    tables = content.get(name)
    if not isinstance(tables, Sequence) or isinstance(tables, str) or not tables:
        raise InvalidInput(f"{where}: there must be at least one table [[{name}]], not {tables!r}")
    for number, table in enumerate(tables, start=1):
        if not isinstance(table, Mapping):
            raise InvalidInput(f"{where}: [[{name}]] {number} must be a table, not {table!r}")
    return tables


def _refuse_unknown(where: str, table: Mapping[str, object], known: Sequence[str] | set[str] | frozenset[str]) -> None:
    for key in table:
        if key not in known:
            raise InvalidInput(f"{where}: there is no key {key!r}; there are {', '.join(sorted(known))}")


def _seeds(where: str, written: object) -> tuple[int, ...]:
    seeds = list(range(written)) if isinstance(written, int) and not isinstance(written, bool) else written
    whole = isinstance(seeds, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in seeds)
    if not isinstance(seeds, list) or not whole or not 1 <= len(set(seeds)) == len(seeds) <= MOST_SEEDS:
        raise InvalidInput(
            f"{where}: seeds must be a number from 1 to {MOST_SEEDS} or a list of different whole numbers, "
            f"not {written!r}"
        )
    return tuple(seeds)


def _source(where: str, table: Mapping[str, object]) -> Mapping[str, object]:
    kinds = [kind for kind in SOURCES if kind in table]
    if len(kinds) != 1:
        raise InvalidInput(
            f"{where}: it must hold exactly one of {', '.join(SOURCES)}, not {' and '.join(kinds) or 'none of them'}"
        )
    _refuse_unknown(where, table, SOURCES[kinds[0]] | {kinds[0]})
    return {kinds[0]: table[kinds[0]], **{name: value for name, value in table.items() if name != kinds[0]}}


def _arms(where: str, tables: Sequence[Mapping[str, object]], defaults: Mapping[str, object]) -> tuple[ArmSpec, ...]:
    known = {"model", "prompts", *SETTINGS}
    _refuse_unknown(f"{where}, [defaults]", defaults, known)
    arms: dict[str, ArmSpec] = {}
    for number, table in enumerate(tables, start=1):
        here = f"{where}, [[arms]] {number}"
        _refuse_unknown(here, table, known | {"name"})
        given = {**defaults, **{key: value for key, value in table.items() if key != "name"}}
        name = table.get("name", given.get("strategy", SETTINGS["strategy"]))
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
            raise InvalidInput(f"{here}: name must be 1 to {LONGEST_NAME} letters on one line, not {name!r}")
        if name.strip() in arms:
            raise InvalidInput(f"{here}: there is an arm {name!r} already; give each [[arms]] a name of its own")
        if "model" not in given:
            raise InvalidInput(f"{here} ({name}): model is missing; write it here or in [defaults]")
        settings: dict[str, tuple[object, ...]] = {}
        for key in (
            "model",
            "prompts",
            *SETTINGS,
        ):  # one order, so that equal arms are equal whatever was written first
            if key in given:
                written = given[key]
                values = written if isinstance(written, list) else [written]
                if not values or any(values.count(one) > 1 for one in values):
                    raise InvalidInput(
                        f"{here} ({name}): {key} must be a value or a list of different ones, not {values!r}"
                    )
                settings[key] = tuple(values)
        arms[name.strip()] = ArmSpec(name.strip(), settings)
    return tuple(arms.values())


def _prompts(where: str, tables: object) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(tables, Mapping):
        raise InvalidInput(f"{where}: prompts must be tables, [prompts.NAME], not {tables!r}")
    for name, table in tables.items():
        here = f"{where}, [prompts.{name}]"
        if name in PROMPT_SETS:
            raise InvalidInput(f"{here}: the name {name!r} is taken by a set that comes with the app; choose another")
        if not isinstance(table, Mapping) or not all(isinstance(text, str) for text in table.values()):
            raise InvalidInput(f"{here}: it must hold templates, each a text, not {table!r}")
        _refuse_unknown(here, table, {one.name for one in fields(PromptSet)} - {"name", "version"})
    return {str(name): dict(table) for name, table in tables.items()}


def config_of(
    point: Mapping[str, object], model: ModelChoice, seed: int, concurrency: int, aggregator: ModelChoice | None = None
) -> RunConfig:
    """The configuration of one point of an arm, whose models have been found. ``concurrency`` is for a point that gives
    none.

    Raises InvalidInput, naming the setting that it cannot be made with. ``"none"`` means none where a setting may be
    absent (a file has no other way to write it).
    """
    given: dict[str, object] = {"concurrency": concurrency}
    for name, value in point.items():
        if name in ("model", "aggregator", "prompts"):
            continue
        default = SETTINGS[name]
        if isinstance(default, StrEnum):
            if value not in list(type(default)):
                raise InvalidInput(f"{name} must be one of {', '.join(type(default))}, not {value!r}")
            value = type(default)(str(value))
        elif isinstance(default, str) and not isinstance(value, str):
            raise InvalidInput(f"{name} must be text, not {value!r}")
        given[name] = None if default is None and value == "none" else value
    return RunConfig(model=model, seed=seed, aggregator=aggregator, **given)  # type: ignore[arg-type]
