"""Knows how to run one process of a CI job: clean environment, own group, bounded time, masked output."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

DEFAULT_TIMEOUT = 300.0  # seconds
MAX_LOG = 1_000_000  # characters kept of one step
MAX_LINE = 65_536
_POLL = 0.05
_HEREDOC = re.compile(r"(?P<name>[^=<\s]+)<<(?P<end>.+)")
_SHELLS: Mapping[str, tuple[str, ...]] = {
    "": ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail"),
    "bash": ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail"),
    "sh": ("sh", "-e"),
    "python": ("python",),
}


class StepFailed(Exception):
    """Why a step did not succeed, in words for its log."""


class StepExited(StepFailed):
    """A program ended with something else than zero."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Process completed with exit code {code}.")
        self.code = code


class StepTimedOut(StepFailed):
    """It took longer than it may."""


class StepStopped(StepFailed):
    """Someone ended it, or the whole sandbox is stopping."""


@dataclass(slots=True)
class Log:
    """Where the words of a step go, without the secrets in them."""

    write: Callable[[str], None]
    mask: str = "***"
    hides_on_command: bool = True  # `::add-mask::` on a line of its own, as GitHub's runner takes it
    secrets: set[str] = field(default_factory=set)
    length: int = 0

    def hide(self, values: Iterable[str]) -> None:
        """Never show these, nor any line of them."""
        self.secrets |= {line.strip() for value in values for line in value.splitlines() if line.strip()}

    def say(self, text: str) -> None:
        """One piece of the log, cut when the whole is too long."""
        if self.length > MAX_LOG:
            return
        masked = self.masked(text)
        self.length += len(masked)
        self.write(masked if self.length <= MAX_LOG else "... the log is cut here: it is too long\n")

    def masked(self, text: str) -> str:
        """The text with the mask for each secret."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, self.mask)
        return text


@dataclass(frozen=True, slots=True)
class Limits:
    """When a process must end."""

    timeout: float = DEFAULT_TIMEOUT
    stop: threading.Event = field(default_factory=threading.Event)


def clean_environment(home: Path) -> dict[str, str]:
    """What a step sees of this machine: the programs, this Python's first, and nothing else."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "CI": "true",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "DVC_NO_ANALYTICS": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INDEX": "1",  # what a job installs is at hand, or not to be had: nothing leaves this machine
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def run_script(  # noqa: PLR0913 - one process has this much to say
    script: str, *, shell: str, folder: Path, temporary: Path, environment: Mapping[str, str], log: Log, limits: Limits
) -> None:
    """Run a script as GitHub's runner does: from a file, by the shell that the step names. Raises `StepFailed`."""
    if shell not in _SHELLS:
        raise StepFailed(f"the sandbox has no shell {shell!r}; it has bash, sh and python")
    if not folder.is_dir():
        raise StepFailed(f"the working directory {folder.name!r} does not exist")
    file = temporary / f"script{'.py' if shell == 'python' else '.sh'}"
    file.write_text(script, encoding="utf-8")
    run_process([*_SHELLS[shell], str(file)], folder=folder, environment=environment, log=log, limits=limits)


def run_process(
    arguments: list[str], *, folder: Path, environment: Mapping[str, str], log: Log, limits: Limits
) -> None:
    """Run a program to its end, or to ours: nothing it started outlives it. Raises `StepFailed`."""
    with subprocess.Popen(
        arguments,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        if process.stdout is None:
            raise AssertionError(arguments)
        reader = threading.Thread(target=_read, args=(process.stdout, log), daemon=True)
        reader.start()
        try:
            code = _wait(process, limits)
        finally:
            _kill_group(process)
            reader.join()
    if code:
        raise StepExited(code)


def _wait(process: subprocess.Popen[bytes], limits: Limits) -> int:
    waited = 0.0
    while waited < limits.timeout:
        try:
            return process.wait(_POLL)
        except subprocess.TimeoutExpired:
            waited += _POLL
        if limits.stop.is_set():
            raise StepStopped("The sandbox is stopping.")
    raise StepTimedOut(f"The step took longer than {limits.timeout:g} seconds and was ended.")


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # nothing is left of it
        os.killpg(process.pid, signal.SIGKILL)


def _read(pipe: BinaryIO, log: Log) -> None:
    while line := pipe.readline(MAX_LINE):
        text = line.decode(errors="replace")
        if log.hides_on_command and text.startswith("::add-mask::"):
            log.hide([text.removeprefix("::add-mask::")])
        else:
            log.say(text)


def read_assignments(file: Path) -> dict[str, str]:
    """What a step wrote to `$GITHUB_OUTPUT` or `$GITHUB_ENV`: `name=value`, or `name<<END` and lines.

    Raises `StepFailed`.
    """
    found: dict[str, str] = {}
    lines = iter(file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else ())
    for line in lines:
        if heredoc := _HEREDOC.fullmatch(line):
            found[heredoc["name"]] = _until(heredoc["end"], lines)
        elif "=" in line:
            name, _, value = line.partition("=")
            found[name.strip()] = value
        elif line.strip():
            raise StepFailed(f"Unable to process file command: {line!r} is not name=value.")
    return found


def _until(end: str, lines: Iterable[str]) -> str:
    collected: list[str] = []
    for line in lines:
        if line == end:
            return "\n".join(collected)
        collected.append(line)
    raise StepFailed(f"Unable to process file command: {end!r} never came.")
