"""Answers about projects: how they are set, which branches they protect, who pushed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, keyed, nothing, paged
from registrar.sandbox.gitlab.commits import protected_branch, push_event
from registrar.sandbox.gitlab.people import ACCESS_LEVELS
from registrar.sandbox.gitlab.projects import basic_project, project
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, Calling, ProjectCall, Visiting
from registrar.sandbox.store import Protection

router = APIRouter()
_ROLES = {level: role for role, level in ACCESS_LEVELS.items()}
_BRANCHES = f"{PROJECT}/protected_branches"


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


_Level = Annotated[Literal[0, 30, 40], BeforeValidator(_number)]  # some programs write numbers as text
VariablesRole = Literal["no_one_allowed", "developer", "maintainer", "owner"]


class Settings(BaseModel):
    """How the project shall behave; None leaves it."""

    description: str | None = None
    merge_method: Literal["merge", "rebase_merge", "ff"] | None = None
    squash_option: Literal["never", "always", "default_on", "default_off"] | None = None
    only_allow_merge_if_pipeline_succeeds: bool | None = None
    allow_merge_on_skipped_pipeline: bool | None = None
    only_allow_merge_if_all_discussions_are_resolved: bool | None = None
    remove_source_branch_after_merge: bool | None = None
    ci_config_path: str | None = None
    ci_pipeline_variables_minimum_override_role: VariablesRole | None = None
    restrict_user_defined_variables: bool | None = None


class NewProtection(BaseModel):
    """Which branch shall be protected, and who may do what all the same."""

    name: str
    push_access_level: _Level = 40
    merge_access_level: _Level = 40
    allow_force_push: bool = False
    code_owner_approval_required: bool = False


class ChangedAccess(BaseModel):
    """Who shall be allowed something; one that is there is changed by its number."""

    model_config = ConfigDict(extra="ignore")

    access_level: _Level | None = None


class ChangedProtection(BaseModel):
    """What shall be different about a protected branch; None leaves it."""

    allow_force_push: bool | None = None
    code_owner_approval_required: bool | None = None
    allowed_to_push: list[ChangedAccess] | None = None


class Approvals(BaseModel):
    """How approvals shall behave; None leaves it."""

    reset_approvals_on_push: bool | None = None


@router.get("/projects")
@locked
def listing(call: Calling, search: str = "") -> Response:
    """Every project that the caller may read."""
    store = call.forge.store
    found = [each for each in store.repositories.values() if store.role_of(call.account, each) >= Role.READ]
    wanted = [each for each in found if search.lower() in each.full_name.lower()]
    return keyed(call, wanted, lambda each: basic_project(call.forge, each))


@router.get(PROJECT)
@locked
def one(call: Visiting) -> Response:
    """A project."""
    return answer(project(call.forge, call.repository, call.account))


@router.put(PROJECT)
@locked
def change(call: Visiting) -> Response:
    """Set how it behaves; maintainers may."""
    call.require(Role.MAINTAIN)
    wish: Mapping[str, object] = call.given(Settings).model_dump(exclude_none=True)
    for name, value in wish.items():
        if name == "description":
            call.repository.description = str(value)
        else:
            setattr(call.repository.settings, name, value)
    return answer(project(call.forge, call.repository, call.account))


@router.post(f"{PROJECT}/archive")
@locked
def archive(call: Visiting) -> Response:
    """Let nobody write to it any more."""
    return _archived(call, archived=True)


@router.post(f"{PROJECT}/unarchive")
@locked
def unarchive(call: Visiting) -> Response:
    """Let people write to it again."""
    return _archived(call, archived=False)


def _archived(call: ProjectCall, *, archived: bool) -> Response:
    if call.forge.store.role_of(call.actor, call.repository) < Role.ADMIN:
        raise Refused(403, "403 Forbidden")
    call.repository.settings.archived = archived
    return answer(project(call.forge, call.repository, call.account), 201)


@router.get(f"{PROJECT}/events")
@locked
def events(
    call: Visiting, action: str = "", before: date | None = None, after: date | None = None, sort: str = "desc"
) -> Response:
    """Who pushed what, newest first unless asked otherwise; nothing else is kept as an event."""
    pushes = call.repository.pushes if action in {"", "pushed"} else []
    found = [
        each
        for each in pushes
        if (before is None or each.at.date() < before) and (after is None or each.at.date() > after)
    ]
    found.sort(key=lambda each: each.id, reverse=sort == "desc")
    return paged(call, found, lambda each: push_event(call.forge, call.repository, each))


@router.get(_BRANCHES)
@locked
def protected_branches(call: Visiting) -> Response:
    """Every protected branch."""
    call.require(Role.WRITE)
    rules = list(enumerate(call.repository.protections.items(), start=1))
    return paged(call, rules, lambda each: protected_branch(*each[1], number=each[0]))


@router.post(_BRANCHES)
@locked
def protect(call: Visiting) -> Response:
    """Protect a branch."""
    call.require(Role.MAINTAIN)
    wish = call.given(NewProtection)
    if wish.name in call.repository.protections:
        raise Refused(409, f"Protected branch '{wish.name}' already exists")
    call.repository.protections[wish.name] = Protection(
        code_owner_review=wish.code_owner_approval_required and call.repository.settings.is_premium,
        allows_force=wish.allow_force_push,
        push_role=_ROLES.get(wish.push_access_level),
        merge_role=_ROLES.get(wish.merge_access_level, Role.ADMIN),
    )
    return _protected(call, wish.name, 201)


@router.get(f"{_BRANCHES}/{{name:whole}}")
@locked
def one_protected(call: Visiting, name: str) -> Response:
    """A protected branch."""
    call.require(Role.WRITE)
    return _protected(call, name, 200)


@router.patch(f"{_BRANCHES}/{{name:whole}}")
@locked
def change_protected(call: Visiting, name: str) -> Response:
    """Change how it is protected; Free hears nothing but whether its history may be rewritten."""
    call.require(Role.MAINTAIN)
    rule, wish = _rule(call, name), call.given(ChangedProtection)
    if wish.allow_force_push is not None:
        rule = replace(rule, allows_force=wish.allow_force_push)
    if call.repository.settings.is_premium:
        rule = _as_premium_allows(rule, wish)
    call.repository.protections[name] = rule
    return _protected(call, name, 200)


def _as_premium_allows(rule: Protection, wish: ChangedProtection) -> Protection:
    if wish.code_owner_approval_required is not None:
        rule = replace(rule, code_owner_review=wish.code_owner_approval_required)
    if wish.allowed_to_push is not None:
        levels = [each.access_level for each in wish.allowed_to_push if each.access_level is not None]
        rule = replace(rule, push_role=_ROLES.get(min(levels, default=0)), spares_admins=False)
    return rule


@router.get(f"{PROJECT}/approvals")
@locked
def approvals(call: Visiting) -> Response:
    """How approvals behave, on Premium."""
    return _approvals(call, 200)


@router.post(f"{PROJECT}/approvals")
@locked
def change_approvals(call: Visiting) -> Response:
    """Set how approvals behave."""
    call.require(Role.MAINTAIN)
    wish = call.given(Approvals)
    if wish.reset_approvals_on_push is not None:
        call.repository.settings.reset_approvals_on_push = wish.reset_approvals_on_push
    return _approvals(call, 201)


def _approvals(call: ProjectCall, status_code: int) -> Response:
    settings = call.repository.settings
    if not settings.is_premium:
        raise Refused(404, "404 Not Found")
    return answer(
        {
            "approvers": [],
            "approver_groups": [],
            "approvals_before_merge": settings.approvals_required,
            "reset_approvals_on_push": settings.reset_approvals_on_push,
            "selective_code_owner_removals": False,
            "disable_overriding_approvers_per_merge_request": False,
            "merge_requests_author_approval": False,
            "merge_requests_disable_committers_approval": False,
            "require_password_to_approve": False,
            "require_reauthentication_to_approve": False,
        },
        status_code,
    )


@router.delete(f"{_BRANCHES}/{{name:whole}}")
@locked
def unprotect(call: Visiting, name: str) -> Response:
    """Open a branch to pushes."""
    call.require(Role.MAINTAIN)
    _rule(call, name)
    del call.repository.protections[name]
    return nothing()


def _protected(call: ProjectCall, name: str, status_code: int) -> Response:
    number = 1 + list(call.repository.protections).index(name) if name in call.repository.protections else 0
    return answer(protected_branch(name, _rule(call, name), number=number), status_code)


def _rule(call: ProjectCall, name: str) -> Protection:
    if name not in call.repository.protections:
        raise Refused(404, "404 Not found")
    return call.repository.protections[name]
