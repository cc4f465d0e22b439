"""Knows how the jobs are looked at that are the bot where no server is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from registrar.core.setup import Finding, Untold
from registrar.core.setup_environments import Environment, secrets_finding
from registrar.core.setup_jobs import WORKFLOWS, Schedules, job_findings
from registrar.repository.git import TreeEntry
from registrar.repository.includes import pipeline_of
from registrar.repository.snapshot import Snapshot
from registrar.repository.workflows import environments_of, used_by_workflows


@dataclass(frozen=True, slots=True)
class Jobs:
    """Where the jobs of a registry stand."""

    registry: Snapshot
    repository: str  # as the forge names it
    file: str | None  # that says what they run; None: every workflow does
    schedules: Schedules | Untold | None  # None: the files say when they begin
    environment: Callable[[str], Environment | Untold]  # that keeps secrets, on GitHub

    def findings(self, *, base: str, is_everybodys: bool) -> Iterator[Finding]:
        """Whether jobs on the base branch are the bot, and whether what they run is guarded."""
        if self.file is None:
            read = self._files(f"{WORKFLOWS}/*")
            used = used_by_workflows(read, repository=self.repository, read=self._file, is_file=self._is_file)
        else:
            read, used = pipeline_of(self._files, self.file, repository=self.repository, is_file=self._is_file)
        texts = {} if self.file is None else {self.file: ""}
        texts |= {path: text.decode(errors="replace") for path, text in read.items()}
        yield from job_findings(texts, used, base=base, schedules=self.schedules, is_everybodys=is_everybodys)
        named = environments_of(read) if self.file is None else ()
        for path, name in dict.fromkeys(named):
            yield secrets_finding(path, name, self.environment, base=base)

    def _is_file(self, path: str) -> bool:
        return self._entry(path) is not None

    def _entry(self, path: str) -> TreeEntry | None:
        """What jobs name may be no name at all, as half a character is none."""
        entry = self.registry.repository.entry(self.registry.commit, path) if path.isprintable() else None
        return entry if entry is not None and entry.is_file else None

    def _file(self, path: str) -> bytes | None:
        entry = self._entry(path)
        return self.registry.repository.blob(entry.id, path) if entry is not None else None

    def _files(self, pattern: str) -> Mapping[str, bytes]:
        """Those that are meant, maybe with a `*` in their name; where a folder has one in its name, none."""
        folder, _, name = pattern.rpartition("/")
        entries = self.registry.repository.entries(self.registry.commit, folder) if folder.isprintable() else ()
        names = [each.name for each in entries if each.name == name or fnmatchcase(each.name, name)]
        found = {path: self._file(path) for path in (f"{folder}/{each}".lstrip("/") for each in names)}
        return {path: text for path, text in found.items() if text is not None}
