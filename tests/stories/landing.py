"""Merges that are not what a forge's button makes of a pull request."""

from collections.abc import Iterator, Sequence

from registrar.core.events import PullRequestChanged
from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.happenings import PullRequestMove, PullRequestMoved
from registrar.sandbox.landing import Landed, Landing
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.store import now
from registrar.sandbox.threads import PullRequest, PullRequestState
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


def agreed(town: Town, files: dict[str, str], *, branch: str = "agreed") -> str:
    """A change that mei proposed, ana approved and merged; the commit that landed."""
    number = town.propose(files, by="mei", branch=branch)
    town.approve(number, by="ana")
    landed = town.merge(number)
    assert landed is not None, town.verdict(number)
    return landed


def counted_as_merged_by(town: Town, number: int, landed: str | None) -> None:
    """As a forge keeps it of a request whose head came to the base by another's merge."""
    found = town.sandbox.store.repository(REGISTRY).pull_request(number)
    found.merge_commit, found.landed_by = landed, "merge"


def queued(town: Town, numbers: Sequence[int], *, method: str = "merge") -> list[str]:
    """What a merge queue, or a train, lands as one group: each upon the one before it, and the base moves once.

    The commits are told in the same order.
    """
    forge, repository = town.sandbox.forge, town.sandbox.store.repository(REGISTRY)
    queue = town.sandbox.store.accounts.get("merge-queue[bot]") or town.sandbox.add_bot("merge-queue[bot]")
    with forge.store.lock:
        base = git.branch(repository.path, "main") or ""
        for found, landed in _entries(town, numbers, method, queue):
            found.state, found.merged_by = PullRequestState.MERGED, queue
            found.merge_commit, found.landed_by, found.squash_commit = landed.tip, landed.by, landed.squash_commit
            found.merged_at = found.closed_at = found.updated_at = now()
            forge.publish(repository, PullRequestMoved(repository, queue, found, PullRequestMove.CLOSED))
        move = Move("refs/heads/main", base, git.branch(repository.path, "main") or "", merged=True)
        record_moves(forge, repository, actor=queue, moves=[move])
    town.settle()
    return [repository.pull_request(number).merge_commit or "" for number in numbers]


def asked_by_a_queue(town: Town, numbers: Sequence[int], *, method: str = "merge") -> list[str]:
    """What a queue puts together, each on a branch of its own, and waits for; the commits in the same order."""
    forge, repository = town.sandbox.forge, town.sandbox.store.repository(REGISTRY)
    queue = town.sandbox.add_bot("merge-queue[bot]")
    with forge.store.lock:
        base = git.branch(repository.path, "main") or ""
        made = [(found, found.landed_on, landed.tip) for found, landed in _entries(town, numbers, method, queue)]
        git.keep_ref(repository.path, "refs/heads/main", base)
        for found, before, tip in made:
            found.landed_on = None
            ref = f"refs/heads/gh-readonly-queue/main/pr-{found.number}-{before}"
            git.keep_ref(repository.path, ref, tip)
            record_moves(forge, repository, actor=queue, moves=[Move(ref, git.ABSENT, tip)])
    town.settle()
    return [tip for _, _, tip in made]


def _entries(town: Town, numbers: Sequence[int], method: str, queue: Account) -> Iterator[tuple[PullRequest, Landed]]:
    """The base moves to each in turn; nobody is told."""
    forge, repository = town.sandbox.forge, town.sandbox.store.repository(REGISTRY)
    for found in map(repository.pull_request, numbers):
        found.landed_on = git.branch(repository.path, "main") or ""
        landed = forge.dialect.landed(forge, repository, found, Landing(method), queue)
        git.move(repository.path, "refs/heads/main", landed.tip, before=found.landed_on)
        yield found, landed
