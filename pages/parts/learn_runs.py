"""The lesson's runs on the page: which one is in view, making one, and its chains read once for all viewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.frame import is_recorded, may_change, page_link, the_service
from pages.parts.guarded import guarded
from pages.parts.learn_frame import Words, round_in_view
from pages.parts.words import escaped, models_named
from rsa_viz.analysis.inheritance import step_key
from rsa_viz.core.chain import Chain, Slot, Step
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.run import ModelChoice, Run, RunStatus
from rsa_viz.lessons import LessonRun
from rsa_viz.lessons.runs import ROUNDS
from rsa_viz.service import Service
from rsa_viz.service.lessons import Lesson, Lessons

_MODEL = "learn-model"  # the widget, which Streamlit forgets where it is not drawn
_MODEL_KEPT = "learn-model-kept"
LOOK_EVERY_S = 1.0  # while a run is being made
SIMULATED = ""  # in place of an endpoint's name: the simulation that each run names


@dataclass(frozen=True)
class Population:
    """A run of the lesson with its chains (texts included, slot order), their steps and the keys of these.

    Do not change what is in it.
    """

    service: Service
    run: Run
    recorded: bool
    chains: Sequence[Chain]
    steps: Mapping[Slot, tuple[Step, ...]]
    keys: Mapping[Slot, tuple[str, ...]]

    def generation(self, t: int) -> list[Chain]:
        """The chains of one generation."""
        return [chain for chain in self.chains if chain.slot.t == t]

    def up_to(self, t: int) -> list[Chain]:
        """The chains of the generations 1 to ``t``."""
        return [chain for chain in self.chains if chain.slot.t <= t]

    def chain(self, slot: Slot) -> Chain:
        """One chain."""
        return next(chain for chain in self.chains if chain.slot == slot)


@st.cache_resource(show_spinner=False)
def _lessons(path: str, read_only: bool) -> Lessons:
    del path, read_only  # one a database, and one for those who may change nothing
    return Lessons(the_service())


def lessons() -> Lessons:
    """The lesson's runs for the app's database."""
    return _lessons(str(the_service().store.path), the_service().access.read_only)


def chosen_model() -> ModelChoice | None:
    """The endpoint that the reader chose for new runs; None for the simulation."""
    name = st.session_state.get(_MODEL_KEPT, SIMULATED)
    return next((one.choice for one in the_service().endpoints if one.name == name), None)


def population(wanted: LessonRun, say: Words) -> Population | None:
    """The run, ready to be looked at. None where it is not: then what is drawn says how it stands, or offers to make
    it."""
    wanted = wanted.by(chosen_model())
    found = lessons().find(wanted)
    if found is None:
        _tell_refused()
        _offer(wanted, say)
        return None
    if found.run.status is not RunStatus.DONE:
        st.fragment(guarded(_wait), run_every=LOOK_EVERY_S)(wanted, say)
        if may_change():
            _model(None, say)
        return None
    if found.run.done == 0:
        st.warning(say.say("page.all_failed"), icon=":material/error:")
        page_link("run", found.run.id, say.say("page.open"))
        if may_change():
            _model(None, say)
        return None
    return read(found)


def there(wanted: LessonRun) -> Population | None:
    """The run if it is done, drawing nothing."""
    found = lessons().find(wanted.by(chosen_model()))
    if found is None or found.run.status is not RunStatus.DONE or found.run.done == 0:
        return None
    return read(found)


def read(lesson: Lesson) -> Population:
    """A run with its chains and steps, read once."""
    return _read(str(lesson.service.store.path), lesson.run.id, lesson.run.revision, lesson)


@st.cache_resource(max_entries=40, show_spinner=False)
def _read(path: str, run_id: str, revision: int, _lesson: Lesson) -> Population:
    del path, revision  # they tell the cached answers apart
    service = _lesson.service
    chains = tuple(service.store.chains(run_id, text=True))
    steps = {chain.slot: service.steps(_lesson.run, chain) for chain in chains if chain.text}
    texts = {chain.slot: chain.text or "" for chain in chains}
    keys = {slot: tuple(step_key(step, texts[slot]) for step in row) for slot, row in steps.items()}
    return Population(service, _lesson.run, _lesson.recorded, chains, steps, keys)


def _tell_refused() -> None:
    if (refused := st.session_state.pop("learn-refused", None)) is not None:
        st.error(escaped(refused), icon=":material/error:")


def _offer(wanted: LessonRun, say: Words) -> None:
    st.info(say.say("page.not_there"), icon=":material/search_off:")
    if may_change():
        _cost(wanted, say)
        with st.container(horizontal=True):
            _make_button(wanted, say.say("page.make"))
            _model(None, say)


def _make_button(wanted: LessonRun, label: str) -> None:
    if st.button(label, icon=":material/play_arrow:", key=f"learn-make-{wanted.name}"):
        make(wanted)
        st.rerun()


def make(wanted: LessonRun) -> None:
    """Start making a run; what was refused is said."""
    try:
        lessons().make(wanted)
    except (InvalidInput, StoreError) as error:
        st.session_state["learn-refused"] = str(error)


def _wait(wanted: LessonRun, say: Words) -> None:
    """Show how far a run is, until it is done."""
    found = lessons().find(wanted)
    if found is None or found.run.status is RunStatus.DONE:
        st.rerun()
    run = found.run
    ended = run.done + run.failed
    st.progress(ended / max(run.calls, 1), say.say("page.making", done=ended, calls=run.calls))
    if run.status is not RunStatus.RUNNING:
        st.warning(f"{say.say('page.stuck')} {escaped(run.error or '')}", icon=":material/pause_circle:")
        if may_change() and st.button(say.say("page.go_on"), key="learn-go-on"):
            make(wanted)
            st.rerun()


def source_line(seen: Population, wanted: LessonRun | None, say: Words) -> None:
    """Draw where the run comes from, how to draw another one, and by which model. ``wanted`` is what a new round
    makes; None where the step has no rounds."""
    _tell_refused()
    config = seen.run.config
    kind = say.say("page.recorded") if seen.recorded else say.say("page.made")
    shape = say.say("page.shape", n=config.n, k=config.k, t=config.t, aggregations=config.t - 1, seed=config.seed)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if wanted is not None:
            _new_round(wanted, say)
        if may_change():
            _model(wanted, say)
        st.caption(f"{kind} · {models_named(config)} · {shape}", width="stretch")
        if not seen.recorded and is_recorded(seen.run.id):
            page_link("population", seen.run.id, say.say("page.open"))
    simulated(seen, say)


def simulated(seen: Population, say: Words) -> None:
    """Say that what is shown is a simulation, where it is."""
    if seen.run.config.simulated:
        st.markdown(f":orange-badge[:material/science: {say.say('page.simulation')}]")


def _new_round(wanted: LessonRun, say: Words) -> None:
    fresh = may_change()
    told = (
        say.say("page.new_round_help", calls=wanted.config.n * wanted.config.t)
        if fresh
        else say.say("page.next_recording_help")
    )
    if st.button(say.say("page.new_round"), icon=":material/casino:", help=told, key="learn-new-round"):
        number = round_in_view() + 1
        if fresh:
            make(wanted.by(chosen_model()))
        elif number > ROUNDS:
            number = 1
        st.query_params["round"] = str(number)
        st.rerun()


def _model(wanted: LessonRun | None, say: Words) -> None:
    endpoints = {one.name: one for one in the_service().endpoints if not one.choice.embedded}
    if not endpoints:
        return
    kept = st.session_state.get(_MODEL_KEPT, SIMULATED)
    st.session_state[_MODEL] = kept if kept in endpoints else SIMULATED
    with st.popover(say.say("page.model"), icon=":material/dns:"):
        st.selectbox(
            say.say("page.model"),
            [SIMULATED, *endpoints],
            format_func=lambda name: escaped(endpoints[name].title) if name else say.say("page.the_simulation"),
            key=_MODEL,
            on_change=_keep_model,
            label_visibility="collapsed",
        )
        if wanted is not None:
            _cost(wanted.by(chosen_model()), say)


def _keep_model() -> None:
    st.session_state[_MODEL_KEPT] = st.session_state[_MODEL]


def _cost(wanted: LessonRun, say: Words) -> None:
    cost = the_service().foresee(wanted.problem, wanted.config)
    st.caption(
        say.say(
            "page.cost",
            calls=cost.calls,
            tokens_in=f"{round(cost.tokens_in, -2):,.0f}",
            tokens_out=f"{round(cost.tokens_out, -2):,.0f}",
        )
    )
