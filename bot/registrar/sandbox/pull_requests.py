"""The life of a pull request on the sandbox forge: opened, edited, pushed to, merged or closed."""

from dataclasses import dataclass

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.guards import guard_of
from registrar.sandbox.happenings import PullRequestMove, PullRequestMoved
from registrar.sandbox.landing import Landing
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.refusals import CannotMerge, Invalid, Moved
from registrar.sandbox.store import Repository, now
from registrar.sandbox.threads import PullRequest, PullRequestState, Retargeting


@dataclass(frozen=True, slots=True)
class Proposal:
    """What someone wants to bring where, and why."""

    title: str
    source_branch: str
    target_branch: str
    body: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What shall be different about a pull request; None leaves it."""

    title: str | None = None
    body: str | None = None
    target_branch: str | None = None
    is_open: bool | None = None
    draft: bool | None = None


def open_pull_request(forge: Forge, repository: Repository, *, author: Account, proposal: Proposal) -> PullRequest:
    """A new pull request. Anyone who may read may ask; who may write can also push to the branch it comes from."""
    with forge.store.lock:
        forge.require(author, repository, Role.READ)
        head, base = _branches(repository, proposal)
        pull_request = PullRequest(
            id=forge.store.new_id("pull request"),
            number=forge.store.new_id(f"thread of {repository.id}"),
            author=author,
            title=proposal.title,
            body=proposal.body,
            source_branch=proposal.source_branch,
            target_branch=proposal.target_branch,
            head_sha=head,
            base_sha=base,
            created_at=now(),
            updated_at=now(),
            draft=proposal.draft,
        )
        repository.threads[pull_request.number] = pull_request
        git.keep_ref(repository.path, forge.dialect.head_ref(pull_request.number), head)
        _publish(forge, repository, author, pull_request, PullRequestMove.OPENED)
        return pull_request


def _branches(repository: Repository, proposal: Proposal) -> tuple[str, str]:
    shas = {}
    for field, branch in (("base", proposal.target_branch), ("head", proposal.source_branch)):
        sha = git.branch(repository.path, branch)
        if sha is None:
            raise Invalid(f"there is no branch {branch!r}", resource="PullRequest", field=field)
        shas[field] = sha
    same = (proposal.source_branch, proposal.target_branch)
    if any(each.is_open and (each.source_branch, each.target_branch) == same for each in repository.pull_requests):
        source = f"{repository.owner.login}:{proposal.source_branch}"
        raise Invalid(f"A pull request already exists for {source}.", resource="PullRequest")
    if git.is_ancestor(repository.path, shas["head"], shas["base"]):
        nothing = f"No commits between {proposal.target_branch} and {proposal.source_branch}"
        raise Invalid(nothing, resource="PullRequest")
    return shas["head"], shas["base"]


def edit_pull_request(
    forge: Forge, repository: Repository, pull_request: PullRequest, *, actor: Account, edit: Edit
) -> None:
    """Change what is said about it, where it goes, or whether it is open. Its author may, and who may write."""
    with forge.store.lock:
        forge.require(actor, repository, Role.READ if actor is pull_request.author else Role.WRITE)
        _edit_words(forge, repository, pull_request, actor, edit)
        if edit.draft not in {None, pull_request.draft}:
            pull_request.draft, pull_request.updated_at = bool(edit.draft), now()
            move = PullRequestMove.DRAFTED if edit.draft else PullRequestMove.READY
            _publish(forge, repository, actor, pull_request, move)
        if edit.is_open is False and pull_request.is_open:
            close(forge, repository, pull_request, actor=actor)
        elif edit.is_open and not pull_request.is_open:
            _reopen(forge, repository, pull_request, actor)


def _edit_words(forge: Forge, repository: Repository, pull_request: PullRequest, actor: Account, edit: Edit) -> None:
    was = {}
    for field in ("title", "body", "target_branch"):
        before, after = getattr(pull_request, field), getattr(edit, field)
        if after is not None and after != before:
            was[field] = before
    if "target_branch" in was:
        base = git.branch(repository.path, edit.target_branch or "")
        if base is None:
            raise Invalid(f"there is no branch {edit.target_branch!r}", resource="PullRequest", field="base")
        was["base_sha"], pull_request.base_sha = pull_request.base_sha, base
        pull_request.retargetings.append(Retargeting(forge.store.new_id("event"), actor, now()))
    for field in was.keys() - {"base_sha"}:
        setattr(pull_request, field, getattr(edit, field))
    if was:
        pull_request.updated_at = now()
        moved = PullRequestMoved(repository, actor, pull_request, PullRequestMove.EDITED, was=was)
        forge.publish(repository, moved)


def close(forge: Forge, repository: Repository, pull_request: PullRequest, *, actor: Account) -> None:
    """Close without merging."""
    pull_request.state, pull_request.closed_by = PullRequestState.CLOSED, actor
    pull_request.closed_at = pull_request.updated_at = now()
    _publish(forge, repository, actor, pull_request, PullRequestMove.CLOSED)


def _reopen(forge: Forge, repository: Repository, pull_request: PullRequest, actor: Account) -> None:
    head = git.branch(repository.path, pull_request.source_branch)
    if pull_request.state is PullRequestState.MERGED or head is None:
        raise Invalid("it was merged, or its branch is gone", resource="PullRequest", field="state")
    pull_request.state, pull_request.closed_at = PullRequestState.OPEN, None
    pull_request.head_sha, pull_request.updated_at = head, now()
    git.keep_ref(repository.path, forge.dialect.head_ref(pull_request.number), head)
    _publish(forge, repository, actor, pull_request, PullRequestMove.REOPENED)


def merge(forge: Forge, repository: Repository, pull_request: PullRequest, *, actor: Account, landing: Landing) -> str:
    """Land it on its target branch; the commit that landed. Raises `Moved` or `CannotMerge`."""
    with forge.store.lock:
        forge.require(actor, repository, Role.WRITE)
        if landing.expected_head not in {None, pull_request.head_sha}:
            raise Moved("Head branch was modified. Review and try the merge again.")
        _require_mergeable(forge, repository, pull_request, actor)
        base = git.branch(repository.path, pull_request.target_branch) or git.ABSENT
        landed = forge.dialect.landed(forge, repository, pull_request, landing, actor)
        ref = f"refs/heads/{pull_request.target_branch}"
        if not git.move(repository.path, ref, landed.tip, before=base):
            raise CannotMerge("Base branch was modified. Review and try the merge again.")
        pull_request.state, pull_request.merged_by, pull_request.landed_on = PullRequestState.MERGED, actor, base
        pull_request.merge_commit, pull_request.landed_by = landed.tip, landed.by
        pull_request.squash_commit = landed.squash_commit
        pull_request.merged_at = pull_request.closed_at = pull_request.updated_at = now()
        _publish(forge, repository, actor, pull_request, PullRequestMove.CLOSED)
        record_moves(forge, repository, actor=actor, moves=[Move(ref, base, landed.tip, merged=True)])
        return landed.tip


def _require_mergeable(forge: Forge, repository: Repository, pull_request: PullRequest, actor: Account) -> None:
    if not pull_request.is_open:
        raise CannotMerge("Pull Request is not mergeable")
    rule = guard_of(repository, pull_request.target_branch)
    spared = rule and rule.spares_admins and forge.store.role_of(actor, repository) is Role.ADMIN
    found = () if spared else forge.dialect.obstacles(forge, repository, pull_request)
    if found:
        raise CannotMerge(" ".join(found))


def _publish(
    forge: Forge, repository: Repository, actor: Account, pull_request: PullRequest, move: PullRequestMove
) -> None:
    forge.publish(repository, PullRequestMoved(repository, actor, pull_request, move))
