"""Knows which changes of the base nobody approved, and when one has been taken back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from registrar.core.paths import is_rules
from registrar.core.proof_facts import TAKE_BACK, Finding, breach


@dataclass(slots=True)
class _Doubt:
    commit: str
    findings: Sequence[Finding]
    before: dict[str, str | None]  # of each file that is not put back yet: its blob before the change
    upon: str  # the commit that it was put upon


@dataclass(slots=True)
class Doubts:
    """Changes that nobody approved, and what each file they touched held before."""

    _open: list[_Doubt] = field(default_factory=list)

    def add(self, commit: str, findings: Sequence[Finding], before: Mapping[str, str | None], *, upon: str) -> None:
        """Remember what is to be said of a change, unless its files are put back as they were when last approved."""
        approved = {path: blob for doubt in reversed(self._open) for path, blob in doubt.before.items()}
        held = {path: approved.get(path, blob) for path, blob in before.items()}
        self._open.append(_Doubt(commit, findings, held, upon))

    def sound_rules(self) -> str | None:
        """The last commit whose rules are all as they were approved, while the newest ones are not."""
        return next((doubt.upon for doubt in self._open if any(map(is_rules, doubt.before))), None)

    def restored_by(self, content: Mapping[str, str | None]) -> Mapping[str, str]:
        """Which of these files hold again what they held before a change that nobody approved, and that change."""
        return {
            path: doubt.commit
            for doubt in self._open
            for path, blob in doubt.before.items()
            if path in content and content[path] == blob
        }

    def doubtful_rules(self, commit: str, others: Iterable[str]) -> Iterator[Finding]:
        """Rules that nobody approved allow nothing; `others` are the guarded files that a change does not put back."""
        changed = next(iter(others), None)
        for doubt in self._open if changed is not None else ():
            for path in filter(is_rules, doubt.before):
                why = f"{path} was then as {doubt.commit[:7]} had left it"
                yield breach(commit, f"{changed} was changed by rules that nobody approved", why, TAKE_BACK)

    def settle(self, commit: str, content: Mapping[str, str | None]) -> Iterator[Finding]:
        """Take in an approved change: what it has put back whole is no breach any more."""
        for doubt in tuple(self._open):
            for path in tuple(doubt.before):
                if path in content and content[path] == doubt.before[path]:
                    del doubt.before[path]
            if not doubt.before:
                self._open.remove(doubt)
                yield from (finding.resolved_by(commit) for finding in doubt.findings)

    def left(self) -> Iterator[Finding]:
        """What has not been taken back."""
        return (finding for doubt in self._open for finding in doubt.findings)
