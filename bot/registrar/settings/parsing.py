"""Knows how the text of one setting becomes a value, and what makes it unusable: a `ValueError` says what."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from registrar.addresses import REPOSITORY
from registrar.settings.names import FORGES, LOG_LEVELS
from registrar.settings.secrets_file import read_secrets
from registrar.settings.token_file import read_token
from registry_schema.spelling import near

_BRANCH = re.compile(r"(?!.*(?:\.\.|//|@\{|[\x00-\x20~^:?*\[\\\x7f]))[^/-].*(?<![/.])")
_HIGHEST_PORT = 65535
_LONGEST_WAIT = 3600
_SHORTEST_LEASE = 5
_KEPT_AT_LEAST = 8  # days: GitHub and GitLab let a delivery be sent again for up to 7
_KEPT_AT_MOST = 3650


def port_of(text: str) -> int:
    """Read the number of a port."""
    return _whole_number(text, least=0, most=_HIGHEST_PORT)


def wait(text: str) -> int:
    """How many seconds a server that stops waits."""
    return _whole_number(text, least=0, most=_LONGEST_WAIT)


def lease(text: str) -> int:
    """For how many seconds a replica may be silent: shorter than a pause of the machine, and nobody would ever live."""
    return _whole_number(text, least=_SHORTEST_LEASE, most=_LONGEST_WAIT)


def keep_days(text: str) -> int:
    """How many days what is done is kept: for longer than a forge may send it again."""
    return _whole_number(text, least=_KEPT_AT_LEAST, most=_KEPT_AT_MOST)


def _whole_number(text: str, *, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= most:
        raise ValueError(f"is {text!r}: it must be a whole number from {least} to {most}")
    return int(text)


def is_postgresql(url: str) -> bool:
    """Whether it is the address of a database of PostgreSQL; it holds a password, so no error may quote it."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"postgresql", "postgres"} and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        return False


def forge(text: str) -> str:
    """Which kind of forge."""
    if text not in FORGES:
        raise ValueError(f"is {text!r}: {_choose(text, FORGES)}")
    return text


def forge_url(text: str) -> str:
    """The address of a forge, without a slash at its end."""
    return _url(text).rstrip("/")


def git_url(text: str) -> str:
    """The address of a repository; empty: none was given."""
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


def public_url(text: str) -> str:
    """Where the forge reaches the server, without a slash at its end; empty: nobody has said."""
    return forge_url(text) if text else ""


def secrets_file(text: str) -> Mapping[str, tuple[str, ...]]:
    """The secrets of repositories that have their own, from the file that holds them; empty: there is none."""
    return read_secrets(Path(text).expanduser()) if text else {}


def token_in(text: str) -> str:
    """The token that a file holds; empty: there is no file."""
    return read_token(Path(text).expanduser()) if text else ""


def repositories(text: str) -> tuple[str, ...]:
    """The full names of repositories, with commas between them."""
    names = tuple(repository(name.strip()) for name in text.split(",")) if text else ()
    if not all(names) or len({name.casefold() for name in names}) < len(names):
        raise ValueError("names a repository twice, or ends in a comma: give each once")
    return names


def numbers(text: str) -> tuple[str, ...]:
    """The numbers of repositories, in the order of their names; empty: none was given."""
    return tuple(number(each.strip()) for each in text.split(",")) if text else ()


def repository(text: str) -> str:
    """The full name of a repository; empty: none was given."""
    if "," in text:
        raise ValueError("names several registries, and `registrar serve` alone looks after more than one: give one")
    if text and not REPOSITORY.fullmatch(text):
        raise ValueError(f"is {text!r}: it must be OWNER/NAME")
    return text


def number(text: str) -> str:
    """The number of a repository; empty: none was given."""
    if text and not (text.isascii() and text.isdecimal() and int(text)):
        raise ValueError(f"is {text!r}: it must be the number that the forge gave to the repository")
    return str(int(text)) if text else ""


def branch(text: str) -> str:
    """The name of a branch; empty: none was given."""
    if text and not _BRANCH.fullmatch(text):
        raise ValueError(f"is {text!r}: it must be the name of a branch")
    return text


def signing_key(text: str) -> Path | None:
    """Where the key lies; empty: nothing is signed."""
    return Path(text).expanduser() if text else None


def log_level(text: str) -> str:
    """From what on something is written down."""
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"is {text!r}: {_choose(text, LOG_LEVELS)}")
    return text.lower()


def _choose(text: str, known: Sequence[str]) -> str:
    meant = near(text, known)
    return f"it must be one of {', '.join(known)}" + (f"; did you mean {meant}?" if meant else "")
