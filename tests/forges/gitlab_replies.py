"""What a GitLab answers that a test wrote down."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from forges.replies import RawServer, Reply, serving
from registrar.core.effects import Effects
from registrar.forges.gitlab import GitLabForge, connect

TOKEN = "glpat-aTokenThatOpensNothing"
REGISTRY = "acme/ml/registry"  # in nested groups
PROJECT = "/projects/acme%2Fml%2Fregistry"
BOT = {"id": 1, "username": "project_4_bot_12ab", "state": "active"}
ANA = {"id": 2, "username": "ana", "state": "active"}
GHOST = {"id": 9, "username": "ghost1", "state": "active"}
HEAD, OLDER = "a" * 40, "b" * 40


@contextmanager
def asking(
    *replies: Reply, timeout: int = 5, effects: Effects | None = None
) -> Iterator[tuple[GitLabForge, RawServer]]:
    with serving(*replies) as server:
        forge = connect(server.url, REGISTRY, token=TOKEN, timeout=timeout, effects=effects)
        try:
            yield forge, server
        finally:
            forge.close()


def at(second: int) -> str:
    """A moment, told as GitLab does, to the thousandth of a second."""
    return f"2026-01-01T12:00:{second:02}.500Z"


def a_project(**changes: object) -> dict[str, object]:
    return {"id": 4, "path_with_namespace": REGISTRY, "default_branch": "main", "merge_method": "merge"} | changes


def a_note(number: int, body: str, *, by: Mapping[str, object] | None = BOT, **changes: object) -> dict[str, object]:
    times = {"created_at": at(0), "updated_at": at(0)}
    return {"id": number, "body": body, "author": by, "system": False, "noteable_iid": 7} | times | changes


def a_request(number: int = 7, /, **changes: object) -> dict[str, object]:
    return {
        "iid": number,
        "title": "t",
        "description": "d",
        "web_url": "u",
        "state": "opened",
        "author": ANA,
        "sha": HEAD,
        "source_branch": "topic",
        "target_branch": "main",
        "source_project_id": 4,
        "target_project_id": 4,
    } | changes


def a_pipeline(number: int = 3, /, **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "status": "running",
        "source": "api",
        "ref": "v1",
        "web_url": f"https://forge.example/{number}",
        "created_at": at(0),
    } | changes
