"""The command analyse: one analysis of a recorded run as one JSON object on standard output.

``ANALYSES`` lists them; a further one is a function and a line there. What is not known is null, never nought.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ..core.chain import Chain, Slot, Step
from ..core.errors import InvalidInput
from ..core.run import Run
from ..core.strategies import LEAVE_ONE_OUT
from .opening import open_service
from .saying import say_json
from .step_verdicts import chosen_steps, known_steps
from .taken import taken_from_parents

if TYPE_CHECKING:
    from ..service import Service


@dataclass(frozen=True)
class Asking:
    """What an analysis is given: the run, its chains in slot order (without texts), the command's options, and the
    service for whatever else it has to read."""

    run: Run
    chains: Sequence[Chain]
    options: argparse.Namespace
    service: Service


Analysis = Callable[[Asking], Mapping[str, object]]
"""An analysis: the fields of its JSON object; ``plain`` makes JSON of the values."""


def analyse(options: argparse.Namespace) -> int:
    """Print one analysis of a run."""
    if options.what not in ANALYSES:
        raise InvalidInput(f"--what takes one of {', '.join(ANALYSES)}, not {options.what!r}")
    predicting = ("n", "k", "t", "seen")
    if options.what != "prediction" and any(getattr(options, name) is not None for name in predicting):
        raise InvalidInput("-N, -K, -T and --seen go with --what prediction")
    if options.what != "fragments" and options.verdicts is not None:
        raise InvalidInput("--verdicts goes with --what fragments")
    service = open_service(options)
    run = service.store.run(options.run)
    found = ANALYSES[options.what](Asking(run, service.store.chains(run.id), options, service))
    head = {"run_id": run.id, "status": run.status, "simulated": run.config.simulated, "what": options.what}
    say_json({name: plain(value) for name, value in {**head, **found}.items()}, indent=2)
    return 0


def plain(value: object) -> object:
    """A value as JSON has it: dataclasses as objects, slots as ``"3.12"``, enums as their words, tuples as lists."""
    if isinstance(value, Slot):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return value


def _generations(asking: Asking) -> Mapping[str, object]:
    from ..analysis.events import transitions
    from ..analysis.generations import by_generation

    return {"generations": by_generation(asking.chains), "transitions": transitions(asking.chains)}


def _answers(asking: Asking) -> Mapping[str, object]:
    from ..analysis.answers import answer_classes, shares_by_generation, vote
    from ..analysis.events import lifetimes

    last = max((chain.slot.t for chain in asking.chains), default=0)
    return {
        "classes": answer_classes(asking.chains),
        "lifetimes": lifetimes(asking.chains),
        "shares": shares_by_generation(asking.chains),
        "vote": vote(chain for chain in asking.chains if chain.slot.t == last),
    }


def _events(asking: Asking) -> Mapping[str, object]:
    from ..analysis.fate import fate
    from ..analysis.fate_telling import fate_in_words, turns_in_words
    from ..analysis.ledger import ledger
    from ..analysis.turning_points import standings

    found = fate(asking.chains)
    words = (*fate_in_words(found), *(told.whole for told in turns_in_words(found.turns)))
    return {"words": words, "fate": found, "standings": standings(asking.chains), "events": ledger(asking.chains)}


def _transmission(asking: Asking) -> Mapping[str, object]:
    from ..analysis.transmission import transmission

    return {"transmission": transmission(asking.chains)}


def _prediction(asking: Asking) -> Mapping[str, object]:
    from ..analysis.drift import drift
    from ..analysis.forecast import ASSUMES, Asked, forecast_run, own_numbers

    own, options = own_numbers(asking.chains), asking.options
    if own is None:
        return {"assumes": ASSUMES, "own": None, "asked": None, "forecast": None, "drift": ()}
    asked = Asked(options.n or own.n, options.k or own.k, options.t or own.t)
    for name, number in (("-N", options.n), ("-K", options.k), ("-T", options.t), ("--seen", options.seen)):
        if number is not None and not 1 <= number <= 4096:
            raise InvalidInput(f"{name} must be from 1 to 4096, not {number}")
    same = (asked.n, asked.k) == (own.n, own.k)
    found = forecast_run(asking.chains, asked, options.seen)
    return {
        "assumes": ASSUMES,
        "own": own,
        "asked": asked,
        "start": found.start,
        "seen": found.seen,
        "forecast": found.forecast,
        "drift": drift(asking.chains) if same else (),
    }


def _fragments(asking: Asking) -> Mapping[str, object]:
    from ..analysis.fragments import fragment_row, kinds_by_generation, spread

    by, steps = chosen_steps(asking.service, asking.run, asking.chains, asking.options.verdicts)
    found = spread(asking.chains, steps)
    return {
        "verdicts_by": str(by),
        "done": found.done,
        "kinds": kinds_by_generation(found),
        "fragments": [fragment_row(one) for one in found.fragments],
    }


def _inheritance(asking: Asking) -> Mapping[str, object]:
    from ..analysis.rediscovery import Rates, first_seen, origins, step_rates
    from ..analysis.step_keys import fragment_of, step_key

    steps = _steps(asking)
    texts = asking.service.store.texts(asking.run.id, list(steps))
    keys = {slot: [step_key(step, texts[slot] or "") for step in found] for slot, found in steps.items()}
    known, seen = step_rates(asking.chains, keys), first_seen(keys)

    def counts(found: Rates) -> Mapping[str, object]:
        return {"copied": found.copied, "exposed": found.exposed, "present": found.present}

    return {
        "assumes": "similarity, not proof of cause: probabilities are of inheritance against rediscovery; null where "
        "the run does not tell, with the doubt",
        "steps_in_the_same_words": counts(known.words),
        "fragments_in_other_words": counts(known.fragments),
        "rediscovery_rates": {fragment_of(key): rate for key, rate in known.fragments.found.items()},
        "chains": [origins(chain, keys, known, seen) for chain in asking.chains if chain.slot in keys],
        **taken_from_parents(asking.service.store, asking.run, asking.chains, steps),
    }


CONDITION = (
    "left_out", "position", "original", "size", "done", "failed", "right", "wrong", "share", "low", "high",
    "difference", "difference_low", "difference_high",
)  # fmt: skip


def _leave_one_out(asking: Asking) -> Mapping[str, object]:
    from ..analysis.leave_one_out import leave_one_out, leave_one_out_in_words

    found = leave_one_out(asking.chains)
    return {
        "origin": asking.run.origin,
        "words": leave_one_out_in_words(found) if found else "This run left out no parent of one child.",
        "conditions": [
            {
                **{name: getattr(one, name) for name in CONDITION},
                "matters": one.matters,
                "answers": [
                    {"answer": None if key is None else one.texts[key], "count": count}
                    for key, count in one.answers.items()
                ],
            }
            for one in (found.conditions if found else ())
        ],
    }


def _forks(asking: Asking) -> Mapping[str, object]:
    from ..analysis.forks import branch, parting, partings_in_words

    store, run = asking.service.store, asking.run
    original = branch(run.id, "original", 0, asking.chains)
    found = []
    for fork in store.forks(run.id):
        if fork.origin is None or fork.config.strategy == LEAVE_ONE_OUT.name:
            continue
        one = branch(fork.id, fork.origin.change, fork.origin.t, store.chains(fork.id))
        found.append(
            {
                "run_id": fork.id,
                "status": fork.status,
                "origin": fork.origin,
                "words": partings_in_words(original, one),
                "partings": [
                    there
                    for t in range(fork.origin.t + 1, len(one.generations) + 1)
                    if (there := parting(original, one, t)) is not None
                ],
            }
        )
    return {"origin": run.origin, "forks": found}


def _steps(asking: Asking) -> Mapping[Slot, Sequence[Step]]:
    """The steps of every done chain."""
    return known_steps(asking.service, asking.run, asking.chains)


ANALYSES: Mapping[str, Analysis] = {
    "generations": _generations,
    "answers": _answers,
    "events": _events,
    "transmission": _transmission,
    "fragments": _fragments,
    "inheritance": _inheritance,
    "prediction": _prediction,
    "forks": _forks,
    "leave-one-out": _leave_one_out,
}
