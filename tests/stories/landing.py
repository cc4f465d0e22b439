"""Merges that are not what a forge's button makes of a pull request."""

from registrar.core.events import PullRequestChanged
from registrar.sandbox import git
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
