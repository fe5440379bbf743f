"""Asks a library's page from many clients: python benchmarks/library/page.py LIBRARY

Starts `serve` on a free port. Each client asks one search after the other, of the queries in turn,
with a pause between an answer and the next question. Printed are the requests, those that failed,
and percentiles of their time.
"""

import argparse
import asyncio
import csv
import pathlib
import re
import signal
import subprocess
import sys
import time

import httpx

QUERIES = pathlib.Path(__file__).with_name("queries.csv")


def main() -> None:
    """Serves, asks and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("library")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds before the next question")
    parser.add_argument("--queries", type=pathlib.Path, default=QUERIES, help="a CSV with `query`")
    given = parser.parse_args()
    with given.queries.open(newline="") as file:
        queries = [row["query"] for row in csv.DictReader(file)]
    command = [sys.executable, "-um", "motext_jax.serve", f"--library={given.library}", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            lines = iter(server.stdout or ())
            said = next((line for line in lines if "http://" in line), "")
            found = re.search(r"http://\S+", said)
            if not found:
                sys.exit("the page has not begun; its reason is above")
            times, failed = asyncio.run(ask(found[0], queries, given))
        finally:
            server.send_signal(signal.SIGINT)
    times.sort()
    print("| clients | seconds | pause | requests | failed | p50 ms | p95 ms | p99 ms |")
    print("|---|---|---|---|---|---|---|---|")
    shares = " | ".join(f"{1000 * percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99))
    print(
        f"| {given.clients} | {given.seconds:g} | {given.pause:g} | {len(times) + len(failed)} "
        f"| {len(failed)} | {shares} |"
    )
    for reason in sorted(set(failed)):
        print(f"failed, {failed.count(reason)} times: {reason}")


async def ask(
    address: str, queries: list[str], given: argparse.Namespace
) -> tuple[list[float], list[str]]:
    """Seconds of each answer, and the reasons of those that failed."""
    times, failed = [], []
    limits = httpx.Limits(max_connections=given.clients, max_keepalive_connections=given.clients)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as browser:
        await browser.get("api/search", params={"query": queries[0]})
        end = time.monotonic() + given.seconds

        async def client(number: int) -> None:
            # Clients do not begin all at the same moment.
            await asyncio.sleep(given.pause * number / given.clients)
            turn = number
            while time.monotonic() < end:
                began = time.monotonic()
                text = queries[turn % len(queries)]
                try:
                    answer = await browser.get("api/search", params={"query": text})
                    answer.raise_for_status()
                    answer.json()["answers"]
                except (httpx.HTTPError, KeyError, ValueError) as error:
                    failed.append(f"{type(error).__name__} {error}")
                else:
                    times.append(time.monotonic() - began)
                turn += 1
                await asyncio.sleep(given.pause)

        await asyncio.gather(*map(client, range(given.clients)))
    return times, failed


def percentile(ordered: list[float], share: float) -> float:
    """The value that so large a share is at most; nan of none."""
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


if __name__ == "__main__":
    main()
