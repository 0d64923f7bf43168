"""A chain's text, its answer pointed out in it, and its exact prompt. All of it is shown letter by letter.

Model text is untrusted. The only other way to see it is asked for with a toggle: markdown and formulas, without HTML,
images or anything else that a browser would fetch.
"""

from __future__ import annotations

import re

import streamlit as st

from pages.parts.foreign import foreign_code
from pages.parts.frame import the_service
from pages.parts.spoken import said
from pages.parts.words import escaped, sendable
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import Chain, ChainOrigin
from rsa_viz.core.run import Run

SHOWN = 60_000  # characters of a text on the page; the rest comes with the download
WINDOW = 60  # characters around the answer, on its line


def chain_text(run: Run, chain: Chain) -> None:
    """Draw the text and the reasoning, or say why there is none."""
    text = chain.text or ""
    if not text.strip():
        st.info(said("There is no text." if chain.ended else "There is no text yet."), icon=":material/notes:")
    else:
        pointed = pointed_out(chain)
        if pointed:
            st.caption(said(f"The answer stands at characters {chain.answer_start} to {chain.answer_end}:"))
            foreign_code(pointed)
        _plain(text, f"{run.id}-{chain.slot}.txt")
        if st.toggle(said("Render markdown and formulas"), key=f"render-{run.id}-{chain.slot}"):
            with st.container(border=True):
                st.markdown(tame(text[:SHOWN]))
    if chain.reasoning:
        length = counted(len(chain.reasoning), "character")
        with st.expander(said(f"Thinking text that the server keeps apart ({length})")):
            _plain(chain.reasoning, f"{run.id}-{chain.slot}-thinking.txt")


def _plain(text: str, name: str) -> None:
    foreign_code(text[:SHOWN], wrap_lines=True, line_numbers=True)
    if len(text) > SHOWN:
        st.caption(said(f"The first {SHOWN:,} of {len(text):,} characters."))
        st.download_button(
            said("Download all of it"), text.encode("utf-8", "replace"), file_name=name, key=f"all-{name}"
        )


def pointed_out(chain: Chain) -> str:
    """The line in which the answer stands, with the answer underlined by carets; empty without a known place."""
    text, start, end = chain.text or "", chain.answer_start, chain.answer_end
    if start is None or end is None or not 0 <= start < end <= len(text):
        return ""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    number = text.count("\n", 0, start) + 1
    left, right = max(first, start - WINDOW), min(last, end + WINDOW)
    answer = " ".join(text[start:end].split())[: 4 * WINDOW]
    head = ("…" if left > first else "") + text[left:start].replace("\t", " ")
    tail = text[end:right].replace("\t", " ") + ("…" if right < last else "")
    gutter = f"{number} │ "
    return f"{gutter}{head}{answer}{tail}\n{' ' * (len(gutter) - 2)}│ {' ' * len(head)}{'^' * len(answer)}"


def tame(text: str) -> str:
    """Markdown that makes a browser fetch nothing: images and links lose their targets, HTML is spelled out."""
    text = sendable(text).replace("<", "&lt;")
    text = re.sub(r"!(?=\[)", r"\\!", text)
    text = re.sub(r"\](?=[(\[:])", r"\\]", text)
    return re.sub(r"(?i)\b(https?|ftp|www)(?=[:.])", "\\1\u200b", text)


def chain_prompt(run: Run, chain: Chain) -> None:
    """Draw the chain's exact prompt, and whether it is what was sent."""
    if chain.origin is ChainOrigin.PLANTED:
        st.info(said("Nothing was sent: a person wrote this text."), icon=":material/edit:")
        return
    prompt = the_service().prompt(run.id, chain.slot)
    if prompt.matches is None:
        st.info(
            said("Nothing was sent yet. This is what would be, with the texts that are there."),
            icon=":material/schedule:",
        )
    elif prompt.matches:
        st.success(
            said(f"Rebuilt from the record; it is what was sent (SHA-256 {(chain.prompt_sha256 or '')[:16]}…)."),
            icon=":material/verified:",
        )
    else:
        st.warning(
            said("Rebuilt from the record, but it is not what was sent: its SHA-256 differs."),
            icon=":material/warning:",
        )
    for message in prompt.messages:
        st.caption(said(f"role: {escaped(message.get('role', ''))}"))
        content = message.get("content", "")
        foreign_code(content[: 4 * SHOWN], wrap_lines=True, line_numbers=True)
        if len(content) > 4 * SHOWN:
            st.caption(said(f"The first {4 * SHOWN:,} of {len(content):,} characters."))
