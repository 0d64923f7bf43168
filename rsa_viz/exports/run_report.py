"""A run as one HTML file to hand out: its facts, its answer, the pages' figures with their captions, every event and
every chain's text.

Server addresses, endpoint names and keys are no part of it. Knows no store: what it shows is handed in.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import __version__
from ..analysis.acceptance import acceptance
from ..analysis.answers import Vote, answer_classes, vote
from ..analysis.fate import fate
from ..analysis.fate_telling import fate_in_words, turns_in_words
from ..analysis.fragments import most_risen, neutral_spread, spread
from ..analysis.genealogy import Shares
from ..analysis.generations import by_generation
from ..analysis.ledger import ledger
from ..analysis.telling import SIMULATION, brief, counted, generations, joined
from ..core.addresses import without_addresses
from ..core.aside import Aside
from ..core.chain import Chain, ChainOrigin, Slot, Step, Verdict
from ..core.ruling import Ruling, RulingKind, rulings_in_words
from ..core.run import Candidates, ModelChoice, Run, RunConfig, RunStatus
from ..core.strategies import FinalAnswer, find_strategy
from ..figures.answers import answers_data, answers_figure
from ..figures.board import board_data, board_figure
from ..figures.correctness import correctness_data, correctness_figure
from ..figures.events import events_data, events_figure
from ..figures.fragments import fragments_data, fragments_figure
from ..figures.genealogy import View, genealogy_data, genealogy_figure
from ..figures.population_beads import TOLD, population_beads_data, population_beads_figure
from ..figures.spread import spread_data, spread_figure
from ..figures.style import Figure, Theme
from ..figures.transmission import transmission_data, transmission_figure
from ..figures.turning_points import turning_points_data, turning_points_figure
from ..figures.words import one_line, percent
from .chain_texts import ReadChains, chain_texts
from .page import Section, Table, page
from .words import escaped, linked

MOST_EVENTS = 2_000  # rows of the ledger that are written
MOST_TURNS = 24  # turning points that are told, the latest
NOTICE = f"Simulation. {SIMULATION}"


@dataclass(frozen=True)
class Recorded:
    """A run as it is shown: its ``chains`` in slot order without texts, ``read`` for those of a generation with texts,
    the ``asides`` with texts, the ``steps`` of each done chain, the inherited ``shares`` of its links, the chain that
    the final draw takes (``drawn``; None while the run is not complete), and what persons ruled."""

    run: Run
    chains: Sequence[Chain]
    read: ReadChains
    asides: Sequence[Aside]
    steps: Mapping[Slot, Sequence[Step]]
    shares: Shares
    drawn: Chain | None
    rulings: Sequence[Ruling]


def run_report(recorded: Recorded) -> Iterator[str]:
    """The file, piece by piece. Any run has one, also one of which nothing is done."""
    recorded = _without_addresses(recorded)
    run = recorded.run
    sections = [
        Section("The problem", "problem", body=_problem(recorded)),
        Section("The answer", "answer", lead=_answer(recorded)),
        *_population(recorded),
        *_genealogy(recorded),
        *_fragments(recorded),
        _turning_points(recorded),
        _events(recorded),
        *_ruled(recorded),
        Section(
            "Every chain",
            "chains",
            lead=["Open a generation, then a chain. Marked steps are right ● or wrong ✕; the answer is underlined."],
            body=chain_texts(recorded.chains, recorded.read, recorded.asides, recorded.steps),
        ),
    ]
    written = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    return page(
        run.problem.label,
        sections,
        notice=NOTICE if run.config.simulated else "",
        footer=[
            f"Run {run.id}, written {written} by rsa_viz {__version__}. Recursive Self-Aggregation: arXiv 2509.26626.",
            "Server addresses, endpoint names and keys are left out. Nothing in this file is loaded from elsewhere.",
        ],
        words=linked,
    )


def _without_addresses(recorded: Recorded) -> Recorded:
    run = recorded.run
    addresses = run.config.addresses

    def clean(chain: Chain) -> Chain:
        return replace(chain, error=without_addresses(addresses, chain.error), endpoint=None)

    def clean_aside(aside: Aside) -> Aside:
        return replace(aside, error=without_addresses(addresses, aside.error), endpoint=None)

    return replace(
        recorded,
        run=replace(
            run, error=without_addresses(addresses, run.error), note=without_addresses(addresses, run.note) or ""
        ),
        chains=[clean(chain) for chain in recorded.chains],
        asides=[clean_aside(aside) for aside in recorded.asides],
        read=lambda t: [clean(chain) for chain in recorded.read(t)],
    )


def _problem(recorded: Recorded) -> Iterator[str]:
    run, config = recorded.run, recorded.run.config
    strategy = find_strategy(config.strategy)
    yield f'<pre dir="auto">{escaped(run.problem.question.strip())}</pre>\n'
    options = run.problem.metadata.get("options")
    if isinstance(options, list | tuple) and not all(str(one) in run.problem.question for one in options):
        yield f"<ol>{''.join(f'<li>{escaped(one)}</li>' for one in options)}</ol>\n"
    state = run.status.value
    if run.status is not RunStatus.DONE:
        state += f", {run.done + run.failed:,} of {counted(run.calls, 'call')}"
    uses = [name.upper() for name in ("n", "k") if name in strategy.uses]
    knobs = {"N": f"N {config.n} chains a generation", "K": f"K {config.k} parents a child"}
    facts = [
        ("Gold answer", "unknown" if run.problem.gold is None else run.problem.gold),
        ("Model", _model(config.model)),
        ("Aggregator", "" if config.aggregator is None else _model(config.aggregator)),
        ("Strategy", f"{strategy.title}: {', '.join([*(knobs[name] for name in uses), generations(config.t)])}"),
        ("Sampling", _sampling(config)),
        ("Seed", str(config.seed)),
        ("Prompts", run.prompts.label),
        ("State", state + (f", {counted(run.failed, 'failed call')}" if run.failed else "")),
        (
            "Fork",
            "" if run.origin is None else f"of run {run.origin.run_id}, generation {run.origin.t}: {run.origin.change}",
        ),
        ("Verdicts by persons", rulings_in_words(recorded.rulings)),
        ("Error", run.error or ""),
        ("Note", run.note),
    ]
    rows = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>" for name, value in facts if value)
    yield f"<dl>{rows}</dl>\n"


def _model(choice: ModelChoice) -> str:
    return choice.model + (" (a simulation)" if choice.simulated else "")


def _sampling(config: RunConfig) -> str:
    end = config.temperature_end
    said = [f"temperature {config.temperature:g}" + ("" if end is None else f" to {end:g} in the last generation")]
    said.append(f"at most {counted(config.max_tokens, 'token')} a chain")
    if config.fresh_rate:
        said.append(f"{percent(config.fresh_rate)} fresh chains")
    if config.candidates is Candidates.TAIL:
        said.append(f"children see the last {counted(config.tail_characters, 'character')} of each parent")
    elif config.candidates is Candidates.SUMMARY:
        said.append("children see a summary of each parent")
    return ", ".join(said)


def _answer(recorded: Recorded) -> list[str]:
    last = max((chain.slot.t for chain in recorded.chains), default=0)
    population = [chain for chain in recorded.chains if chain.slot.t == last]
    if not population or not all(chain.ended for chain in population):
        return ["There is none yet: the last generation is not complete."]
    final = find_strategy(recorded.run.config.strategy).final
    by_vote = _vote_in_words(vote(population), recorded.chains)
    if final is FinalAnswer.NONE:
        return ["The strategy measures a population and gives no one answer.", by_vote]
    by_draw = _draw_in_words(recorded.drawn)
    if final is FinalAnswer.VOTE:
        return ["The strategy answers by vote.", by_vote, by_draw]
    if final is FinalAnswer.DRAW:
        return ["The strategy answers by one uniform draw.", by_draw, by_vote]
    found = acceptance(recorded.asides)
    if found.waiting or not recorded.asides:
        return ["There is none yet: not every chain has been verified.", by_vote]
    if found.nothing_read:
        unread = "No verification could be read, so nothing was chosen: this is the reference at twice the price."
        return [unread, by_draw, by_vote]
    accepted = f"{len(found.accepted)} of {counted(len(population), 'chain')}"
    return [
        f"The strategy answers by one uniform draw among the chains that their verification accepted, {accepted}; "
        "among all when it accepts none.",
        by_draw,
        by_vote,
    ]


def _draw_in_words(drawn: Chain | None) -> str:
    if drawn is None:
        return "By draw: no answer, since no chain of the last generation has a text."
    answer = "gives no answer" if drawn.answer is None else f"answers {one_line(drawn.answer)}"
    return f"By draw: chain {drawn.slot} {answer}, {_judged(drawn.verdict)}."


def _vote_in_words(votes: Vote | None, chains: Sequence[Chain]) -> str:
    if votes is None:
        return "By vote: no answer, since no chain of the last generation gives one."
    verdict = next(one.verdict for one in answer_classes(chains) if one.key == votes.key)
    tied = "; another answer has as many, and the tie is broken by a fixed order" if votes.tied else ""
    said = f"By vote: {one_line(votes.text)}, {_judged(verdict)}"
    return f"{said}, with {votes.votes} of {counted(votes.of, 'chain')}{tied}."


def _judged(verdict: Verdict) -> str:
    return "which nobody judged" if verdict is Verdict.UNKNOWN else verdict.value


def _drawn_section(
    recorded: Recorded,
    title: str,
    anchor: str,
    data: Any,
    draw: Callable[[Any, Theme], Figure],
    lead: Sequence[str] = (),
    table: Table | None = None,
) -> Section:
    """A figure as the pages show it: under its caption what persons ruled, if they did."""
    ruled = rulings_in_words(recorded.rulings)
    caption = f"{data.caption} {ruled}.".strip() if ruled else data.caption
    return Section(title, anchor, lead, lambda theme: draw(data, theme), caption, table)


def _population(recorded: Recorded) -> Iterator[Section]:
    chains, run = recorded.chains, recorded.run.id
    yield _drawn_section(recorded, "The population", "board", board_data(chains, revision=run), board_figure)
    yield _drawn_section(
        recorded,
        "Right chains by generation",
        "correctness",
        correctness_data(chains, run=run),
        correctness_figure,
        table=_numbers(chains),
    )
    answers = answers_data(chains, run=run)
    yield _drawn_section(
        recorded, "Answers over generations", "answers", answers, answers_figure, _given(recorded, "answers")
    )
    if any(chain.parents for chain in chains):
        data = transmission_data(chains, run=run)
        yield _drawn_section(
            recorded, "From right parents to right children", "transmission", data, transmission_figure
        )


def _given(recorded: Recorded, what: str) -> list[str]:
    """What a reader has to know of a fork's figures that show ``what`` of every chain, whoever wrote it."""
    origin = recorded.run.origin
    if origin is None:
        return []
    kinds = Counter(chain.origin for chain in recorded.chains)
    taken, planted = kinds[ChainOrigin.COPIED], kinds[ChainOrigin.PLANTED]
    words = [f"{counted(taken, 'chain')} taken over from run {origin.run_id}"] if taken else []
    words += [f"{counted(planted, 'chain')} planted by a person, which no model wrote"] if planted else []
    return [f"The {what} of every chain are shown, also of {joined(words)}."] if words else []


def _numbers(chains: Sequence[Chain]) -> Table:
    rows = [
        (
            one.t, one.done, one.failed, one.right, one.wrong, one.unknown,
            None if one.mean is None else percent(one.mean),
            None if one.pass_at_n is None else ("yes" if one.pass_at_n else "no"),
            None if one.majority is None else ("yes" if one.majority else "no"),
            one.distinct,
            None if one.entropy_bits is None else f"{one.entropy_bits:.2f}",
            None if one.tokens_out is None else f"{one.tokens_out:,}",
        )
        for one in by_generation(chains)
    ]  # fmt: skip
    columns = (
        "Generation", "Done", "Failed", "Right", "Wrong", "Unknown", "Mean", "Any right", "Vote right", "Answers",
        "Entropy, bits", "Tokens out",
    )  # fmt: skip
    return Table(columns, rows, frozenset(range(len(columns))), "The numbers by generation")


def _genealogy(recorded: Recorded) -> Iterator[Section]:
    chains, drawn = recorded.chains, recorded.drawn
    if not any(chain.parents for chain in chains):
        return
    data = genealogy_data(
        chains,
        recorded.shares,
        view=View.DONORS if drawn is None else View.ANCESTRY,
        chosen=None if drawn is None else drawn.slot,
        least=0.5 / recorded.run.config.n,  # half of an equal share for all: an ancestry thins out over a generation
        run=recorded.run.id,
    )
    yield _drawn_section(recorded, "Who descends from whom", "genealogy", data, genealogy_figure)


def _fragments(recorded: Recorded) -> Iterator[Section]:
    chains, run = recorded.chains, recorded.run.id
    t = _beads_of(recorded)
    if t is not None:
        shown = range(1, chains[-1].slot.t + 1) if t == 0 else (t,)
        texts = {chain.slot: chain.text for one in shown for chain in recorded.read(one) if chain.text}
        beads = population_beads_data(chains, recorded.steps, texts, t or None, run=run)
        title = f"Generation {t}, step by step" if t else "Every chain, step by step"
        yield _drawn_section(recorded, title, "beads", beads, population_beads_figure, _given(recorded, "steps"))
    found = spread(chains, recorded.steps)
    risen = most_risen(found)
    if risen is None:
        return
    over = fragments_data(chains, found, risen.key, run=run)
    given = _given(recorded, "fragments")
    yield _drawn_section(recorded, "Fragments over generations", "fragments", over, fragments_figure, given)
    if chains[-1].slot.t == 1:
        return
    curve = spread_data(chains, found, [risen.key], neutral_spread(chains, risen), run=run)
    yield _drawn_section(recorded, f"How {brief(risen.key)} spread", "spread", curve, spread_figure, given)


def _beads_of(recorded: Recorded) -> int | None:
    """The generation whose beads fit a picture that can be read: 0 for all of them, else the last one with steps; None
    when not even that fits, or there is no step."""
    sizes: dict[int, int] = {}
    for slot, steps in recorded.steps.items():
        sizes[slot.t] = sizes.get(slot.t, 0) + len(steps)
    if 0 < sum(sizes.values()) <= TOLD:
        return 0
    last = max((t for t, size in sizes.items() if size), default=None)
    return last if last is not None and sizes[last] <= TOLD else None


def _turning_points(recorded: Recorded) -> Section:
    found = fate(recorded.chains)
    lines = [told.whole for told in turns_in_words(found.turns)]
    left_out = len(lines) - MOST_TURNS
    earlier = [f"{counted(left_out, 'earlier turning point')} left out here."] if left_out > 0 else []
    told = [*fate_in_words(found), *earlier, *lines[-MOST_TURNS:]]
    turns = turning_points_data(recorded.chains, turns=found.turns, run=recorded.run.id)
    title = "When did the right answer win or die?"
    return _drawn_section(recorded, title, "fate", turns, turning_points_figure, told)


def _events(recorded: Recorded) -> Section:
    chains = recorded.chains
    events = ledger(chains)
    cut = f", the first {MOST_EVENTS:,} of them" if len(events) > MOST_EVENTS else ""
    rows = [(event.t, event.kind.value, event.sentence) for event in events[:MOST_EVENTS]]
    words = f"{counted(len(events), 'event')}{cut}"
    table = Table(("Generation", "Kind", "What happened"), rows, frozenset({0}), words) if events else None
    title = "What happened to the right answer"
    if not any(chain.parents for chain in chains):
        return Section(title, "events", table=table)
    turns = events_data(chains, events=events, run=recorded.run.id)
    return _drawn_section(recorded, title, "events", turns, events_figure, table=table)


def _ruled(recorded: Recorded) -> Iterator[Section]:
    rows = [
        (
            f"chain {ruling.slot}"
            if ruling.kind is RulingKind.VERDICT
            else f"answer {brief(ruling.answer_key or '')} merged into {brief(ruling.into_key or '')}",
            ruling.verdict.value,
            ruling.why or None,
        )
        for ruling in recorded.rulings
        if ruling.active
    ]
    if rows:
        lead = ["These lie over what was judged; every number and figure here counts them."]
        table = Table(("What", "Verdict", "Why"), rows)
        yield Section("What persons ruled", "rulings", lead, table=table)
