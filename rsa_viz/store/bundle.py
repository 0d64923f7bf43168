"""A run as one JSONL file: exported whole, and imported into any database.

The lines are described in ``bundle_reader``. They are plain ASCII whatever a model wrote, the same run gives the
same bytes, and chains are named by slot: ids belong to a database.

Left out are: keys, which are never stored; the name of the variable that holds one, which means nothing elsewhere;
and the servers' addresses, since they may be private, with their traces in error messages and endpoint names. With
``addresses`` they are written. A run imported with an address takes over no endpoint name, so that no key
configured here goes to an address that a file names.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as dataclass_fields
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TextIO

from sqlalchemy import Connection, insert, update

from ..core.addresses import without_addresses
from ..core.chain import Chain, ChainStatus, Slot
from ..core.errors import InvalidBundle, NotFound
from ..core.problem import Problem
from ..core.prompts import PromptSet
from ..core.run import ModelChoice, Run, RunConfig, RunStatus
from .bundle_extras import EXTRA_FIELDS, insert_extras
from .bundle_reader import EXTRAS, FORMAT, MODEL_ROLES, VERSIONS, Record, read_bundle
from .forking import count_own_calls
from .json_columns import config_from, prompts_from, prompts_to_json, to_json
from .reading import find_run, list_chains, slot_rows
from .rows import config_values
from .store import Store
from .tables import CHAIN, RUN
from .writing import insert_links, insert_run

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportedRun:
    """What an import did. ``created`` is false when the run was there already, with the same content."""

    run_id: str
    created: bool


def export_bundle(store: Store, run_id: str, out: TextIO, *, addresses: bool = False) -> None:
    """Write a run as a bundle, as it stands at one moment; one that is running is written as interrupted.

    ``out`` gets ASCII text; memory holds one generation. Raises NotFound.
    """
    with store.database.read() as connection:
        version = _version(connection, run_id)
        out.write(to_json({"format": FORMAT, "version": version}) + "\n")
        for what, fields in _records(connection, run_id, version, addresses=addresses):
            out.write(to_json({"record": what, **fields}) + "\n")


def import_bundle(store: Store, source: Iterable[str]) -> ImportedRun:
    """Read a bundle, given line by line, into the database, in one transaction.

    The run keeps its id and slots; its chains and rulings get new ids. A run that is there with the same content is
    left as it is: notes and addresses may differ, they are each database's own, and a person may have ruled on it, or
    undone a ruling, since the bundle was written. Raises InvalidBundle, naming the line, and then nothing was kept.
    """
    with _checked(source) as lines, store.database.write() as connection:
        records = read_bundle(lines)
        problem, run = next(records), next(records)
        run_id = run.fields["id"]
        try:
            find_run(connection, run_id, time.time())
        except NotFound:
            _insert(connection, problem, run, records)
            return ImportedRun(run_id, created=True)
        _compare(connection, run_id, [problem, run], records)
        return ImportedRun(run_id, created=False)


@contextmanager
def _checked(source: Iterable[str]) -> Iterator[IO[str]]:
    """The source's lines, all read and checked once: nobody waits for the database while a slow source trickles."""
    with SpooledTemporaryFile(
        16 * 2**20, "w+", encoding="utf-8", errors="surrogatepass", newline="\n", prefix="rsa_viz-"
    ) as spool:
        for _ in read_bundle(_copied(source, spool)):
            pass
        spool.seek(0)
        yield spool


def _copied(source: Iterable[str], spool: IO[str]) -> Iterator[str]:
    for line in source:
        spool.write(line.replace("\r", " ").replace("\n", " ") + "\n")  # no string of JSON holds a bare line end
        yield line


def _version(connection: Connection, run_id: str) -> int:
    """The lowest version that holds all of a run."""
    run = find_run(connection, run_id, time.time())
    late = any(getattr(run.config, name) != default for name, default in _LATE_SETTINGS.items())
    late |= any(getattr(run.prompts, name) != default for name, default in _LATE_TEMPLATES.items())
    extras = (extra.version for what, extra in EXTRAS.items() if EXTRA_FIELDS[what](connection, run_id, ()))
    return max((4 if run.config.aggregator is not None else 3 if late else 1, *extras))


def _defaults(kind: type[RunConfig | PromptSet], names: tuple[str, ...]) -> Mapping[str, object]:
    return {field.name: field.default for field in dataclass_fields(kind) if field.name in names}


_LATE_SETTINGS = _defaults(RunConfig, ("temperature_end", "fresh_rate", "candidates", "tail_characters"))
_LATE_TEMPLATES = _defaults(PromptSet, ("verify", "summarise"))
"""What no rsa_viz knows that reads versions 1 and 2 alone: left out there, where it is as by default."""


def _records(
    connection: Connection, run_id: str, version: int, *, addresses: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    run = find_run(connection, run_id, time.time())
    hidden = () if addresses else run.config.addresses
    yield "problem", {**asdict(run.problem), "metadata": dict(run.problem.metadata)}
    yield "run", _run_fields(run, hidden, version, addresses=addresses)
    t = chains = links = 0
    while found := list_chains(connection, run_id, text=True, t=(t := t + 1), judged=True):
        chains += len(found)
        for chain in found:
            links += len(chain.parents)
            yield "chain", _chain_fields(chain, hidden)
    counts = {"chains": chains, "links": links}
    for what, extra in EXTRAS.items():
        if rows := EXTRA_FIELDS[what](connection, run_id, hidden):
            counts[extra.counted] = len(rows)
            yield from ((what, fields) for fields in rows)
    yield "end", counts


def _run_fields(run: Run, hidden: Collection[str], version: int, *, addresses: bool) -> dict[str, Any]:
    config, prompts = asdict(run.config), asdict(run.prompts)
    if version < 3:
        config = {name: value for name, value in config.items() if name not in _LATE_SETTINGS}
        prompts = {name: value for name, value in prompts.items() if name not in _LATE_TEMPLATES}
    if version < 4:
        del config["aggregator"]
    for choice in filter(None, map(config.get, MODEL_ROLES)):
        del choice["api_key_env"]
        if not addresses:
            del choice["api_base"]
    status = RunStatus.INTERRUPTED if run.status is RunStatus.RUNNING else run.status
    return {
        "id": run.id,
        "status": status.value,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "error": without_addresses(hidden, run.error),
        "note": run.note,
        "code_version": run.code_version,
        "config": config,
        "prompts": prompts,
    }


def _chain_fields(chain: Chain, hidden: Collection[str]) -> dict[str, Any]:
    answer = {
        "text": chain.answer,
        "key": chain.answer_key,
        "start": chain.answer_start,
        "end": chain.answer_end,
    }
    return {
        "t": chain.slot.t,
        "i": chain.slot.i,
        "kind": chain.kind.value,
        "seed": chain.seed,
        "temperature": chain.temperature,
        "parents": [
            {"t": parent.t, "i": parent.i, "available": parent in chain.available if chain.ended else None}
            for parent in chain.parents
        ],
        "status": chain.status.value,
        "fresh": chain.fresh,
        "text": chain.text,
        "reasoning": chain.reasoning,
        "answer": None if chain.answer is None else answer,
        "verdict": {
            "verdict": chain.verdict.value,
            "source": chain.verdict_source.value,
            "score": chain.score,
            "why": chain.verdict_why,
        },
        "prompt_sha256": chain.prompt_sha256,
        "finish_reason": chain.finish_reason,
        "tokens_in": chain.tokens_in,
        "tokens_out": chain.tokens_out,
        "first_token_s": chain.first_token_s,
        "latency_s": chain.latency_s,
        "started_at": chain.started_at,
        "ended_at": chain.ended_at,
        "attempts": chain.attempts,
        "error": without_addresses(hidden, chain.error),
        "endpoint": without_addresses(hidden, chain.endpoint),
    }


def _insert(connection: Connection, problem: Record, run: Record, records: Iterator[Record]) -> None:
    fields = run.fields
    config = _imported(config_from(fields["config"]))
    # Interrupted is never stored: it is what a run that says running and has no owner is.
    interrupted = fields["status"] == RunStatus.INTERRUPTED.value
    insert_run(
        connection,
        Problem(**problem.fields),
        {
            **{name: fields[name] for name in ("id", "created_at", "started_at", "ended_at", "error", "note")},
            "status": RunStatus.RUNNING.value if interrupted else fields["status"],
            "code_version": fields["code_version"],
            "revision": 1,
            **config_values(config),
            "prompts_json": prompts_to_json(prompts_from(fields["prompts"])),
            "calls": 0,
            "done": 0,
            "failed": 0,
        },
    )
    ids: dict[Slot, int] = {}
    counts = dict.fromkeys(ChainStatus, 0)
    extras: list[Record] = []
    for batch in _batches(records, extras):
        connection.execute(insert(CHAIN), [_chain_values(fields["id"], chain) for chain in batch])
        slots = [Slot(chain["t"], chain["i"]) for chain in batch]
        ids |= {slot: chain_id for slot, (chain_id, _) in slot_rows(connection, fields["id"], slots).items()}
        insert_links(
            connection,
            ids,
            (
                (slot, [(Slot(parent["t"], parent["i"]), parent["available"]) for parent in chain["parents"]])
                for slot, chain in zip(slots, batch, strict=True)
            ),
        )
        for chain in batch:
            counts[ChainStatus(chain["status"])] += 1
    for status in insert_extras(connection, fields["id"], ids, extras):
        counts[status] += 1
    connection.execute(
        update(RUN)
        .where(RUN.c.id == fields["id"])
        .values(calls=sum(counts.values()), done=counts[ChainStatus.DONE], failed=counts[ChainStatus.FAILED])
    )
    if any(record.what == "origin" for record in extras):
        count_own_calls(connection, fields["id"])


def _imported(config: RunConfig) -> RunConfig:
    def nameless(choice: ModelChoice) -> ModelChoice:
        return choice if choice.api_base is None else replace(choice, endpoint=None)

    return _each_model(config, nameless)


def _each_model(config: RunConfig, change: Callable[[ModelChoice], ModelChoice]) -> RunConfig:
    aggregator = None if config.aggregator is None else change(config.aggregator)
    return replace(config, model=change(config.model), aggregator=aggregator)


def _batches(records: Iterator[Record], extras: list[Record]) -> Iterator[list[dict[str, Any]]]:
    """The chains, some hundred at a time; what stands after them is put into ``extras``."""
    batch: list[dict[str, Any]] = []
    for record in records:
        if record.what == "chain":
            batch.append(record.fields)
        elif record.what in EXTRAS:
            extras.append(record)
        if batch and (len(batch) == _BATCH or record.what == "end"):
            yield batch
            batch = []


def _chain_values(run_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    answer = fields["answer"] or {}
    judged = fields["verdict"]
    plain = {name: value for name, value in fields.items() if name not in ("parents", "answer", "verdict")}
    return {
        **plain,
        "run_id": run_id,
        "characters": len(fields["text"] or ""),
        "answer": answer.get("text"),
        "answer_key": answer.get("key"),
        "answer_start": answer.get("start"),
        "answer_end": answer.get("end"),
        "verdict": judged["verdict"],
        "verdict_source": judged["source"],
        "verdict_why": judged["why"],
        "score": judged["score"],
    }


def _compare(connection: Connection, run_id: str, head: list[Record], rest: Iterator[Record]) -> None:
    addresses = config_from(head[1].fields["config"]).addresses
    here = _records(connection, run_id, VERSIONS[-1], addresses=False)
    for record in (*head, *rest):
        kept = next(here, None)
        while kept is not None and kept[0] != record.what and kept[0] in EXTRAS and EXTRAS[kept[0]].grows:
            kept = next(here, None)  # ruled here since the bundle was written
        if kept is None or not _same(kept, record, addresses):
            raise InvalidBundle(
                f"line {record.line} of the bundle: run {run_id} is in this database with another content; "
                "delete it there first, or keep it"
            )


def _same(kept: tuple[str, dict[str, Any]], record: Record, addresses: Collection[str]) -> bool:
    """Whether the database has what the record says, whatever may differ left aside."""
    if record.what == "end":
        return kept[0] == "end"  # the chains and links have been compared one by one
    if record.what == "ruling" and kept[0] == "ruling" and record.fields["undone_at"] is None:
        return {**kept[1], "undone_at": None} == record.fields  # it may have been undone here since
    return _own(*kept, ()) == _own(record.what, record.fields, addresses)


def _own(what: str, fields: dict[str, Any], addresses: Collection[str]) -> tuple[str, dict[str, Any]]:
    """A record without what may differ between two databases that hold the same run."""
    own = dict(fields)
    for name in ("error", "endpoint"):
        if name in own:
            own[name] = without_addresses(addresses, own[name])
    if what == "run":
        del own["note"]
        own["prompts"] = prompts_from(own["prompts"])
        config = config_from(own["config"])
        own["config"] = _each_model(config, lambda choice: replace(choice, api_base=None, endpoint=None))
    return what, own
