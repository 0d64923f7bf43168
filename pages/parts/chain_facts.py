"""A chain's numbers: where it stands, its verdict and why, its answer, what it cost. Model text stays plain text."""

from __future__ import annotations

import streamlit as st

from pages.parts.foreign import foreign_text
from pages.parts.naming import chains_listed, marked, reason
from pages.parts.spoken import said
from pages.parts.words import duration, escaped
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import Chain, ChainOrigin, ChainStatus, VerdictSource
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
        return f"{said(f'Chain {chain.slot}')} {marked(chain.verdict)}"
    return f"{said(f'Chain {chain.slot}')}{said(': ')}{said(chain.status.value)}"


def chain_facts(chain: Chain, *, short: bool = False) -> None:
    """Draw what is known of the chain; ``short`` is for a narrow panel, without what only its own page has room for."""
    if short:
        _said(chain)
        _rows([row for row in _numbers(chain) if row[0] in SHORT])
        return
    first, *columns = st.columns([5, 3, 3], gap="large")
    with first:
        _said(chain)
    rows = _numbers(chain)
    half = (len(rows) + 1) // 2
    for column, part in zip(columns, (rows[:half], rows[half:]), strict=True):
        with column:
            _rows(part)


def _said(chain: Chain) -> None:
    st.subheader(headline(chain), anchor=False)
    if chain.status is ChainStatus.FAILED:
        st.error(said("This chain failed for good; its children had to do without it."), icon=":material/error:")
        foreign_text(chain.error or said("no reason was recorded"))
    if chain.status is ChainStatus.DONE:
        foreign_text(f"{answer_in_words(chain, ANSWER_CAP)}\n{basis(chain)}")
    if chain.ruled:
        st.caption(said("A person ruled on it; what the judge said stands on the Audit page."))
    for words in warnings(chain):
        st.warning(words, icon=":material/warning:")


def answer_in_words(chain: Chain, cap: int) -> str:
    """A done chain's answer on one line of at most ``cap`` letters, or that it has none."""
    return said("No answer could be read." if chain.answer is None else f"Answer: {one_line(chain.answer, cap)}")


def basis(chain: Chain) -> str:
    """Who gave a chain its verdict, and why."""
    source, why = said(SOURCES[chain.verdict_source]), reason(chain.verdict_why, chain.verdict_source)
    return f"{source}{said(': ')}{one_line(why, ANSWER_CAP)}" if why else source


def _rows(rows: list[tuple[str, str]]) -> None:
    st.markdown("  \n".join(f"**{said(name)}** {escaped(value)}" for name, value in rows))


def warnings(chain: Chain) -> list[str]:
    """What a reader of this chain has to know first."""
    found = []
    if chain.origin is ChainOrigin.PLANTED:
        found.append(said("Planted by a person: this text is not the model's."))
    if chain.truncated:
        found.append(said("Cut at the token limit."))
    if chain.empty:
        found.append(said("The server answered without any text."))
    if chain.fresh:
        found.append(
            said("Sampled afresh, because all its parents failed." if chain.parents else "A fresh chain, as planned.")
        )
    lost = [slot for slot in chain.parents if slot not in chain.available] if chain.ended else []
    if lost and not chain.fresh:
        found.append(said(f"Without {chains_listed(lost)}: no text of it was available."))
    return found


def _numbers(chain: Chain) -> list[tuple[str, str]]:
    return [
        ("Tokens in", _known(chain.tokens_in)),
        ("Tokens out", _known(chain.tokens_out)),
        ("Characters", f"{chain.characters:,}"),
        ("Took", "–" if chain.latency_s is None else said(duration(chain.latency_s))),
        ("First token after", "–" if chain.first_token_s is None else said(duration(chain.first_token_s))),
        ("Tries", said(counted(chain.attempts, "try", "tries"))),
        ("Finish reason", chain.finish_reason or "–"),
        ("Endpoint", chain.endpoint or "–"),
        ("Temperature", said("the run's own") if chain.temperature is None else f"{chain.temperature:g}"),
        ("Seed", str(chain.seed)),
    ]


def _known(number: int | None) -> str:
    return said("not told") if number is None else f"{number:,}"
