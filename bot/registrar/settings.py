"""Knows every setting, where it comes from, and what makes it unusable."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from registrar.errors import UsageError

_Value = TypeVar("_Value")

FORGES: Final = ("github",)
TOKENS: Final = ("REGISTRAR_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
GITHUB: Final = "https://github.com"

SETTINGS: Final[Mapping[str, str]] = {
    "REGISTRAR_FORGE": "The kind of forge that holds the registry: `github`, the default.",
    "REGISTRAR_FORGE_URL": "Its address. Default: what the address of `origin` says, else `https://github.com`.",
    "REGISTRAR_REPOSITORY": "The registry's repository, as `OWNER/NAME`. Default: what the address of `origin` says.",
    "REGISTRAR_BASE": "The branch that says what is true. Default: the forge's default branch.",
    "REGISTRAR_TOKEN": "The token that speaks to the forge and to git. Default: `GITHUB_TOKEN`, then `GH_TOKEN`.",
    "REGISTRAR_GIT_URL": "Where git reaches the repository, when it is not where the forge says.",
    "REGISTRAR_WEBHOOK_SECRET": "What signs the forge's webhooks; two, with a comma, while one replaces the other.",
    "REGISTRAR_STATE_DIR": "Where the server keeps its inbox and its mirror. Default: `~/.local/state/registrar`.",
    "REGISTRAR_HOST": "The address on which the server listens. Default: `127.0.0.1`.",
    "REGISTRAR_PORT": "The port on which the server listens. Default: `8080`.",
}

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)+")
_BRANCH = re.compile(r"(?!.*(?:\.\.|//|@\{|[\x00-\x20~^:?*\[\\\x7f]))[^/-].*(?<![/.])")
_SCP_ADDRESS = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>[^/].*)")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows itself: not in a log, a traceback or an error."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """Hand out the text, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Origin:
    """What the address of a git remote says about the forge behind it."""

    forge_url: str
    repository: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a checkout answers when neither an option nor the environment does."""

    origin: Origin | None = None
    base: str | None = None
    directory: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Which registry on which forge, and the token that opens it."""

    forge: str
    forge_url: str
    repository: str
    token: Secret
    base: str | None  # None: the forge's default branch
    git_url: str | None  # None: where the forge says
    directory: Path | None = None  # the checkout that a command runs in


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """The bot's settings, and what it needs to listen and to remember."""

    settings: Settings
    webhook_secrets: tuple[Secret, ...]  # never empty
    state_directory: Path
    host: str
    port: int


def from_environment(
    environment: Mapping[str, str], *, defaults: Defaults | None = None, given: Mapping[str, str] | None = None
) -> Settings:
    """Read what a command needs. Raises `UsageError` that names everything missing or wrong at once.

    `given` says of a variable by which option it was given, to call it by that name.
    """
    reader = _Reader(environment, given)
    settings = _settings(reader, defaults or Defaults())
    return reader.checked(settings)


def server_from_environment(
    environment: Mapping[str, str], *, given: Mapping[str, str] | None = None
) -> ServerSettings:
    """Read what the server needs, as `from_environment` does."""
    reader = _Reader(environment, given)
    server = ServerSettings(
        settings=_settings(reader, Defaults()),
        webhook_secrets=reader.secrets("REGISTRAR_WEBHOOK_SECRET"),
        state_directory=Path(reader.text("REGISTRAR_STATE_DIR", "~/.local/state/registrar")).expanduser(),
        host=reader.text("REGISTRAR_HOST", "127.0.0.1"),
        port=reader.parsed("REGISTRAR_PORT", port_of, "8080"),
    )
    return reader.checked(server)


def token_of(environment: Mapping[str, str]) -> Secret | None:
    """Find the token, for a command that works without one too. Raises `UsageError` when it cannot be a token."""
    if not any(environment.get(name, "").strip() for name in TOKENS):
        return None
    reader = _Reader(environment)
    return reader.checked(reader.token())


@contextmanager
def usable(given: str, *, mend: str) -> Iterator[None]:
    """Turn what the machine refuses, a folder or a port, into a `UsageError`: what was given, why not, the mend."""
    try:
        yield
    except BrokenPipeError:  # a reader that left is no refusal
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        place = f"{error.filename}: " if isinstance(error.filename, str) and error.filename not in given else ""
        raise UsageError(f"{given}: {place}{reason}; {mend}") from error


def port_of(text: str) -> int:
    """Read the number of a port. Raises `ValueError`."""
    if not text.isdecimal() or not 0 <= int(text) <= _HIGHEST_PORT:
        raise ValueError(f"is {text!r}: it must be a number from 0 to {_HIGHEST_PORT}")
    return int(text)


def origin_of(address: str) -> Origin | None:
    """Read `https://host/owner/name.git`, `ssh://` and `git@host:owner/name`; None when it is a folder."""
    scp = _SCP_ADDRESS.fullmatch(address)
    if scp and "://" not in address:
        address = f"ssh://{scp['host']}/{scp['path']}"
    parts = urlsplit(address)
    repository = parts.path.strip("/").removesuffix(".git")
    if parts.scheme not in {"http", "https", "ssh"} or not parts.hostname or not _REPOSITORY.fullmatch(repository):
        return None
    if parts.hostname == "github.com":
        return Origin(GITHUB, repository)
    scheme = "https" if parts.scheme == "ssh" else parts.scheme
    port = f":{parts.port}" if parts.port and parts.scheme != "ssh" else ""
    return Origin(f"{scheme}://{parts.hostname}{port}", repository)


def _settings(reader: "_Reader", defaults: Defaults) -> Settings:
    origin = defaults.origin
    return Settings(
        forge=reader.parsed("REGISTRAR_FORGE", _forge, "github"),
        forge_url=reader.parsed("REGISTRAR_FORGE_URL", _forge_url, origin.forge_url if origin else GITHUB),
        repository=_repository_of(reader, origin),
        token=reader.token(),
        base=reader.parsed("REGISTRAR_BASE", _branch, defaults.base or "") or None,
        git_url=reader.parsed("REGISTRAR_GIT_URL", _git_url, "") or None,
        directory=defaults.directory,
    )


def _repository_of(reader: "_Reader", origin: Origin | None) -> str:
    default = origin.repository if origin else ""
    reader.required("REGISTRAR_REPOSITORY", default, "the address of origin does not say it; give OWNER/NAME")
    return reader.parsed("REGISTRAR_REPOSITORY", _repository, default)


class _Reader:
    """Reads settings and remembers what was wrong, so that all of it is said at once."""

    def __init__(self, environment: Mapping[str, str], given: Mapping[str, str] | None = None) -> None:
        self._environment = environment
        self._given = given or {}
        self._problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self._environment.get(name, "").strip() or default

    def parsed(self, name: str, parse: Callable[[str], _Value], default: str) -> _Value:
        try:
            return parse(self.text(name, default))
        except ValueError as error:
            self._problems.append(f"{self._given.get(name, name)} {error}")
            return parse(default)

    def required(self, name: str, default: str, mend: str) -> str:
        text = self.text(name, default)
        if not text:
            self._problems.append(f"{name} is not set: {mend}")
        return text

    def token(self) -> Secret:
        for name in TOKENS:
            if text := self.text(name, ""):
                return self._secret(name, text)
        return Secret(self.required("REGISTRAR_TOKEN", "", "give it a token of the account that acts"))

    def secrets(self, name: str) -> tuple[Secret, ...]:
        texts = [text.strip() for text in self._environment.get(name, "").split(",")]
        if not all(texts):
            self._problems.append(f"{name} is empty or blank: give it the secret that the webhook was made with")
        return tuple(self._secret(name, text) for text in texts if text)

    def checked(self, settings: _Value) -> _Value:
        if self._problems:
            raise UsageError("; ".join(self._problems))
        return settings

    def _secret(self, name: str, text: str) -> Secret:
        if not text.isascii() or not text.isprintable():
            self._problems.append(f"{name} holds a character that no secret has: copy it again")
        return Secret(text)


def _forge(text: str) -> str:
    if text not in FORGES:
        raise ValueError(f"is {text!r}: it must be one of {', '.join(FORGES)}")
    return text


def _forge_url(text: str) -> str:
    return _url(text).rstrip("/")


def _git_url(text: str) -> str:
    return _url(text) if text else ""


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        readable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        readable = False
    if not readable:
        raise ValueError("is not an http or https address")
    if "@" in parts.netloc:
        raise ValueError("holds a user or a password: put the token in REGISTRAR_TOKEN")
    return text


def _repository(text: str) -> str:
    if text and not _REPOSITORY.fullmatch(text):
        raise ValueError(f"is {text!r}: it must be OWNER/NAME")
    return text


def _branch(text: str) -> str:
    if text and not _BRANCH.fullmatch(text):
        raise ValueError(f"is {text!r}: it must be the name of a branch")
    return text
