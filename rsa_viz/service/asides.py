"""The calls about a run's chains: how they are composed, what is read from them, and what children see of a parent.

Knows no provider and no page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from ..core.aside import AsideKind, AsideOutcome
from ..core.candidates import seen_by_children
from ..core.chain import Completion, Slot
from ..core.genealogy import PlannedChain
from ..core.prompts import Messages
from ..core.run import Candidates, Run
from ..core.verification import read_verification
from ..engine.scheduler import Asides
from ..store import Store
from ..tasks import Task

TRUNCATED = "length"


def asides_of(
    store: Store, run: Run, task: Task, owner: str, keep: Callable[[Callable[[], None]], Awaitable[None]]
) -> Asides:
    """What the engine needs to make the asides of a run that ``owner`` drives; ``keep`` makes a write. Reads those
    that have ended."""
    parts = task.parts(run.problem)

    def compose(planned: PlannedChain, text: str) -> Messages:
        kind = AsideKind.SUMMARISE if planned.aside is None else planned.aside.kind
        return run.prompts.compose_aside(kind, parts, run.problem, text)

    async def record(outcome: AsideOutcome) -> None:
        served_by = None if outcome.completion is None else outcome.completion.served_by
        endpoint = served_by or run.config.writer(outcome.asked).name
        await keep(lambda: store.record_aside(run.id, outcome, accepted(outcome), endpoint, owner=owner))

    ended = {aside.slot: aside.text for aside in store.asides(run.id, text=True) if aside.ended}
    return Asides(compose, record, ended)


def accepted(outcome: AsideOutcome) -> bool | None:
    """What a verification says of its chain; None for a summary, a failed call, and one that cannot be read. One that
    was cut at its token limit had not come to its word: it counts as unread."""
    if outcome.kind is not AsideKind.VERIFY or outcome.completion is None or _cut(outcome.completion):
        return None
    return read_verification(outcome.completion.text)


def _cut(completion: Completion) -> bool:
    return completion.finish_reason == TRUNCATED


def candidate_texts(store: Store, run: Run, slots: Iterable[Slot]) -> list[str]:
    """What a child of the run sees of these parents, in their order; those without a text are left out."""
    asked = list(slots)
    texts = store.texts(run.id, asked)
    summaries = store.summaries(run.id, asked) if run.config.candidates is Candidates.SUMMARY else {}
    return [
        seen_by_children(text, summaries.get(slot), run.config) for slot in asked if (text := texts[slot]) is not None
    ]
