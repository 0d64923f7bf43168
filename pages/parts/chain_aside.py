"""What was said of a chain in a call of its own: its verification, or the summary that its children saw."""

from __future__ import annotations

import streamlit as st

from pages.parts.foreign import foreign_code, foreign_text
from pages.parts.frame import the_service
from pages.parts.words import duration
from rsa_viz.analysis.telling import counted
from rsa_viz.core.aside import Aside, AsideKind
from rsa_viz.core.chain import Chain, ChainStatus
from rsa_viz.core.run import Run
from rsa_viz.service import RebuiltPrompt

TITLES = {AsideKind.VERIFY: "Verification", AsideKind.SUMMARISE: "Summary"}
ACCEPTED = {
    True: "Accepted: the model takes the answer for right. That is its opinion, no verdict.",
    False: "Rejected: the model takes the answer for wrong. That is its opinion, no verdict.",
    None: "What it wrote cannot be read as True or False, so the chain counts as neither accepted nor rejected.",
}


def chain_aside(run: Run, chain: Chain) -> None:
    """Draw it, where the chain has one."""
    aside = the_service().store.aside(run.id, chain.slot)
    if aside is None:
        return
    st.subheader(TITLES[aside.kind], anchor=False)
    if not aside.ended:
        st.info(_coming(chain), icon=":material/schedule:")
        return
    if aside.status is ChainStatus.FAILED:
        instead = (
            "its children saw the whole text instead."
            if aside.kind is AsideKind.SUMMARISE
            else "the chain counts as neither accepted nor rejected."
        )
        st.warning(f"The call failed; {instead}", icon=":material/warning:")
        foreign_text(aside.error or "no reason was recorded")
        return
    if aside.kind is AsideKind.VERIFY:
        st.markdown(ACCEPTED[aside.accepted])
    else:
        st.markdown("This stood in the prompts of its children, in place of its text.")
    foreign_code(aside.text or " ", wrap_lines=True)
    if aside.reasoning:
        with st.expander("Its thinking"):
            foreign_code(aside.reasoning, wrap_lines=True, height=260)
    st.caption(_cost(aside))
    with st.expander("The prompt of this call"):
        _prompt(the_service().aside_prompt(run.id, chain.slot))


def _coming(chain: Chain) -> str:
    return "It is made next." if chain.ended else "It is made once the chain has ended."


def _cost(aside: Aside) -> str:
    tokens = (
        "tokens not told"
        if aside.tokens_out is None
        else f"{aside.tokens_in or 0:,} tokens in, {aside.tokens_out:,} out"
    )
    took = "" if aside.latency_s is None else f", {duration(aside.latency_s)}"
    cut = ", cut at the token limit" if aside.finish_reason == "length" else ""
    return f"{tokens}{took}, {counted(aside.attempts, 'try', 'tries')}{cut}, seed {aside.seed}"


def _prompt(rebuilt: RebuiltPrompt | None) -> None:
    if rebuilt is None:
        st.markdown("It cannot be made again: the chain has no text.")
        return
    for message in rebuilt.messages:
        foreign_code(message["content"], wrap_lines=True, height=320)
    if rebuilt.matches:
        st.caption("Made again from the records; it is byte for byte what was sent.")
    elif rebuilt.matches is False:
        st.warning("Made again from the records, and not what was sent.", icon=":material/warning:")
