"""What each reviewer on GitLab said about which content: GitLab binds an approval to none, so its time has to tell.

Every push and every change of the target branch makes a new version of the difference. An approval is of the newest
version that was there before it. https://docs.gitlab.com/api/merge_requests/#get-merge-request-diff-versions
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from registrar.core.pull_requests import Review, ReviewState
from registrar.forges.asking import Wish
from registrar.forges.gitlab_answers import (
    AccountAnswer,
    ApprovalAnswer,
    ApprovalsAnswer,
    NoteAnswer,
    ReviewerAnswer,
    VersionAnswer,
    person_of,
)
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.looking import asked_anew

MOVED_AWAY = (
    "was given before the branch moved away and came back, or before the request was aimed at another branch; "
    "approve it again"
)

# https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/services/system_notes/merge_requests_service.rb
_APPROVED = "approved this merge request"
_REQUESTED = "requested changes"

_READ = "the Reporter role"
_LONG_AGO = datetime.fromtimestamp(0, UTC)  # for what GitLab does not say the time of


@dataclass(frozen=True, slots=True)
class _Noted:
    """What GitLab last noted that an account said, and when."""

    account: AccountAnswer
    at: datetime


@dataclass(frozen=True, slots=True)
class _Told:
    """What GitLab knows beside the opinions themselves."""

    notes: Mapping[tuple[int, str], _Noted]
    versions: Sequence[VersionAnswer]  # newest first

    def noted(self, account: AccountAnswer | None, words: str) -> datetime | None:
        found = self.notes.get((account.id, words)) if account is not None else None
        return found.at if found is not None else None

    def approved(self, approval: ApprovalAnswer) -> datetime | None:
        """When somebody approved; None where it cannot be told."""
        return approval.approved_at or self.noted(approval.user, _APPROVED)

    def review(self, account: AccountAnswer | None, state: ReviewState, at: datetime | None) -> Review:
        """What an account said; of no content at all when it cannot be told when."""
        version = next((seen for seen in self.versions if at is not None and seen.created_at < at), None)
        sha, why = version.head_commit_sha if version is not None else "", ""
        is_older = version is not None and version.id != self.versions[0].id
        if state is ReviewState.APPROVED and is_older and sha == self.versions[0].head_commit_sha:
            state, why = ReviewState.DISMISSED, MOVED_AWAY
        number = account.id if account is not None else 0  # an approval has no number of its own
        return Review(number, person_of(account), state, sha, at or _LONG_AGO, why)


def reviews(api: GitLabApi, path: str, *, number: int) -> tuple[Review, ...]:
    """Everyone's word, oldest first; `path` is that of the merge request.

    The versions are read last, so that none slips in between an approval and the version that it is of: what was read
    of them before does not count.
    """
    wish = Wish(f"list the approvals of !{number}", _READ)
    approvals = api.get(ApprovalsAnswer, f"{path}/approvals", wish=wish).approved_by
    reviewers = api.pages(ReviewerAnswer, f"{path}/reviewers", wish=Wish(f"list the reviewers of !{number}", _READ))
    objecting = [reviewer for reviewer in reviewers if reviewer.state == "requested_changes"]
    notes = dict(_notes(api, path, number=number))
    if not approvals and not objecting and not any(words == _REQUESTED for _, words in notes):
        return ()
    with asked_anew():
        told = _Told(notes, _versions(api, path, number=number))
    objections = [*_of_reviewers(told, objecting), *_outlasting(told, approvals, objecting)]
    found = [*objections, *_approvals(told, approvals, objections)]
    return tuple(sorted(found, key=lambda review: (review.submitted_at, review.id)))


def heads(api: GitLabApi, path: str, *, number: int, without: str | None) -> tuple[str, ...]:
    """What the branch has been at, newest first, without the version that is there now."""
    shas = [version.head_commit_sha for version in _versions(api, path, number=number)]
    return tuple(shas[1:] if shas[:1] == [without] else shas)


def _versions(api: GitLabApi, path: str, *, number: int) -> Sequence[VersionAnswer]:
    """Every version of the difference, newest first."""
    versions = api.pages(VersionAnswer, f"{path}/versions", wish=Wish(f"list the versions of !{number}", _READ))
    return sorted(versions, key=lambda version: version.id, reverse=True)


def _of_reviewers(told: _Told, objecting: Sequence[ReviewerAnswer]) -> Iterator[Review]:
    for reviewer in objecting:
        at = told.noted(reviewer.user, _REQUESTED) or reviewer.created_at
        yield told.review(reviewer.user, ReviewState.CHANGES_REQUESTED, at)


def _outlasting(
    told: _Told, approvals: Sequence[ApprovalAnswer], objecting: Sequence[ReviewerAnswer]
) -> Iterator[Review]:
    """The objections that only a note tells of, until whoever made them approves.

    Anyone who may edit the request takes a reviewer off it, or asks them anew, and what they said goes with that; and
    from somebody who is no reviewer GitLab keeps the note alone.
    """
    listed = {reviewer.user.id for reviewer in objecting if reviewer.user is not None}
    approved = {each.user.id: told.approved(each) for each in approvals if each.user is not None}
    for (number, words), objection in told.notes.items():
        if words != _REQUESTED or number in listed:
            continue
        times = (approved.get(number), told.noted(objection.account, _APPROVED))
        if not any(at is not None and at > objection.at for at in times):
            yield told.review(objection.account, ReviewState.CHANGES_REQUESTED, objection.at)


def _approvals(told: _Told, approvals: Sequence[ApprovalAnswer], objections: Sequence[Review]) -> Iterator[Review]:
    """Without those of who requests changes, unless it is known that they did so later: then the order tells."""
    objecting = {review.id for review in objections}
    for approval in approvals:
        at = told.approved(approval)
        objected = told.noted(approval.user, _REQUESTED)
        is_earlier = at is not None and objected is not None and at < objected
        if approval.user is None or approval.user.id not in objecting or is_earlier:
            yield told.review(approval.user, ReviewState.APPROVED, at)


def _notes(api: GitLabApi, path: str, *, number: int) -> Iterator[tuple[tuple[int, str], _Noted]]:
    """What GitLab itself noted of who said what, oldest first, so that the last one stays."""
    wish = Wish(f"list the notes of !{number}", _READ)
    parameters = {"activity_filter": "only_activity", "order_by": "created_at", "sort": "asc"}
    for note in api.each(NoteAnswer, f"{path}/notes", wish=wish, parameters=parameters):
        if note.system and note.author is not None:
            yield (note.author.id, note.body.strip()), _Noted(note.author, note.created_at)
