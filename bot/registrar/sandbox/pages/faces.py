"""Knows how a forge looks to a person: what GitHub calls a thing and what GitLab calls it, and where each has it."""

from collections.abc import Callable
from dataclasses import dataclass

from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import DialectName
from registrar.sandbox.pages.addresses import GITHUB_PLACES, GITLAB_PLACES, Addresses


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
    reviews_own: bool  # whether people may approve what they ask for themselves
    takes_back: bool  # whether people take their own approval back


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
    return Face(words, Addresses(GITHUB_PLACES, prefix), breaks_lines=True, reviews_own=False, takes_back=False)


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
    return Face(words, Addresses(GITLAB_PLACES, prefix), breaks_lines=False, reviews_own=True, takes_back=True)


FACES: dict[DialectName, Callable[[str], Face]] = {"github": github, "gitlab": gitlab}
