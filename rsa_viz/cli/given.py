"""Problems as the command line is given them, one in words or in a file, or many in a file or from the hub; and the
prompts and models that it names."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import InvalidInput, InvalidProblem
from ..core.problem import Problem
from ..core.run import ModelChoice

if TYPE_CHECKING:
    from ..core.prompts import PromptSet
    from ..service import Service
    from ..tasks.sources import Columns, ReadProblems

HUB = "hf:"


def given_problem(options: argparse.Namespace) -> Problem:
    """The problem that the options of ``run`` give, or a bundled one. Raises InvalidInput."""
    from ..tasks import find_task, opening_problem

    if options.question is not None:
        return Problem(options.task or "text", options.question, options.answer)
    if options.problem is not None:
        return read_problem(options.problem, options.task, options.answer)
    if options.answer is not None:
        raise InvalidInput("--answer goes with --question or --problem; a bundled problem has its own")
    if options.task is None:
        return opening_problem() if options.model is None else opening_problem(_known(options.model))
    bundled = find_task(options.task).problems()
    if not bundled:
        raise InvalidInput(f"task {options.task!r} has no bundled problem; give --question or --problem")
    return bundled[0]


def _known(model: str) -> str:
    """The task whose bundled problem a model is given: the one that it knows alone, else the programs."""
    return ModelChoice(model).only_task or "program"


def read_problem(name: str, task: str | None, answer: str | None) -> Problem:
    """A problem from a file with one JSON object; task and gold answer can be overruled. Raises InvalidProblem."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        content = json.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as failure:
        raise InvalidProblem(f"cannot read a problem from {name}: {failure}") from None
    if not isinstance(content, dict) or not isinstance(content.get("question"), str):
        raise InvalidProblem(f"{name} must hold one JSON object with at least a text 'question'")
    unknown = set(content) - {"task", "question", "gold", "answer", "title", "metadata"}
    if unknown:
        raise InvalidProblem(f"{name} has keys that no problem has: {', '.join(sorted(unknown))}")
    if "gold" in content and "answer" in content:
        raise InvalidProblem(f"{name} has both 'gold' and 'answer'; they mean the same, keep one")
    gold = answer if answer is not None else content.get("gold", content.get("answer"))
    metadata = content.get("metadata", {})
    if not isinstance(metadata, dict):
        raise InvalidProblem(f"'metadata' in {name} must be a JSON object, not {metadata!r}")
    return Problem(
        task=task or str(content.get("task", "text")),
        question=content["question"],
        gold=None if gold is None else str(gold),
        title=str(content.get("title", "")),
        metadata=metadata,
    )


def chosen_model(service: Service, name: str, api_base: str | None = None, key_env: str | None = None) -> ModelChoice:
    """The model that is named: an endpoint's where neither an address nor a key is given, else LiteLLM's."""
    choice = next((one.choice for one in service.endpoints if one.name == name), None)
    return ModelChoice(name, api_base, key_env) if choice is None or api_base or key_env else choice


def given_prompts(service: Service, written: str) -> PromptSet:
    """The prompt set of a file whose name ends in .json, or the saved or bundled one of that name (``NAME`` or
    ``NAME@VERSION``). Raises InvalidInput."""
    from ..service import find_prompts, read_prompts

    if not written.lower().endswith(".json"):
        return find_prompts(service.store, written)
    try:
        text = Path(written).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise InvalidInput(f"cannot read a prompt set from {written}: {failure}") from None
    try:
        return read_prompts(text, Path(written).stem)
    except InvalidInput as error:
        raise InvalidInput(f"{written}: {error}") from None


def given_problems(source: str, *, task: str | None, columns: list[str], limit: int | None) -> ReadProblems:
    """The problems of a file, or of ``hf:owner/name[:subset[:split]]``. Raises InvalidInput.

    ``columns`` are ``what=NAME`` each, where *what* is a field of ``tasks.sources.Columns``.
    """
    from ..tasks.sources import read_hub, read_problems

    named = _columns(columns)
    if source.startswith(HUB):
        name, _, rest = source.removeprefix(HUB).partition(":")
        subset, _, split = rest.partition(":")
        return read_hub(
            name, subset=subset or None, split=split or "test", limit=limit or 100, task=task, columns=named
        )
    try:
        data = Path(source).read_bytes()
    except OSError as failure:
        raise InvalidProblem(f"cannot read {source}: {failure.strerror}") from None
    return read_problems(Path(source).name, data, task=task, columns=named)


def _columns(given: list[str]) -> Columns:
    from dataclasses import fields

    from ..tasks.sources import Columns

    known = [field.name for field in fields(Columns)]
    named: dict[str, str] = {}
    for one in given:
        what, equals, name = one.partition("=")
        if not equals or what not in known:
            raise InvalidInput(f"--column {one!r} must be one of {', '.join(known)}, then '=' and the column's name")
        named[what] = name
    return Columns(**named)
