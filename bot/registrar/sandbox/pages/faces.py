"""Knows how a forge looks to a person: what GitHub calls a thing and what GitLab calls it, and where each has it."""

from collections.abc import Callable
from dataclasses import dataclass

from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import DialectName
from registrar.sandbox.pages.addresses import GITHUB_PLACES, GITLAB_PLACES, Addresses
from registrar.sandbox.store import Repository


@dataclass(frozen=True, slots=True)
class Words:
    """What things are called."""

    request: str
    mark: str  # before the number of a pull request
    conversation: str
    changes: str
    organization: str
    team: str
    teams: str
    runs: str  # the part of a repository where they are
    run: str
    definition: str  # what says how a run goes
    definitions: str  # where it does
    merge: str
    may_merge: str
    blocked: str
    close: str
    reopen: str
    to_draft: str
    to_ready: str
    approved: str
    roles: tuple[str, ...]  # from the least to the most

    @property
    def requests(self) -> str:
        """More than one of them."""
        return f"{self.request}s"

    def role(self, role: Role) -> str:
        """What someone may do."""
        return self.roles[role]

    def number(self, number: int) -> str:
        """How a person names a pull request: `#7`, `!7`."""
        return f"{self.mark}{number}"


@dataclass(frozen=True, slots=True)
class Face:
    """What a person sees of a forge, as far as forges differ."""

    words: Words
    to: Addresses
    breaks_lines: bool  # whether the end of a line is one in a comment
    takes_back: bool  # whether people take their own approval back
    removes_branch: bool  # whether who merges may have the source branch deleted at once
    tells: tuple[str, ...]  # which kinds of happenings a conversation shows
    ways: Callable[[Repository], tuple[tuple[str, str], ...]]  # to merge into a repository, and what they are called


def github(prefix: str = "") -> Face:
    """As on GitHub."""
    words = Words(
        request="pull request",
        mark="#",
        conversation="Conversation",
        changes="Files changed",
        organization="organization",
        team="team",
        teams="Teams",
        runs="Actions",
        run="workflow run",
        definition="workflow",
        definitions=".github/workflows",
        merge="Merge pull request",
        may_merge="This branch can be merged",
        blocked="Merging is blocked",
        close="Close without merging",
        reopen="Reopen",
        to_draft="Convert to draft",
        to_ready="Ready for review",
        approved="approved these changes",
        roles=("none", "read", "write", "maintain", "admin"),
    )
    return Face(
        words,
        Addresses(GITHUB_PLACES, prefix),
        breaks_lines=True,
        takes_back=False,
        removes_branch=False,
        tells=("commit", "comment", "review", "merged", "closed"),
        ways=_github_ways,
    )


def _github_ways(_: Repository) -> tuple[tuple[str, str], ...]:
    return ("merge", "with a merge commit"), ("squash", "squashed"), ("rebase", "rebased")


def gitlab(prefix: str = "") -> Face:
    """As on GitLab."""
    words = Words(
        request="merge request",
        mark="!",
        conversation="Overview",
        changes="Changes",
        organization="group",
        team="subgroup",
        teams="Subgroups",
        runs="Pipelines",
        run="pipeline",
        definition="pipeline",
        definitions=".gitlab-ci.yml",
        merge="Merge",
        may_merge="Ready to merge",
        blocked="Merge blocked",
        close="Close merge request",
        reopen="Reopen merge request",
        to_draft="Mark as draft",
        to_ready="Mark as ready",
        approved="approved this merge request",
        roles=("none", "Reporter", "Developer", "Maintainer", "Owner"),
    )
    return Face(
        words,
        Addresses(GITLAB_PLACES, prefix),
        breaks_lines=False,
        takes_back=True,
        removes_branch=True,
        tells=("comment", "remark", "merged", "closed"),
        ways=_gitlab_ways,
    )


def _gitlab_ways(repository: Repository) -> tuple[tuple[str, str], ...]:
    """A project merges in one way; whoever merges only says whether the commits become one, where that is theirs."""
    settings = repository.settings
    way = "by a move of the branch" if settings.merge_method == "ff" else "with a merge commit"
    plain, squashed = ("merge", way), ("squash", f"squashed, {way}")
    if settings.squash_option in {"always", "never"}:
        return (squashed if settings.squash_option == "always" else plain,)
    return (squashed, plain) if settings.squash_option == "default_on" else (plain, squashed)


FACES: dict[DialectName, Callable[[str], Face]] = {"github": github, "gitlab": gitlab}
