"""Knows whether the ledger is the bot's: each of its commits signed, nothing in it altered, every note of the base."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from registrar.core.paths import SIGNERS
from registrar.core.proof_facts import Finding, breach
from registrar.core.proof_signatures import LedgerCommit, fingerprints, judge_ledger_commit
from registrar.repository.git import GitRepository
from registrar.repository.processes import stream_git
from registrar.repository.proving_notes import Ledger

_TOGETHER = "fetch the base and the ledger together; if it stays, the base was rewritten, or somebody forged the note"


@dataclass(slots=True)
class Inspection:
    """The commits of the ledger, and what became known of them once all were looked at."""

    git: GitRepository
    tip: str  # of the base
    ledger: Ledger
    since: str | None  # notes of commits up to this one are taken as given
    unsigned: bool
    told: Callable[[int], None] = lambda _: None  # how many commits of the ledger were looked at
    keys: frozenset[str] = frozenset()  # that may sign
    vouched: dict[str, str] = field(
        default_factory=dict
    )  # of each entry on a change of signers, the key that signed it

    def findings(self) -> Iterator[Finding]:
        """Everything that is not as it must be."""
        signers = self.git.read(self.tip, SIGNERS) or b""
        self.keys = fingerprints(signers)
        if not self.keys and not self.unsigned:
            why = f"{self.tip[:7]} has no {SIGNERS} that names a key, so nobody can tell who wrote the ledger"
            mend = "let the bot sign it (docs/server.md), or give --unsigned to prove the rest"
            yield breach(self.tip, "the ledger is not signed", why, mend)
        yield from self._of_commits(signers)
        yield from self._of_notes()

    def _of_commits(self, signers: bytes) -> Iterator[Finding]:
        given = set(first_parents(self.git, self.since)) if self.since else set()
        judged_by = self.keys if self.keys and not self.unsigned else None
        before: LedgerCommit | None = None
        for number, commit in enumerate(self.ledger.commits(signers), start=1):
            self.told(number)
            if not _is_given(commit, given):
                yield from judge_ledger_commit(commit, judged_by, upon=before)
            before = commit
            for change in commit.changes:
                self.vouched.update(dict.fromkeys(change.added - self.vouched.keys(), commit.key))

    def _of_notes(self) -> Iterator[Finding]:
        on_base = set(first_parents(self.git, self.tip))
        for of in self.ledger.annotated():
            if bytes.fromhex(of) not in on_base:
                why = "the base does not hold it, or only within what a merge brought"
                yield breach(of, "the ledger has a note of a commit that never landed", why, _TOGETHER)


def _is_given(commit: LedgerCommit, given: set[bytes]) -> bool:
    noted = [change.of for change in commit.changes]
    return bool(noted) and all(of is not None and bytes.fromhex(of) in given for of in noted)


def first_parents(git: GitRepository, tip: str) -> Iterator[bytes]:
    """Every commit that was once the tip of the branch; as bytes, of which a hundred thousand take little room."""
    walk = ["rev-list", "--first-parent", "--end-of-options", tip]
    rest = b""
    for chunk in stream_git(git.directory, f"--git-dir={git.directory}", *walk):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (bytes.fromhex(line.decode()) for line in lines)
