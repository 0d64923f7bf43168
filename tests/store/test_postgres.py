"""What is particular about a database on a PostgreSQL server. What the store promises is tested on both kinds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from stored_runs import small_run

from rsa_viz.core.errors import RunHeld, SchemaFromFuture, StoreUnavailable
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store, postgres_server
from rsa_viz.store.migrations import LATEST
from tests import processes
from tests.servers.postgres_server import PostgresCluster


def test_a_new_database_is_at_the_latest_schema_and_is_found_so(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    with Store(address) as store:
        run = small_run(store)
        with store.database.read() as connection:
            versions = connection.execute(text("SELECT version FROM schema_version ORDER BY version")).scalars().all()
        assert versions == list(range(1, LATEST + 1))
    with Store(address) as again:
        assert again.run(run.id) == run


def test_many_that_open_an_empty_database_at_once_all_succeed(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(lambda _: Store(address), range(8)))
    assert [store.count_runs() for store in stores] == [0] * 8
    for store in stores:
        store.close()


def test_of_many_that_claim_a_run_at_once_one_gets_it(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    with Store(address) as store:
        run = small_run(store)

        def claim(number: int) -> bool:
            with Store(address) as own:
                try:
                    own.claim(run.id, f"elsewhere:{number}:aaaa")
                except RunHeld:
                    return False
                return True

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(claim, range(1, 9))) == 1


def test_the_password_stands_in_no_place_and_no_error(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    with Store(address) as store:
        assert "no-secret" not in str(store.path)
    for wrong in (address.replace("/runs_", "/nowhere_"), "postgresql://me:no-secret@127.0.0.1:1/runs"):
        with pytest.raises(StoreUnavailable) as refused:
            Store(wrong)
        assert "no-secret" not in str(refused.value)
        assert "cannot open the database postgresql://" in str(refused.value)


def test_an_address_that_cannot_be_read_is_refused_without_being_shown() -> None:
    with pytest.raises(StoreUnavailable, match=r"write postgresql://user:password@host/database") as refused:
        Store("postgresql://me:no-secret@host:port/runs")
    assert "no-secret" not in str(refused.value)


def test_without_the_driver_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_server, "find_spec", lambda name: None)
    with pytest.raises(StoreUnavailable, match=r"psycopg\[binary\]"):
        Store("postgresql://me:no-secret@host/runs")


def test_a_reader_makes_nothing_and_changes_nothing(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    with pytest.raises(StoreUnavailable, match="open it writable once"):
        Store(address, read_only=True)
    with Store(address) as store:
        run = small_run(store)
    with Store(address, read_only=True) as reader:
        assert reader.run(run.id) == run
        with pytest.raises(StoreUnavailable, match="read only"):
            reader.set_note(run.id, "changed")


def test_a_database_from_the_future_is_refused(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    with Store(address) as store, store.database.write() as connection:
        connection.execute(text(f"INSERT INTO schema_version VALUES ({LATEST + 1}, 'x', 0)"))
    with pytest.raises(SchemaFromFuture, match="update rsa_viz"):
        Store(address)


def test_an_open_database_that_a_newer_rsa_viz_upgrades_is_neither_read_nor_written_any_more(
    cluster: PostgresCluster,
) -> None:
    address = cluster.new_database()
    with Store(address) as store, Store(address) as newer:
        run = small_run(store)
        with newer.database.write() as connection:
            connection.execute(text(f"INSERT INTO schema_version VALUES ({LATEST + 1}, 'x', 0)"))
        for use in (lambda: store.set_note(run.id, "no"), store.runs):
            with pytest.raises(SchemaFromFuture, match="cannot be used any more"):
                use()


def test_the_command_line_runs_on_a_server(cluster: PostgresCluster, tmp_path: Path) -> None:
    address = cluster.new_database()
    ran = processes.run("run", "--model", "synthetic/fast", "-N", "4", "-K", "2", "-T", "2", RSA_VIZ_DB=address)
    assert ran.returncode == 0, ran.stderr
    told = processes.last_json(ran)
    with Store(address) as store:
        assert store.run(str(told["run_id"])).status is RunStatus.DONE
        assert len(store.chains(str(told["run_id"]), text=True)) == 8
    assert "no-secret" not in ran.stdout + ran.stderr
