"""A chain's numbers: where it stands, its verdict and why, its answer, what it cost. Model text stays plain text."""

from __future__ import annotations

import streamlit as st

from pages.parts.foreign import foreign_text
from pages.parts.words import duration, escaped
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import Chain, ChainOrigin, ChainStatus, VerdictSource
from rsa_viz.figures.style import MARKS
from rsa_viz.figures.words import one_line

SHORT = ("Tokens out", "Took", "Tries", "Finish reason")
ANSWER_CAP = 400  # letters of an answer shown here; the text holds all of it
SOURCES = {
    VerdictSource.EXACT: "Recomputed exactly",
    VerdictSource.REFERENCE: "Compared with the gold answer",
    VerdictSource.ARITHMETIC: "By its own arithmetic",
    VerdictSource.JUDGE: "Said by a model",
    VerdictSource.CONSENSUS: "Said by the other chains",
    VerdictSource.PERSON: "Said by a person",
    VerdictSource.NONE: "Nobody can say",
}


def headline(chain: Chain) -> str:
    """``Chain 3.12 ● right`` as markdown."""
    if chain.status is ChainStatus.DONE:
        return f"Chain {chain.slot} {MARKS[chain.verdict]} {chain.verdict.value}"
    return f"Chain {chain.slot}: {chain.status.value}"


def chain_facts(chain: Chain, *, short: bool = False) -> None:
    """Draw what is known of the chain; ``short`` is for a narrow panel, without what only its own page has room for."""
    if short:
        _said(chain)
        _rows([row for row in _numbers(chain) if row[0] in SHORT])
        return
    said, *columns = st.columns([5, 3, 3], gap="large")
    with said:
        _said(chain)
    rows = _numbers(chain)
    half = (len(rows) + 1) // 2
    for column, part in zip(columns, (rows[:half], rows[half:]), strict=True):
        with column:
            _rows(part)


def _said(chain: Chain) -> None:
    st.subheader(headline(chain), anchor=False)
    if chain.status is ChainStatus.FAILED:
        st.error("This chain failed for good; its children had to do without it.", icon=":material/error:")
        foreign_text(chain.error or "no reason was recorded")
    if chain.status is ChainStatus.DONE:
        answer = "No answer could be read." if chain.answer is None else f"Answer: {one_line(chain.answer, ANSWER_CAP)}"
        why = f": {one_line(chain.verdict_why, ANSWER_CAP)}" if chain.verdict_why else ""
        foreign_text(f"{answer}\n{SOURCES[chain.verdict_source]}{why}")
    if chain.ruled:
        st.caption("A person ruled on it; what the judge said stands on the Audit page.")
    for words in warnings(chain):
        st.warning(words, icon=":material/warning:")


def _rows(rows: list[tuple[str, str]]) -> None:
    st.markdown("  \n".join(f"**{name}** {escaped(value)}" for name, value in rows))


def warnings(chain: Chain) -> list[str]:
    """What a reader of this chain has to know first."""
    found = []
    if chain.origin is ChainOrigin.PLANTED:
        found.append("Planted by a person: this text is not the model's.")
    if chain.truncated:
        found.append("Cut at the token limit.")
    if chain.empty:
        found.append("The server answered without any text.")
    if chain.fresh:
        found.append(
            "Sampled afresh, because all its parents failed." if chain.parents else "A fresh chain, as planned."
        )
    lost = [slot for slot in chain.parents if slot not in chain.available] if chain.ended else []
    if lost and not chain.fresh:
        found.append(f"Without {', '.join(f'chain {slot}' for slot in lost)}: no text of it was available.")
    return found


def _numbers(chain: Chain) -> list[tuple[str, str]]:
    return [
        ("Tokens in", _known(chain.tokens_in)),
        ("Tokens out", _known(chain.tokens_out)),
        ("Characters", f"{chain.characters:,}"),
        ("Took", "–" if chain.latency_s is None else duration(chain.latency_s)),
        ("First token after", "–" if chain.first_token_s is None else duration(chain.first_token_s)),
        ("Tries", counted(chain.attempts, "try", "tries")),
        ("Finish reason", chain.finish_reason or "–"),
        ("Endpoint", chain.endpoint or "–"),
        ("Temperature", "the run's own" if chain.temperature is None else f"{chain.temperature:g}"),
        ("Seed", str(chain.seed)),
    ]


def _known(number: int | None) -> str:
    return "not told" if number is None else f"{number:,}"
