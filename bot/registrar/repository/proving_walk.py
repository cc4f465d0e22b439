"""Knows how every change of a base branch is held against its entry in the ledger, from the first to the newest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from registrar.core.layout import REGISTRY
from registrar.core.ledger import Entry, Merged, Pushed
from registrar.core.paths import SIGNERS
from registrar.core.proof import broken_files, judge, unapproved
from registrar.core.proof_doubts import Doubts
from registrar.core.proof_facts import Finding, Grade, breach, told_of
from registrar.core.proof_signatures import LOOK, fingerprints, judge_new_signers
from registrar.errors import InvalidRegistry
from registrar.repository.audited import FETCH
from registrar.repository.auditing import Step, steps
from registrar.repository.git import EMPTY_TREE, GitRepository
from registrar.repository.proving_changes import Change, Standing, landed_of
from registrar.repository.proving_notes import Ledger
from registrar.repository.snapshot import Snapshot

_AT_ONCE = 500  # commits that one request can bring, rebased or fast-forwarded: more than any forge rebases
_LOOK = f"fetch the ledger again ({FETCH}), then see who pushed it (git log -1 --format=fuller), and take it back"
_FSCK = "see what git fsck says of it, and who pushed it"


@dataclass(slots=True)
class Walk:
    """The base up to its tip. What is found comes as it is found, and the counts grow with it."""

    git: GitRepository
    tip: str
    ledger: Ledger | None  # None: the clone has none, and what would need an entry is only counted
    since: str | None  # up to which everything is taken as given; None: up to the first commit that holds rules
    vouched: Mapping[str, str] | None  # which key signed an entry, by the entry's own; None: none needs to be signed
    told: Callable[[int], None] = lambda _: None  # how many steps were looked at
    begun: str = ""  # where the proof begins
    changes: int = 0  # of what owners guard
    _is_trusted: bool = field(init=False)  # until `since` has come
    _standing: Standing = field(default_factory=Standing)
    _doubts: Doubts = field(default_factory=Doubts)
    _unnoted: list[Change] = field(default_factory=list)  # which may have landed together with what follows

    def __post_init__(self) -> None:
        self._is_trusted = self.since is not None

    def findings(self) -> Iterator[Finding]:
        """Everything that is not as it must be, and what a reader must know."""
        for number, step in enumerate(steps(self.git, self.tip, oldest_first=True), start=1):
            self.told(number)
            if self.begun:
                yield from self._looked_at(step)
            else:
                self._taken_as_given(step)
        yield from self._without_an_entry(self._unnoted)
        yield from self._doubts.left()

    def _taken_as_given(self, step: Step) -> None:
        self._standing.take_as_given(Snapshot(self.git, step.sha), [file.path for file in step.changes()])
        self._is_trusted = self._is_trusted and step.sha != self.since
        if not self._is_trusted and self.git.blob_id(step.sha, REGISTRY) is not None:
            self.begun = step.sha

    def _looked_at(self, step: Step) -> Iterator[Finding]:
        if not step.tells_its_time:
            yield breach(step.sha, "a commit tells no time that a calendar has", "no git makes such a one", _FSCK)
        try:
            entries = self.ledger.entries(step.sha) if self.ledger else ()
        except InvalidRegistry as invalid:
            yield breach(step.sha, "what the ledger says of it cannot be read", str(invalid), LOOK)
            entries = ()
        entry = told_of(entries, step.sha)
        change = self._change(step, entry)
        if entry is not None or any(isinstance(each, Pushed) for each in entries):
            yield from self._without_an_entry(self._unnoted)
            self._unnoted = []
            yield from self._judged(change, entry, entries)
        elif change.paths:
            self._unnoted.append(change)
            yield from self._without_an_entry(self._unnoted[:-_AT_ONCE])
            self._unnoted = self._unnoted[-_AT_ONCE:]

    def _change(self, step: Step, entry: Merged | None) -> Change:
        """A commit; or every commit of a request that was rebased or fast-forwarded: its entry is with the last."""
        parent = step.parents[0] if step.parents else EMPTY_TREE
        brought = self._brought_along(parent, entry.before) if entry else []
        if entry is None or not brought:
            return Change(parent, step.sha, tuple(step.changes()))
        self._unnoted = [change for change in self._unnoted if change.commit not in brought]
        return Change(entry.before, step.sha, self.git.diff(entry.before, step.sha))

    def _brought_along(self, newest: str, before: str) -> Sequence[str]:
        """The commits after `before` up to the newest; none when that is too far back, or not there."""
        brought: list[str] = []
        sha: str | None = newest
        while sha is not None and sha != before and len(brought) < _AT_ONCE:
            brought.append(sha)
            sha = self.git.first_parent(sha)
        return brought if sha == before else []

    def _judged(self, change: Change, entry: Merged | None, entries: Sequence[Entry]) -> Iterator[Finding]:
        restored = self._doubts.restored_by(change.content)
        puts_back = bool(change.guarded) and all(file.path in restored for file in change.guarded)
        sound = self._doubts.sound_rules() if puts_back else None
        landed = landed_of(self.git, change, entry, self._standing, restored, rules_at=sound)
        self.changes += bool(change.guarded)
        if entry is None or entry.ruling == "refused":
            self._standing.forget(landed)
            broken = tuple(broken_files(landed))
            if change.touched:
                self._doubts.add(
                    change.commit, (*unapproved(landed, entries), *broken), change.touched, upon=change.before
                )
            else:
                yield from broken
            return
        others = (file.path for file in change.guarded if file.path not in restored)
        doubtful = self._doubts.doubtful_rules(change.commit, others)
        found = [*judge(landed, entry), *doubtful, *self._new_signers(change, entry)]
        yield from found
        if any(finding.grade is Grade.BREACH for finding in found):
            self._standing.forget(landed)
        else:
            self._standing.take_in(landed, entry)
            yield from self._doubts.settle(change.commit, change.content)

    def _new_signers(self, change: Change, entry: Merged) -> Iterator[Finding]:
        old = self.git.read(change.before, SIGNERS) if SIGNERS in change.content else None
        if old is not None and self.vouched is not None:
            yield from judge_new_signers(change.commit, self.vouched.get(entry.key, ""), fingerprints(old))

    def _without_an_entry(self, changes: Sequence[Change]) -> Iterator[Finding]:
        for change in changes:
            landed = landed_of(self.git, change, None, self._standing, self._doubts.restored_by(change.content))
            self._standing.forget(landed)
            self.changes += bool(change.guarded)
            if change.guarded and self.ledger is not None:
                why = f"the ledger has no entry of it, and it changes {change.guarded[0].path}"
                yield breach(change.commit, "a change that owners guard was approved by nobody", why, _LOOK)
            yield from broken_files(landed)
