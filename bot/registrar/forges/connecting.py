"""Which forges there are, each loaded only when it is asked for."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from registrar.core.effects import Effects
from registrar.errors import UsageError
from registrar.forges.port import Forge

T = TypeVar("T")

Connect = Callable[[str, str, str, Effects | None], Forge]


def _github(url: str, repository: str, token: str, effects: Effects | None) -> Forge:
    from registrar.forges.github import connect  # PyGithub takes a quarter of a second to import

    return connect(url, repository, token=token, effects=effects)


def _gitlab(url: str, repository: str, token: str, effects: Effects | None) -> Forge:
    from registrar.forges.gitlab import connect  # so does python-gitlab

    return connect(url, repository, token=token, effects=effects)


FORGES: Mapping[str, Connect] = {"github": _github, "gitlab": _gitlab}

_HEADS: Mapping[str, str] = {"github": "refs/pull/{}/head", "gitlab": "refs/merge-requests/{}/head"}


def forge_of(kind: str, url: str, *, repository: str, token: str, effects: Effects | None = None) -> Forge:
    """A repository on a forge, as a token sees it; nothing is sent yet. Raises `UsageError` for a kind nobody knows.

    Without `effects` it remembers for its own life what it has done.
    """
    return chosen(kind, FORGES)(url, repository, token, effects)


def head_ref(kind: str, number: int) -> str:
    """The ref that holds the head of a pull request, also from a fork. Raises `UsageError` for a kind nobody knows."""
    return chosen(kind, _HEADS).format(number)


def chosen(kind: str, forges: Mapping[str, T]) -> T:
    """What belongs to a kind of forge. Raises `UsageError` for a kind nobody knows."""
    if kind not in forges:
        raise UsageError(f"{kind!r} is no kind of forge; it is one of {', '.join(sorted(forges))}")
    return forges[kind]
