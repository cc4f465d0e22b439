"""What follows when a ref of a repository moved: the record of who moved it, and the pull requests that it touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.happenings import PullRequestMove, PullRequestMoved, Pushed
from registrar.sandbox.store import Push, Repository, now
from registrar.sandbox.threads import PullRequest, PullRequestState


@dataclass(frozen=True, slots=True)
class Move:
    """A ref that went from one commit to another."""

    ref: str
    before: str
    after: str
    merged: bool = False


def record_moves(forge: Forge, repository: Repository, *, actor: Account, moves: Sequence[Move]) -> None:
    """Remember who moved what, tell, and bring every pull request up to date."""
    with forge.store.lock:
        for move in moves:
            push = Push(
                id=forge.store.new_id("push"),
                ref=move.ref,
                before=move.before,
                after=move.after,
                actor=actor,
                at=now(),
                kind=_kind(repository, move),
            )
            repository.pushes.append(push)
            if move.ref.startswith(("refs/heads/", "refs/tags/")):
                forge.publish(repository, Pushed(repository, actor, push))
            if move.ref.startswith("refs/heads/"):
                forge.background.later(partial(_follow, forge, repository, actor, move))


def _kind(repository: Repository, move: Move) -> str:
    if move.merged:
        return "merged"
    if move.before == git.ABSENT:
        return "created"
    if move.after == git.ABSENT:
        return "deleted"
    return "pushed" if git.is_ancestor(repository.path, move.before, move.after) else "forced"


def _follow(forge: Forge, repository: Repository, actor: Account, move: Move) -> None:
    branch = move.ref.removeprefix("refs/heads/")
    for pull_request in [each for each in repository.pull_requests if each.is_open]:
        if pull_request.source_branch == branch:
            _follow_source(forge, repository, actor, pull_request)
        elif pull_request.target_branch == branch and move.after != git.ABSENT:
            _follow_target(forge, repository, actor, pull_request, move.after)


def _follow_source(forge: Forge, repository: Repository, actor: Account, pull_request: PullRequest) -> None:
    """A new head; or a closed pull request, when the branch is gone."""
    before, after = pull_request.head_sha, git.branch(repository.path, pull_request.source_branch)
    if after == before:
        return
    pull_request.updated_at = now()
    if after is None:
        pull_request.state, pull_request.closed_by = PullRequestState.CLOSED, actor
        pull_request.closed_at = now()
        forge.publish(repository, PullRequestMoved(repository, actor, pull_request, PullRequestMove.CLOSED))
        return
    pull_request.head_sha = after
    pull_request.base_sha = git.branch(repository.path, pull_request.target_branch) or pull_request.base_sha
    git.keep_ref(repository.path, forge.dialect.head_ref(pull_request.number), after)
    moved = PullRequestMoved(repository, actor, pull_request, PullRequestMove.PUSHED, before=before)
    forge.publish(repository, moved)


def _follow_target(forge: Forge, repository: Repository, actor: Account, pull_request: PullRequest, tip: str) -> None:
    """A pull request whose head reached its target by another way is merged, whoever brought it there."""
    if not git.is_ancestor(repository.path, pull_request.head_sha, tip):
        return
    pull_request.state, pull_request.merged_by = PullRequestState.MERGED, actor
    pull_request.merge_commit = pull_request.head_sha
    pull_request.merged_at = pull_request.closed_at = pull_request.updated_at = now()
    forge.publish(repository, PullRequestMoved(repository, actor, pull_request, PullRequestMove.CLOSED))
