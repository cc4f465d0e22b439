"""What a pull request is to Registrar, whichever forge it lives on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registrar.core.people import Person


class PullRequestState(StrEnum):
    """Where a pull request is in its life."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A wish to change the registry, as the forge tells it at one moment."""

    number: int
    title: str
    body: str
    url: str
    state: PullRequestState
    is_draft: bool
    author: Person | None  # None: the account was deleted
    head_sha: str
    head_ref: str
    base_ref: str
    fetch_ref: str  # the ref in the base repository that always holds the head, also from a fork
    merge_commit: str | None  # the commit that landed on the base; None unless merged
    merged_at: datetime | None
    squash_commit: str | None = None  # when the merge put its changes into one commit, and merged that
    landed_on: str | None = None  # the base before the merge, where the forge knows; None: git must show it
    merged_by: Person | None = None  # None: it was not, or the account was deleted, or the forge does not say it here
    is_landing: bool = False  # it is open, and the forge is merging it: the base may hold it already


class ReviewState(StrEnum):
    """What a reviewer said."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes requested"
    COMMENTED = "commented"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Review:
    """What one person said about one exact content."""

    id: int
    reviewer: Person | None  # None: the account was deleted
    state: ReviewState
    sha: str  # empty: it cannot be told which
    submitted_at: datetime
    why_void: str = ""  # why a dismissed one does not count, where nobody dismissed it by hand


@dataclass(frozen=True, slots=True)
class Contributors:
    """Everyone who had a hand in the content of a pull request, and what could not be told."""

    people: tuple[Person, ...]  # authors, committers, co-authors of its commits and those who pushed them
    unknown: tuple[str, ...]  # names of those whom the forge maps to no account


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote on a pull request or an issue."""

    id: int
    number: int
    author: Person | None
    body: str
    url: str
    is_edited: bool = (
        False  # then its words may be somebody else's: who administers a repository can edit every comment
    )


class Outcome(StrEnum):
    """How a commit status or a pipeline run stands."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """One line under a commit: the context names who speaks, the rest what they say."""

    context: str
    outcome: Outcome
    description: str
    url: str = ""
    creator: Person | None = None
    updated_at: datetime | None = None  # None: not said yet


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a deploy pipeline in the repository of an application."""

    id: int
    title: str
    url: str
    outcome: Outcome
    detail: str  # the forge's own word for where it stands: "queued", "cancelled", "timed_out" ...
    created_at: datetime
    waits: bool = False  # for a person, who must start the rest of it
