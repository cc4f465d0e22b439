"""How a set-up is looked at on each forge, each loaded only when it is asked for."""

from collections.abc import Callable, Mapping

from registrar.forges.connecting import chosen
from registrar.forges.setup import SetupForge

Connect = Callable[[str, str, str], SetupForge]


def _github(url: str, repository: str, token: str) -> SetupForge:
    from registrar.forges.github_setup import connect

    return connect(url, repository, token=token)


def _gitlab(url: str, repository: str, token: str) -> SetupForge:
    from registrar.forges.gitlab_setup import connect

    return connect(url, repository, token=token)


FORGES: Mapping[str, Connect] = {"github": _github, "gitlab": _gitlab}


def setup_forge_of(kind: str, url: str, *, repository: str, token: str) -> SetupForge:
    """A repository on a forge, as a token sees it; nothing is sent yet. Raises `UsageError` for a kind nobody knows."""
    return chosen(kind, FORGES)(url, repository, token)
