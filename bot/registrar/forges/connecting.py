"""Which forges there are, each loaded only when it is asked for."""

from collections.abc import Callable, Mapping

from registrar.errors import UsageError
from registrar.forges.port import Forge

Connect = Callable[[str, str, str], Forge]


def _github(url: str, repository: str, token: str) -> Forge:
    from registrar.forges.github import connect  # PyGithub takes a quarter of a second to import

    return connect(url, repository, token=token)


def _gitlab(url: str, repository: str, token: str) -> Forge:
    from registrar.forges.gitlab import connect  # so does python-gitlab

    return connect(url, repository, token=token)


FORGES: Mapping[str, Connect] = {"github": _github, "gitlab": _gitlab}


def forge_of(kind: str, url: str, *, repository: str, token: str) -> Forge:
    """A repository on a forge, as a token sees it; nothing is sent yet. Raises `UsageError` for a kind nobody knows."""
    if kind not in FORGES:
        raise UsageError(f"{kind!r} is no kind of forge; it is one of {', '.join(sorted(FORGES))}")
    return FORGES[kind](url, repository, token)
