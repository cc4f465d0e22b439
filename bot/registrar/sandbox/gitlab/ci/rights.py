"""Knows who may run what on which branch: on a protected one, only who may push to it or merge into it."""

from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import ProjectCall
from registrar.sandbox.pipelines import Pipeline
from registrar.sandbox.store import Repository, Store


def may_run_on(store: Store, repository: Repository, actor: Account, branch: str) -> bool:
    """Whether an account may: https://docs.gitlab.com/ci/pipelines/#pipeline-security-on-protected-branches."""
    rule = repository.protections.get(branch)
    held = store.role_of(actor, repository)
    return held >= (Role.WRITE if rule is None else min(rule.merge_role, rule.push_role or Role.ADMIN))


def who_may_change(call: ProjectCall, pipeline: Pipeline) -> Account:
    """The caller, if they may play, cancel or repeat what is in a pipeline. Raises `Refused`."""
    actor = call.require(Role.WRITE)
    if not may_run_on(call.forge.store, call.repository, actor, pipeline.ref):
        raise Refused(403, "403 Forbidden")
    return actor
