"""What guards a branch of the sandbox forge, from wherever it comes."""

from collections.abc import Iterator

from registrar.sandbox.accounts import Role
from registrar.sandbox.rulesets import Ruleset
from registrar.sandbox.store import Protection, Repository


def guard_of(repository: Repository, branch: str) -> Protection | None:
    """Everything that must hold for a branch, from wherever it comes; the strictest counts."""
    rules = [*_classic(repository, branch), *(_protection(each) for each in guarding(repository, branch))]
    if not rules:
        return None
    return Protection(
        required_statuses=tuple(dict.fromkeys(name for rule in rules for name in rule.required_statuses)),
        approvals=max(rule.approvals for rule in rules),
        code_owner_review=any(rule.code_owner_review for rule in rules),
        spares_admins=all(rule.spares_admins for rule in rules),
        push_role=rules[0].push_role if len(rules) == 1 else None,
        merge_role=max(rule.merge_role for rule in rules),
        allows_force=all(rule.allows_force for rule in rules),
    )


def guarded_branches(repository: Repository) -> tuple[str, ...]:
    """Every branch that something guards, of those that are named: patterns guard branches only when they exist."""
    named = (each.removeprefix("refs/heads/") for ruleset in repository.rulesets for each in ruleset.include)
    branches = {*repository.protections, repository.default_branch, *named}
    return tuple(sorted(branch for branch in branches if guard_of(repository, branch)))


def guarded_tags(repository: Repository, role: Role) -> Iterator[str]:
    """The tags, by name or wildcard, that somebody of this role does not create; on GitLab."""
    return (name for name, least in repository.protected_tags.items() if least is None or role < least)


def guarding(repository: Repository, branch: str) -> Iterator[Ruleset]:
    """The rulesets that hold for a branch now."""
    return (each for each in repository.rulesets if each.guards(branch, default=repository.default_branch))


def _classic(repository: Repository, branch: str) -> Iterator[Protection]:
    if branch in repository.protections:
        yield repository.protections[branch]


def _protection(ruleset: Ruleset) -> Protection:
    asked = {str(rule["type"]): rule.get("parameters") for rule in ruleset.rules}
    reviews, checks = asked.get("pull_request"), asked.get("required_status_checks")
    reviews = reviews if isinstance(reviews, dict) else {}
    required = checks.get("required_status_checks", []) if isinstance(checks, dict) else []
    return Protection(
        required_statuses=tuple(str(each["context"]) for each in required),
        approvals=int(reviews.get("required_approving_review_count", 0)),
        code_owner_review=bool(reviews.get("require_code_owner_review")),
        spares_admins=any(each.get("actor_type") == "OrganizationAdmin" for each in ruleset.bypass_actors),
    )
