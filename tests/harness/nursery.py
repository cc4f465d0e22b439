"""Where bots are born: a process that has imported all that one needs, and forks one at a word.

Each is a process of its own that is killed for real; only what its interpreter would do first, for two seconds of a
processor, was done once.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from waiting import until


class Born:
    """A bot that runs, or has ended."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self._nursery = nursery
        self.pid = pid
        self._looking = threading.Lock()  # a bot is killed by whichever thread of the forge it asked
        self._code: int | None = None

    def poll(self) -> int | None:
        """How it ended, as `subprocess` tells it; None while it runs."""
        with self._looking:
            if self._code is None:
                self._code = self._nursery.ask({"ended": self.pid})
            return self._code

    def send_signal(self, number: int) -> None:
        """It need not know what befalls it."""
        if self.poll() is None:  # until then nobody else can have its number
            os.kill(self.pid, number)

    def wait(self, patience: float) -> int:
        """How it ended."""
        until(lambda: self.poll() is not None, patience=patience, otherwise=f"process {self.pid} does not end")
        return self._code or 0


class Nursery:
    """The process, as a test sees it."""

    def __init__(self) -> None:
        self._talking = threading.Lock()
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "harness.nursery", str(theirs.fileno())]
        self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()])
        theirs.close()
        self._line = ours.makefile("rw", encoding="utf-8")
        ours.close()

    def born(self, settings: Mapping[str, str], *, log: Path, words: Sequence[str] = ("serve",)) -> Born:
        """A bot with these settings, which writes there whatever it says; the words are those of its command line."""
        number = self.ask({"settings": dict(settings), "log": str(log), "words": list(words)})
        assert number is not None
        return Born(self, number)

    def ask(self, words: Mapping[str, object]) -> int | None:
        with self._talking:
            self._line.write(json.dumps(words) + "\n")
            self._line.flush()
            answer: int | None = json.loads(self._line.readline())
        return answer

    def close(self) -> None:
        """It ends when nobody talks to it any more."""
        self._line.close()
        self._process.wait()


@cache
def nursery() -> Nursery:
    """The one of this process of the tests."""
    made = Nursery()
    atexit.register(made.close)
    return made


def raise_bots(line: int) -> list[str]:
    """Fork a bot whenever it is asked for; in the fork it returns the words of its command line."""
    with socket.socket(fileno=line) as talking, talking.makefile("rw", encoding="utf-8") as said:
        while line_said := said.readline():
            asked = json.loads(line_said)
            if "ended" in asked:
                number, code = os.waitpid(asked["ended"], os.WNOHANG)
                answer = os.waitstatus_to_exitcode(code) if number else None
            else:
                answer = os.fork()
                if not answer:
                    break
            said.write(json.dumps(answer) + "\n")
            said.flush()
        else:
            os._exit(0)
    os.environ.update(asked["settings"])
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    words: list[str] = asked["words"]
    return words


if __name__ == "__main__":
    from reconcile import a_job
    from registrar.__main__ import main
    from registrar.forges import github, gitlab
    from registrar.handlers import commands, deploy, hooks, landed, pull_request, queue, runs, sweep, tagging
    from registrar.web import server

    ALL = (github, gitlab, commands, deploy, hooks, landed, pull_request, queue, runs, sweep, tagging, server)
    command, *words = raise_bots(int(sys.argv[1]))
    sys.exit(a_job.run(*words) if command == "reconcile" else main([command, *words]))
