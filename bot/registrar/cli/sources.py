"""Knows where `registrar pull` reads a registry: a checkout at hand, or a mirror made for the occasion."""

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from registrar.artifacts.dvc_settings import CONFIG
from registrar.artifacts.remotes import DvcRemote, remote_of_checkout, remote_of_config
from registrar.cli import terminal
from registrar.cli.checkout import Checkout, commit_meant, open_checkout
from registrar.cli.options import environment_of, options_given
from registrar.errors import Unknown
from registrar.repository.git import GitRepository
from registrar.repository.mirror import mirror
from registrar.repository.processes import Credentials
from registrar.repository.snapshot import Snapshot, snapshot
from registrar.settings import access_of

_ADDRESS = re.compile(r"[\w+.-]+://.+|[^/\\]+@?[^/\\]*:.+")


@dataclass(frozen=True, slots=True)
class Source:
    """A registry at a commit, and the checkout whose DVC settings count, if there is one."""

    registry: Snapshot
    checkout: Checkout | None

    def known(self, at: str | None) -> AbstractContextManager[None]:
        """What is not there in a checkout may be there after a fetch."""
        return self.checkout.as_last_fetched(at) if self.checkout is not None else nullcontext()

    def remote(self) -> DvcRemote:
        """The DVC remote that holds the registry's data."""
        if self.checkout is not None:
            return remote_of_checkout(self.checkout.folder)
        config = self.registry.text(CONFIG)
        if config is None:
            raise Unknown(f"the registry has no {CONFIG}; give it one with registrar init")
        return remote_of_config(config)


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Source]:
    """Open the registry that the arguments name; a mirror is gone afterwards."""
    if not _is_elsewhere(arguments.registry):
        checkout = open_checkout(arguments)
        yield Source(checkout.registry(arguments.at), checkout)
        return
    with tempfile.TemporaryDirectory(prefix="registrar-") as folder:
        git = _mirrored(arguments, Path(folder) / "registry.git")
        yield Source(snapshot(git, _commit(git, arguments)), None)


def _is_elsewhere(registry: str) -> bool:
    folder = Path(registry)
    is_bare = (folder / "HEAD").is_file() and not (folder / ".git").exists()
    return is_bare or (not folder.exists() and _ADDRESS.fullmatch(registry) is not None)


def _mirrored(arguments: argparse.Namespace, folder: Path) -> GitRepository:
    access = access_of(environment_of(arguments), arguments.registry, given=options_given(arguments))
    credentials = Credentials.of_token(access.token.reveal(), access.homes) if access else None
    git = mirror(arguments.registry, folder, credentials=credentials)
    terminal.say_progress(f"reading {git.transport.shown_url}")
    git.fetch()
    return git


def _commit(git: GitRepository, arguments: argparse.Namespace) -> str:
    return commit_meant(git, arguments.at, base=environment_of(arguments).get("REGISTRAR_BASE", "").strip() or None)
