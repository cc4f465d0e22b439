"""What people say on the sandbox forge: comments, reviews, issues, and statuses of commits."""

from dataclasses import dataclass

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.happenings import Commented, CommentMove, Reviewed, StatusSet
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.store import Repository, Status, now
from registrar.sandbox.threads import Comment, Issue, PullRequest, Review, ReviewState, Thread


@dataclass(frozen=True, slots=True)
class Report:
    """What shall stand under a commit."""

    context: str
    state: str  # pending, success, failure, error
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer says, about which commit; None stands for the head."""

    state: ReviewState
    body: str = ""
    sha: str | None = None


def comment(
    forge: Forge, repository: Repository, thread: Thread, *, author: Account, body: str, internal: bool = False
) -> Comment:
    """Say something in a thread; who may read may."""
    with forge.store.lock:
        forge.require(author, repository, Role.READ)
        _require_text(forge, body)
        at = now()
        written = Comment(forge.store.new_id("comment"), author, body, at, updated_at=at, internal=internal)
        thread.comments.append(written)
        thread.updated_at = at
        forge.publish(repository, Commented(repository, author, thread, written, CommentMove.CREATED))
        return written


def find_comment(repository: Repository, comment: int) -> tuple[Thread, Comment]:
    """The comment and where it stands. Raises `NotFound`."""
    for thread in repository.threads.values():
        for each in thread.comments:
            if each.id == comment:
                return thread, each
    raise NotFound(f"{repository.full_name} has no comment {comment}")


def edit_comment(forge: Forge, repository: Repository, comment: int, *, actor: Account, body: str) -> Comment:
    """Put other words in place of a comment; its author may, and who may write."""
    with forge.store.lock:
        thread, found = find_comment(repository, comment)
        forge.require(actor, repository, Role.READ if actor is found.author else Role.WRITE)
        _require_text(forge, body)
        was, found.body, found.updated_at = found.body, body, now()
        if was != body:
            edited = Commented(repository, actor, thread, found, CommentMove.EDITED, was=was)
            forge.publish(repository, edited)
        return found


def delete_comment(forge: Forge, repository: Repository, comment: int, *, actor: Account) -> None:
    """Take a comment away; its author may, and who may write."""
    with forge.store.lock:
        thread, found = find_comment(repository, comment)
        forge.require(actor, repository, Role.READ if actor is found.author else Role.WRITE)
        thread.comments.remove(found)
        forge.publish(repository, Commented(repository, actor, thread, found, CommentMove.DELETED))


def open_issue(forge: Forge, repository: Repository, *, author: Account, title: str, body: str) -> Issue:
    """A new issue; who may read may open one."""
    with forge.store.lock:
        forge.require(author, repository, Role.READ)
        number = forge.store.new_id(f"thread of {repository.id}")
        issue = Issue(forge.store.new_id("issue"), number, author, title, body, created_at=now(), updated_at=now())
        repository.threads[number] = issue
        return issue


def review(
    forge: Forge, repository: Repository, pull_request: PullRequest, *, reviewer: Account, judgement: Judgement
) -> Review:
    """Judge the head of a pull request; who may read may, only its author may do no more than comment."""
    with forge.store.lock:
        is_comment = judgement.state is ReviewState.COMMENTED
        forge.require(reviewer, repository, Role.READ if is_comment else forge.dialect.review_role)
        is_own = reviewer is pull_request.author and not forge.dialect.reviews_own
        if is_own and not is_comment:
            verb = "approve" if judgement.state is ReviewState.APPROVED else "request changes on"
            raise Invalid(f"Can not {verb} your own pull request", resource="PullRequestReview")
        is_mute = judgement.state is not ReviewState.APPROVED and not judgement.body.strip()
        if is_mute and not forge.dialect.reviews_own:
            raise Invalid("this review says nothing", resource="PullRequestReview", field="body")
        written = Review(
            id=forge.store.new_id("review"),
            reviewer=reviewer,
            state=judgement.state,
            body=judgement.body,
            sha=_reviewed_sha(repository, pull_request, judgement.sha),
            submitted_at=now(),
        )
        pull_request.reviews.append(written)
        pull_request.updated_at = now()
        forge.publish(repository, Reviewed(repository, reviewer, pull_request, written))
        return written


def _reviewed_sha(repository: Repository, pull_request: PullRequest, sha: str | None) -> str:
    if sha in {None, pull_request.head_sha}:
        return pull_request.head_sha
    known = git.commits_between(repository.path, pull_request.base_sha, pull_request.head_sha)
    if sha not in {each.sha for each in known}:
        raise Invalid("the commit is not part of the pull request", resource="PullRequestReview", field="commit_id")
    return str(sha)


def find_review(pull_request: PullRequest, review: int) -> Review:
    """Raises `NotFound` when the pull request has no such review."""
    found = next((each for each in pull_request.reviews if each.id == review), None)
    if found is None:
        raise NotFound(f"pull request {pull_request.number} has no review {review}")
    return found


def dismiss(forge: Forge, repository: Repository, pull_request: PullRequest, *, actor: Account, review: Review) -> None:
    """Let a review no longer count; who may write may."""
    with forge.store.lock:
        forge.require(actor, repository, Role.WRITE)
        if review.state not in {ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED}:
            raise Invalid("Can not dismiss a commented or dismissed pull request review", resource="PullRequestReview")
        review.state = ReviewState.DISMISSED
        pull_request.updated_at = now()
        forge.publish(repository, Reviewed(repository, actor, pull_request, review))


def withdraw(forge: Forge, repository: Repository, pull_request: PullRequest, *, reviewer: Account) -> None:
    """Take one's own approval or objection back. Raises `NotFound` when there is none."""
    with forge.store.lock:
        forge.require(reviewer, repository, forge.dialect.review_role)
        held = pull_request.votes().get(reviewer)
        if held is None or held.state is ReviewState.DISMISSED:
            raise NotFound(f"{reviewer.login} holds no opinion on pull request {pull_request.number}")
        was, held.state = held.state, ReviewState.DISMISSED
        pull_request.updated_at = now()
        forge.publish(repository, Reviewed(repository, reviewer, pull_request, held, was=was))


def set_status(forge: Forge, repository: Repository, sha: str, *, creator: Account, report: Report) -> Status:
    """Say how something stands with a commit; who may write may."""
    with forge.store.lock:
        forge.require(creator, repository, Role.WRITE)
        if git.resolve(repository.path, sha) != sha:
            raise Invalid(f"No commit found for SHA: {sha}")
        status = Status(
            id=forge.store.new_id("status"),
            sha=sha,
            context=report.context,
            state=report.state,
            description=report.description,
            url=report.url,
            creator=creator,
            created_at=now(),
        )
        repository.statuses.append(status)
        forge.publish(repository, StatusSet(repository, creator, status))
        return status


def _require_text(forge: Forge, body: str) -> None:
    if not body.strip():
        raise Invalid("Body cannot be blank", resource="IssueComment", field="body")
    longest = forge.dialect.longest_comment
    if len(body) > longest:
        raise Invalid(f"Body is too long (maximum is {longest} characters)", resource="IssueComment", field="body")
