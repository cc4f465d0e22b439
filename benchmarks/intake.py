"""Knows how fast a signed webhook is on disk beside a server that only proves it and writes one row.

Half as fast is promised. The faster of two such servers counts: one commits each row by itself, the other many at once.
"""  # noqa: INP001 - a script

import argparse
import asyncio
import gzip
import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bare_server import SECRET  # type: ignore[import-not-found] # it is found beside the script that runs

CONNECTIONS = 32
STEADY = 200  # webhooks a second, for the delays
PROMISED_RATIO, PROMISED_P99, PROMISED_GROWTH = 0.5, 0.050, 1.10
SERVERS = {
    "registrar": "the bot's door",
    "registrar-working": "  while it works on what came in",
    "bare": "HMAC and one row, one commit for each",
    "bare-grouped": "HMAC and one row, one commit for many",
}


def main() -> int:
    """Print the rates, the ratio, the delays and the memory; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--events", type=int, default=10_000, help="webhooks in the longest run")
    arguments = parser.parse_args()
    figures = _measured(arguments.events)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n" if arguments.json else _text(figures))
    return 0 if all(figures["kept"].values()) else 1


def _measured(events: int) -> dict[str, dict[str, float]]:
    few = max(events // 5, 100)
    rates: dict[str, float] = dict.fromkeys(SERVERS, 0.0)
    for _ in range(2):  # in turn, so that whatever else the machine does befalls all of them
        for name in SERVERS:
            with _served(name) as (port, _):
                _run(port, few // 4)  # warm
                rates[name] = max(rates[name], few / _run(port, few).seconds)
    with _served("registrar") as (port, process):
        _run(port, few)
        before = _memory(process)
        _run(port, events)
        after = _memory(process)
        delays = sorted(_run(port, STEADY * 10, a_second=STEADY).delays)
    ratio = rates["registrar"] / max(rates["bare"], rates["bare-grouped"])
    p99, growth = delays[int(len(delays) * 0.99)], after / before
    return {
        "webhooks a second": rates,
        "figures": {"ratio": ratio, "p99": p99, "median": delays[len(delays) // 2], "growth": growth, "memory": after},
        "kept": {"ratio": ratio >= PROMISED_RATIO, "p99": p99 < PROMISED_P99, "growth": growth < PROMISED_GROWTH},
    }


def _text(measured: Mapping[str, Mapping[str, float]]) -> str:
    rates, figures = measured["webhooks a second"], measured["figures"]
    lines = [
        f"{'bytes of a webhook':40} {len(_BODY):8}",
        *(f"{SERVERS[name]:40} {rate:8.0f} /s" for name, rate in rates.items()),
    ]
    return "\n".join(
        [
            *lines,
            f"{'ratio to the faster of the others':40} {figures['ratio']:8.2f}    at least {PROMISED_RATIO} promised",
            f"{f'p99 at {STEADY}/s':40} {figures['p99'] * 1000:8.1f} ms below {PROMISED_P99 * 1000:.0f} promised",
            f"{f'median at {STEADY}/s':40} {figures['median'] * 1000:8.1f} ms",
            f"{'memory after all, MiB':40} {figures['memory'] / 2**20:8.1f}",
            f"{'  to that before the longest run':40} {figures['growth']:8.2f}    below {PROMISED_GROWTH} promised",
            "",
        ]
    )


@contextmanager
def _served(name: str) -> Iterator[tuple[int, int]]:
    """A server of its own process and its own empty database: its port, and its number."""
    with TemporaryDirectory() as folder:
        script = Path(__file__).with_name("bare_server.py")
        command = [sys.executable, str(script), name, folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield int(process.stdout.readline() if process.stdout else 0), process.pid
            finally:
                process.terminate()


def _memory(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


class Run:
    """How long a run took, and how long each of its webhooks."""

    def __init__(self, seconds: float, delays: Sequence[float]) -> None:
        self.seconds = seconds
        self.delays = delays


def _run(port: int, count: int, *, a_second: float | None = None) -> Run:
    return asyncio.run(_sent(port, count, a_second))


async def _sent(port: int, count: int, a_second: float | None) -> Run:
    """As fast as the answers come over so many connections, or at a steady rate whether they come or not."""
    delays: list[float] = []
    start = time.perf_counter()
    numbers = iter(range(count))

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            due = start + number / a_second if a_second else time.perf_counter()
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            writer.write(_webhook(number))
            await _accepted(reader)
            delays.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return Run(time.perf_counter() - start, delays)


async def _accepted(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 202"):
        raise RuntimeError(head.decode())
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))


def _webhook(number: int) -> bytes:
    head = (
        f"POST /webhooks/github HTTP/1.1\r\nHost: bot\r\nX-GitHub-Event: pull_request\r\n"
        f"X-GitHub-Delivery: {time.time_ns()}-{number}\r\nX-Hub-Signature-256: {_SIGNATURE}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(_BODY)}\r\n\r\n"
    )
    return head.encode() + _BODY


def _body() -> bytes:
    """What GitHub publishes as an example of a push to a pull request, without one repository that it repeats."""
    schemas = Path(__file__).parents[1] / "tests" / "forges" / "schemas"
    examples = json.loads(gzip.decompress((schemas / "github-webhook-examples.json.gz").read_bytes()))
    payload = next(
        found for event, found in examples if (event, found.get("action")) == ("pull_request", "synchronize")
    )
    del payload["pull_request"]["base"]["repo"]
    payload["repository"]["full_name"] = "acme/registry"
    return json.dumps(payload).encode()


_BODY = _body()
_SIGNATURE = "sha256=" + hmac.new(SECRET.encode(), _BODY, hashlib.sha256).hexdigest()

if __name__ == "__main__":
    sys.exit(main())
