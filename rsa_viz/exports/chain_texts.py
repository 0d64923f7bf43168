"""Every chain of a run as folded HTML, generation by generation: what it wrote, its parents and children.

Steps with a verdict carry their mark, in blue or orange, and the answer is underlined. All of it is escaped text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..analysis.telling import counted
from ..core.aside import Aside, AsideKind
from ..core.chain import Chain, ChainOrigin, ChainStatus, Slot, Step, Verdict
from ..figures.style import MARKS
from ..figures.words import one_line
from .words import escaped, linked

ANSWER = 60  # letters of an answer in a chain's line

ReadChains = Callable[[int], Sequence[Chain]]
"""The chains of a generation, with their texts."""


def chain_texts(
    shown: Sequence[Chain], read: ReadChains, asides: Sequence[Aside], steps: Mapping[Slot, Sequence[Step]]
) -> Iterator[str]:
    """The chains as HTML, one piece a generation; ``shown`` are all of the run's chains, without texts.

    The texts of one generation are in memory at a time.
    """
    of = {aside.slot: aside for aside in asides}
    children: dict[Slot, list[Slot]] = {}
    rows: dict[int, list[Chain]] = {}
    for chain in shown:
        rows.setdefault(chain.slot.t, []).append(chain)
        for parent in chain.parents:
            children.setdefault(parent, []).append(chain.slot)
    for t, row in sorted(rows.items()):
        parts = [f'<details id="generation-{t}"><summary>Generation {t}: {escaped(_row_in_words(row))}</summary>\n']
        parts += [
            _chain(chain, of.get(chain.slot), steps.get(chain.slot, ()), children.get(chain.slot, ()))
            for chain in read(t)
        ]
        yield "".join([*parts, "</details>\n"])


def _row_in_words(row: Sequence[Chain]) -> str:
    words = [counted(len(row), "chain")]
    done = [chain for chain in row if chain.status is ChainStatus.DONE]
    words += [
        f"{number} {verdict.value}"
        for verdict in Verdict
        if (number := sum(chain.verdict is verdict for chain in done))
    ]
    words += [
        f"{number} {status.value}"
        for status in (ChainStatus.FAILED, ChainStatus.PLANNED)
        if (number := sum(chain.status is status for chain in row))
    ]
    return ", ".join(words)


def _chain(chain: Chain, aside: Aside | None, steps: Sequence[Step], children: Sequence[Slot]) -> str:
    parts = [f'<details id="chain-{chain.slot}"><summary>{escaped(_headline(chain))}</summary>\n']
    facts = []
    if chain.verdict_why and chain.status is ChainStatus.DONE:
        facts.append(f"{chain.verdict_source.value}: {chain.verdict_why}")
    if chain.error:
        facts.append(chain.error)
    if chain.parents:
        facts.append("Parents in prompt order: " + ", ".join(map(_named(chain), chain.parents)))
    if chain.fresh:
        facts.append("None of its parents had a text: it was sampled from the question alone.")
    if children:
        facts.append("Children: " + ", ".join(f"chain {slot}" for slot in children))
    parts += [f'<p class="small">{linked(one)}</p>\n' for one in facts]
    if chain.reasoning:
        parts.append(f"<details><summary>Its thinking</summary><pre>{escaped(chain.reasoning)}</pre></details>\n")
    if chain.text:
        parts.append(f'<pre dir="auto">{marked(chain.text, steps, _answer(chain))}</pre>\n')
    elif chain.status is ChainStatus.DONE:
        parts.append("<p>It brought no text.</p>\n")
    if aside is not None and aside.text is not None:
        parts.append(f"<details><summary>{_aside(aside)}</summary><pre>{escaped(aside.text)}</pre></details>\n")
    elif aside is not None:
        why = f": {aside.error}" if aside.error else ""
        parts.append(f'<p class="small">{_aside(aside)}{escaped(why)}</p>\n')
    return "".join([*parts, "</details>\n"])


def _aside(aside: Aside) -> str:
    if aside.kind is AsideKind.SUMMARISE:
        return "Its summary" if aside.status is ChainStatus.DONE else f"Its summary: {aside.status.value}"
    if aside.status is not ChainStatus.DONE:
        return f"Its verification: {aside.status.value}"
    said = {True: "accepted", False: "rejected", None: "cannot be read"}[aside.accepted]
    return f"Its verification: {said}"


def _headline(chain: Chain) -> str:
    words = [f"Chain {chain.slot}"]
    if chain.status is not ChainStatus.DONE:
        return f"{words[0]}: {chain.status.value}"
    words.append(f"{MARKS[chain.verdict]} {chain.verdict.value}")
    words.append("no answer" if chain.answer is None else f"answer {one_line(chain.answer, ANSWER)}")
    if chain.tokens_out is not None:
        words.append(counted(chain.tokens_out, "token"))
    if chain.truncated:
        words.append("cut at the token limit")
    if chain.origin is ChainOrigin.PLANTED:
        words.append("planted by a person")
    if chain.ruled:
        words.append("ruled by a person")
    return " · ".join(words)


def _named(chain: Chain) -> Callable[[Slot], str]:
    def named(parent: Slot) -> str:
        lost = chain.ended and parent not in chain.available
        return f"chain {parent}" + (" (had no text)" if lost else "")

    return named


def _answer(chain: Chain) -> tuple[int, int] | None:
    if chain.answer_start is None or chain.answer_end is None or chain.answer_start >= chain.answer_end:
        return None
    return chain.answer_start, chain.answer_end


def marked(text: str, steps: Sequence[Step], answer: tuple[int, int] | None) -> str:
    """A text as HTML: steps that are right or wrong in spans of that class, the answer's characters in ``mark``.

    Without the tags it is the escaped text, letter by letter. ``steps`` are in order and do not overlap.
    """
    parts: list[str] = []
    end = 0
    for step in steps:
        parts.append(_piece(text, end, step.start, answer))
        piece = _piece(text, step.start, step.end, answer)
        judged = step.judgement
        if judged.verdict is Verdict.UNKNOWN:
            parts.append(piece)
        else:
            parts.append(f'<span class="{judged.verdict.value}" title="{escaped(judged.why)}">{piece}</span>')
        end = step.end
    parts.append(_piece(text, end, len(text), answer))
    return "".join(parts)


def _piece(text: str, start: int, end: int, answer: tuple[int, int] | None) -> str:
    if answer is None or answer[1] <= start or end <= answer[0]:
        return escaped(text[start:end])
    first, last = max(start, answer[0]), min(end, answer[1])
    return f"{escaped(text[start:first])}<mark>{escaped(text[first:last])}</mark>{escaped(text[last:end])}"
