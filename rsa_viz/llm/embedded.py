"""What is known of the models that run in this process before they are asked: what they cannot answer, and how long an
answer is at most."""

from __future__ import annotations

from ..core.errors import RsaVizError
from ..core.run import ModelChoice

KNOWS = {"program": "it works on programs only", "holes": "it knows missing operations only"}


def refusal(choice: ModelChoice, task: str, question: str, candidates: int) -> str | None:
    """Why the model will give no answer to a question with so many candidates, in its own words or in ours; None for
    one that it can read, and for every model that runs elsewhere."""
    if choice.only_task is None:
        return None
    if task != choice.only_task:
        return KNOWS[choice.only_task]
    if not choice.tiny:
        return None
    from .tiny import load
    from .tiny_language import Unreadable

    try:
        load(choice.model).language.check(question, candidates)
    except Unreadable as why:
        return str(why)
    except RsaVizError as error:
        return str(error)
    return None


def longest_answer(choice: ModelChoice, task: str, question: str) -> int | None:
    """The most tokens of an answer to a question; None where nothing but the run limits them."""
    if not choice.tiny or refusal(choice, task, question, 0) is not None:
        return None
    from .tiny import load
    from .tiny_language import WIDTH

    return WIDTH * load(choice.model).language.read(question).lines
