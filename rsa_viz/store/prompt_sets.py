"""How prompt sets are saved and read. A connection in; for saving one in a write transaction, which the caller commits.

A version that was saved is never changed: runs and readers may rely on its name and number within one database.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, insert, select

from ..core.errors import InvalidInput, SchemaFromFuture
from ..core.prompts import PROMPT_SETS, PromptSet, check_prompts
from .json_columns import prompts_from_json, prompts_to_json
from .tables import PROMPT_SET

_ALL = select(PROMPT_SET).order_by(PROMPT_SET.c.name, PROMPT_SET.c.version.desc())


def list_prompt_sets(connection: Connection) -> list[PromptSet]:
    """Every saved version, by name and the newest version first."""
    found = []
    for row in connection.execute(_ALL):
        try:
            found.append(prompts_from_json(row.prompts_json))
        except InvalidInput as error:
            raise SchemaFromFuture(f"cannot read the prompt set {row.name}, version {row.version}: {error}") from error
    return found


def save_prompt_set(connection: Connection, prompts: PromptSet, now: float) -> PromptSet:
    """Keep a prompt set under its name as the next version; its newest version again if nothing in it changed.

    Raises InvalidInput as ``check_prompts``, and for the name of a set that comes with the app.
    """
    check_prompts(prompts)
    if prompts.name in PROMPT_SETS:
        raise InvalidInput(f"the prompt set {prompts.name!r} comes with rsa_viz; save yours under another name")
    newest = next((one for one in list_prompt_sets(connection) if one.name == prompts.name), None)
    if newest is not None and newest.templates == prompts.templates:
        return newest
    saved = replace(prompts, version=newest.version + 1 if newest is not None else 1)
    row = {"name": saved.name, "version": saved.version, "prompts_json": prompts_to_json(saved), "created_at": now}
    connection.execute(insert(PROMPT_SET), row)
    return saved
