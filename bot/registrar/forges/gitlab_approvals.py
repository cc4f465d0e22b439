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
class _Told:
    """What GitLab knows beside the opinions themselves."""

    notes: Mapping[tuple[int, str], datetime]  # when GitLab last noted that an account said so
    versions: Sequence[VersionAnswer]  # newest first

    def noted(self, account: AccountAnswer | None, words: str) -> datetime | None:
        return self.notes.get((account.id, words)) if account is not None else None

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

    The versions are read last, so that none slips in between an approval and the version that it is of.
    """
    wish = Wish(f"list the approvals of !{number}", _READ)
    approvals = api.get(ApprovalsAnswer, f"{path}/approvals", wish=wish).approved_by
    reviewers = api.pages(ReviewerAnswer, f"{path}/reviewers", wish=Wish(f"list the reviewers of !{number}", _READ))
    objectors = [reviewer for reviewer in reviewers if reviewer.state == "requested_changes"]
    if not approvals and not objectors:
        return ()
    timeless = any(approval.approved_at is None for approval in approvals)
    notes = dict(_notes(api, path, number=number)) if objectors or timeless else {}
    versions = api.pages(VersionAnswer, f"{path}/versions", wish=Wish(f"list the versions of !{number}", _READ))
    told = _Told(notes, sorted(versions, key=lambda version: version.id, reverse=True))
    found = [*_objections(told, objectors), *_approvals(told, approvals, objectors)]
    return tuple(sorted(found, key=lambda review: (review.submitted_at, review.id)))


def _objections(told: _Told, objectors: Sequence[ReviewerAnswer]) -> Iterator[Review]:
    for objector in objectors:
        at = told.noted(objector.user, _REQUESTED) or objector.created_at
        yield told.review(objector.user, ReviewState.CHANGES_REQUESTED, at)


def _approvals(
    told: _Told, approvals: Sequence[ApprovalAnswer], objectors: Sequence[ReviewerAnswer]
) -> Iterator[Review]:
    """Without those of who requests changes, unless it is known that they did so later: then the order tells."""
    objecting = {objector.user.id for objector in objectors if objector.user is not None}
    for approval in approvals:
        at = approval.approved_at or told.noted(approval.user, _APPROVED)
        objected = told.noted(approval.user, _REQUESTED)
        is_earlier = at is not None and objected is not None and at < objected
        if approval.user is None or approval.user.id not in objecting or is_earlier:
            yield told.review(approval.user, ReviewState.APPROVED, at)


def _notes(api: GitLabApi, path: str, *, number: int) -> Iterator[tuple[tuple[int, str], datetime]]:
    """What GitLab itself noted of who said what, oldest first, so that the last one stays."""
    wish = Wish(f"list the notes of !{number}", _READ)
    parameters = {"activity_filter": "only_activity", "order_by": "created_at", "sort": "asc"}
    for note in api.each(NoteAnswer, f"{path}/notes", wish=wish, parameters=parameters):
        if note.system and note.author is not None:
            yield (note.author.id, note.body.strip()), note.created_at
