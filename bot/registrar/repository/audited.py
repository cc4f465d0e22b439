"""Knows the audit trail of a base branch in a clone: every step, told by the files and by the notes of the ledger."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from registrar.core.audit import Record, Remark
from registrar.core.audit_notes import told
from registrar.core.audit_steps import Chronicle
from registrar.core.layout import REGISTRY, status_path
from registrar.repository.audited_files import ChangedFiles, is_of_interest
from registrar.repository.auditing import LEDGER_REF, ledger_tip, parts_of, steps
from registrar.repository.git import GitRepository
from registrar.repository.processes import stream_git

FETCH = f"git fetch origin {LEDGER_REF}:{LEDGER_REF}"
_MOST_NAMED = 5


def audited(repository: GitRepository, tip: str, *, model: str | None = None) -> Iterator[Record | Remark]:
    """Every line of the audit trail, newest first, and where it comes up what could not be told.

    Of one model it is only the steps that changed its statuses or the rules, and notes on others are not looked for.
    """
    ends_early = shallow_ends(repository)
    files, chronicle = ChangedFiles(repository, tip), Chronicle()
    yield from files.remarks
    noted = 0
    for step in steps(repository, tip, *((status_path(model), REGISTRY) if model else ())):
        noted += bool(step.note)
        if step.sha in ends_early:
            text = "this clone begins here, and does not know what was before; git fetch --unshallow"
            yield Remark(step.sha, text)
            continue
        if not step.note and not any(map(is_of_interest, step.paths)):
            continue
        landed = files.landed(step)
        yield from files.remarks
        if not step.tells_its_time:
            yield Remark(
                step.sha, f"its commit tells no time that a calendar has; it stands at {landed.committed_at:%Y}"
            )
        yield from chronicle.lines(landed, told(step.note, step.sha, is_cut=step.is_cut))
    if model is None:
        yield from _astray(repository, tip, noted)


def shallow_ends(repository: GitRepository) -> frozenset[str]:
    """The commits whose parents a shallow clone does not have, though they have some."""
    file = Path(repository.run("rev-parse", "--git-path", "shallow").decode().rstrip("\n"))
    file = repository.directory / file
    return frozenset(file.read_text(encoding="ascii", errors="replace").split()) if file.is_file() else frozenset()


def _astray(repository: GitRepository, tip: str, noted: int) -> Iterator[Remark]:
    """Notes on what is no step of the base: looked for only when there are more notes than steps had."""
    if ledger_tip(repository) is None or sum(1 for _ in _annotated(repository)) == noted:
        return
    here = f"--git-dir={repository.directory}"
    walk = stream_git(repository.directory, here, "rev-list", "--first-parent", "--end-of-options", tip)
    base = set(b"".join(walk).split())
    astray = (name for name in _annotated(repository) if name.encode() not in base)
    named = list(islice(astray, _MOST_NAMED))
    if named:
        others = sum(1 for _ in astray)
        more = f" and {others} more" if others else ""
        yield Remark("", f"the ledger tells of commits that are no step of the base: {', '.join(named)}{more}")


def _annotated(repository: GitRepository) -> Iterator[str]:
    here = f"--git-dir={repository.directory}"
    listing = stream_git(repository.directory, here, "ls-tree", "-r", "-z", "--name-only", "--full-tree", LEDGER_REF)
    yield from (path.decode("utf-8", "replace").replace("/", "") for path in parts_of(listing) if path)
