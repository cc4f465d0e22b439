"""Knows where an import goes: into pull requests, one for each model, or into the files of a checkout."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registrar.cli.checkout import open_checkout
from registrar.cli.import_plan import Imported
from registrar.cli.wishes import bot_of, registry_of
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import LOOKED_AFTER, LOOKED_BACK, watched_since
from registrar.handlers.importing import Luggage, request_import
from registrar.repository.checkout import tree_of_files, work_folder
from registrar.repository.ledger import REF as LEDGER
from registrar.repository.snapshot import Snapshot, snapshot


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one model."""

    imported: Imported
    said: tuple[str, ...] = ()  # to a person, line by line
    pull_request: Mapping[str, object] | None = None


class Target(Protocol):
    """Where an import goes."""

    @property
    def registry(self) -> Snapshot:
        """What is there already."""
        ...

    @property
    def checkout(self) -> Path:
        """Whose DVC remote takes the weights."""
        ...

    @property
    def is_judged(self) -> bool:
        """Whether a bot holds every status to the rules."""
        ...

    def add(self, imported: Imported) -> Result:
        """Put one model there."""
        ...


def target_of(arguments: argparse.Namespace) -> Target:
    """What the options say. Raises what git, the settings and the forge raise."""
    if arguments.here:
        checkout = open_checkout(arguments)
        return Files(snapshot(checkout.git, tree_of_files(checkout.git)), checkout.folder)
    bot = bot_of(arguments)
    registry = registry_of(bot)
    return PullRequests(bot, registry, work_folder(bot.git), is_judged=_is_judged(bot, registry.commit))


def _is_judged(bot: Bot, commit: str) -> bool:
    """Whether a bot looks after the base, by what anybody says under it: who imports has another account."""
    if bot.git.remote_branch(LEDGER) is not None:
        return True
    steps = bot.git.first_parent_log(None, commit, *LOOKED_AFTER, limit=LOOKED_BACK)
    said = ({each.context: each for each in bot.forge.statuses(step.sha)} for step in steps)
    return any(watched_since(bot, words) for words in said)


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a checkout, which a person commits: what stands in the first commit needs no approval."""

    registry: Snapshot
    checkout: Path
    is_judged: bool = False

    def add(self, imported: Imported) -> Result:
        """Write them; only a status file may be there already."""
        for path, content in imported.files.items():
            file = self.checkout / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return Result(imported, tuple(f"written     {path}" for path in imported.files))


@dataclass(frozen=True, slots=True)
class PullRequests:
    """One pull request for each model: its owners look at it, and no other model waits for them."""

    bot: Bot
    registry: Snapshot
    checkout: Path
    is_judged: bool

    def add(self, imported: Imported) -> Result:
        """Open it, or adopt the one that is open."""
        if not imported.files:
            return Result(imported)
        left_out = (*imported.planned.left_out, *imported.left_out)
        luggage = Luggage(
            model=imported.planned.name,
            source=imported.source,
            versions=imported.statuses,
            left_out=[f"{each.what}: {each.why}" for each in left_out],
            files=imported.files,
        )
        opened = request_import(self.bot, luggage, requester=self.bot.forge.myself())
        pull_request = opened.pull_request
        how = "open already" if opened.adopted else "opened"
        said = f"{pull_request.title}: {how} at {pull_request.url}"
        return Result(imported, (said,), {"number": pull_request.number, "url": pull_request.url})
