"""The real bot as a process of its own, which can be killed at any moment and started again."""

import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from harness.nursery import Born, nursery
from loopback import PLAIN
from stories.places import APPLICATION, REGISTRY
from stories.town import SECRET, Town
from waiting import until

PATIENCE = 120.0  # on a machine that does much else


class Served:
    """`registrar serve` for a town: what it remembers lies in its folder, and lives longer than the process."""

    def __init__(self, town: Town, state: Path, settings: Mapping[str, str] | None = None) -> None:
        self.port = a_free_port()
        self.kills = 0
        self._log = town.root / f"{state.name}.log"
        self._settings = {
            "REGISTRAR_FORGE": town.side.dialect,
            "REGISTRAR_FORGE_URL": town.sandbox.url,
            "REGISTRAR_REPOSITORY": REGISTRY,
            "REGISTRAR_TOKEN": town.tokens["registrar-bot"],
            "REGISTRAR_WEBHOOK_SECRET": SECRET,
            "REGISTRAR_STATE_DIR": str(state),
            "REGISTRAR_PORT": str(self.port),
            **(settings or {}),
        }
        self._process: Born | None = None

    def start(self) -> None:
        """A new process, which need not answer yet."""
        self._process = nursery().born(self._settings, log=self._log)

    def kill(self) -> None:
        """No process can know that this is about to happen to it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(PATIENCE)
            self.kills += 1

    def revive(self) -> None:
        """Start it again if it was killed. Whoever ends by itself has failed."""
        code = self._process.poll() if self._process is not None else None
        if code is not None:
            assert code < 0, self.said
            self.start()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            ended = self._process.wait(PATIENCE)
            assert ended in {0, -signal.SIGTERM}, self.said  # the latter: it had not even begun to listen

    @property
    def answers(self) -> bool:
        """Whether it is up; whoever has ended by itself has failed."""
        assert self._process is None or self._process.poll() is None, self.said
        try:
            return (
                httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5, verify=PLAIN).status_code
                == httpx.codes.OK
            )
        except httpx.TransportError:
            return False

    @property
    def said(self) -> str:
        """Everything that every process of it has logged."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""


@contextmanager
def served(town: Town) -> Iterator[Served]:
    """A bot that listens to a town, until the end of the block."""
    bot = Served(town, town.root / "bot")
    bot.start()
    try:
        until(lambda: bot.answers, patience=PATIENCE, otherwise="the bot does not answer")
        listen_to(town, bot)
        yield bot
        bot.stop()
    finally:
        bot.kill()


def listen_to(town: Town, bot: Served) -> None:
    """Have the forge tell the bot of everything, and hold the base until it says so."""
    for repository in (REGISTRY, APPLICATION):
        town.sandbox.add_webhook(repository, f"http://127.0.0.1:{bot.port}/webhooks/{town.side.dialect}", SECRET)
    town.protect(held=True)


def a_free_port() -> int:
    """Nobody listens there yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
