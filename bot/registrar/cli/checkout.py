"""Knows what a command stands on: the checkout around it, the settings, and the commit that says what is true."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from registrar.addresses import origin_of
from registrar.cli import terminal
from registrar.cli.options import environment_of, options_given
from registrar.core.audit_words import moment
from registrar.core.layout import REGISTRY
from registrar.core.moments import looks_like_a_moment, moment_meant
from registrar.core.paths import is_of_registry
from registrar.errors import NoRegistry, NotAllowed, Unknown
from registrar.repository.checkout import uncommitted, work_folder
from registrar.repository.git import GitRepository
from registrar.repository.past import base_at
from registrar.repository.revisions import default_branch, has_fetched, origin_address, revision, truth
from registrar.repository.snapshot import Snapshot, snapshot
from registrar.settings import Defaults, Settings, from_environment


@dataclass(frozen=True, slots=True)
class Checkout:
    """A clone of the registry with a work tree."""

    git: GitRepository
    folder: Path  # the top one
    base: str | None  # the branch that an option or the environment names

    def commit(self, at: str | None) -> str:
        """The commit that a person means; what is true on the base branch when they do not say."""
        return commit_meant(self.git, at, base=self.base)

    def registry(self, at: str | None) -> Snapshot:
        """The registry at the commit that a person means. Raises `NoRegistry` for a repository of something else."""
        return registry_in(self.git, self.commit(at), folder=self.folder)

    @contextmanager
    def as_last_fetched(self, at: str | None) -> Iterator[None]:
        """Say of what is not there that the remote may have it meanwhile."""
        try:
            yield
        except Unknown as error:
            if at is not None or origin_address(self.git) is None:
                raise
            branch = self.base or default_branch(self.git) or "main"
            where = f"in origin/{branch} as last fetched; git fetch if it is newer"
            if not has_fetched(self.git, self.base):
                where = f"here; origin/{branch} was never fetched"
            raise Unknown(f"{error} ({where})") from error


def commit_meant(git: GitRepository, at: str | None, *, base: str | None) -> str:
    """The commit that a person means; what is true on the base branch when they do not say.

    A date or a moment means what the base branch held then, whatever else is called so; which commit that is, and how
    it is known, is told beside the answer.
    """
    if at is None:
        return truth(git, base)
    if not looks_like_a_moment(at):
        try:
            return revision(git, at)
        except Unknown as error:
            raise Unknown(f"{error}; a day is written as 2026-03-01") from error
    stood = base_at(git, truth(git, base), moment_meant(at, ends=True))
    known = "by the ledger" if stood.by_ledger else "by the clock of its committer"
    terminal.say_aside(f"{at}: {stood.commit[:7]} {stood.title}, landed {moment(stood.landed_at)} UTC {known}")
    return stood.commit


def registry_in(git: GitRepository, commit: str, *, folder: Path) -> Snapshot:
    """What a commit of a checkout holds. Raises `NoRegistry` where that is neither rules nor a model."""
    if not holds_registry(git, commit):
        raise NoRegistry(
            f"{folder} holds no registry at {commit[:7]}: there is no {REGISTRY}, and no model; name a checkout of the "
            "registry with --registry, or start one with registrar init"
        )
    return snapshot(git, commit)


def holds_registry(git: GitRepository, commit: str) -> bool:
    """Whether a commit has rules, or a model: a registry may begin with either."""
    return git.entry(commit, REGISTRY) is not None or bool(snapshot(git, commit).model_folders())


def open_checkout(arguments: argparse.Namespace) -> Checkout:
    """Find the checkout around the folder that the options name. Raises `Unknown` when there is none."""
    git = GitRepository.of_checkout(Path(arguments.registry))
    base = environment_of(arguments).get("REGISTRAR_BASE", "").strip()
    return Checkout(git, work_folder(git), base or None)


def settings_of(arguments: argparse.Namespace, checkout: Checkout) -> Settings:
    """Read the settings, with what the checkout knows where nothing else says."""
    return from_environment(environment_of(arguments), defaults=defaults_of(checkout), given=options_given(arguments))


def defaults_of(checkout: Checkout) -> Defaults:
    """What the checkout knows of the settings."""
    address = origin_address(checkout.git)
    return Defaults(
        origin=origin_of(address) if address else None, base=default_branch(checkout.git), directory=checkout.folder
    )


def refuse_uncommitted(checkout: Checkout) -> None:
    """Refuse while files of the registry differ from what git knows: the pull request would not hold them."""
    changed = [path for path in uncommitted(checkout.git) if is_of_registry(path)]
    if changed:
        others = f" and {len(changed) - 1} more are" if changed[1:] else " is"
        raise NotAllowed(f"{changed[0]}{others} not committed, and would be left out; commit or stash it first")
