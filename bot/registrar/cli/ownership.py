"""Knows whether a registry's CODEOWNERS can be read, and whether somebody owns every model's status."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from registrar.core.codeowners import github, gitlab, places
from registrar.core.codeowners.ownership import Codeowners, why_unowned
from registrar.core.layout import status_path
from registrar.repository.snapshot import Snapshot
from registry_schema import Problem

_Finder = Callable[[Callable[[str], bytes | None]], Codeowners | None]

_FINDERS: Final[Mapping[str, _Finder]] = {"github": github.find_codeowners, "gitlab": gitlab.find_codeowners}
_OWN_PLACES: Final[Mapping[str, str]] = {"github": places.GITHUB[0], "gitlab": places.GITLAB[-1]}


def ownership_problems(registry: Snapshot, *, named: str, likely: str) -> tuple[Problem, ...]:
    """Find what keeps an approval from ever counting, in the language of the forge that somebody has named.

    While nobody has, the folder of the file names it; where both forges look, it is the likely one.
    """
    forges = [named] if named in _FINDERS else _forges_by_folder(registry) or [likely]
    return tuple(problem for each in forges for problem in _problems(registry, each))


def _forges_by_folder(registry: Snapshot) -> list[str]:
    return [forge for forge, place in _OWN_PLACES.items() if registry.text(place) is not None]


def _problems(registry: Snapshot, forge: str) -> Iterator[Problem]:
    codeowners = _FINDERS[forge](registry.text)
    if codeowners is None:
        mend = "write who may approve, such as: * @ana @acme/ml-admins"
        yield Problem(_OWN_PLACES[forge], 0, "is missing, so nobody can approve anything", mend)
        return
    yield from codeowners.problems
    if any(problem.line == 0 and problem.path == codeowners.file for problem in codeowners.problems):
        return  # the file as a whole is of no use
    for path in map(status_path, registry.models()):
        if why_unowned(codeowners, path) is not None:
            yield Problem(codeowners.file, 0, f"names no owner of {path}", f"add a line such as: /{path} @ana")
