"""What GitLab's answers about a set-up mean in our words."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from registrar.core.setup import Finding, Standing, Untold
from registrar.core.setup_gitlab import NOBODY, Access, BranchRule, TagRule
from registrar.core.setup_token import Scopes
from registrar.core.setup_variables import VariableRule
from registrar.core.setup_webhooks import Signing, Webhook
from registrar.forges.gitlab_answers import MemberAnswer
from registrar.forges.gitlab_setup_answers import (
    HookAnswer,
    HookEventAnswer,
    LevelAnswer,
    ProjectSettings,
    ProtectedBranchAnswer,
    ProtectedTagAnswer,
    TokenAnswer,
)
from registrar.forges.shortening import one_line

EVENTS = ("push_events", "merge_requests_events", "note_events", "pipeline_events")  # that the bot may need

_ALLOWED = {"api", "read_api", "read_user", "read_repository", "write_repository", "self_rotate"}
_ROLES = {50: "Owner", 40: "Maintainer", 30: "Developer", 20: "Reporter", 15: "Planner", 10: "Guest"}
_WORDS = 100  # of what a webhook's receiver, or GitLab for it, says


def role_of(member: MemberAnswer | None) -> str:
    """What a member may do, as GitLab calls it."""
    level = member.access_level if member is not None and member.is_active else 0
    return next((name for least, name in _ROLES.items() if level >= least), "no role")


def expiry_of(token: TokenAnswer) -> datetime | None:
    """When a token ends: at the beginning of the day that it names, in UTC."""
    return datetime.combine(token.expires_at, time(), UTC) if token.expires_at is not None else None


def scopes_of(token: TokenAnswer) -> Scopes | Untold:
    """What a token may do; only `api` can set a status or write a comment."""
    if "granular" in token.scopes:
        return Untold("GitLab tells nobody what a token may do that has its permissions one by one")
    lacking = () if "api" in token.scopes else ("api",)
    return Scopes(token.scopes, lacking, tuple(scope for scope in token.scopes if scope not in _ALLOWED))


def webhook_of(answer: HookAnswer, events: Iterable[HookEventAnswer], *, page: str, is_shared: bool) -> Webhook:
    """What a webhook is to us."""
    template = "a template of its own alters what it tells" if answer.custom_webhook_template else ""
    return Webhook(
        id=answer.id,
        url=answer.url,
        page=page,
        events=frozenset(name for name in EVENTS if getattr(answer, name)),
        is_active=True,
        signing=_signing(answer),
        sends_json=True,
        verifies_tls=answer.enable_ssl_verification,
        delivery=_delivery(answer, next(iter(events), None), page),
        pushes_to=answer.push_events_branch_filter or "",
        hindrances=(template,) if template else (),
        is_shared=is_shared,
    )


def _signing(answer: HookAnswer) -> Signing | Untold:
    if answer.signing_token_present:
        return Signing.SIGNATURE
    if answer.token_present is None:
        return Untold("GitLab before 19.0 does not tell whether a webhook has a secret", "see that it has one")
    return Signing.SECRET if answer.token_present else Signing.NOTHING


def _delivery(answer: HookAnswer, newest: HookEventAnswer | None, page: str) -> Finding:
    """Whether GitLab still tells it anything, and how the newest went; it lists the newest first."""
    test = f"see that the bot runs and can be reached, then test it at {page}: that switches it on again"
    if answer.alert_status == "disabled":
        return Finding("", Standing.PROBLEM, "GitLab has switched it off after too many failures", test)
    if answer.alert_status == "temporarily_disabled":
        until = f" until {answer.disabled_until:%Y-%m-%d %H:%M} UTC" if answer.disabled_until else " for a while"
        return Finding("", Standing.PROBLEM, f"GitLab has switched it off{until}, after several failures", test)
    if newest is None:
        return Finding("", Standing.UNTOLD, "nothing was delivered in the last days", f"test it at {page}")
    status = str(newest.response_status or "no answer")
    if status == "401":
        says = f"the bot refused the newest, {newest.trigger}: the webhook and the bot have two secrets"
        return Finding("", Standing.PROBLEM, says, "run registrar setup --renew-secret with the secret of the bot")
    if not status.startswith("2"):
        says = f"the newest, {newest.trigger}, did not arrive: {one_line(status, _WORDS)}"
        return Finding("", Standing.PROBLEM, says, f"see that the bot runs and can be reached; look at {page}")
    return Finding("", Standing.OK, f"the newest, {newest.trigger}, arrived")


def variables_of(answer: ProjectSettings) -> VariableRule | None:
    """Who may give pipelines variables; before 17.1 it was developers or, where it was restricted, maintainers.

    GitLab heeds the role where the older switch is on alone: https://gitlab.com/gitlab-org/gitlab/-/issues/514243
    """
    is_heeded = answer.restrict_user_defined_variables
    if is_heeded is None:
        return None
    return VariableRule(answer.ci_pipeline_variables_minimum_override_role or "maintainer", is_heeded=is_heeded)


def rule_of(answer: ProtectedBranchAnswer) -> BranchRule:
    """What a protected branch lets whom do."""
    return BranchRule(
        name=answer.name,
        push=tuple(map(_access, answer.push_access_levels)),
        merge=tuple(map(_access, answer.merge_access_levels)),
        allows_force=answer.allow_force_push,
        needs_code_owners=answer.code_owner_approval_required,
        is_inherited=bool(answer.inherited),
    )


def tag_of(answer: ProtectedTagAnswer) -> TagRule:
    """Whom a protected tag lets create it."""
    return TagRule(answer.name, tuple(map(_access, answer.create_access_levels)))


def _access(answer: LevelAnswer) -> Access:
    """A user, a group and a deploy key are named beside a level, which then means nothing."""
    is_role = answer.user_id is None and answer.group_id is None and answer.deploy_key_id is None
    return Access(
        id=answer.id,
        level=answer.access_level if is_role else None,
        description=one_line(answer.access_level_description, _WORDS) or ("nobody" if is_role else "somebody"),
        user=answer.user_id,
        is_inexact=answer.group_id is not None,
    )


def is_open(answer: ProtectedBranchAnswer) -> bool:
    """Whether somebody may push to it."""
    return any(each.level != NOBODY for each in map(_access, answer.push_access_levels))
