"""A chain's numbers: where it stands, its verdict and why, its answer, what it cost. Model text stays plain text."""

from __future__ import annotations

import streamlit as st

from pages.parts.words import count, duration, escaped
from rsa_viz.core.chain import Chain, ChainStatus, VerdictSource
from rsa_viz.figures.style import MARKS
from rsa_viz.figures.words import one_line

ANSWER_CAP = 400  # letters of an answer shown here; the text holds all of it
SOURCES = {
    VerdictSource.EXACT: "recomputed exactly",
    VerdictSource.REFERENCE: "compared with the gold answer",
    VerdictSource.ARITHMETIC: "by its own arithmetic",
    VerdictSource.JUDGE: "said by a model",
    VerdictSource.CONSENSUS: "said by the other chains",
    VerdictSource.NONE: "nobody can say",
}


def headline(chain: Chain) -> str:
    """``Chain 3.12 ● right`` as markdown."""
    if chain.status is ChainStatus.DONE:
        return f"Chain {chain.slot} {MARKS[chain.verdict]} {chain.verdict.value}"
    return f"Chain {chain.slot}: {chain.status.value}"


def chain_facts(chain: Chain, *, short: bool = False) -> None:
    """Draw the chain's numbers; ``short`` leaves out what only its own page has room for."""
    st.subheader(headline(chain), anchor=False)
    if chain.status is ChainStatus.FAILED:
        st.error("This chain failed for good; its children had to do without it.", icon=":material/error:")
        st.text(chain.error or "no reason was recorded")
    if chain.status is ChainStatus.DONE:
        st.caption("Answer")
        st.text("No answer could be read." if chain.answer is None else one_line(chain.answer, ANSWER_CAP))
        st.caption(f"Verdict: {escaped(SOURCES[chain.verdict_source])}")
        if chain.verdict_why:
            st.text(one_line(chain.verdict_why, ANSWER_CAP))
    for words in warnings(chain):
        st.warning(words, icon=":material/warning:")
    rows = _numbers(chain)
    if short:
        rows = [row for row in rows if row[0] in ("Tokens out", "Took", "Tries", "Finish reason")]
    st.markdown("  \n".join(f"**{name}** {escaped(value)}" for name, value in rows))


def warnings(chain: Chain) -> list[str]:
    """What a reader of this chain has to know first."""
    found = []
    if chain.truncated:
        found.append("Cut at the token limit.")
    if chain.empty:
        found.append("The server answered without any text.")
    if chain.fresh:
        found.append("Sampled afresh, because all its parents failed.")
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
        ("Tries", count(chain.attempts, "try", "tries")),
        ("Finish reason", chain.finish_reason or "–"),
        ("Endpoint", chain.endpoint or "–"),
        ("Temperature", "the run's own" if chain.temperature is None else f"{chain.temperature:g}"),
        ("Seed", str(chain.seed)),
    ]


def _known(number: int | None) -> str:
    return "not told" if number is None else f"{number:,}"
