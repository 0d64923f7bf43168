"""The prompt sets that a run can be made with: those of the app, those that users saved, and one in a file."""

from __future__ import annotations

import json

from ..core.errors import InvalidInput, UnknownName
from ..core.prompts import PROMPT_SETS, PromptSet, check_prompts
from ..store import Store, prompts_from


def prompt_sets(store: Store) -> tuple[PromptSet, ...]:
    """Every version of every set: the app's, then the saved ones by name and the newest version first."""
    return (*PROMPT_SETS.values(), *store.prompt_sets())


def find_prompts(store: Store, written: str) -> PromptSet:
    """The set called ``NAME`` in its newest version, or ``NAME@VERSION``. Raises UnknownName."""
    known = prompt_sets(store)
    name, mark, version = written.partition("@")
    for prompts in known:
        if prompts.name == name and (not mark or str(prompts.version) == version):
            return prompts
    raise UnknownName("prompt set", written, (f"{one.name}@{one.version}" for one in known))


def read_prompts(text: str, name: str) -> PromptSet:
    """The set in a file's text: a JSON object with the templates sample, aggregate, refine and candidate.

    It may hold verify and summarise, else it has those of the set ``plain``; its name, else it is called ``name``; and
    its version, else 1. Raises InvalidInput.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as failure:
        raise InvalidInput(f"the prompt set is no JSON: {failure}") from None
    if isinstance(content, dict):
        content = {"name": name, "version": 1, **content}
    prompts = prompts_from(content)
    check_prompts(prompts)
    return prompts
