"""Knows whose turn it is to work on a registry: a ref on the remote, that whoever has the turn keeps moving."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Final

import pygit2

from registrar.errors import RegistrarError
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository

REF: Final = "refs/registrar/lease"  # no branch and no tag: forges tell nobody when it moves
_WHO: Final = re.compile(r"(?P<name>\S.{0,299}) works on this registry since (?P<since>[0-9T:+-]{19,25})")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who says that it has the turn: as little a fact as anything that others push."""

    name: str  # where a person sees what it does
    since: datetime  # by its own clock


@dataclass(slots=True)
class Lease:
    """The lease of one registry. What it holds is for a person: whoever waits looks at nothing but whether it moves."""

    git: GitRepository  # one whose pushes ask no fence: this one is what the fence asks
    signature: Callable[[], Signature]
    holder: str  # where a person sees who has the turn: the address of a job
    _moves: int = 0
    _since: datetime | None = None  # the first move
    _ours: set[str] = field(default_factory=set)

    def seen(self) -> str | None:
        """Where it stands now, asked of the remote; None: nobody has the turn."""
        return self.git.remote_branch(REF)

    def whose(self) -> Holder | None:
        """Who has the turn now; None where nobody says so, or it cannot be asked for: whoever waits need not know."""
        try:
            self.git.fetch(REF)
            found = self.git.objects[self.git.resolve(REF)].peel(pygit2.Commit)
            said = _WHO.match(found.raw_message.decode(errors="replace"))  # in whatever encoding it claims to be
            return Holder(said["name"], datetime.fromisoformat(said["since"]).astimezone(UTC)) if said else None
        except (RegistrarError, ValueError, OverflowError):
            return None

    def is_ours(self, sha: str) -> bool:
        """Whether it was this process that put it there, or tried to and was not told what became of it."""
        return sha in self._ours

    def move(self, expected: str | None) -> str:
        """Put it where it never was, if it still stands where it is expected; None: if nobody has it.

        Raises `PushRejected` when it stands elsewhere.
        """
        made = self._commit()
        self._ours.add(made)
        self.git.push(REF, made, expected=expected)
        return made

    def give_back(self, expected: str) -> None:
        """Leave the turn to whoever comes next. Raises `PushRejected` when it is somebody else's by now."""
        self.git.delete_branch(REF, expected=expected)

    def _commit(self) -> str:
        """A commit of nothing upon nothing, that differs from every other one."""
        self._moves += 1
        who = self.signature()
        self._since = self._since or who.at
        signature = pygit2.Signature(who.name, who.email, int(who.at.timestamp()), 0)
        objects = self.git.objects
        # Of two that make the same commit at the same moment, both would be told that it is where they put it.
        began = self._since.isoformat(timespec="seconds")
        text = f"{self.holder} works on this registry since {began}\n\nMove {self._moves} ({token_hex(8)})\n"
        return str(objects.create_commit(None, signature, signature, text, objects.TreeBuilder().write(), []))
