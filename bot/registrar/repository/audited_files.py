"""Knows what the files that a step changed say of it: which versions moved, by whose wish, and which rules changed."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import pygit2

from registrar.core.audit import Remark
from registrar.core.audit_steps import Landed
from registrar.core.layout import REGISTRY, model_of_path
from registrar.core.lifecycle import Transition
from registrar.core.paths import JOBS, RULES, is_guarded, is_status
from registrar.core.plain_status import Held, held_by, held_plainly, makes_room, moves
from registrar.errors import InvalidRegistry
from registrar.repository.auditing import Step, steps
from registrar.repository.changed_files import ChangedFile
from registrar.repository.git import GitRepository
from registrar.repository.kept import Kept
from registrar.repository.snapshot import Snapshot
from registry_schema import InvalidFile, Registry, is_model_name, read_registry, read_status

_FURTHEST = 20  # steps back for the last status.yaml that could be read
_MOST_COMMITS = 250  # of a merge, looked through for who asked for it
_RULES = frozenset(path.encode() for path in RULES)
_JOBS = frozenset(path.encode() for path in JOBS)
_BELOW_JOBS = tuple(f"{path}/".encode() for path in JOBS)
_NOBODY: Held = {}
_REQUESTED_BY = re.compile(r"(?im)^requested-by:[ \t]*([^<\n]*[^<\s])")


def is_of_interest(path: bytes) -> bool:
    """Whether a file may say who holds what, or decide over it."""
    if path.endswith(b"/status.yaml") or path in _RULES:
        return True
    folded = path.lower()
    return folded in _JOBS or folded.startswith(_BELOW_JOBS)


class Unreadable(Exception):
    """A file of the registry says nothing that could be told."""


class ChangedFiles:
    """Reads the files that steps changed, newest step first: each by the rules that were in force when it landed."""

    def __init__(self, repository: GitRepository, tip: str) -> None:
        self._repository = repository
        self._held: Kept[str, Held] = Kept(1_024)
        self.remarks: list[Remark] = []  # of the step read last
        self._rules = self._rules_at(tip)

    def landed(self, step: Step) -> Landed:
        """What git shows of a step."""
        self.remarks = []
        changes = _of_interest(step)
        found = [move for change in changes if _model(change.path) for move in self._moves(step, change)]
        displaced = [move for move in found if makes_room(move, found, self._rules)] if len(found) > 1 else ()
        for change in changes:
            if change.path == REGISTRY:
                self._rules = self._earlier_rules(step, change)
        return Landed(
            step.sha,
            step.parents[0] if step.parents else None,
            step.committed_at,
            step.author,
            self._requested_by(step),
            found,
            displaced,
            tuple(change.path for change in changes if not _model(change.path)),
        )

    def _moves(self, step: Step, change: ChangedFile) -> tuple[Transition, ...]:
        model = _model(change.path)
        try:
            after = self._read(change.new_blob, change.new_mode, change.path)
            before = self._before(step, change)
        except Unreadable as error:
            self.remarks.append(Remark(step.sha, f"what it does to {model} cannot be told: {error}"))
            return ()
        return moves(model, before, after, rules=self._rules)

    def _before(self, step: Step, change: ChangedFile) -> Held:
        """What was held before the step; if nobody could read the file then, what was held when it last could be."""
        try:
            return self._read(change.old_blob, change.old_mode, change.path)
        except Unreadable:
            earlier = islice(steps(self._repository, step.parents[0], change.path), _FURTHEST)
            for written in (found for earlier_step in earlier for found in earlier_step.changes()):
                try:
                    return self._read(written.new_blob, written.new_mode, written.path)
                except Unreadable:
                    continue
            raise

    def _read(self, blob: str | None, mode: str | None, path: str) -> Held:
        if blob is None:
            return _NOBODY
        if mode not in {"100644", "100755"}:
            raise Unreadable(f"{path} is no plain file")
        return self._held.get(blob, lambda: self._parsed(blob, path))

    def _parsed(self, blob: str, path: str) -> Held:
        text = self._text(blob, path)
        held = held_plainly(text)
        if held is not None:
            return held
        try:
            return held_by(read_status(text, path))
        except InvalidFile as error:
            raise Unreadable(str(error.problems[0])) from error

    def _text(self, blob: str, path: str) -> bytes:
        try:
            return self._repository.blob(blob, path)
        except InvalidRegistry as error:
            raise Unreadable(str(error)) from error
        except (KeyError, ValueError, pygit2.GitError) as error:
            raise Unreadable(f"{path} as it was then is not in this clone; fetch it whole") from error

    def _rules_at(self, tip: str) -> Registry:
        try:
            return Snapshot(self._repository, tip).registry()
        except InvalidRegistry as error:
            self.remarks.append(Remark(tip, f"its rules cannot be read, so the default ones are taken: {error}"))
            return Registry()

    def _earlier_rules(self, step: Step, change: ChangedFile) -> Registry:
        if change.old_blob is None:
            return self._rules
        try:
            return read_registry(self._text(change.old_blob, REGISTRY), REGISTRY)
        except (Unreadable, InvalidFile):
            self.remarks.append(Remark(step.sha, "the rules before it cannot be read, so those after it are taken"))
            return self._rules

    def _requested_by(self, step: Step) -> str:
        """Whom its commits name: asked only where there is no note that would say it better."""
        if step.note:
            return ""
        named = _named(step.message)
        if not named and len(step.parents) == 2:  # noqa: PLR2004 - a merge
            named = next(filter(None, map(_named, self._brought(*step.parents))), "")
        return named

    def _brought(self, onto: str, brought: str) -> Iterator[str]:
        objects = self._repository.objects
        try:
            walker = objects.walk(brought)
            walker.hide(onto)
            walker.simplify_first_parent()
            commits = islice(walker, _MOST_COMMITS)
            yield from (commit.raw_message.decode(errors="replace") for commit in commits)  # whatever it says it is in
        except (KeyError, ValueError, pygit2.GitError):  # a shallow clone has not all of them
            return


def _of_interest(step: Step) -> list[ChangedFile]:
    found = step.changes(wanted=is_of_interest)
    return [change for change in found if _model(change.path) or _is_rule_or_job(change.path)]


def _is_rule_or_job(path: str) -> bool:
    return is_guarded(path) and not is_status(path)


@lru_cache(maxsize=4_096)
def _model(path: str) -> str:
    """Whose statuses stand there; what stands where no model can be is no model's."""
    model = model_of_path(path) if is_status(path) else None
    return model if model and is_model_name(model) else ""


def _named(message: str) -> str:
    """The last paragraph holds the trailers."""
    found = _REQUESTED_BY.search(message.rstrip().rpartition("\n\n")[2])
    return found[1] if found else ""
