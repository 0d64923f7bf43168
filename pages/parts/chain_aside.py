"""What was said of a chain in a call of its own: its verification, or the summary that its children saw."""

from __future__ import annotations

import streamlit as st

from pages.parts.foreign import foreign_code, foreign_text
from pages.parts.frame import the_service
from pages.parts.spoken import said
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
    st.subheader(said(TITLES[aside.kind]), anchor=False)
    if not aside.ended:
        st.info(_coming(chain), icon=":material/schedule:")
        return
    if aside.status is ChainStatus.FAILED:
        instead = said(
            "The call failed; its children saw the whole text instead."
            if aside.kind is AsideKind.SUMMARISE
            else "The call failed; the chain counts as neither accepted nor rejected."
        )
        st.warning(instead, icon=":material/warning:")
        foreign_text(aside.error or said("no reason was recorded"))
        return
    if aside.kind is AsideKind.VERIFY:
        st.markdown(said(ACCEPTED[aside.accepted]))
    else:
        st.markdown(said("This stood in the prompts of its children, in place of its text."))
    foreign_code(aside.text or " ", wrap_lines=True)
    if aside.reasoning:
        with st.expander(said("Its thinking")):
            foreign_code(aside.reasoning, wrap_lines=True, height=260)
    st.caption(_cost(aside))
    with st.expander(said("The prompt of this call")):
        _prompt(the_service().aside_prompt(run.id, chain.slot))


def _coming(chain: Chain) -> str:
    return said("It is made next." if chain.ended else "It is made once the chain has ended.")


def _cost(aside: Aside) -> str:
    facts = [
        said(
            "tokens not told"
            if aside.tokens_out is None
            else f"{aside.tokens_in or 0:,} tokens in, {aside.tokens_out:,} out"
        ),
        "" if aside.latency_s is None else said(duration(aside.latency_s)),
        said(counted(aside.attempts, "try", "tries")),
        said("cut at the token limit") if aside.finish_reason == "length" else "",
        said(f"seed {aside.seed}"),
    ]
    return said(", ").join(filter(None, facts))


def _prompt(rebuilt: RebuiltPrompt | None) -> None:
    if rebuilt is None:
        st.markdown(said("It cannot be made again: the chain has no text."))
        return
    for message in rebuilt.messages:
        foreign_code(message["content"], wrap_lines=True, height=320)
    if rebuilt.matches:
        st.caption(said("Made again from the records; it is byte for byte what was sent."))
    elif rebuilt.matches is False:
        st.warning(said("Made again from the records, and not what was sent."), icon=":material/warning:")
