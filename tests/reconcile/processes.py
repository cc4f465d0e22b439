"""A run as a process of its own, which can be killed and frozen at any moment."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from harness.nursery import Born, nursery
from registrar.serverless.turn import Pace
from stories.places import REGISTRY
from stories.town import Town

PATIENCE = 120.0  # on a machine that does much else


class Job:
    """One run after the other in one town, as jobs of a pipeline would be."""

    def __init__(self, town: Town, pace: Pace, *words: str) -> None:
        self.kills = 0
        self._words = ["reconcile", json.dumps(asdict(pace)), *words]
        self._log = town.root / f"job-{id(self)}.log"
        self._settings = {
            "REGISTRAR_FORGE": town.side.dialect,
            "REGISTRAR_FORGE_URL": town.sandbox.url,
            "REGISTRAR_REPOSITORY": REGISTRY,
            "REGISTRAR_TOKEN": town.tokens["registrar-bot"],
        }
        self._process: Born | None = None

    def start(self) -> None:
        """A run that knows nothing of the one before."""
        self._process = nursery().born(self._settings, log=self._log, words=self._words)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def again(self) -> None:
        """Start one where none is running, as a schedule does. Whoever ends by itself says why."""
        if not self.is_running:
            assert self._process is None or self._process.poll() in {0, 1, -signal.SIGKILL}, self.said
            self.start()

    def kill(self) -> None:
        """No process can know that this is about to happen to it."""
        if self._process is not None and self.is_running:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(PATIENCE)
            self.kills += 1

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> int:
        """Wait for it; how it ended."""
        assert self._process is not None
        return self._process.wait(PATIENCE)

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""


@contextmanager
def jobs(town: Town, count: int, pace: Pace, *words: str) -> Iterator[list[Job]]:
    """So many at a time, of which none is left."""
    found = [Job(town, pace, *words) for _ in range(count)]
    try:
        yield found
    finally:
        for job in found:
            job.kill()
