"""One process under load: 256 calls in flight over four endpoints, and eight viewers of a live run.

    python -m benchmarks.load [--quick] [--minutes 10] [--latency 6] [--viewers 8] [--only traffic|viewers|reading]

Traffic: four servers, each a process of its own, stream answers of lognormal length (mean --latency seconds, sigma 0.6)
to runs of 16 × 10 that this process drives through judges and database, 64 calls at a time on each. Resident memory is
read every few seconds; its slope is a least-squares line through the second half, when every cache has filled.
Nothing that the servers say comes from a language model.

Viewers: the app, as its users start it, drives one run of 64 × 10 with 64 calls at a time itself. Viewers speak a
browser's protocol with it and draw nothing (see _viewers): so many look on at the live board, and another one opens
page after page. "alone" is that one while nothing runs and nobody looks on.

Reading: the processor time that an answer costs by the number of its tokens, each streamed as a piece of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks._viewers import opened, opened_beside
from pages.parts.registry import PAGES
from rsa_viz.core.prompts import Messages
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.llm.endpoints import FILE_VARIABLE, Endpoint
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.app_server import headless_chromium, running_app
from tests.servers.openai_server import ServerProcess

ENDPOINTS = 4
PLACES = 64  # calls in flight on each endpoint
N, K, T = 16, 4, 10
LIVE_LATENCY_S = 20.0  # of the run that is watched: its 640 calls take some minutes
OPENED = ("run", "population", "genealogy", "chain", "runs")  # by the one who comes to them


def resident_mib() -> float:
    """This process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def slope(points: list[tuple[float, float]]) -> float:
    """Of the least-squares line through (x, y)."""
    mean_x, mean_y = (statistics.fmean(column) for column in zip(*points, strict=True))
    across = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / across if across else 0.0


def traffic(minutes: float, latency: float) -> None:
    """Drive for so long, and say every so often how far it is."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        servers = [
            closing.enter_context(ServerProcess("--latency", f"lognormal:{latency}:0.6", "--seed", str(number)))
            for number in range(ENDPOINTS)
        ]
        endpoints = [
            Endpoint(f"gpu{number}", "openai/test-model", f"Server {number}", server.address, concurrency=PLACES)
            for number, server in enumerate(servers)
        ]
        store = Store(Path(folder) / "runs.db")
        service = Service(store, endpoints)
        enough = 1.3 * 60 * minutes * PLACES / latency / (N * T) + 6  # runs that keep an endpoint busy for so long
        problems = find_task("program").problems()
        run_ids = []
        for number in range(round(enough)):
            for endpoint in endpoints:
                config = RunConfig(
                    ModelChoice(endpoint.model, endpoint=endpoint.name), n=N, k=K, t=T, seed=number, concurrency=PLACES
                )
                run_ids.append(service.create(problems[number % len(problems)], config).id)
        print(f"{len(run_ids)} runs of {N} × {T} planned on {ENDPOINTS} endpoints of {PLACES} places", flush=True)
        print(" time  calls ended  calls/s  in flight  CPU ms/call  RSS MiB")
        begun, cpu = time.monotonic(), time.process_time()
        crew = service.start_all(run_ids)
        every = max(2.0, 60 * minutes / 20)
        seen: list[tuple[float, float]] = []
        while (passed := time.monotonic() - begun) < 60 * minutes and not crew.going.done():
            time.sleep(every)
            passed = time.monotonic() - begun
            runs = [store.run(run_id) for run_id in run_ids]
            done = sum(run.done + run.failed for run in runs)
            in_flight = sum(len(store.in_flight(run.id)) for run in runs if run.owner)
            seen.append((passed / 60, resident_mib()))
            ms = 1000 * (time.process_time() - cpu) / max(done, 1)
            rate = done / passed
            print(
                f"{passed:4.0f} s  {done:10,}  {rate:7.1f}  {in_flight:9}  {ms:11.1f}  {seen[-1][1]:7.1f}", flush=True
            )
        crew.end("stop")
        crew.going.result(60)
        ended = [store.run(run_id) for run_id in run_ids]
        served = [server.log() for server in servers]
        service.close()
    failed = sum(run.failed for run in ended)
    most = [log["most_in_flight"] for log in served]
    second_half = seen[len(seen) // 2 :]
    rise = slope(second_half)
    print(f"most in flight at the servers: {' + '.join(map(str, most))} = {sum(most)}; failed calls: {failed}")
    grown = second_half[-1][1] - second_half[0][1]
    print(f"memory in the second half: {grown:+.1f} MiB, {rise:+.2f} MiB a minute; {rise / ENDPOINTS:+.2f} an endpoint")


def reading(calls: int) -> None:
    """What reading answers costs, without engine, judge and database; the best of three rounds."""
    from rsa_viz.llm.gateway import Gateway

    async def cost(address: str) -> float:
        gateway = Gateway(ModelChoice("openai/test-model", api_base=address), api_key="none", timeout_s=60.0)

        async def read(seed: int) -> None:
            asked: Messages = ({"role": "user", "content": "Say so."},)
            await gateway.complete(asked, temperature=1.0, max_tokens=10_000, seed=seed, on_text=lambda *_: None)

        await read(0)
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            for first in range(0, calls, 8):
                await asyncio.gather(*map(read, range(first, first + 8)))
            best = min(best, 1000 * (time.process_time() - begun) / calls)
        await gateway.aclose()
        return best

    found: dict[int, float] = {}
    for tokens in (20, 500, 2000):
        with ServerProcess("--tokens", str(tokens)) as server:
            found[tokens] = asyncio.run(cost(server.address))
        print(f"an answer of {tokens:5,} pieces: {found[tokens]:6.1f} ms of CPU", flush=True)
    print(f"a piece: {(found[2000] - found[20]) / 1980:.3f} ms, {1_980_000 / (found[2000] - found[20]):,.0f} a second")


def told(name: str, times: list[float]) -> None:
    """A distribution as one line."""
    at = statistics.quantiles(times, n=10, method="inclusive")
    within = sum(one <= 1 for one in times) / len(times)
    print(
        f"{name:22}  median {at[4]:.2f} s, 90 % {at[8]:.2f} s, longest {max(times):.2f} s; "
        f"{within:.0%} of {len(times)} within a second",
        flush=True,
    )


def viewers(rounds: int, watching: int) -> None:
    """Open pages alone, then while a run goes on and others watch it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        server = closing.enter_context(ServerProcess("--latency", f"lognormal:{LIVE_LATENCY_S}:0.6"))
        file = Path(folder) / "endpoints.toml"
        file.write_text(
            f'[endpoints.lab]\nmodel = "openai/test-model"\napi_base = "{server.address}"\nconcurrency = {PLACES}\n'
        )
        os.environ[FILE_VARIABLE] = str(file)
        database = Path(folder) / "runs.db"
        with Store(database) as store:
            choice = ModelChoice("openai/test-model", endpoint="lab")
            config = RunConfig(choice, n=PLACES, k=K, t=T, concurrency=PLACES)
            run_id = Service(store).create(find_task("program").problems()[0], config).id
            app = closing.enter_context(running_app(Path(folder), database=database))
            pages = [f"{app.url}{kind.url}?run={run_id}&t=1&chain=1.1" for kind in PAGES if kind.name in OPENED]
            opened(pages)  # imports and caches
            told("alone", opened(pages * rounds))
            start(f"{app.url}/?run={run_id}")
            while store.run(run_id).done < PLACES:
                time.sleep(1)  # the model library is loaded by then, and the first generation has ended
            times, looks = opened_beside(pages * rounds, f"{app.url}/?run={run_id}", watching)
            run = store.run(run_id)
            assert run.owner, "the run had ended: the numbers are not of a live run"
            told(f"beside {watching} viewers", times)
            told("a viewer's refresh", looks)
            print(f"{run.done:,} calls had ended by then, {run.failed} failed")


def start(address: str) -> None:
    """Start the run on its page, as a presenter does, and close the browser."""
    with headless_chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.get_by_role("button", name="Start", exact=True).click()
        page.get_by_role("button", name="Pause", exact=True).wait_for()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="half a minute of traffic, two rounds of pages")
    parser.add_argument("--minutes", type=float, default=10.0, help="of traffic (default: %(default)s)")
    parser.add_argument(
        "--latency", type=float, default=6.0, help="mean seconds a call of the traffic (default: %(default)s)"
    )
    parser.add_argument("--only", choices=("traffic", "viewers", "reading"), default=None)
    parser.add_argument("--viewers", type=int, default=8, help="that look on (default: %(default)s)")
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if options.only in (None, "reading"):
        reading(16 if options.quick else 64)
    if options.only in (None, "traffic"):
        traffic(0.5 if options.quick else options.minutes, 4.0 if options.quick else options.latency)
    if options.only in (None, "viewers"):
        viewers(2 if options.quick else 6, options.viewers)


if __name__ == "__main__":
    main()
