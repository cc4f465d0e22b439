"""Knows how a registry is proven from git alone: its ledger first, then every change of its base."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pygit2

from registrar.core.proof_facts import Finding, Grade, breach
from registrar.errors import RegistrarError, UsageError
from registrar.repository.audited import FETCH
from registrar.repository.auditing import LEDGER_REF, ledger_tip
from registrar.repository.git import GitRepository
from registrar.repository.processes import stream_git
from registrar.repository.proving_ledger import Inspection, first_parents
from registrar.repository.proving_memory import Memory
from registrar.repository.proving_notes import Ledger
from registrar.repository.proving_walk import Walk


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be proven."""

    git: GitRepository
    tip: str  # of the base
    since: str | None = None  # a commit of the base up to which everything is taken as given
    unsigned: bool = False  # whether the ledger may lack signatures
    told: Callable[[str, int], None] = lambda _what, _number: None  # how far it has come
    tracked: str | None = None  # the ref in which the clone keeps the base of its remote


@dataclass(slots=True)
class Proof:
    """What came of it. The findings come as they are found; what it says beside them is right once all have come."""

    question: Question
    begun: str = ""  # the commit that is taken as given, and after which the proof begins
    changes: int = 0  # of what owners guard
    keys: frozenset[str] = frozenset()  # that may sign the ledger
    counted: dict[Grade, int] = field(default_factory=lambda: dict.fromkeys(Grade, 0))

    @property
    def holds(self) -> bool:
        """Whether nothing was found that is not as it must be."""
        return not self.counted[Grade.BREACH]

    def findings(self) -> Iterator[Finding]:
        """Everything that is not as it must be, and what a reader must know.

        Raises `UsageError` where a proof is impossible: the clone is shallow, or does not begin where it should,
        and `RegistrarError` where what it holds cannot be read.
        """
        _refuse_shallow(self.question.git)
        _refuse_partial(self.question)
        _refuse_elsewhere(self.question)
        try:
            for finding in self._found():
                self.counted[finding.grade] += 1
                yield finding
        except pygit2.GitError as error:  # a commit that git stores and nobody can read
            raise RegistrarError(f"this history cannot be read, so it is not proven: {error}; see git fsck") from error

    def _found(self) -> Iterator[Finding]:
        asked = self.question
        noted = ledger_tip(asked.git)
        ledger = Ledger(asked.git, noted) if noted is not None else None
        vouched = None
        if ledger is not None:
            told = _telling(asked, "commits of the ledger")
            inspection = Inspection(asked.git, asked.tip, ledger, asked.since, asked.unsigned, told)
            yield from inspection.findings()
            self.keys = inspection.keys
            vouched = inspection.vouched if self.keys and not asked.unsigned else None
        walk = Walk(asked.git, asked.tip, ledger, asked.since, vouched, _telling(asked, "commits of the base"))
        yield from walk.findings()
        yield from Memory(asked.git, asked.tip, asked.tracked).findings()
        self.begun, self.changes = walk.begun, walk.changes
        if not walk.begun:
            mend = "give --registry, --base or --at the registry that is meant"
            yield breach(asked.tip, "there is nothing to prove", "no commit holds a registry.yaml", mend)
        elif ledger is None and walk.changes:
            why = f"this clone has no {LEDGER_REF}, so nothing tells who approved what"
            mend = f"{FETCH}; if the remote has none either, it was deleted, or no bot has kept one"
            yield breach(asked.tip, "there is no ledger", why, mend)


def _telling(asked: Question, what: str) -> Callable[[int], None]:
    return lambda number: asked.told(what, number)


def _refuse_shallow(git: GitRepository) -> None:
    if git.run("rev-parse", "--is-shallow-repository").strip() != b"false":  # git knows it of a linked work tree, too
        raise UsageError("this clone is shallow, and a proof needs the whole history; git fetch --unshallow")


def _refuse_partial(asked: Question) -> None:
    """A clone that a filter left without some files, which git would fetch one by one from whoever has them."""
    if not _is_filtered(asked.git):
        return
    ends = [asked.tip, *filter(None, [ledger_tip(asked.git)])]
    walk = ["rev-list", "--objects", "--no-object-names", "--missing=print", "--end-of-options", *ends]
    chunks = stream_git(asked.git.directory, f"--git-dir={asked.git.directory}", *walk)
    if any(b"?" in chunk for chunk in chunks):  # a mark before each that is missing
        raise UsageError("this clone is partial, and a proof reads every file; clone it anew without --filter")


def _is_filtered(git: GitRepository) -> bool:
    return any(name.startswith("remote.") and name.endswith(".promisor") for name in _settings(git))


def _settings(git: GitRepository) -> list[str]:
    return git.run("config", "--list", "--name-only").decode("utf-8", "replace").splitlines()


def _refuse_elsewhere(asked: Question) -> None:
    since = asked.since
    if since is not None and bytes.fromhex(since) not in first_parents(asked.git, asked.tip):
        raise UsageError(
            f"{since[:7]} never was the tip of the base, so nothing can be proven since; name one that was"
        )
