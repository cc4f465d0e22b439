"""Whether GitLab would merge a pull request: what its `detailed_merge_status` says, and to a person, in a sentence."""

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.following import approvals
from registrar.sandbox.gitlab.heads import head_pipeline
from registrar.sandbox.pipelines import JobState
from registrar.sandbox.protection import can_merge
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest, ReviewState

MERGEABLE = "mergeable"
_ENDED = {JobState.SUCCESS, JobState.FAILED, JobState.CANCELED, JobState.SKIPPED, JobState.MANUAL}
_SENTENCES = {
    "preparing": "The merge request is still being prepared.",
    "checking": "It is being checked whether the branches can be merged.",
    "approvals_syncing": "The approvals are being looked through after a push.",
    "not_open": "The merge request is not open.",
    "draft_status": "The merge request is a draft.",
    "requested_changes": "Changes are requested.",
    "not_approved": "All required approvals must be given.",
    "conflict": "The branches conflict.",
    "need_rebase": "The source branch must be rebased onto the target branch.",
    "ci_must_pass": "The pipeline must succeed.",
    "ci_still_running": "The pipeline must succeed. It is still running.",
}


def obstacles(forge: Forge, repository: Repository, pull_request: PullRequest) -> tuple[str, ...]:
    """Why the pull request may not be merged: GitLab tells the first reason alone."""
    status = detailed_merge_status(forge, repository, pull_request)
    return () if status == MERGEABLE else (_SENTENCES[status],)


def detailed_merge_status(forge: Forge, repository: Repository, pull_request: PullRequest) -> str:
    """In the order in which GitLab looks: https://docs.gitlab.com/api/merge_requests/#merge-status ."""
    checks = (
        ("preparing", pull_request.is_open and not pull_request.versions),
        ("checking", pull_request.is_open and not pull_request.is_checked),
        ("approvals_syncing", pull_request.is_syncing),
        ("not_open", not pull_request.is_open),
        ("requested_changes", repository.settings.is_premium and _is_objected_to(pull_request)),
        ("not_approved", approvals_left(forge, repository, pull_request) > 0),
        ("draft_status", pull_request.draft),
    )
    found = next((status for status, holds in checks if holds), None)
    return found or _by_git(repository, pull_request) or _by_pipeline(repository, pull_request)


def _is_objected_to(pull_request: PullRequest) -> bool:
    return any(each.state is ReviewState.CHANGES_REQUESTED for each in pull_request.votes().values())


def approvals_left(forge: Forge, repository: Repository, pull_request: PullRequest) -> int:
    """How many approvals are still required; 0 on the Free tier, whoever approved."""
    settings = repository.settings
    if not settings.is_premium:
        return 0
    rule = repository.protections.get(pull_request.target_branch)
    owners = _valid_owners(forge, repository) if rule and rule.code_owner_review else set()
    approvers = {each.reviewer.login for each in approvals(pull_request)}
    required = max(settings.approvals_required, rule.approvals if rule else 0)
    owed = int(bool(owners) and not owners & approvers)  # without a valid owner, the rule approves itself
    return max(0, required - len(approvers), owed)


def _valid_owners(forge: Forge, repository: Repository) -> set[str]:
    """Whoever the settings name as code owners and has a role in the project."""
    accounts = [forge.store.accounts.get(login.lower()) for login in repository.settings.code_owners]
    return {each.login for each in accounts if each and forge.store.role_of(each, repository) >= Role.WRITE}


def _by_git(repository: Repository, pull_request: PullRequest) -> str | None:
    if not can_merge(repository, pull_request):
        return "conflict"
    target = git.branch(repository.path, pull_request.target_branch) or git.ABSENT
    is_behind = not git.is_ancestor(repository.path, target, pull_request.head_sha)
    return "need_rebase" if is_behind and repository.settings.merge_method != "merge" else None


def _by_pipeline(repository: Repository, pull_request: PullRequest) -> str:
    if not repository.settings.only_allow_merge_if_pipeline_succeeds:
        return MERGEABLE
    pipeline = head_pipeline(repository, pull_request)
    if pipeline is None:
        return "ci_must_pass"
    state = pipeline.state
    skipped = state is JobState.SKIPPED and repository.settings.allow_merge_on_skipped_pipeline
    if state is JobState.SUCCESS or skipped:
        return MERGEABLE
    return "ci_must_pass" if state in _ENDED else "ci_still_running"
