"""Knows how the jobs are looked at that are the bot where no server is."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from registrar.core.setup import Finding
from registrar.core.setup_jobs import WORKFLOWS, job_findings
from registrar.repository.includes import all_included
from registrar.repository.snapshot import Snapshot


def jobs_told(registry: Snapshot, file: str | None, *, base: str, is_everybodys: bool) -> Iterator[Finding]:
    """Whether jobs on the base branch are the bot; `file` says what they run, or every workflow there does."""
    included: Iterable[str] = ()
    if file is None:
        workflows = _texts(registry, f"{WORKFLOWS}/*")
        texts = {path: _decoded(text) for path, text in workflows.items()}
    else:
        read, included = all_included(lambda path: _texts(registry, path), file)
        texts = {file: "", **{path: _decoded(text) for path, text in read.items()}}
    yield from job_findings(texts, base=base, tells=file is None, is_everybodys=is_everybodys, included=included)


def _texts(registry: Snapshot, pattern: str) -> Mapping[str, bytes]:
    """The files that are meant, maybe with a `*` in their name. What is below a folder with one is not looked for."""
    folder, _, name = pattern.rpartition("/")
    entries = registry.repository.entries(registry.commit, folder)
    found = [each for each in entries if each.is_file and (each.name == name or fnmatchcase(each.name, name))]
    paths = {f"{folder}/{each.name}" if folder else each.name: each for each in found}
    return {path: registry.repository.blob(each.id, path) for path, each in paths.items()}


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")
