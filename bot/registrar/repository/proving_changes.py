"""Knows one change of the base as git shows it, with the rules and the owners of the commit before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registrar.core.codeowners import github, gitlab, places
from registrar.core.codeowners.ownership import Codeowners
from registrar.core.layout import model_of_path
from registrar.core.ledger import Merged
from registrar.core.paths import is_guarded, is_looked_after, is_status, release_of
from registrar.core.proof_facts import Landed, forge_of
from registrar.errors import InvalidRegistry, Unknown
from registrar.repository.changed_files import ChangedFile
from registrar.repository.git import GitRepository, TreeEntry
from registrar.repository.kept import Kept
from registrar.repository.model_changes import model_changes
from registrar.repository.processes import GitFailed
from registrar.repository.snapshot import Snapshot
from registry_schema import Registry

_CODEOWNERS: Kept[tuple[str | TreeEntry | None, ...], Codeowners | None] = Kept(256)


@dataclass(slots=True)
class Standing:
    """What the history so far tells of each version: which statuses it was rightly given, and since when it has one.

    A status that nobody approved was never rightly held, so nothing may return to it.
    """

    held: dict[str, dict[tuple[str, str], frozenset[str]]] = field(default_factory=dict)  # by model
    entered: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def take_as_given(self, registry: Snapshot, paths: Iterable[str]) -> None:
        """Take in what a trusted commit holds; since when, only the ledger could show."""
        for model in {model for path in paths if is_status(path) and (model := model_of_path(path)) is not None}:
            try:
                holdings = registry.holdings(model)
            except InvalidRegistry:
                continue
            for status, holders in holdings.statuses.items():
                for holder in holders:
                    self._hold((model, holder.version), status)

    def take_in(self, landed: Landed, entry: Merged) -> None:
        """Take in a change that was approved."""
        for version in landed.registrations:
            self.entered[version] = entry.at
        for move in landed.transitions:
            if not move.keeps_status:
                self._hold((move.model, move.version), move.after)
                self.entered[move.model, move.version] = entry.at

    def forget(self, landed: Landed) -> None:
        """What nobody approved gives nobody a status, and breaks the time for which it was held."""
        for move in landed.transitions:
            self.entered.pop((move.model, move.version), None)

    def _hold(self, version: tuple[str, str], status: str) -> None:
        of_model = self.held.setdefault(version[0], {})
        of_model[version] = of_model.get(version, frozenset()) | {status}


@dataclass(frozen=True, slots=True)
class Change:
    """Where a change began and what it led to."""

    before: str
    commit: str
    files: tuple[ChangedFile, ...]

    @property
    def paths(self) -> list[str]:
        """Those of its files that are judged."""
        return [file.path for file in self.files if is_looked_after(file.path)]

    @property
    def content(self) -> Mapping[str, str | None]:
        """The blob of each changed file that is judged now; None: it is gone."""
        return {file.path: file.new_blob for file in self.files if is_looked_after(file.path)}

    @property
    def guarded(self) -> tuple[ChangedFile, ...]:
        """The files of it that owners guard."""
        return tuple(file for file in self.files if is_guarded(file.path))

    @property
    def touched(self) -> Mapping[str, str | None]:
        """What must be put back to take it back: guarded files and altered releases, with the blob of before."""
        altered = (file for file in self.files if release_of(file.path) is not None and file.old_blob is not None)
        return {file.path: file.old_blob for file in (*self.guarded, *altered)}


def landed_of(
    git: GitRepository,
    change: Change,
    entry: Merged | None,
    standing: Standing,
    restored: Mapping[str, str],
    *,
    rules_at: str | None = None,
) -> Landed:
    """Everything that git shows of a change; `rules_at` where other rules decide than those of before it."""
    rules = Snapshot(git, rules_at or change.before)
    before, head = Snapshot(git, change.before), Snapshot(git, change.commit)
    named = [path for path, _ in entry.content] if entry else []
    problems = head.problems(change.paths) if change.paths else ()
    try:
        models = () if problems else tuple(model_changes(change.paths, fork=before, base=before, head=head))
    except InvalidRegistry as invalid:  # what the base held before was broken already
        models, problems = (), invalid.problems
    forge, fork = (forge_of(entry.url), _fork(git, change, entry)) if entry else (None, None)
    return Landed(
        commit=change.commit,
        before=change.before,
        registry=_rules(rules),
        codeowners=_owners(rules, forge),
        fork=fork,
        codeowners_before=_owners(Snapshot(git, fork), forge) if fork else None,
        models=models,
        files=change.files,
        content={path: git.blob_id(change.commit, path) for path in [*(file.path for file in change.guarded), *named]},
        problems=problems,
        held_before={key: held for each in models for key, held in standing.held.get(each.name, {}).items()},
        entered=standing.entered,
        restored=restored,
    )


def _fork(git: GitRepository, change: Change, entry: Merged) -> str | None:
    """Where the branch left the base, if its entry says so: by the branch itself, where the clone has it."""
    fork = entry.fork
    if fork is None or not git.contains(fork):
        return None
    try:
        if git.contains(entry.head):
            return fork if git.merge_base(change.before, entry.head) == fork else None
        return fork if git.is_ancestor(fork, change.before) else None
    except (GitFailed, Unknown):  # what it names is no commit
        return None


def _rules(registry: Snapshot) -> Registry | None:
    try:
        return registry.registry()
    except InvalidRegistry:
        return None


def _owners(registry: Snapshot, forge: str | None) -> Codeowners | None:
    """CODEOWNERS as it was, in the language of the forge; one that is no plain file owns nothing."""
    language, where = (gitlab, places.GITLAB) if forge == "gitlab" else (github, places.GITHUB)
    found = (registry.repository.entry(registry.commit, place) for place in where)
    try:
        return _CODEOWNERS.get((forge, *found), lambda: language.find_codeowners(registry.text))
    except InvalidRegistry:
        return None
