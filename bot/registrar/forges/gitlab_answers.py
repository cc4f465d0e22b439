"""The shape of GitLab's answers, as far as Registrar reads them, and what they mean in our words.

https://docs.gitlab.com/api/ ; keys that are not read may come and go.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from pydantic.dataclasses import dataclass

from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Comment, CommitStatus, Outcome, PullRequest, PullRequestState, Run
from registrar.errors import ForgeUnavailable

_GHOST = re.compile(r"ghost\d*")  # whom GitLab names in place of a deleted account
# https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects ; groups and service
# accounts alike. Other bots can have any name: whoever must know for sure asks for the account itself.
_BOT = re.compile(r"(?:project|group)_\d+_bot\w*|service_account_\w+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Nothing:
    """An answer that says no more than that it was done."""


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    """An account; only where it is asked for by itself does it say whether it is a bot."""

    id: int
    username: str
    state: str = "active"
    bot: bool | None = None


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """An account and its role in a project or a group; `membership_state` is Premium's."""

    id: int
    username: str
    access_level: int
    state: str = "active"
    membership_state: str | None = None

    @property
    def is_active(self) -> bool:
        """Neither blocked, deactivated or banned, nor waiting to be let in."""
        return self.state == "active" and self.membership_state in {None, "active"}


@dataclass(frozen=True, slots=True)
class SharedGroupAnswer:
    """A group that was invited to a project."""

    group_full_path: str


@dataclass(frozen=True, slots=True)
class ProjectAnswer:
    """A project; an empty one has no default branch."""

    id: int
    path_with_namespace: str
    default_branch: str | None = None
    archived: bool = False
    merge_method: str = "merge"
    shared_with_groups: tuple[SharedGroupAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeRequestAnswer:
    """A merge request; it has no head while GitLab prepares it."""

    iid: int
    title: str
    web_url: str
    state: str
    source_branch: str
    target_branch: str
    target_project_id: int
    source_project_id: int | None = None  # None: the fork was deleted
    author: AccountAnswer | None = None
    description: str | None = None
    draft: bool = False
    sha: str | None = None
    merged_at: datetime | None = None
    merge_commit_sha: str | None = None
    squash_commit_sha: str | None = None
    merge_user: AccountAnswer | None = None
    merged_by: AccountAnswer | None = None  # as `merge_user` was called until 14.7


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """A difference as a merge request once showed it: a push makes a new one, and so does another target branch."""

    id: int
    head_commit_sha: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApprovalAnswer:
    """Somebody who approves; older releases do not say since when."""

    user: AccountAnswer | None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApprovalsAnswer:
    """Everyone who approves a merge request now."""

    approved_by: tuple[ApprovalAnswer, ...]


@dataclass(frozen=True, slots=True)
class ReviewerAnswer:
    """Somebody who was asked to review, since when, and what they said last."""

    user: AccountAnswer | None
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """A comment, or what GitLab itself says under a merge request."""

    id: int
    body: str
    created_at: datetime
    updated_at: datetime
    author: AccountAnswer | None = None
    system: bool = False
    internal: bool = False
    confidential: bool | None = False  # as `internal` was called until 15.5
    noteable_iid: int | None = None


@dataclass(frozen=True, slots=True)
class CommitAnswer:
    """A commit of a merge request; no account is named here."""

    id: str
    message: str = ""
    parent_ids: tuple[str, ...] = ()
    author_name: str | None = None
    author_email: str | None = None
    committer_name: str | None = None
    committer_email: str | None = None


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What a push moved; one that moved many refs at once names none."""

    action: str  # created, pushed, removed
    ref: str | None = None
    ref_type: str | None = None
    commit_from: str | None = None
    commit_to: str | None = None


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """Something that somebody did in a project."""

    id: int
    created_at: datetime
    author: AccountAnswer | None = None
    push_data: PushAnswer | None = None


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """A commit status, or a job of a pipeline of this commit, which GitLab lists with them."""

    id: int
    name: str
    status: str
    created_at: datetime
    description: str | None = None
    target_url: str | None = None
    author: AccountAnswer | None = None
    pipeline_id: int | None = None
    ref: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PipelineAnswer:
    """A pipeline; it has a name where its configuration gives it one, and a list does not tell who started it."""

    id: int
    status: str
    web_url: str
    created_at: datetime
    name: str | None = None
    source: str | None = None
    ref: str | None = None
    user: AccountAnswer | None = None


@dataclass(frozen=True, slots=True)
class VariableAnswer:
    """A variable that a pipeline was started with."""

    key: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class PipelineOfJobAnswer:
    """The pipeline that a job is part of."""

    id: int


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """A job of a pipeline."""

    id: int
    status: str
    pipeline: PipelineOfJobAnswer
    allow_failure: bool = False


@dataclass(frozen=True, slots=True)
class GraphError:
    """Why GraphQL did not answer a question."""

    message: str


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """Whatever GraphQL answers."""

    data: dict[str, object] | None = None
    errors: tuple[GraphError, ...] = ()


_STATES: Mapping[str, PullRequestState] = {
    "opened": PullRequestState.OPEN,
    "locked": PullRequestState.OPEN,  # for the moment in which it is being merged
    "merged": PullRequestState.MERGED,
    "closed": PullRequestState.CLOSED,
}

# https://docs.gitlab.com/api/members/#roles
_ROLES = (
    (50, Permission.ADMIN),  # Owner
    (40, Permission.MAINTAIN),  # Maintainer
    (30, Permission.WRITE),  # Developer
    (10, Permission.READ),  # Guest, Planner, Reporter
)

# https://docs.gitlab.com/api/pipelines/#list-project-pipelines ; whatever else it may be called, it goes on
_ENDED: Mapping[str, Outcome] = {
    "success": Outcome.SUCCESS,
    "failed": Outcome.FAILURE,
    "canceled": Outcome.FAILURE,
    "skipped": Outcome.FAILURE,
}


def person_of(account: AccountAnswer | None) -> Person | None:
    """Who an account is; None for a deleted one."""
    if account is None or _GHOST.fullmatch(account.username):
        return None
    return Person(account.id, account.username, is_bot=bool(account.bot) or bool(_BOT.fullmatch(account.username)))


def permission_of(member: MemberAnswer) -> Permission:
    """What a member may do; a role of somebody's own counts as the one that it extends."""
    if not member.is_active:
        return Permission.NONE
    return next((permission for level, permission in _ROLES if member.access_level >= level), Permission.NONE)


def pull_request_of(answer: MergeRequestAnswer, *, landed: str | None = None, on: str | None = None) -> PullRequest:
    """What a merge request is to us; `landed` is its head, `on` the base before it, when it was fast-forwarded."""
    if answer.sha is None:
        raise ForgeUnavailable(f"GitLab still prepares {answer.web_url}; look again in a moment")
    squashed, merged = answer.squash_commit_sha or None, answer.merge_commit_sha or None
    state = _STATES.get(answer.state, PullRequestState.CLOSED)
    is_merged = state is PullRequestState.MERGED
    return PullRequest(
        number=answer.iid,
        title=answer.title,
        body=answer.description or "",
        url=answer.web_url,
        state=state,
        is_draft=answer.draft,
        author=person_of(answer.author),
        head_sha=answer.sha,
        head_ref=answer.source_branch,
        base_ref=answer.target_branch,
        fetch_ref=f"refs/merge-requests/{answer.iid}/head",
        merge_commit=(merged or squashed or landed) if is_merged else None,
        merged_at=answer.merged_at if is_merged else None,
        squash_commit=squashed if is_merged and merged else None,
        landed_on=on,
        merged_by=person_of(answer.merge_user or answer.merged_by) if is_merged else None,
        is_landing=answer.state == "locked",
    )


def comment_of(answer: NoteAnswer, number: int, *, author: Person | None, url: str) -> Comment:
    """What a comment is to us."""
    edited = answer.updated_at != answer.created_at
    return Comment(answer.id, number, author, answer.body, url, is_edited=edited)


CANCELED = "canceled"  # GitLab's word, for a status as for a job


def outcome_of(status: str) -> Outcome:
    """How a pipeline, a job or a commit status stands; one that ended in any way but success did not do it."""
    return _ENDED.get(status, Outcome.PENDING)


def status_of(answer: StatusAnswer) -> CommitStatus:
    """What a status says. One that is canceled was no decision: it was open, and another was to follow it."""
    return CommitStatus(
        context=answer.name,
        outcome=Outcome.PENDING if answer.status == CANCELED else outcome_of(answer.status),
        description=answer.description or "",
        url=answer.target_url or "",
        creator=person_of(answer.author),
        updated_at=answer.finished_at or answer.started_at or answer.created_at,
    )


def run_of(answer: PipelineAnswer, *, title: str = "") -> Run:
    """How a pipeline stands; it is `manual` while everything left of it waits for a person."""
    return Run(
        answer.id,
        title=answer.name or title,
        url=answer.web_url,
        outcome=outcome_of(answer.status),
        detail=answer.status,
        created_at=answer.created_at,
        waits=answer.status == "manual",
    )
