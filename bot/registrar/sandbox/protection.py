"""What must hold before a pull request may be merged, and which branches no push may move."""

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.guards import guard_of, guarded_branches, guarded_tags
from registrar.sandbox.store import Protection, Repository
from registrar.sandbox.threads import PullRequest, ReviewState


def obstacles(forge: Forge, repository: Repository, pull_request: PullRequest) -> tuple[str, ...]:
    """Why the pull request may not be merged, each in a sentence; none when it may."""
    return forge.dialect.obstacles(forge, repository, pull_request)


def obstacles_by_rule(forge: Forge, repository: Repository, pull_request: PullRequest) -> tuple[str, ...]:
    """The same by the rules of the target branch, as on GitHub.

    Code owners are not looked up: an approval by anyone but the author who may write counts as theirs. Whoever needs an
    owner's word must look at who approved, here as on a real forge.
    """
    found = [] if can_merge(repository, pull_request) else ["The branches conflict."]
    if pull_request.draft:
        found.append("The pull request is a draft.")
    if rule := guard_of(repository, pull_request.target_branch):
        found += unmet(forge, repository, pull_request, rule)
    return tuple(found)


def can_merge(repository: Repository, pull_request: PullRequest) -> bool:
    """Whether git can merge the head into the target branch as both are now."""
    base = git.branch(repository.path, pull_request.target_branch)
    return base is not None and git.merged_tree(repository.path, base, pull_request.head_sha) is not None


def unmet(forge: Forge, repository: Repository, pull_request: PullRequest, rule: Protection) -> list[str]:
    """Which rules of the target branch's protection do not hold yet."""
    states = {each.context: each.state for each in repository.newest_statuses(pull_request.head_sha)}
    found = [
        f'Required status check "{context}" is {_expected(states.get(context))}.'
        for context in rule.required_statuses
        if states.get(context) != "success"
    ]
    votes = _votes_that_count(forge, repository, pull_request)
    missing = max(rule.approvals, int(rule.code_owner_review)) - votes.count(ReviewState.APPROVED)
    if missing > 0:
        reviews = "1 approving review is" if missing == 1 else f"{missing} approving reviews are"
        found.append(f"At least {reviews} required by reviewers with write access.")
    if ReviewState.CHANGES_REQUESTED in votes:
        found.append("Changes are requested.")
    return found


def _expected(state: str | None) -> str:
    return {"pending": "pending", None: "expected"}.get(state, "failing")


def _votes_that_count(forge: Forge, repository: Repository, pull_request: PullRequest) -> list[ReviewState]:
    return [
        review.state
        for reviewer, review in pull_request.votes().items()
        if reviewer is not pull_request.author and forge.store.role_of(reviewer, repository) >= Role.WRITE
    ]


def refs_closed_to(forge: Forge, repository: Repository, account: Account) -> tuple[str, ...]:
    """The refs that this account may not push to; `*` in them means anything."""
    role = forge.store.role_of(account, repository)
    guards = {branch: guard_of(repository, branch) for branch in guarded_branches(repository)}
    branches = (f"refs/heads/{branch}" for branch, rule in guards.items() if rule and not _may_push(role, rule))
    return (*branches, *(f"refs/tags/{tag}" for tag in guarded_tags(repository, role)))


def _may_push(role: Role, rule: Protection) -> bool:
    return (rule.push_role is not None and role >= rule.push_role) or (rule.spares_admins and role >= Role.ADMIN)
