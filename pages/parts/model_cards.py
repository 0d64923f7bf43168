"""Each endpoint as a card: how its servers stand, what they list, and a test prompt. Knows no protocol.

Asking runs in the background; a fragment looks twice a second while something is under way and not at all else.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.foreign import foreign_code
from pages.parts.frame import may_change, the_service
from pages.parts.guarded import guarded
from pages.parts.spoken import said, told
from pages.parts.words import ago, escaped, large, model_note, model_title
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.service.models import TRIAL_TOKENS, Endpoint, ServerState, State, Trial

LOOK_EVERY_S = 0.5
NAMES = 12  # models of a list that are named
BADGES = {
    State.UNKNOWN: ":gray-badge[:material/help: not asked yet]",
    State.ASKING: ":gray-badge[:material/hourglass_top: being asked]",
    State.ANSWERING: ":blue-badge[:material/check: answering]",
    State.FAILING: ":orange-badge[:material/error: failing]",
}
PROMPT = "In one sentence: why is the sky blue?"
PROGRAM = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\nWhat is d?"
HOLES = "Work modulo 13, from left to right. Put +, - or * for every ?.\n(1) 3 ? 5 ? 7 + 2 = 6"


def model_cards() -> None:
    """Draw all endpoints, the operator's first."""
    models = the_service().models
    endpoints = sorted(models.endpoints, key=lambda one: one.choice.embedded)
    own = [one for one in endpoints if not one.choice.embedded]
    if not own:
        st.info(
            said(
                "No server is configured yet, only what is built in. The presets below show how to start one and "
                "what to write into the endpoints file."
            ),
            icon=":material/dns:",
        )
    elif may_change():
        st.button(
            said("Ask all servers"),
            key="ask-all",
            icon=":material/refresh:",
            on_click=_ask,
            args=([one.name for one in own],),
            help=said("Lists their models. Costs nothing; nothing is generated."),
        )
    busy = any(_busy(models.states(one.name), models.trial(one.name)) for one in endpoints)
    st.fragment(guarded(_cards), run_every=LOOK_EVERY_S if busy else None)([one.name for one in endpoints], busy)


def _busy(states: tuple[ServerState, ...], trial: Trial | None) -> bool:
    return any(one.state is State.ASKING for one in states) or (trial is not None and not trial.ended)


def _cards(names: list[str], busy: bool) -> None:
    models = the_service().models
    known = {one.name: one for one in models.endpoints}
    shown = [known[name] for name in names if name in known]
    if busy and not any(_busy(models.states(one.name), models.trial(one.name)) for one in shown):
        st.rerun()  # the whole page: it need not look any more
    for endpoint in shown:
        with st.container(border=True, key=f"model-{endpoint.name}"):
            _card(endpoint)


def _card(endpoint: Endpoint) -> None:
    models = the_service().models
    states, trial = models.states(endpoint.name), models.trial(endpoint.name)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**{escaped(model_title(endpoint))}** :small[{escaped(endpoint.model)}]")
        if endpoint.note:
            st.caption(escaped(model_note(endpoint)))
        st.markdown(f":small[{_facts(endpoint)}]")
        for state in () if endpoint.choice.embedded else states:  # what is built in has no server to ask
            _state(state, named=len(states) > 1)
        if may_change() and not endpoint.choice.embedded:
            st.button(
                said("Ask") if len(states) == 1 else said(f"Ask all {len(states)} servers"),
                key=f"ask-{endpoint.name}",
                icon=":material/refresh:",
                on_click=_ask,
                args=([endpoint.name],),
                disabled=any(one.state is State.ASKING for one in states),
                help=said("Lists its models. Costs nothing; nothing is generated."),
            )
    with right:
        if trial is not None:
            _trial(trial)
        if may_change():
            _try(endpoint, states, trial)


def _facts(endpoint: Endpoint) -> str:
    context = the_service().models.context(endpoint.choice)
    facts = [
        said(f"at most {counted(endpoint.concurrency, 'call')} at a time"),
        said(f"context {context:,} tokens") if context else said("context unknown"),
    ]
    if endpoint.choice.simulated:
        return said("A simulation, no language model: it runs here, without a key or a server, and costs nothing.")
    if endpoint.choice.tiny:
        return said("A real, tiny language model: it runs here, without a key or a server, and costs nothing.")
    if endpoint.price is None:
        facts.append(said("price unknown"))
    else:
        price = endpoint.price
        facts.append(
            said(
                f"{price.tokens_in:g} {escaped(price.currency)} a million tokens in, "
                f"{price.tokens_out:g} {escaped(price.currency)} out"
            )
        )
    return said(", ").join(facts)


def _state(state: ServerState, *, named: bool) -> None:
    name = f"{escaped(state.name)} " if named else ""
    when = f" :small[{ago(state.at)}]" if state.at is not None else ""
    st.markdown(f"{name}{said(BADGES[state.state])}{when}")
    if state.models is not None:
        listed = said(", ").join(escaped(one) for one in state.models[:NAMES])
        more = len(state.models) - NAMES
        if not listed:
            st.caption(said("It lists no model."))
        else:
            st.caption(said(f"It lists {listed} and {more:,} more.") if more > 0 else said(f"It lists {listed}."))
    if state.error:
        st.error(escaped(f"{state.error}"), icon=":material/error:")
    if state.what_to_do:
        st.caption(escaped(told(state.what_to_do)))


def _trial(trial: Trial) -> None:
    if trial.error:
        st.error(escaped(trial.error), icon=":material/error:")
        if trial.what_to_do:
            st.caption(escaped(told(trial.what_to_do)))
        return
    speed = trial.tokens_per_second
    cells = (
        (said("First token"), None if trial.first_token_s is None else said(f"{trial.first_token_s:.2f} s")),
        (said("Whole answer"), None if trial.total_s is None else said(f"{trial.total_s:.2f} s")),
        (said("Tokens a second"), None if speed is None else large(speed)),
    )
    for column, (label, value) in zip(st.columns(3), cells, strict=True):
        column.metric(label, value or "–")
    if not trial.ended and not trial.text:
        st.caption(said("The first call of all loads the model library, which takes seconds."))
    asked = said(f"Test prompt to {trial.server}, {ago(trial.begun_at)}")
    st.caption(escaped(asked + ("" if trial.ended else said(", writing …"))))
    if trial.ended and not trial.text:
        st.caption(said("The answer was empty."))
    foreign_code(trial.text or " ", wrap_lines=True, height=140)


def _try(endpoint: Endpoint, states: tuple[ServerState, ...], trial: Trial | None) -> None:
    with st.popover(said("Test prompt"), icon=":material/send:"):
        server = 0
        if len(states) > 1:
            names = [one.name for one in states]
            server = names.index(st.selectbox(said("Server"), names, key=f"try-server-{endpoint.name}"))
        start = PROGRAM if endpoint.choice.simulated else HOLES if endpoint.choice.tiny else PROMPT
        prompt = st.text_area(said("Prompt"), start, key=f"try-prompt-{endpoint.name}", max_chars=2000)
        st.caption(_before(endpoint))
        st.button(
            said("Send"),
            key=f"try-{endpoint.name}",
            type="primary",
            on_click=_send,
            args=(endpoint.name, prompt, server),
            disabled=(trial is not None and not trial.ended) or not prompt.strip(),
        )
        if refused := st.session_state.pop(f"try-refused-{endpoint.name}", None):
            st.error(escaped(refused), icon=":material/error:")


def _before(endpoint: Endpoint) -> str:
    """What a test prompt costs, said before it is sent."""
    if endpoint.choice.simulated:
        return said("One call of the simulation; costs nothing.")
    if endpoint.choice.tiny:
        return said("One call in this process; costs nothing.")
    if endpoint.price is None:
        return said(f"One call with at most {TRIAL_TOKENS} tokens of answer. What it costs is not known here.")
    amount = endpoint.price.in_words(endpoint.price.of(100, TRIAL_TOKENS))
    return escaped(said(f"One call with at most {TRIAL_TOKENS} tokens of answer: {amount} at most."))


# The buttons act in callbacks, before the page is drawn again, so that it knows what is under way.


def _ask(names: list[str]) -> None:
    for name in names:
        try:
            the_service().models.ask(name)
        except (InvalidInput, StoreError) as error:
            st.toast(escaped(str(error)), icon=":material/error:")


def _send(name: str, prompt: str, server: int) -> None:
    try:
        the_service().models.try_prompt(name, prompt, server)
    except (InvalidInput, StoreError) as error:
        st.session_state[f"try-refused-{name}"] = str(error)
