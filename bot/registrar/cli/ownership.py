"""Knows whether a registry's CODEOWNERS can be read, and whether somebody owns every model's status."""

from registrar.core.codeowners import places
from registrar.core.codeowners.github import find_codeowners
from registrar.core.codeowners.ownership import Ownership
from registrar.core.layout import status_path
from registrar.repository.snapshot import Snapshot
from registry_schema import Problem


def ownership_problems(registry: Snapshot) -> tuple[Problem, ...]:
    """Find what keeps an approval from ever counting. A file that GitLab alone reads is not judged."""
    codeowners = find_codeowners(registry.text)
    if codeowners is None:
        if any(registry.text(place) is not None for place in places.GITLAB):
            return ()
        mend = "write who may approve, such as: * @ana @acme/ml-admins"
        return (Problem(places.GITHUB[0], 0, "is missing, so nobody can approve anything", mend),)
    if not codeowners.rules:
        return codeowners.problems
    unowned = (path for path in map(status_path, registry.models()) if not _is_owned(codeowners.owners_of(path)))
    return codeowners.problems + tuple(
        Problem(codeowners.file, 0, f"names no owner of {path}", f"add a line such as: /{path} @ana")
        for path in unowned
    )


def _is_owned(ownership: Ownership | None) -> bool:
    return ownership is not None and bool(ownership.owners)
