"""Merges that are not what a forge's button makes of a pull request."""

from collections.abc import Sequence

from registrar.core.events import PullRequestChanged
from registrar.sandbox import git
from registrar.sandbox.happenings import PullRequestMove, PullRequestMoved
from registrar.sandbox.landing import Landing
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.store import now
from registrar.sandbox.threads import PullRequestState
from stories.places import REGISTRY
from stories.town import Town


def merged_as(town: Town, number: int, files: dict[str, str]) -> str:
    """A merge commit with this in place of what was proposed, pushed past the forge, which calls it merged by it."""
    repository = town.sandbox.store.repository(REGISTRY)
    found = repository.pull_request(number)
    tree = git.commit(repository.path, town.commit(files, by="raj", branch="evil", onto=found.source_branch)).tree
    base = git.branch(repository.path, "main") or ""
    raj = town.sandbox.store.account("raj")
    landed = git.write_commit(repository.path, tree, (base, found.head_sha), message="Merge", author=raj)
    git.move(repository.path, "refs/heads/main", landed, before=base)
    found.state, found.merge_commit, found.merged_by = PullRequestState.MERGED, landed, raj
    found.landed_by = "merge"
    found.merged_at = found.closed_at = found.updated_at = now()
    town.engine.accept(f"merged-{number}", PullRequestChanged(REGISTRY, number))
    town.settle()
    return landed


def counted_as_merged_by(town: Town, number: int, landed: str | None) -> None:
    """As a forge keeps it of a request whose head came to the base by another's merge."""
    found = town.sandbox.store.repository(REGISTRY).pull_request(number)
    found.merge_commit, found.landed_by = landed, "merge"


def queued(town: Town, numbers: Sequence[int], *, method: str = "merge") -> list[str]:
    """What a merge queue, or a train, lands as one group: each upon the one before it, and the base moves once.

    The queue has asked nobody again, and it is the queue that merges. The commits are told in the same order.
    """
    forge, repository = town.sandbox.forge, town.sandbox.store.repository(REGISTRY)
    queue = town.sandbox.add_bot("merge-queue[bot]")
    with forge.store.lock:
        base = git.branch(repository.path, "main") or ""
        for found in map(repository.pull_request, numbers):
            before = git.branch(repository.path, "main") or ""
            landed = forge.dialect.landed(forge, repository, found, Landing(method), queue)
            git.move(repository.path, "refs/heads/main", landed.tip, before=before)
            found.state, found.merged_by, found.landed_on = PullRequestState.MERGED, queue, before
            found.merge_commit, found.landed_by, found.squash_commit = landed.tip, landed.by, landed.squash_commit
            found.merged_at = found.closed_at = found.updated_at = now()
            forge.publish(repository, PullRequestMoved(repository, queue, found, PullRequestMove.CLOSED))
        move = Move("refs/heads/main", base, git.branch(repository.path, "main") or "", merged=True)
        record_moves(forge, repository, actor=queue, moves=[move])
    town.settle()
    return [repository.pull_request(number).merge_commit or "" for number in numbers]
