"""What GitLab itself does when something happened: it makes versions of differences, and writes remarks of its own."""

from functools import partial

from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.happenings import Happening, PullRequestMove, PullRequestMoved, Reviewed
from registrar.sandbox.store import Repository, now
from registrar.sandbox.threads import PullRequest, Remark, Review, ReviewState, Version

APPROVED = "approved this merge request"
_REVIEWED = {ReviewState.APPROVED: APPROVED, ReviewState.CHANGES_REQUESTED: "requested changes"}


def follow(forge: Forge, happening: Happening) -> None:
    """Whatever follows from a happening, now or a moment later."""
    match happening:
        case PullRequestMoved():
            _follow_move(forge, happening)
        case Reviewed(by_system=False):
            _follow_review(forge, happening)
        case _:
            return


def remark(forge: Forge, pull_request: PullRequest, actor: Account, body: str) -> None:
    """Write something under a pull request in someone's name."""
    pull_request.remarks.append(Remark(forge.store.new_id("comment"), actor, body, now()))


def _follow_review(forge: Forge, happening: Reviewed) -> None:
    pull_request, reviewer, state = happening.pull_request, happening.actor, happening.review.state
    if state is ReviewState.COMMENTED:
        return
    if reviewer not in pull_request.reviewers:
        pull_request.reviewers.append(reviewer)
    if state is not ReviewState.DISMISSED:
        remark(forge, pull_request, reviewer, _REVIEWED[state])
    elif happening.was is ReviewState.APPROVED:
        remark(forge, pull_request, reviewer, f"un{APPROVED}")


def _follow_move(forge: Forge, happening: PullRequestMoved) -> None:
    repository, pull_request, actor = happening.repository, happening.pull_request, happening.actor
    match happening.move:
        case PullRequestMove.OPENED:
            pull_request.is_checked = False
            forge.background.later(partial(_prepare, forge, repository, pull_request))
        case PullRequestMove.PUSHED:
            _add_version(forge, repository, pull_request)
            remark(forge, pull_request, actor, _commits_added(repository, pull_request, happening.before))
            _recheck(forge, pull_request)
            pull_request.is_syncing = repository.settings.reset_approvals_on_push
            forge.background.later(partial(_reset_approvals, forge, repository, pull_request, actor))
        case PullRequestMove.EDITED:
            _follow_edit(forge, happening)
        case PullRequestMove.REOPENED:
            if pull_request.versions and pull_request.versions[-1].head_sha != pull_request.head_sha:
                _add_version(forge, repository, pull_request)
            _recheck(forge, pull_request)
        case PullRequestMove.READY | PullRequestMove.DRAFTED:
            state = "draft" if pull_request.draft else "ready"
            remark(forge, pull_request, actor, f"marked this merge request as **{state}**")
        case PullRequestMove.CLOSED:
            return  # of which GitLab writes an event, no remark


def _follow_edit(forge: Forge, happening: PullRequestMoved) -> None:
    pull_request, actor, was = happening.pull_request, happening.actor, happening.was
    if "title" in was:
        words = f"changed title from **{was['title']}** to **{pull_request.title}**"
        remark(forge, pull_request, actor, words)
    if "body" in was:
        remark(forge, pull_request, actor, "changed the description")
    if "target_branch" in was:
        words = f"changed target branch from `{was['target_branch']}` to `{pull_request.target_branch}`"
        remark(forge, pull_request, actor, words)
        _add_version(forge, happening.repository, pull_request)
        _recheck(forge, pull_request)
        _reset_approvals(forge, happening.repository, pull_request, actor)


def _prepare(forge: Forge, repository: Repository, pull_request: PullRequest) -> None:
    _add_version(forge, repository, pull_request)
    pull_request.is_checked = True


def _recheck(forge: Forge, pull_request: PullRequest) -> None:
    pull_request.is_checked = False
    forge.background.later(partial(_check, pull_request))


def _check(pull_request: PullRequest) -> None:
    pull_request.is_checked = True


def _add_version(forge: Forge, repository: Repository, pull_request: PullRequest) -> None:
    head = pull_request.head_sha
    start = git.branch(repository.path, pull_request.target_branch) or pull_request.base_sha
    base = git.merge_base(repository.path, start, head) or start
    pull_request.versions.append(Version(forge.store.new_id("version"), head, base, start, now()))


def _commits_added(repository: Repository, pull_request: PullRequest, before: str) -> str:
    added = git.commits_between(repository.path, before, pull_request.head_sha)
    lines = "".join(f"<li>{each.sha[:8]} - {each.message.splitlines()[0]}</li>" for each in added)
    count = f"{len(added)} commit{'' if len(added) == 1 else 's'}"
    return f"added {count}\n\n<ul>{lines}</ul>"


def _reset_approvals(forge: Forge, repository: Repository, pull_request: PullRequest, actor: Account) -> None:
    """Take every approval back, in the name of whoever pushed, where the project is set so. No remark tells of it."""
    pull_request.is_syncing = False
    if not repository.settings.reset_approvals_on_push:
        return
    for review in approvals(pull_request):
        review.state = ReviewState.DISMISSED
        taken = Reviewed(repository, actor, pull_request, review, was=ReviewState.APPROVED, by_system=True)
        forge.publish(repository, taken)


def approvals(pull_request: PullRequest) -> tuple[Review, ...]:
    """Those that stand, oldest first."""
    standing = [each for each in pull_request.votes().values() if each.state is ReviewState.APPROVED]
    return tuple(sorted(standing, key=lambda each: each.id))
