"""What if, for real: choose one change, see what it will cost, fork the run and start the fork. Knows no engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from pages.parts.before_start import before_start
from pages.parts.frame import go_to, may_change, the_service
from pages.parts.keys import remember_keys, remembered_keys
from pages.parts.own_model import ANOTHER, own_model
from pages.parts.spoken import said
from pages.parts.words import escaped, foreseen, sendable
from rsa_viz.core.chain import Chain
from rsa_viz.core.errors import InvalidInput, RsaVizError
from rsa_viz.core.fork import (
    LONGEST_TEXT,
    Change,
    LeftOut,
    OtherK,
    OtherModel,
    OtherPrompts,
    OtherSeed,
    OtherTemperature,
    Written,
)
from rsa_viz.core.run import Run
from rsa_viz.core.strategies import LEAVE_ONE_OUT, find_strategy
from rsa_viz.service import Keys, Prepared, foresee_prepared, prepare_fork, prompt_sets


class Kind(StrEnum):
    """What can be changed, as it is offered."""

    EDIT = "this chain's text, edited"
    PLANT = "another text in this chain's place"
    LEAVE_OUT = "without this chain in later prompts"
    PARENT = "without one of its parents in its prompt"
    TEMPERATURE = "another temperature"
    K = "another K"
    MODEL = "another model"
    PROMPTS = "other prompts"
    SEED = "a re-roll with another seed"


SETTINGS = (Kind.TEMPERATURE, Kind.K, Kind.MODEL, Kind.PROMPTS, Kind.SEED)


def ended_generations(chains: Sequence[Chain]) -> int:
    """How many generations, from the first on, have ended whole."""
    missing = [chain.slot.t for chain in chains if not chain.ended]
    return min(missing) - 1 if missing else max((chain.slot.t for chain in chains), default=0)


def fork_section(run: Run, chains: Sequence[Chain], chain: Chain | None = None, t: int | None = None) -> None:
    """Draw the section, closed until it is asked for; about ``chain`` where there is one, else about generation ``t``.
    Nothing where nothing may be changed, and for a run that cannot be forked."""
    if not may_change() or run.config.t < 2 or run.config.strategy == LEAVE_ONE_OUT.name:
        return
    place = f"{run.id}-{chain.slot if chain else 'run'}"
    st.subheader(said("What if?"), anchor=False)
    st.markdown(
        said("Fork this run: take it over up to here, change one thing, and run what follows. The original stays.")
    )
    if not st.toggle(said("Fork this run"), key=f"fork-{place}"):
        return
    last = min(ended_generations(chains), run.config.t - 1)
    kinds = _kinds(run, last, chain)
    if not kinds:
        st.info(
            said(
                "Only generations that have ended can be forked, and none that has is followed by another."
                if chain is None or last < 1
                else "Nothing follows this chain that could be run with a change."
            ),
            icon=":material/hourglass_empty:",
        )
        return
    kind = st.selectbox(said("Change"), kinds, format_func=lambda one: said(one.value), key=f"fork-kind-{place}")
    at = _generation(kind, last, chain, t, place)
    change, api_key = _CHANGES[kind](_Place(run, chain, place))
    if change is None:
        return
    try:
        prepared = prepare_fork(the_service(), run.id, at, change)
    except InvalidInput as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return
    _start(run, prepared, at, change, api_key, place)


def _kinds(run: Run, last: int, chain: Chain | None) -> list[Kind]:
    settings = [kind for kind in SETTINGS if kind is not Kind.K or "k" in find_strategy(run.config.strategy).uses]
    if chain is None:
        return settings if last >= 1 else []
    found = []
    if chain.slot.t <= last:
        found += [Kind.EDIT] if chain.text else []
        found.append(Kind.PLANT)
        if the_service().store.children(run.id, chain.slot):
            found.append(Kind.LEAVE_OUT)
    if chain.parents and chain.slot.t - 1 <= last:
        found.append(Kind.PARENT)
    return found + (settings if chain.slot.t <= last else [])


def _generation(kind: Kind, last: int, chain: Chain | None, t: int | None, place: str) -> int:
    """The last generation that is taken over: given by the chain, else chosen."""
    if chain is not None:
        return chain.slot.t - 1 if kind is Kind.PARENT else chain.slot.t
    if last == 1:
        return 1
    return int(st.slider(said("After generation"), 1, last, min(t or last, last), key=f"fork-at-{place}"))


@dataclass(frozen=True, slots=True)
class _Place:
    """What the fields of a change are about, and the end of their keys."""

    run: Run
    chain: Chain | None
    key: str

    @property
    def about(self) -> Chain:
        """The chain of a change about one; such a change is offered only where there is one."""
        assert self.chain is not None
        return self.chain


_Asked = tuple[Change | None, str | None]
"""The change, None while something is missing, and a key that was typed for its model."""


def _edit(place: _Place) -> _Asked:
    before = sendable(place.about.text or "")
    text = st.text_area(said("Its text"), before, height=320, max_chars=LONGEST_TEXT, key=f"fork-edit-{place.key}")
    if text == before:
        st.caption(said("Change the text to go on."))
        return None, None
    return Written(place.about.slot, text, edited=True), None


def _plant(place: _Place) -> _Asked:
    text = st.text_area(said("The text"), "", height=320, max_chars=LONGEST_TEXT, key=f"fork-plant-{place.key}")
    if not text.strip():
        st.caption(
            said("Write the text that later chains shall read in this chain's place. It will be marked as planted.")
        )
        return None, None
    return Written(place.about.slot, text), None


def _leave_out(place: _Place) -> _Asked:
    return LeftOut(place.about.slot), None


def _parent(place: _Place) -> _Asked:
    parent = st.selectbox(
        said("Left out"),
        place.about.parents,
        format_func=lambda slot: f"{place.about.parents.index(slot) + 1}{said(': ')}{said(f'chain {slot}')}",
        key=f"fork-parent-{place.key}",
    )
    return LeftOut(parent, place.about.slot), None


def _temperature(place: _Place) -> _Asked:
    now = place.run.config.temperature
    value = st.number_input(
        said("Temperature"), 0.0, 2.0, 0.5 if now != 0.5 else 1.0, 0.1, key=f"fork-temperature-{place.key}"
    )
    return OtherTemperature(float(value)), None


def _k(place: _Place) -> _Asked:
    now = place.run.config.k
    k = st.number_input(
        said("Aggregation K"),
        1,
        place.run.config.n,
        now - 1 if now > 1 else min(2, place.run.config.n),
        key=f"fork-k-{place.key}",
    )
    return OtherK(int(k)), None


def _model(place: _Place) -> _Asked:
    service = the_service()
    endpoints = {one.name: one for one in service.endpoints if (one.choice,) != place.run.config.models}
    offered = [*endpoints, ANOTHER] if service.access.addresses else list(endpoints)
    if not offered:
        st.info(said("There is no other model to choose."), icon=":material/dns:")
        return None, None
    name = st.selectbox(
        said("Model"),
        offered,
        format_func=lambda one: said(endpoints[one].title if one in endpoints else "Another model …"),
        key=f"fork-model-{place.key}",
    )
    if name != ANOTHER:
        return OtherModel(endpoints[name].choice), None
    choice, key = own_model(f"fork-{place.key}")
    return None if choice is None else OtherModel(choice), key


def _prompts(place: _Place) -> _Asked:
    others = {one.label: one for one in prompt_sets(the_service().store) if one != place.run.prompts}
    if not others:
        st.info(
            said("There is no other prompt set. The form of a new run can edit one and save it."),
            icon=":material/edit:",
        )
        return None, None
    return OtherPrompts(others[st.selectbox(said("Prompts"), list(others), key=f"fork-prompts-{place.key}")]), None


def _seed(place: _Place) -> _Asked:
    seed = st.number_input(said("Seed"), 0, 2**53 - 1, place.run.config.seed + 1, key=f"fork-seed-{place.key}")
    return OtherSeed(int(seed)), None


_CHANGES: dict[Kind, Callable[[_Place], _Asked]] = {
    Kind.EDIT: _edit,
    Kind.PLANT: _plant,
    Kind.LEAVE_OUT: _leave_out,
    Kind.PARENT: _parent,
    Kind.TEMPERATURE: _temperature,
    Kind.K: _k,
    Kind.MODEL: _model,
    Kind.PROMPTS: _prompts,
    Kind.SEED: _seed,
}


def _start(run: Run, prepared: Prepared, at: int, change: Change, api_key: str | None, place: str) -> None:
    """The foreseen cost, and the button that makes the fork, starts it and looks at it."""
    service = the_service()
    cost = foresee_prepared(service, prepared)
    st.markdown(escaped(said(f"{said(prepared.origin.change)}, after generation {at}:")))
    st.markdown(foreseen([cost]))
    before_start(service, prepared.config, [cost])
    if st.button(said("Fork and start"), type="primary", icon=":material/fork_right:", key=f"fork-start-{place}"):
        model, before, typed = prepared.config.model, run.config, remembered_keys(run.id)
        if prepared.config.models != before.models:
            typed = Keys(api_key or (typed.of(before, model) if model in before.models else None))
        begin(lambda: service.fork(run.id, at, change), typed)


def begin(make: Callable[[], Run], keys: Keys) -> None:
    """Make a run, start it and look at it; what is refused is said. In the body of a script, not in a callback."""
    made = None
    try:
        made = make()
        remember_keys(made.id, keys)
        the_service().start(made.id, api_key=keys.model, aggregator_key=keys.aggregator)
    except RsaVizError as error:
        if made is None:
            st.error(escaped(str(error)), icon=":material/error:")
            return
        st.session_state[f"refused-{made.id}"] = str(error)  # the Run page says it beside its Start button
    go_to("run", made.id)
