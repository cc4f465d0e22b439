"""What a GitHub answers that a test wrote down."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from forges.replies import RawServer, Reply, serving
from registrar.core.effects import Effects
from registrar.forges.github import GitHubForge, connect

TOKEN = "ghp_aTokenThatOpensNothing"
BOT = {"id": 1, "login": "registrar", "type": "User"}
ANA = {"id": 2, "login": "ana", "type": "User"}


@contextmanager
def asking(
    *replies: Reply, timeout: int = 5, effects: Effects | None = None
) -> Iterator[tuple[GitHubForge, RawServer]]:
    with serving(*replies) as server:
        forge = connect(server.url, "acme/registry", token=TOKEN, timeout=timeout, effects=effects)
        try:
            yield forge, server
        finally:
            forge.close()


def a_comment(number: int, body: str, *, by: Mapping[str, object] | None = BOT, on: int = 7) -> dict[str, object]:
    return {
        "id": number,
        "body": body,
        "user": by,
        "html_url": f"https://forge.example/{number}",
        "issue_url": f"https://forge.example/issues/{on}",
    }


def a_pull(number: int = 7, **changes: object) -> dict[str, object]:
    side = {"ref": "topic", "sha": "a" * 40, "repo": {"id": 4, "full_name": "acme/registry"}}
    return {
        "number": number,
        "title": "t",
        "html_url": "u",
        "state": "open",
        "user": ANA,
        "head": side,
        "base": side | {"ref": "main"},
    } | changes
