"""Knows every setting, where it comes from, and what makes it unusable."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from registrar.addresses import URLS, Origin, forge_at, is_at, origin_of
from registrar.errors import UsageError
from registrar.settings import parsing
from registrar.settings.names import FORGES, NAMEABLE, SETTINGS, TOKENS
from registrar.settings.parsing import port_of
from registrar.settings.reading import Reader, Secret

__all__ = [
    "FORGES",
    "NAMEABLE",
    "SETTINGS",
    "TOKENS",
    "Access",
    "AdminSettings",
    "DatabaseSettings",
    "Defaults",
    "Secret",
    "ServerSettings",
    "Settings",
    "access_of",
    "admin_from_environment",
    "database_from_environment",
    "forge_of",
    "from_environment",
    "port_of",
    "server_from_environment",
    "usable",
    "writable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a checkout answers when neither an option nor the environment does."""

    origin: Origin | None = None
    base: str | None = None
    directory: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What opens a repository on a forge."""

    token: Secret
    homes: tuple[str, ...]  # the servers that may be told it


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Which registry on which forge, and the token that opens it."""

    forge: str
    forge_url: str
    repository: str
    token: Secret
    base: str | None  # None: the forge's default branch
    git_url: str | None  # None: where the forge says
    token_file: Path | None = None  # that the token is from; None: it is from no file
    repository_id: str | None = None  # None: whatever the name leads to
    signing_key: Path | None = None  # None: what the bot commits to the ledger is not signed
    directory: Path | None = None  # the checkout that a command runs in
    hooks_token: Secret | None = None  # that looks after the webhooks; None: the bot's
    public_url: str | None = None  # where the forge reaches the server; None: nobody has said
    secrets: Mapping[str, Secret] = field(default_factory=dict)  # that registry.yaml can name, by their names

    @property
    def access(self) -> Access:
        """The token, for git too: where the forge is, and where somebody says that git finds it."""
        return Access(token=self.token, homes=tuple(url for url in (self.forge_url, self.git_url) if url))


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSettings:
    """The bot's settings, and what an administrator needs to look after its set-up."""

    settings: Settings
    token: Secret | None  # of the administrator; None: none was given
    webhook_secrets: tuple[Secret, ...]  # empty: none was given


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where the server keeps what has happened, and what it did about it."""

    url: Secret | None  # of PostgreSQL, with its password; None: SQLite files in the state directory
    state_directory: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """The settings of each registry, and what the bot needs to listen and to remember."""

    registries: tuple[Settings, ...]  # never empty; they differ in their repository alone
    webhook_secrets: tuple[Secret, ...]  # of every repository that has none of its own
    own_secrets: Mapping[str, tuple[Secret, ...]]  # of repositories, registries and applications, in small letters
    database: DatabaseSettings
    host: str
    port: int
    keep_days: int
    drain_seconds: int
    grace_seconds: int
    lease_seconds: int = 30
    log_level: str = "info"
    metrics_token: Secret | None = None  # None: the numbers are told to nobody

    @property
    def state_directory(self) -> Path:
        """The folder of the mirrors, and of the database where it is no server."""
        return self.database.state_directory

    @property
    def settings(self) -> Settings:
        """What holds for every registry: the forge, the token, the secrets that a registry.yaml can name."""
        return self.registries[0]

    def every_secret(self) -> tuple[Secret, ...]:
        """Everything that no log may hold."""
        settings = self.settings
        single = (settings.token, settings.hooks_token, self.database.url, self.metrics_token)
        webhooks = (each for secrets in (self.webhook_secrets, *self.own_secrets.values()) for each in secrets)
        return (*(each for each in single if each is not None), *webhooks, *settings.secrets.values())

    def secrets_of(self, repository: str) -> tuple[Secret, ...]:
        """What may have signed a webhook that tells of a repository: its own secrets alone, where it has any."""
        return self.own_secrets.get(repository.casefold(), self.webhook_secrets)


def from_environment(
    environment: Mapping[str, str], *, defaults: Defaults | None = None, given: Mapping[str, str] | None = None
) -> Settings:
    """Read what a command needs. Raises `UsageError` that names everything missing or wrong at once.

    `given` says of a variable by which option it was given, to call it by that name.
    """
    reader = Reader(environment, given)
    settings = _settings(reader, defaults or Defaults())
    return reader.checked(settings)


def server_from_environment(
    environment: Mapping[str, str], *, given: Mapping[str, str] | None = None
) -> ServerSettings:
    """Read what the server needs, as `from_environment` does."""
    reader = Reader(environment, given)
    registries = _registries(reader)
    general, own = _webhook_secrets(reader, registries)
    server = ServerSettings(
        registries=registries,
        webhook_secrets=general,
        own_secrets=own,
        database=_database_of(reader),
        host=reader.text("REGISTRAR_HOST", "127.0.0.1"),
        port=reader.parsed("REGISTRAR_PORT", port_of, "8080"),
        keep_days=reader.parsed("REGISTRAR_KEEP_DAYS", parsing.keep_days, "30"),
        drain_seconds=reader.parsed("REGISTRAR_DRAIN_SECONDS", parsing.wait, "0"),
        grace_seconds=reader.parsed("REGISTRAR_GRACE_SECONDS", parsing.wait, "20"),
        lease_seconds=reader.parsed("REGISTRAR_LEASE_SECONDS", parsing.lease, "30"),
        log_level=reader.parsed("REGISTRAR_LOG_LEVEL", parsing.log_level, "info"),
        metrics_token=reader.secret("REGISTRAR_METRICS_TOKEN"),
    )
    return reader.checked(server)


def admin_from_environment(
    environment: Mapping[str, str], *, defaults: Defaults | None = None, given: Mapping[str, str] | None = None
) -> AdminSettings:
    """Read what setting up and looking after the bot needs, as `from_environment` does."""
    reader = Reader(environment, given)
    settings = _settings(reader, defaults or Defaults())
    has_secret = bool(reader.text("REGISTRAR_WEBHOOK_SECRET", ""))
    admin = AdminSettings(
        settings=settings,
        token=reader.secret("REGISTRAR_ADMIN_TOKEN"),
        webhook_secrets=reader.secrets("REGISTRAR_WEBHOOK_SECRET", forge=settings.forge) if has_secret else (),
    )
    return reader.checked(admin)


def database_from_environment(
    environment: Mapping[str, str], *, given: Mapping[str, str] | None = None
) -> DatabaseSettings:
    """Read where the server's database is, as `from_environment` does."""
    reader = Reader(environment, given)
    return reader.checked(_database_of(reader))


def access_of(
    environment: Mapping[str, str],
    address: str,
    *,
    origin: Origin | None = None,
    given: Mapping[str, str] | None = None,
) -> Access | None:
    """Find the token for an address of git, for a command that works without one too.

    Whoever works in a checkout has its `origin` for the forge. An address that somebody names says nothing of that: the
    token is for the forge of the settings, or of the job. Raises `UsageError` when it cannot be a token.
    """
    reader = Reader(environment, given)
    forge = _forge_behind(reader, address)
    default = origin.forge_url if origin else reader.home(forge)
    url = reader.parsed("REGISTRAR_FORGE_URL", parsing.forge_url, default)
    if not reader.has_token(forge, url):
        return None
    return reader.checked(Access(token=reader.token(forge, url), homes=(url,)))


def forge_of(environment: Mapping[str, str], address: str | None) -> str:
    """Find the kind of forge behind an address of git, if there is one. Raises `UsageError` when nobody knows it."""
    reader = Reader(environment)
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


def writable(state: Path, *, mend: str) -> Path:
    """A folder to keep things in, made if need be. Raises `UsageError` where it takes nothing."""
    with usable(f"state folder {state}", mend=mend):
        state.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=state):  # it may be there, and be somebody else's
            return state


def _registries(reader: Reader) -> tuple[Settings, ...]:
    """What the server looks after: registries of one forge, seen with one token."""
    if "," not in reader.text("REGISTRAR_REPOSITORY", ""):
        return (_settings(reader, Defaults()),)
    names = reader.parsed("REGISTRAR_REPOSITORY", parsing.repositories, "")
    first = names[0] if names else "OWNER/NAME"  # that none is usable is remembered by now
    shared = _settings(reader.told(REGISTRAR_REPOSITORY=first, REGISTRAR_REPOSITORY_ID=""), Defaults())
    if not names:
        return (shared,)
    numbers = reader.parsed("REGISTRAR_REPOSITORY_ID", parsing.numbers, "") or (None,) * len(names)
    if len(numbers) != len(names):
        reader.refuse("REGISTRAR_REPOSITORY_ID", f"must hold as many numbers as there are registries: {len(names)}")
    if shared.git_url is not None:
        reader.refuse("REGISTRAR_GIT_URL", "is the address of one repository, and REGISTRAR_REPOSITORY names several")
    pairs = zip(names, numbers, strict=False)
    return tuple(replace(shared, repository=name, repository_id=number) for name, number in pairs)


def _webhook_secrets(
    reader: Reader, registries: tuple[Settings, ...]
) -> tuple[tuple[Secret, ...], Mapping[str, tuple[Secret, ...]]]:
    """Those of every repository, and those of repositories with secrets of their own: no registry is without any."""
    forge = registries[0].forge
    given = reader.parsed("REGISTRAR_WEBHOOK_SECRETS_FILE", parsing.secrets_file, "")
    own = {
        name: reader.usable_secrets(f"REGISTRAR_WEBHOOK_SECRETS_FILE, {name},", texts, forge=forge)
        for name, texts in given.items()
    }
    if reader.text("REGISTRAR_WEBHOOK_SECRET", "") or not all(each.repository.casefold() in own for each in registries):
        return reader.secrets("REGISTRAR_WEBHOOK_SECRET", forge=forge), own
    return (), own


def _settings(reader: Reader, defaults: Defaults) -> Settings:
    origin = defaults.origin
    forge = _forge_of(reader, origin.forge_url if origin else "")
    forge_url = reader.parsed("REGISTRAR_FORGE_URL", parsing.forge_url, origin.forge_url if origin else URLS[forge])
    _refuse_the_other_forge(reader, forge, forge_url)
    return Settings(
        forge=forge,
        forge_url=forge_url,
        repository=_repository_of(reader, origin.repository_at(forge_url) if origin else ""),
        token=reader.token(forge, forge_url),
        token_file=reader.path("REGISTRAR_TOKEN_FILE"),
        base=reader.parsed("REGISTRAR_BASE", parsing.branch, defaults.base or "") or None,
        git_url=reader.parsed("REGISTRAR_GIT_URL", parsing.git_url, "") or None,
        signing_key=reader.parsed("REGISTRAR_SIGNING_KEY", parsing.signing_key, ""),
        repository_id=reader.parsed("REGISTRAR_REPOSITORY_ID", parsing.number, "") or None,
        directory=defaults.directory,
        hooks_token=reader.secret("REGISTRAR_HOOKS_TOKEN"),
        public_url=reader.parsed("REGISTRAR_PUBLIC_URL", parsing.public_url, "") or None,
        secrets=reader.named(NAMEABLE),
    )


def _database_of(reader: Reader) -> DatabaseSettings:
    url = reader.secret("REGISTRAR_DATABASE_URL")
    if url is not None and not parsing.is_postgresql(url.reveal()):
        reader.refuse("REGISTRAR_DATABASE_URL", "is no postgresql://USER:PASSWORD@HOST/NAME")
    folder = Path(reader.text("REGISTRAR_STATE_DIR", "~/.local/state/registrar")).expanduser()
    return DatabaseSettings(url=url, state_directory=folder)


def _forge_behind(reader: Reader, address: str) -> str:
    """What the address itself says wins: its token goes there."""
    origin = origin_of(address)
    url = origin.forge_url if origin else ""
    known = (forge for forge, its_url in URLS.items() if is_at(url, its_url) or is_at(url, reader.home(forge)))
    return next(known, None) or reader.parsed("REGISTRAR_FORGE", parsing.forge, forge_at(url))


def _forge_of(reader: Reader, origin_url: str) -> str:
    return reader.parsed("REGISTRAR_FORGE", parsing.forge, forge_at(reader.text("REGISTRAR_FORGE_URL", origin_url)))


def _refuse_the_other_forge(reader: Reader, forge: str, forge_url: str) -> None:
    """A token told to the wrong forge is a token lost."""
    for other, url in URLS.items():
        if other != forge and urlsplit(forge_url).hostname == urlsplit(url).hostname:
            problem = f"is {forge!r}, which {url} is not: give the forge's address in REGISTRAR_FORGE_URL"
            reader.refuse("REGISTRAR_FORGE", problem)


def _repository_of(reader: Reader, default: str) -> str:
    reader.required(
        "REGISTRAR_REPOSITORY", default, "no address of origin says it; give OWNER/NAME, or add the remote origin"
    )
    return reader.parsed("REGISTRAR_REPOSITORY", parsing.repository, default)
