"""Knows what an address says about the forge behind it: which kind, where, and which repository."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

URLS: Final[Mapping[str, str]] = {"github": "https://github.com", "gitlab": "https://gitlab.com"}

_PORTS = {"http": 80, "https": 443}
_FOLDER = r"(?!\.{1,2}(?:/|\Z))[A-Za-z0-9_.][A-Za-z0-9_.-]*"
REPOSITORY: Final = re.compile(rf"{_FOLDER}(?:/{_FOLDER})+")  # on GitLab below groups of any depth

_SCP_ADDRESS = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>[^/].*)")
_SSH_HOSTS = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}  # for those whose port 22 is closed


@dataclass(frozen=True, slots=True)
class Origin:
    """What the address of a git remote says about the forge behind it."""

    forge_url: str  # the host alone: no address tells a group from a folder below which the forge lives
    repository: str
    by_ssh: bool = False  # then the path is the repository's alone

    def repository_at(self, forge_url: str) -> str:
        """What follows the forge's own address, which may lie below a folder: `https://host/gitlab`."""
        forge = urlsplit(forge_url)
        if self.by_ssh or forge.hostname != urlsplit(self.forge_url).hostname:
            return self.repository
        return f"/{self.repository}".removeprefix(f"{forge.path.rstrip('/')}/").removeprefix("/")


def origin_of(address: str) -> Origin | None:
    """Read `https://host/owner/name.git`, `ssh://` and `git@host:owner/name`; None when it is a folder."""
    scp = _SCP_ADDRESS.fullmatch(address)
    if scp and "://" not in address:
        address = f"ssh://{scp['host']}/{scp['path']}"
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a port that is none
        return None
    repository = parts.path.strip("/").removesuffix(".git")
    if parts.scheme not in {"http", "https", "ssh"} or not parts.hostname or not REPOSITORY.fullmatch(repository):
        return None
    if parts.scheme == "ssh":
        return Origin(f"https://{_SSH_HOSTS.get(parts.hostname, parts.hostname)}", repository, by_ssh=True)
    if f"https://{parts.hostname}" in URLS.values():
        return Origin(f"https://{parts.hostname}", repository)
    return Origin(f"{parts.scheme}://{parts.hostname}{port}", repository)


def is_at(url: str, server: str) -> bool:
    """Whether an address leads to this very server: by the same protocol, to the same host and port."""
    try:
        found = _server(urlsplit(url))
    except ValueError:  # a port that is none
        return False
    return found is not None and found == _server(urlsplit(server))


def _server(parts: SplitResult) -> tuple[str, str, int] | None:
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def forge_at(url: str) -> str:
    """The kind of forge at an address: GitLab where the host is called so, GitHub where nothing says otherwise."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return "gitlab" if host.startswith("gitlab.") else "github"  # gitlab.com is called so too
