"""Knows how to run git so that neither the host's settings nor a hostile value changes what it does."""

import base64
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from registrar.errors import ForgeUnavailable, RegistrarError

LOCAL_TIMEOUT = 120.0
NETWORK_TIMEOUT = 600.0

_CHUNK = 1024 * 1024

_KEPT = frozenset(
    {
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSL_CAINFO",
        "GIT_SSL_CAPATH",
    },
)
_SET = {
    "GIT_ASKPASS": "",  # empty: ask nobody, whatever the host configures
    "GIT_GRAFT_FILE": os.devnull,  # a history is what its commits say, as with replaced objects
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_PINNED = {
    "commit.gpgSign": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "fetch.recurseSubmodules": "no",
    "gc.autoDetach": "false",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
    "i18n.logOutputEncoding": "UTF-8",
    "log.follow": "false",
    "log.showRoot": "true",
    "log.showSignature": "false",
    "maintenance.autoDetach": "false",
    "push.followTags": "false",
    "push.gpgSign": "false",
    "push.pushOption": "",
    "push.recurseSubmodules": "no",
    "push.useForceIfIncludes": "false",
    "trailer.separators": ":",
}
_USERINFO = re.compile(r"(?<=://)[^/@\s'\"]*@")
_UNPRINTABLE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who git is to an HTTP server; the token never reaches an argument, a URL, a message or another server."""

    username: str
    token: str = field(repr=False)
    homes: tuple[str, ...] = ()  # the servers that may be told it

    @classmethod
    def of_token(cls, token: str, homes: tuple[str, ...]) -> "Credentials":
        """Those of whoever has a token of a forge's: both forges take any name, and look at the token alone."""
        return cls("x-access-token", token, homes)

    def header(self) -> str:
        """The HTTP header that carries them."""
        pair = base64.b64encode(f"{self.username}:{self.token}".encode()).decode()
        return f"Authorization: Basic {pair}"

    def redacted(self, text: str) -> str:
        """The text with the token in no form left in it."""
        for secret in (self.token, self.header().rsplit(" ", 1)[1]):
            text = text.replace(secret, "***") if secret else text
        return text


class GitFailed(RegistrarError):
    """Git ran and said no; the message is its own first complaint."""

    def __init__(self, arguments: Sequence[str], code: int, complaint: str, *, output: bytes = b"") -> None:
        self.code = code
        self.complaint = complaint
        self.output = output
        verb = next((argument for argument in arguments if not argument.startswith("-")), "")
        super().__init__(f"git {verb} failed: {self.reason or f'exit code {code}'}")

    @property
    def reason(self) -> str:
        """The first line that tells what went wrong."""
        lines = [line.strip() for line in self.complaint.splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
        return next(iter(telling or lines), "").removeprefix("fatal: ").removeprefix("error: ")[:300]


def run_git(
    directory: Path,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = LOCAL_TIMEOUT,
) -> bytes:
    """What git prints. No prompt, hook, signature or terminal; the whole family of processes ends at the timeout."""
    with _started(directory, arguments, _environment(settings or {}) | dict(environment or {})) as process:
        out, complaint = _finished(process, timeout=timeout)
    if process.returncode:
        raise GitFailed(arguments, process.returncode, redacted(complaint.decode(errors="replace")), output=out)
    return out


def stream_git(directory: Path, *arguments: str) -> Iterator[bytes]:
    """What a local git command prints, bit by bit: for what is too large to be held. Git ends with its reader.

    Raises `GitFailed` where it ends too early.
    """
    with TemporaryFile() as complaints:  # a pipe that nobody reads would stop git when it is full
        with _started(directory, arguments, _environment({}), complaints=complaints) as process:
            try:
                while process.stdout is not None and (chunk := process.stdout.read(_CHUNK)):
                    yield chunk
                process.wait()
            finally:
                _end(process)
        if process.returncode:
            complaints.seek(0)
            raise GitFailed(arguments, process.returncode, redacted(complaints.read().decode(errors="replace")))


def git_configuration(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings of git as variables of its environment: in no file, and in no argument that others could read."""
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        numbered[f"GIT_CONFIG_KEY_{number}"] = key
        numbered[f"GIT_CONFIG_VALUE_{number}"] = value
    return numbered


def redacted(text: str) -> str:
    """The text without names and passwords in URLs and without terminal control sequences."""
    return _UNPRINTABLE.sub("", _USERINFO.sub("", text))


def _started(
    directory: Path, arguments: Sequence[str], environment: Mapping[str, str], *, complaints: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", *arguments],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints or subprocess.PIPE,
            pipesize=_CHUNK,  # where the system lets it be so large: fewer turns between git and its reader
            start_new_session=True,  # no terminal to prompt on, and one group to end
        )
    except FileNotFoundError as error:
        raise RegistrarError(_cannot_start(directory)) from error


def _finished(process: subprocess.Popen[bytes], *, timeout: float) -> tuple[bytes, bytes]:
    try:
        return process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        _end(process)
        message = f"git did not finish within {timeout:g} s; try again, or see whether the network is slow"
        raise ForgeUnavailable(message) from error
    except BaseException:
        _end(process)
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _cannot_start(directory: Path) -> str:
    if not directory.is_dir():
        return f"{directory} is not a folder; is the clone still there?"
    return "git is not installed; install git 2.30 or newer and try again"


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    return {**kept, **_SET, **git_configuration({**_PINNED, **settings})}
