"""Which prompt set a run uses, and an editor that saves a changed one as a new version. Knows no model."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.parts.foreign import foreign_text
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.core.aside import AsideKind
from rsa_viz.core.chain import PromptKind
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import (
    LONGEST_NAME,
    PLACEHOLDERS,
    PROMPT_SETS,
    Messages,
    PromptParts,
    PromptSet,
    check_prompts,
)
from rsa_viz.service import Service, prompt_sets
from rsa_viz.tasks import find_task

PURPOSES = {
    "sample": "First generation, from the question alone",
    "aggregate": "Several candidates",
    "refine": "One candidate",
    "candidate": "A candidate's block",
    "verify": "Verification of one candidate, by rejection sampling",
    "summarise": "Summary of one candidate, where children see summaries",
}
MEANS = {
    "noun": "what the task calls its problems",
    "hint": "how the task wants the answer written",
    "question": "the question",
    "candidates": "the candidates' blocks, in prompt order",
    "number": "1, 2, 3, …",
    "text": "the candidate's whole text",
}
PREVIEWS = {"sample": 0, "aggregate": 2, "refine": 1, "verify": 1, "summarise": 1}
EXAMPLE = "(the whole text of candidate {})"
_CHOSEN, _EDIT, _NAME, _REFUSED = "prompt-set", "prompts-edit", "prompts-name", "prompts-refused"


def choose_prompts(service: Service, problem: Problem | None) -> PromptSet | None:
    """Draw the choice and, when asked for, the editor; None while something in the editor is not saved."""
    known = {prompts.label: prompts for prompts in prompt_sets(service.store)}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    label = left.selectbox(said("Prompts"), list(known), format_func=said, key=_CHOSEN, persist_state="session")
    edit = right.toggle(said("Edit"), key=_EDIT)
    if not edit:
        return known[label]
    return _editor(service, known[label], problem)


def _editor(service: Service, prompts: PromptSet, problem: Problem | None) -> PromptSet | None:
    st.caption(said("What stands in double braces is filled in, once:"))
    means = [f"`{{{{{name}}}}}` {said(words)}" for name, words in MEANS.items()]
    st.caption(said("; ").join(means) + said(". ").strip())
    edited = prompts
    for purpose, title in PURPOSES.items():
        text = st.text_area(
            said(title),
            prompts.templates[purpose],
            key=_key(prompts, purpose),
            height=110 if purpose == "candidate" else 220,
            help=said(f"It may have {', '.join(f'{{{{{name}}}}}' for name in PLACEHOLDERS[purpose].may)}"),
        )
        edited = replace(edited, **{purpose: text})
    changed = edited.templates != prompts.templates
    refused = ""
    try:
        check_prompts(edited)
    except InvalidInput as error:
        refused = str(error)
        st.error(escaped(refused), icon=":material/error:")
    else:
        _preview(edited, problem)
    _save(service, prompts, changed=changed and not refused)
    return None if changed else prompts


def _preview(prompts: PromptSet, problem: Problem | None) -> None:
    if problem is None:
        return
    kind = st.segmented_control(
        said("Preview"),
        list(PREVIEWS),
        default="sample",
        required=True,
        format_func=lambda purpose: said(PURPOSES[purpose].split(",")[0].split(" of ")[0]),
        key="prompts-preview",
    )
    candidates = [EXAMPLE.format(number) for number in range(1, PREVIEWS[kind] + 1)]
    try:
        parts = find_task(problem.task).parts(problem)
    except InvalidInput:
        return  # the form says what is wrong with the problem
    with st.container(border=True, height=320, key="prompts-composed"):
        for message in _composed(prompts, kind, parts, problem, candidates):
            foreign_text(message["content"])


def _composed(
    prompts: PromptSet, purpose: str, parts: PromptParts, problem: Problem, candidates: list[str]
) -> Messages:
    if purpose in list(AsideKind):
        return prompts.compose_aside(AsideKind(purpose), parts, problem, candidates[0])
    return prompts.compose(PromptKind(purpose), parts, problem, candidates)


def _save(service: Service, prompts: PromptSet, *, changed: bool) -> None:
    own = prompts.name not in PROMPT_SETS
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.text_input(
        said("Save as"),
        prompts.name if own else f"my {prompts.name}",
        max_chars=LONGEST_NAME,
        key=f"{_NAME}-{prompts.label}",
        help=said("A name that is there already gets a new version; the old ones stay."),
    )
    right.button(
        said("Save as new version"),
        key="prompts-save",
        icon=":material/save:",
        width="stretch",
        disabled=not changed,
        on_click=_saved,
        args=(service, prompts),
    )
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(escaped(refused), icon=":material/error:")


def _saved(service: Service, prompts: PromptSet) -> None:
    """A callback, so that the chooser can be set before it is drawn again."""
    written = {purpose: st.session_state[_key(prompts, purpose)] for purpose in PURPOSES}
    name = str(st.session_state[f"{_NAME}-{prompts.label}"]).strip()
    try:
        saved = service.store.save_prompt_set(replace(prompts, name=name, **written))
    except (InvalidInput, StoreError) as error:
        st.session_state[_REFUSED] = str(error)
    else:
        st.session_state[_CHOSEN] = saved.label
        st.toast(said(f"Saved {escaped(said(saved.label))}."))


def _key(prompts: PromptSet, purpose: str) -> str:
    return f"prompts-{purpose}-of-{prompts.label}"
