"""Knows what happened in a conversation, in order: what people said and did, and what the forge says of it itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registrar.sandbox.accounts import Role
from registrar.sandbox.pages.contents import Authored
from registrar.sandbox.pages.markdown import comment_html
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import Comment, Issue, PullRequest, PullRequestState, Remark, Review, Thread

# Of one moment, which comes first; comments and remarks share their ids, which tell them in order.
_RANKS = {"commit": 0, "comment": 1, "remark": 1, "review": 2, "merged": 3, "closed": 3}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing in the course of a conversation."""

    kind: str
    at: datetime
    thing: Any


def activity(visit: Visit, repository: Repository, found: Thread, commits: Sequence[Authored] = ()) -> dict[str, Any]:
    """Everything that a page shows of it, in order, and how a text of it looks."""
    happenings = [each for each in _happenings(visit, repository, found, commits) if each.kind in visit.face.tells]
    happenings.sort(key=lambda each: (each.at, _RANKS[each.kind], getattr(each.thing, "id", 0)))

    def shown(thing: Comment | Review | Issue | PullRequest | Remark) -> str:
        return comment_html(thing.body, repository, visit.face)

    return {"happenings": happenings, "shown": shown}


def _happenings(
    visit: Visit, repository: Repository, found: Thread, commits: Sequence[Authored]
) -> Iterator[Happening]:
    is_inside = _is_inside(visit, repository)
    yield from (
        Happening("comment", each.created_at, each) for each in found.comments if is_inside or not each.internal
    )
    for each in commits:
        yield Happening("commit", max(each.commit.committer.at, found.created_at), each)
    if isinstance(found, PullRequest):
        yield from (Happening("review", each.submitted_at, each) for each in found.reviews)
        yield from (Happening("remark", each.at, each) for each in found.remarks)
    if found.closed_at is not None:
        merged = isinstance(found, PullRequest) and found.state is PullRequestState.MERGED
        yield Happening("merged" if merged else "closed", found.closed_at, found)


def _is_inside(visit: Visit, repository: Repository) -> bool:
    """Whether the viewer may read what is not for everyone: anyone may read a public repository."""
    return visit.viewer in repository.roles or visit.forge.store.role_of(visit.viewer, repository) > Role.READ
