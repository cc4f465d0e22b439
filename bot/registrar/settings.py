"""Knows every setting, where it comes from, and what makes it unusable."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from registrar.addresses import REPOSITORY, URLS, Origin, forge_at, origin_of
from registrar.errors import UsageError

_Value = TypeVar("_Value")

FORGES: Final = ("github", "gitlab")
TOKENS: Final[Mapping[str, tuple[str, ...]]] = {  # that of the other forge would be told to a stranger
    "github": ("REGISTRAR_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"),
    "gitlab": ("REGISTRAR_TOKEN", "GITLAB_TOKEN"),
}

NAMEABLE: Final = "REGISTRAR_SECRET_"  # begins the only variables that a registry.yaml can name

SETTINGS: Final[Mapping[str, str]] = {
    "REGISTRAR_FORGE": "The kind of forge that holds the registry: `github` or `gitlab`. Default: what its address "
    "says: `gitlab` for gitlab.com and for a host called `gitlab.`, else `github`.",
    "REGISTRAR_FORGE_URL": "Its address, as a browser shows it. Default: what the address of `origin` says, else "
    "`https://github.com`, or `https://gitlab.com` if the forge is `gitlab`.",
    "REGISTRAR_REPOSITORY": "The registry's repository, as `OWNER/NAME` or, on GitLab, `GROUP/SUBGROUP/NAME`. Default: "
    "what the address of `origin` says.",
    "REGISTRAR_REPOSITORY_ID": "Its number there; another one is refused. Default: the server's at its first start.",
    "REGISTRAR_BASE": "The branch that says what is true. Default: the forge's default branch.",
    "REGISTRAR_TOKEN": "The token that speaks to the forge and to git. Default: on GitHub `GITHUB_TOKEN`, then "
    "`GH_TOKEN`; on GitLab `GITLAB_TOKEN`.",
    "REGISTRAR_ADMIN_TOKEN": "The token of somebody who administers the registry, for `registrar doctor` and "
    "`registrar setup` alone: it sees and changes what the bot must not. Default: the bot's.",
    "REGISTRAR_GIT_URL": "Where git reaches the repository, when it is not where the forge says.",
    "REGISTRAR_WEBHOOK_SECRET": "What signs the forge's webhooks; two, with a comma, while one replaces the other. On "
    "GitLab a signing token (`whsec_...`), or a plain secret token.",
    "REGISTRAR_STATE_DIR": "Where the server keeps its inbox and its mirror. Default: `~/.local/state/registrar`.",
    "REGISTRAR_HOST": "The address on which the server listens. Default: `127.0.0.1`.",
    "REGISTRAR_PORT": "The port on which the server listens. Default: `8080`.",
}

_BRANCH = re.compile(r"(?!.*(?:\.\.|//|@\{|[\x00-\x20~^:?*\[\\\x7f]))[^/-].*(?<![/.])")
_SIGNING_TOKEN = "whsec_"  # noqa: S105 - how GitLab's signing tokens begin
_SIGNING_KEY_BYTES = 32
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
    repository_id: str | None = None  # None: whatever the name leads to
    directory: Path | None = None  # the checkout that a command runs in
    secrets: Mapping[str, Secret] = field(default_factory=dict)  # that registry.yaml can name, by their names


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSettings:
    """The bot's settings, and what an administrator needs to look after its set-up."""

    settings: Settings
    token: Secret | None  # of the administrator; None: none was given
    webhook_secrets: tuple[Secret, ...]  # empty: none was given


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
    settings = _settings(reader, Defaults())
    server = ServerSettings(
        settings=settings,
        webhook_secrets=reader.secrets("REGISTRAR_WEBHOOK_SECRET", forge=settings.forge),
        state_directory=Path(reader.text("REGISTRAR_STATE_DIR", "~/.local/state/registrar")).expanduser(),
        host=reader.text("REGISTRAR_HOST", "127.0.0.1"),
        port=reader.parsed("REGISTRAR_PORT", port_of, "8080"),
    )
    return reader.checked(server)


def admin_from_environment(
    environment: Mapping[str, str], *, defaults: Defaults | None = None, given: Mapping[str, str] | None = None
) -> AdminSettings:
    """Read what setting up and looking after the bot needs, as `from_environment` does."""
    reader = _Reader(environment, given)
    settings = _settings(reader, defaults or Defaults())
    has_secret = bool(reader.text("REGISTRAR_WEBHOOK_SECRET", ""))
    admin = AdminSettings(
        settings=settings,
        token=reader.secret("REGISTRAR_ADMIN_TOKEN"),
        webhook_secrets=reader.secrets("REGISTRAR_WEBHOOK_SECRET", forge=settings.forge) if has_secret else (),
    )
    return reader.checked(admin)


def token_of(environment: Mapping[str, str], address: str) -> Secret | None:
    """Find the token for an address of git, for a command that works without one too.

    Raises `UsageError` when it cannot be a token.
    """
    reader = _Reader(environment)
    forge = _forge_behind(reader, address)
    return reader.checked(reader.token(forge)) if reader.has_token(forge) else None


def forge_of(environment: Mapping[str, str], address: str | None) -> str:
    """Find the kind of forge behind an address of git, if there is one. Raises `UsageError` when nobody knows it."""
    reader = _Reader(environment)
    return reader.checked(_forge_behind(reader, address or ""))


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


def _settings(reader: "_Reader", defaults: Defaults) -> Settings:
    origin = defaults.origin
    forge = _forge_of(reader, origin.forge_url if origin else "")
    forge_url = reader.parsed("REGISTRAR_FORGE_URL", _forge_url, origin.forge_url if origin else URLS[forge])
    _refuse_the_other_forge(reader, forge, forge_url)
    return Settings(
        forge=forge,
        forge_url=forge_url,
        repository=_repository_of(reader, origin.repository_at(forge_url) if origin else ""),
        token=reader.token(forge),
        base=reader.parsed("REGISTRAR_BASE", _branch, defaults.base or "") or None,
        git_url=reader.parsed("REGISTRAR_GIT_URL", _git_url, "") or None,
        repository_id=reader.parsed("REGISTRAR_REPOSITORY_ID", _number, "") or None,
        directory=defaults.directory,
        secrets=reader.named(NAMEABLE),
    )


def _forge_behind(reader: "_Reader", address: str) -> str:
    """What the address itself says wins: its token goes there."""
    origin = origin_of(address)
    url = origin.forge_url if origin else ""
    known = next((forge for forge, its_url in URLS.items() if its_url == url), None)
    return known or reader.parsed("REGISTRAR_FORGE", _forge, forge_at(url))


def _forge_of(reader: "_Reader", origin_url: str) -> str:
    return reader.parsed("REGISTRAR_FORGE", _forge, forge_at(reader.text("REGISTRAR_FORGE_URL", origin_url)))


def _refuse_the_other_forge(reader: "_Reader", forge: str, forge_url: str) -> None:
    """A token told to the wrong forge is a token lost."""
    for other, url in URLS.items():
        if other != forge and urlsplit(forge_url).hostname == urlsplit(url).hostname:
            problem = f"is {forge!r}, which {url} is not: give the forge's address in REGISTRAR_FORGE_URL"
            reader.refuse("REGISTRAR_FORGE", problem)


def _repository_of(reader: "_Reader", default: str) -> str:
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
            self.refuse(name, str(error))
            return parse(default)

    def required(self, name: str, default: str, mend: str) -> str:
        text = self.text(name, default)
        if not text:
            self._problems.append(f"{name} is not set: {mend}")
        return text

    def has_token(self, forge: str) -> bool:
        return any(self.text(name, "") for name in TOKENS[forge])

    def token(self, forge: str) -> Secret:
        for name in TOKENS[forge]:
            if text := self.text(name, ""):
                return self._secret(name, text)
        return Secret(self.required("REGISTRAR_TOKEN", "", "give it a token of the account that acts"))

    def secret(self, name: str) -> Secret | None:
        text = self.text(name, "")
        return self._secret(name, text) if text else None

    def named(self, prefix: str) -> Mapping[str, Secret]:
        """Every secret whose name begins so."""
        named = {name: text.strip() for name, text in self._environment.items() if name.startswith(prefix)}
        return {name: self._secret(name, text) for name, text in named.items() if text}

    def secrets(self, name: str, *, forge: str) -> tuple[Secret, ...]:
        texts = [text.strip() for text in self._environment.get(name, "").split(",")]
        if not all(texts):
            self._problems.append(f"{name} is empty or blank: give it the secret that the webhook was made with")
        if forge == "gitlab" and any(_is_cut_short(text) for text in texts):
            self._problems.append(f"{name} begins as a signing token and is none, which has 32 bytes: copy it again")
        return tuple(self._secret(name, text) for text in texts if text)

    def refuse(self, name: str, problem: str) -> None:
        self._problems.append(f"{self._given.get(name, name)} {problem}")

    def checked(self, settings: _Value) -> _Value:
        if self._problems:
            raise UsageError("; ".join(self._problems))
        return settings

    def _secret(self, name: str, text: str) -> Secret:
        if not text.isascii() or not text.isprintable():
            self._problems.append(f"{name} holds a character that no secret has: copy it again")
        return Secret(text)


def _is_cut_short(secret: str) -> bool:
    """Whether it begins as a signing token of GitLab's, and is none."""
    if not secret.startswith(_SIGNING_TOKEN):
        return False
    try:
        return len(base64.b64decode(secret.removeprefix(_SIGNING_TOKEN), validate=True)) != _SIGNING_KEY_BYTES
    except ValueError:
        return True


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
    if text and not REPOSITORY.fullmatch(text):
        raise ValueError(f"is {text!r}: it must be OWNER/NAME")
    return text


def _number(text: str) -> str:
    if text and not (text.isascii() and text.isdecimal() and int(text)):
        raise ValueError(f"is {text!r}: it must be the number that the forge gave to the repository")
    return str(int(text)) if text else ""


def _branch(text: str) -> str:
    if text and not _BRANCH.fullmatch(text):
        raise ValueError(f"is {text!r}: it must be the name of a branch")
    return text
