"""Knows whose turn it is to work on a registry: a ref on the remote, that whoever has the turn keeps moving."""

from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final

import pygit2

from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository

REF: Final = "refs/registrar/lease"  # no branch and no tag: forges tell nobody when it moves


@dataclass(slots=True)
class Lease:
    """The lease of one registry. What it holds is for a person: whoever waits looks at nothing but whether it moves."""

    git: GitRepository  # one whose pushes ask no fence: this one is what the fence asks
    signature: Callable[[], Signature]
    holder: str  # where a person sees who has the turn: the address of a job
    _moves: int = 0
    _ours: set[str] = field(default_factory=set)

    def seen(self) -> str | None:
        """Where it stands now, asked of the remote; None: nobody has the turn."""
        return self.git.remote_branch(REF)

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
        signature = pygit2.Signature(who.name, who.email, int(who.at.timestamp()), 0)
        objects = self.git.objects
        # Of two that make the same commit at the same moment, both would be told that it is where they put it.
        text = f"{self.holder} works on this registry\n\nMove {self._moves}, at {who.at.isoformat()} ({token_hex(8)})\n"
        return str(objects.create_commit(None, signature, signature, text, objects.TreeBuilder().write(), []))
