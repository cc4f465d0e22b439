"""What people talk about on the sandbox forge: issues, pull requests, and what is said in them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from registrar.sandbox.accounts import Account


class ReviewState(StrEnum):
    """What a reviewer said."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes requested"
    COMMENTED = "commented"
    DISMISSED = "dismissed"


class PullRequestState(StrEnum):
    """Where a pull request is in its life."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(slots=True, eq=False)
class Comment:
    """What someone wrote in a thread."""

    id: int
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    internal: bool = False  # only those who write may read it: GitLab has such comments


@dataclass(frozen=True, slots=True)
class Remark:
    """What GitLab itself writes under a pull request about something that someone did there."""

    id: int  # counted with the comments
    actor: Account
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """The difference that a pull request brought from a push, or from another target branch, on."""

    id: int
    head_sha: str
    base_sha: str  # what both branches had
    start_sha: str  # where the target branch stood
    created_at: datetime


@dataclass(slots=True, eq=False)
class Review:
    """What someone said about the head of a pull request as it was then."""

    id: int
    reviewer: Account
    state: ReviewState
    body: str
    sha: str
    submitted_at: datetime


@dataclass(slots=True, eq=False)
class Issue:
    """A thread about nothing but itself."""

    id: int
    number: int
    author: Account
    title: str
    body: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    comments: list[Comment] = field(default_factory=list)  # oldest first

    @property
    def is_open(self) -> bool:
        """Whether it waits for someone."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Retargeting:
    """Who aimed a pull request at another branch, and when."""

    id: int
    actor: Account
    at: datetime


@dataclass(slots=True, eq=False)
class PullRequest:
    """A wish to bring one branch into another."""

    id: int
    number: int
    author: Account
    title: str
    body: str
    source_branch: str
    target_branch: str
    head_sha: str  # follows the source branch while it is open
    base_sha: str  # where the target branch stood when the source branch last moved
    created_at: datetime
    updated_at: datetime
    draft: bool = False
    state: PullRequestState = PullRequestState.OPEN
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None  # what landed on the target branch
    landed_on: str | None = None  # where the target branch stood before a merge moved it
    comments: list[Comment] = field(default_factory=list)  # oldest first
    reviews: list[Review] = field(default_factory=list)  # oldest first
    retargetings: list[Retargeting] = field(default_factory=list)  # oldest first
    remarks: list[Remark] = field(default_factory=list)  # oldest first
    versions: list[Version] = field(default_factory=list)  # oldest first; none while it is prepared
    reviewers: list[Account] = field(default_factory=list)  # who was asked for a review
    is_checked: bool = True  # whether the forge knows if it can be merged
    is_syncing: bool = False  # whether its approvals are being looked through after a push
    squash: bool | None = None  # whether its commits become one when it is merged; None: as the repository says
    squash_commit: str | None = None  # what they became
    landed_by: str = ""  # how it was merged: merge, squash, rebase, ff; empty: its commits came by another way
    closed_by: Account | None = None
    source_is_gone: bool = False  # it comes from a fork that was deleted

    @property
    def is_open(self) -> bool:
        """Whether it can still be merged or closed."""
        return self.state is PullRequestState.OPEN

    def votes(self) -> dict[Account, Review]:
        """The last review of each reviewer that approves, asks for changes, or was dismissed."""
        return {each.reviewer: each for each in self.reviews if each.state is not ReviewState.COMMENTED}


Thread = Issue | PullRequest
