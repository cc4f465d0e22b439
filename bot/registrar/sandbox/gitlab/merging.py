"""How GitLab merges on request: who may, what is said to whom it refuses, and the branch that it takes away after."""

from registrar.sandbox import git, pull_requests
from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.mergeability import MERGEABLE, detailed_merge_status
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.landing import Landing
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.refusals import BadCredentials, CannotMerge
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest

_BY_GIT = {"checking", "conflict", "need_rebase"}  # what GitLab finds out only once everything else is fine


def merge(
    forge: Forge,
    repository: Repository,
    pull_request: PullRequest,
    *,
    actor: Account,
    sha: str | None,
    landing: Landing | None = None,
) -> None:
    """Merge what has this head. Raises `Refused` or another refusal, in the order in which GitLab looks."""
    if repository.settings.requires_sha and not sha:
        raise Refused(400, "SHA must be provided when merging")
    if not may_merge(forge, repository, pull_request, actor):
        raise BadCredentials
    status = detailed_merge_status(forge, repository, pull_request)
    if status != MERGEABLE and status not in _BY_GIT:
        raise CannotMerge
    if status in _BY_GIT:
        raise Refused(422, "Branch cannot be merged")
    if sha and sha != pull_request.head_sha:
        raise Refused(409, f"SHA does not match HEAD of source branch: {pull_request.head_sha}")
    pull_requests.merge(forge, repository, pull_request, actor=actor, landing=landing or Landing())


def may_merge(forge: Forge, repository: Repository, pull_request: PullRequest, actor: Account) -> bool:
    """Who may push to the target branch may; on a protected one, who may merge into it."""
    role, rule = forge.store.role_of(actor, repository), repository.protections.get(pull_request.target_branch)
    return role >= (rule.merge_role if rule is not None else role.WRITE)


def delete_source_branch(forge: Forge, repository: Repository, pull_request: PullRequest, *, actor: Account) -> None:
    """Take the branch of a merged request away, where it still is at what was merged."""
    ref = f"refs/heads/{pull_request.source_branch}"
    if git.move(repository.path, ref, git.ABSENT, before=pull_request.head_sha):
        moves = [Move(ref, pull_request.head_sha, git.ABSENT)]
        record_moves(forge, repository, actor=actor, moves=moves)
