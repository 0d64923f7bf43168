"""The schema of verl (data_source, prompt, reward_model, extra_info), in which the RSA authors keep their problems."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .found import BadRow
from .tables import load_json

_INSTRUCTION = re.compile(
    r"\s*Let's think step by step and output the final answer "
    r"(?:within \\boxed\{\}|after \"#{4}\"|between <answer> and </answer> tags)\.?\s*\Z"
)


def question_of_messages(value: object) -> str:
    """The question in a list of chat messages: what the user says, without verl's closing instruction on how to write
    the answer, since the task adds its own. Raises BadRow."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise BadRow(f"the question is {type(value).__name__}; write a text, or a list of chat messages")
    said = [one.get("content") for one in value if one.get("role", "user") == "user"]
    texts = [text for text in said if isinstance(text, str) and text.strip()]
    if not texts:
        raise BadRow("no message of the user holds a text")
    return _INSTRUCTION.sub("", "\n\n".join(texts))


def puzzle_of(extra: object) -> tuple[str, Mapping[str, object]] | None:
    """The generator and the entry (question, answer, metadata) of a Reasoning Gym puzzle in ``extra_info``, or None."""
    if not isinstance(extra, Mapping) or not isinstance(extra.get("dataset_name"), str):
        return None
    entry = extra.get("entry")
    if isinstance(entry, str):
        try:
            entry = load_json(entry)
        except ValueError as failure:
            raise BadRow(f"'entry' of the puzzle is no JSON: {failure}") from None
    if not isinstance(entry, Mapping) or not isinstance(entry.get("question"), str):
        raise BadRow("'entry' of the puzzle holds no question")
    return str(extra["dataset_name"]), entry
