"""How webhooks are looked after on each forge, each loaded only when it is asked for."""

from collections.abc import Callable, Mapping

from registrar.core.effects import Fence
from registrar.forges.connecting import chosen
from registrar.forges.hooks import HookForge

Connect = Callable[[str, str, str, str | None, Fence], HookForge]


def _github(url: str, repository: str, token: str, public_url: str | None, fence: Fence) -> HookForge:
    from registrar.forges.github_api import GitHubApi
    from registrar.forges.github_hooks import GitHubHooks

    return GitHubHooks(url.rstrip("/"), repository, api=GitHubApi(url, token=token, fence=fence), public_url=public_url)


def _gitlab(url: str, repository: str, token: str, public_url: str | None, fence: Fence) -> HookForge:
    from registrar.forges.gitlab_api import GitLabApi
    from registrar.forges.gitlab_hooks import GitLabHooks

    return GitLabHooks(url.rstrip("/"), repository, api=GitLabApi(url, token=token, fence=fence), public_url=public_url)


FORGES: Mapping[str, Connect] = {"github": _github, "gitlab": _gitlab}


def hook_forge_of(
    kind: str, url: str, *, repository: str, token: str, public_url: str | None = None, fence: Fence = lambda: None
) -> HookForge:
    """The webhooks of a repository that lead to this bot, as a token sees them; nothing is sent yet.

    Raises `UsageError` for a kind nobody knows. The fence is asked right before every write.
    """
    return chosen(kind, FORGES)(url, repository, token, public_url, fence)
