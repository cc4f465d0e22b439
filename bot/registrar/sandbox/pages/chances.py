"""Knows what the viewer of a pull request can do about it now, and what is still missing."""

from typing import Any

from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.pages.listing import runs_at
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.protection import obstacles
from registrar.sandbox.store import Repository, Status
from registrar.sandbox.threads import PullRequest, ReviewState


def chances(visit: Visit, repository: Repository, pull_request: PullRequest) -> dict[str, Any]:
    """What the viewer can do now, and why not."""
    role = visit.forge.store.role_of(visit.viewer, repository)
    rule = repository.protections.get(pull_request.target_branch)
    found = obstacles(visit.forge, repository, pull_request) if pull_request.is_open else ()
    spared = rule is not None and rule.spares_admins and role is Role.ADMIN
    may_write = role >= (rule.merge_role if rule is not None else Role.WRITE)
    return {
        "statuses": repository.newest_statuses(pull_request.head_sha),
        "head_run": next(iter(runs_at(visit.face, repository, pull_request.head_sha)), None),
        "decisive": _decisive(repository, pull_request),
        "expected": _expected(repository, pull_request),
        "votes": list(pull_request.votes().values()),
        "obstacles": found,
        "may_write": may_write,
        "may_merge": may_write and (spared or not found),
        "may_edit": role >= Role.WRITE or (visit.viewer is pull_request.author),
        "ways": visit.face.ways(repository),
        "writers": _writers(visit, repository),
        **_reviewing(visit, pull_request, role),
    }


def _reviewing(visit: Visit, pull_request: PullRequest, role: Role) -> dict[str, bool]:
    dialect = visit.forge.dialect
    held = pull_request.votes().get(visit.viewer) if visit.viewer is not None else None
    approves = held is not None and held.state is ReviewState.APPROVED
    is_own = visit.viewer is pull_request.author and not dialect.reviews_own
    return {
        "is_own": is_own,
        "may_review": visit.viewer is not None and not is_own and role >= dialect.review_role,
        "may_revoke": approves and visit.face.takes_back,
    }


def _required(repository: Repository, pull_request: PullRequest) -> tuple[str, ...]:
    """Contexts on whose word the merge depends: those of a rule, or every one, where pipelines must succeed."""
    if repository.settings.only_allow_merge_if_pipeline_succeeds:
        return tuple(each.context for each in repository.newest_statuses(pull_request.head_sha))
    rule = repository.protections.get(pull_request.target_branch)
    return rule.required_statuses if rule else ()


def _expected(repository: Repository, pull_request: PullRequest) -> list[str]:
    """Contexts that must speak and have not."""
    spoken = {each.context for each in repository.newest_statuses(pull_request.head_sha)}
    return [each for each in _required(repository, pull_request) if each not in spoken]


def _decisive(repository: Repository, pull_request: PullRequest) -> list[Status]:
    """What has been said by those on whose word the merge depends: it stands where one merges."""
    required = _required(repository, pull_request)
    found = [each for each in repository.newest_statuses(pull_request.head_sha) if each.context in required]
    return [each for each in found if each.state != "success"] or found


def _writers(visit: Visit, repository: Repository) -> set[Account]:
    store = visit.forge.store
    return {each for each in store.accounts.values() if store.role_of(each, repository) >= Role.WRITE}
