"""The options of ``run`` that any strategy may carry: temperature over the generations, fresh chains, candidates, and
another model that aggregates."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypedDict

from ..core.errors import InvalidInput
from ..core.run import TAIL_CHARACTERS, Candidates, ModelChoice
from .given import chosen_model

if TYPE_CHECKING:
    from ..service import Service


class Settings(TypedDict):
    """The fields of RunConfig that they set."""

    temperature_end: float | None
    fresh_rate: float
    candidates: Candidates
    tail_characters: int
    aggregator: ModelChoice | None


def add_run_options(run: argparse.ArgumentParser) -> None:
    """Add them to the command's parser."""
    run.add_argument(
        "--temperature-end",
        type=float,
        default=None,
        metavar="T",
        help="the temperature of the last generation, reached from --temperature in equal steps (default: the same)",
    )
    run.add_argument(
        "--fresh-rate",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="the chance, for each chain after generation 1, that it is a fresh sample and no child (default: 0)",
    )
    run.add_argument(
        "--candidates",
        choices=[one.value for one in Candidates],
        default=Candidates.WHOLE.value,
        help="what a child sees of each parent: the whole text, the end of it, or a summary that one more call a "
        "chain writes (default: %(default)s)",
    )
    run.add_argument(
        "--tail-characters",
        type=int,
        default=None,
        metavar="N",
        help=f"with --candidates tail: how much of the end (default: {TAIL_CHARACTERS})",
    )
    run.add_argument(
        "--aggregator",
        default=None,
        metavar="MODEL",
        help="another model that writes the children: an endpoint's name or LiteLLM's (default: the model does)",
    )
    run.add_argument("--aggregator-api-base", default=None, help="its address; --api-base is the model's alone")
    run.add_argument(
        "--aggregator-api-key-env", default=None, metavar="NAME", help="the environment variable that holds its key"
    )


def settings_of(options: argparse.Namespace, service: Service) -> Settings:
    """What the options say. Raises InvalidInput for a tail that nobody would see, and for the address or key of an
    aggregator that is not named."""
    candidates = Candidates(options.candidates)
    if options.tail_characters is not None and candidates is not Candidates.TAIL:
        raise InvalidInput(f"--tail-characters goes with --candidates tail, not with {candidates.value}")
    own = options.aggregator_api_base, options.aggregator_api_key_env
    if options.aggregator is None and own != (None, None):
        raise InvalidInput("--aggregator-api-base and --aggregator-api-key-env go with --aggregator")
    return {
        "temperature_end": options.temperature_end,
        "fresh_rate": options.fresh_rate,
        "candidates": candidates,
        "tail_characters": TAIL_CHARACTERS if options.tail_characters is None else options.tail_characters,
        "aggregator": None if options.aggregator is None else chosen_model(service, options.aggregator, *own),
    }
