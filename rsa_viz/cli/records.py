"""The commands that read and move what is recorded: runs, show, export, import."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import fields
from pathlib import Path

from ..core.aside import Aside
from ..core.chain import Chain
from ..core.errors import InvalidInput
from ..core.ruling import Ruling, rulings_in_words
from ..core.strategies import options_in_words
from .opening import open_service, open_store
from .saying import remark, say, say_json
from .whole_file import whole_file


def runs(options: argparse.Namespace) -> int:
    """List the recorded runs, newest first."""
    from ..service import facts

    store = open_store(options)
    runs = store.runs(search=options.search, limit=options.limit)
    ruled = store.ruling_counts(run.id for run in runs)
    if options.json:
        say_json([{**facts(run), "rulings": str(ruled.get(run.id, ""))} for run in runs], indent=2)
        return 0
    for run in runs:
        config = run.config
        say(
            f"{run.id}  {time.strftime('%Y-%m-%d %H:%M', time.localtime(run.created_at))}  {run.status.value:<11}  "
            f"{config.strategy} N={config.n} K={config.k} T={config.t}  {run.done}/{run.calls}  "
            f"{' + '.join(one.model for one in config.models)}  {run.problem.label}"
            f"{f'  ({ruled[run.id]})' if run.id in ruled else ''}"
        )
    total = store.count_runs(options.search)
    if total > len(runs):
        remark(f"({len(runs)} of {total}; --limit shows more)")
    return 0


def show(options: argparse.Namespace) -> int:
    """Print a run's numbers as a table, or everything as JSON."""
    from ..service import result

    store = open_store(options)
    run, chains = store.run(options.run), store.chains(options.run, text=options.json)
    rulings = store.rulings(options.run)
    outcome = result(run, chains, store.asides(options.run))
    if options.json:
        ids = {chain.slot: chain.id for chain in chains}
        outcome["question"] = run.problem.question
        outcome["rulings"] = [_ruling(ruling) for ruling in rulings]
        outcome["chains"] = [_chain(chain, [ids[slot] for slot in chain.parents]) for chain in chains]
        outcome["asides"] = [_aside(aside) for aside in store.asides(run.id, text=True)]
        say_json(outcome, indent=2)
        return 0
    say(f"run {run.id}: {run.problem.label}")
    say(
        f"{run.config.strategy} N={run.config.n} K={run.config.k} T={run.config.t} "
        f"(aggregations: {run.config.t - 1}), {run.config.model.model}, {run.status.value}, "
        f"{run.done} done, {run.failed} failed of {run.calls}"
    )
    if run_options := options_in_words(run.config):
        say(f"options: {'; '.join(run_options)}")
    if run.config.simulated:
        say("simulation: the synthetic reasoner is no language model")
    if run.origin is not None:
        say(f"made from run {run.origin.run_id}, after generation {run.origin.t}: {run.origin.change}")
    if ruled := rulings_in_words(rulings):
        say(ruled)
    say(
        f"answer {outcome['answer']!r} (by {outcome['answer_by']}), vote {outcome['vote']!r} "
        f"({outcome['votes']} of {outcome['votes_of']}), gold {run.problem.gold!r}"
    )
    if isinstance(verified := outcome["verified"], dict):
        counts = f"accepted {len(verified['accepted'])}, rejected {verified['rejected']}, unknown {verified['unknown']}"
        if verified["nothing_read"]:
            say(f"{counts}: no verification could be read, so this is the reference at twice the price")
        elif verified["accepted"]:
            votes = f"{verified['vote']!r} ({verified['votes']} of {verified['votes_of']})"
            say(f"{counts}; vote of the accepted {votes}")
        else:
            say(f"{counts}; nothing was accepted, so the answer is drawn among all")
    say(" t  done  right  wrong  unknown   mean  pass@N  majority  answers  entropy")
    known = {True: "yes", False: "no", None: "?"}
    for row in outcome["by_generation"]:  # type: ignore[attr-defined]
        mean = "?" if row["mean"] is None else f"{row['mean']:.0%}"
        entropy = "?" if row["entropy_bits"] is None else f"{row['entropy_bits']:.2f} b"
        say(
            f"{row['t']:>2}  {row['done']:>4}  {row['right']:>5}  {row['wrong']:>5}  {row['unknown']:>7}  {mean:>5}  "
            f"{known[row['pass_at_n']]:>6}  {known[row['majority']]:>8}  {row['distinct']:>7}  {entropy:>7}"
        )
    return 0


def _chain(chain: Chain, parents: list[int]) -> dict[str, object]:
    return {
        "id": chain.id,
        "t": chain.slot.t,
        "i": chain.slot.i,
        "kind": chain.kind.value,
        "parents": parents,
        "available": [str(slot) for slot in chain.available],
        "fresh": chain.fresh,
        "status": chain.status.value,
        "answer": chain.answer,
        "verdict": chain.verdict.value,
        "verdict_source": chain.verdict_source.value,
        "verdict_why": chain.verdict_why,
        "score": chain.score,
        "ruled": chain.ruled,
        "finish_reason": chain.finish_reason,
        "truncated": chain.truncated,
        "tokens_in": chain.tokens_in,
        "tokens_out": chain.tokens_out,
        "first_token_s": chain.first_token_s,
        "latency_s": chain.latency_s,
        "attempts": chain.attempts,
        "error": chain.error,
        "endpoint": chain.endpoint,
        "seed": chain.seed,
        "prompt_sha256": chain.prompt_sha256,
        "started_at": chain.started_at,
        "ended_at": chain.ended_at,
        "origin": chain.origin.value,
        "copied_from": None if chain.copied_from is None else str(chain.copied_from),
        "text": chain.text,
        "reasoning": chain.reasoning,
    }


def _aside(aside: Aside) -> dict[str, object]:
    values = {field.name: getattr(aside, field.name) for field in fields(aside) if field.name != "slot"}
    return {"chain": str(aside.slot), **values}


def _ruling(ruling: Ruling) -> dict[str, object]:
    return {
        "id": ruling.id,
        "kind": ruling.kind.value,
        "chain": None if ruling.slot is None else str(ruling.slot),
        "answer_key": ruling.answer_key,
        "into_key": ruling.into_key,
        "verdict": ruling.verdict.value,
        "why": ruling.why,
        "at": ruling.at,
        "undone_at": ruling.undone_at,
    }


def export(options: argparse.Namespace) -> int:
    """Write a run to a file that is there whole or not at all, or to standard output."""
    service = open_service(options)
    if options.out == "-":
        service.export(options.run, options.format, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return 0
    if options.format == "parquet" and not options.out.endswith(".zip"):
        raise InvalidInput(
            f"parquet is several tables in one ZIP: write --out FILE.zip, not {options.out}; or, for the tables "
            "themselves, rsa_viz tables RUN --out FOLDER"
        )
    with whole_file(options.out) as out:
        service.export(options.run, options.format, out)
    return 0


def import_run(options: argparse.Namespace) -> int:
    """Import one bundle; a run that is there already is left as it is."""
    try:
        data = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    except OSError as failure:
        raise InvalidInput(f"cannot read {options.file}: {failure.strerror}") from None
    imported = open_service(options).import_run(data)
    say_json({"run_id": imported.run_id, "created": imported.created})
    return 0
