"""The shape of GitHub's answers, as far as Registrar reads them, and what they mean in our words.

https://docs.github.com/rest ; keys that are not read may come and go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from registrar.core.people import Permission, Person
from registrar.core.pull_requests import (
    Comment,
    CommitStatus,
    Outcome,
    PullRequest,
    PullRequestState,
    Review,
    ReviewState,
    Run,
)

GHOST = "ghost"  # whom GitHub names in place of a deleted account


@dataclass(frozen=True, slots=True)
class Nothing:
    """An answer that says no more than that it was done."""


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    """An account: a person, a bot, an organisation."""

    id: int
    login: str
    type: str


# A commit whose e-mail address belongs to nobody has `null` or `{}` for an account.
PerhapsAccount = Annotated[AccountAnswer | None, BeforeValidator(lambda answer: answer or None)]


@dataclass(frozen=True, slots=True)
class RepositoryAnswer:
    """A repository."""

    id: int
    full_name: str
    default_branch: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class BranchAnswer:
    """One side of a pull request."""

    ref: str
    sha: str
    repo: RepositoryAnswer | None


@dataclass(frozen=True, slots=True)
class PullAnswer:
    """A pull request; listings leave out how many commits it has, and who merged it."""

    number: int
    title: str
    html_url: str
    state: str
    head: BranchAnswer
    base: BranchAnswer
    user: PerhapsAccount = None
    body: str | None = None
    draft: bool = False
    merged_at: datetime | None = None
    merge_commit_sha: str | None = None
    merged_by: PerhapsAccount = None
    commits: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """A review; one that is not submitted yet has no time."""

    id: int
    state: str
    user: PerhapsAccount = None
    commit_id: str | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssueEventAnswer:
    """Something that happened to an issue or a pull request."""

    event: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SignatureAnswer:
    """A name and an address as git has them."""

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class GitCommitAnswer:
    """What git itself knows of a commit."""

    message: str
    author: SignatureAnswer | None = None
    committer: SignatureAnswer | None = None


@dataclass(frozen=True, slots=True)
class CommitAnswer:
    """A commit with the accounts that GitHub maps its addresses to."""

    sha: str
    commit: GitCommitAnswer
    author: PerhapsAccount = None
    committer: PerhapsAccount = None


@dataclass(frozen=True, slots=True)
class ActivityAnswer:
    """One movement of a ref, and who moved it."""

    after: str
    activity_type: str
    actor: PerhapsAccount = None
    before: str = ""
    timestamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class PermissionAnswer:
    """What an account may do. `permission` knows no "maintain"; `role_name` may be a role of the organisation's own."""

    permission: str
    role_name: str = ""
    user: PerhapsAccount = None


@dataclass(frozen=True, slots=True)
class CommentAnswer:
    """A comment on an issue or a pull request."""

    id: int
    html_url: str
    issue_url: str
    user: PerhapsAccount = None
    body: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """One status that somebody set on a commit."""

    context: str
    state: str
    description: str | None = None
    target_url: str | None = None
    creator: PerhapsAccount = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DispatchAnswer:
    """What a dispatch became; GitHub Enterprise Server answers with nothing."""

    workflow_run_id: int | None = None
    html_url: str = ""


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """One run of a workflow."""

    id: int
    display_title: str
    html_url: str
    created_at: datetime
    head_branch: str | None = None
    actor: PerhapsAccount = None  # who dispatched it; whoever ran it once more is another key
    status: str | None = None
    conclusion: str | None = None


_REVIEWS: Mapping[str, ReviewState] = {
    "APPROVED": ReviewState.APPROVED,
    "CHANGES_REQUESTED": ReviewState.CHANGES_REQUESTED,
    "DISMISSED": ReviewState.DISMISSED,
}  # whatever GitHub may add approves nothing: it is read as a comment

# Somebody aimed it at another branch, or GitHub did because the branch was deleted:
# https://docs.github.com/rest/using-the-rest-api/issue-event-types
_RETARGETED = frozenset({"base_ref_changed", "automatic_base_change_succeeded"})

_PERMISSIONS: Mapping[str, Permission] = {
    "admin": Permission.ADMIN,
    "maintain": Permission.MAINTAIN,
    "write": Permission.WRITE,
    "triage": Permission.READ,
    "read": Permission.READ,
    "none": Permission.NONE,
}

_STATUSES: Mapping[str, Outcome] = {"success": Outcome.SUCCESS, "pending": Outcome.PENDING}


def person_of(account: AccountAnswer | None) -> Person | None:
    """Who an account is; None for a deleted one."""
    if account is None or account.login == GHOST:
        return None
    return Person(account.id, account.login, is_bot=account.type != "User")


def pull_request_of(answer: PullAnswer) -> PullRequest:
    """What a pull request is to us."""
    state = PullRequestState.OPEN if answer.state == "open" else PullRequestState.CLOSED
    if answer.merged_at is not None:
        state = PullRequestState.MERGED
    return PullRequest(
        number=answer.number,
        title=answer.title,
        body=answer.body or "",
        url=answer.html_url,
        state=state,
        is_draft=answer.draft,
        author=person_of(answer.user),
        head_sha=answer.head.sha,
        head_ref=answer.head.ref,
        base_ref=answer.base.ref,
        fetch_ref=f"refs/pull/{answer.number}/head",
        # until the merge it names GitHub's trial merge
        merge_commit=answer.merge_commit_sha if state is PullRequestState.MERGED else None,
        merged_at=answer.merged_at,
        merged_by=person_of(answer.merged_by) if state is PullRequestState.MERGED else None,
    )


def review_of(answer: ReviewAnswer) -> Review | None:
    """What a reviewer said; None while it is not submitted."""
    if answer.submitted_at is None or answer.state == "PENDING":
        return None
    state = _REVIEWS.get(answer.state, ReviewState.COMMENTED)
    return Review(answer.id, person_of(answer.user), state, answer.commit_id or "", answer.submitted_at)


def as_aimed_now(reviews: Iterable[Review], events: Iterable[IssueEventAnswer]) -> tuple[Review, ...]:
    """The reviews, every approval given before the pull request was last aimed at another branch dismissed.

    Its reviewer saw the difference to that other branch, which can hide most of what the same head brings into this
    one. Both times are told to the second: in the same one the approval may have come first, and does not count.
    """
    aimed = max((event.created_at for event in events if event.event in _RETARGETED), default=None)
    return tuple(
        replace(review, state=ReviewState.DISMISSED)
        if aimed is not None and review.state is ReviewState.APPROVED and review.submitted_at <= aimed
        else review
        for review in reviews
    )


def comment_of(answer: CommentAnswer, number: int) -> Comment:
    """What a comment is to us."""
    edited = answer.updated_at != answer.created_at
    return Comment(answer.id, number, person_of(answer.user), answer.body or "", answer.html_url, is_edited=edited)


def permission_of(answer: PermissionAnswer) -> Permission:
    """What an account may do; a role of the organisation's own counts as the role it extends."""
    known = _PERMISSIONS.get(answer.permission, Permission.NONE)
    most = Permission.MAINTAIN if known is Permission.WRITE else known
    return min(_PERMISSIONS.get(answer.role_name, known), most)


def status_of(answer: StatusAnswer) -> CommitStatus:
    """What a status says."""
    return CommitStatus(
        context=answer.context,
        outcome=_STATUSES.get(answer.state, Outcome.FAILURE),
        description=answer.description or "",
        url=answer.target_url or "",
        creator=person_of(answer.creator),
        updated_at=answer.updated_at,
    )


def run_of(answer: RunAnswer) -> Run:
    """How a run stands; a run that ended in any way but success did not deploy."""
    outcome = Outcome.PENDING
    if answer.status == "completed":
        outcome = Outcome.SUCCESS if answer.conclusion == "success" else Outcome.FAILURE
    detail = answer.conclusion or answer.status or "unknown"
    return Run(answer.id, answer.display_title, answer.html_url, outcome, detail, answer.created_at)
