"""What GitHub's answers about a set-up mean in our words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from registrar.core.people import Permission
from registrar.core.setup import Finding, Standing, Untold
from registrar.core.setup_github import Layer, RequiredStatus
from registrar.core.setup_token import Scopes
from registrar.core.setup_webhooks import Signing, Webhook
from registrar.forges.github_setup_answers import (
    ActorAnswer,
    Allowed,
    DeliveryAnswer,
    HookAnswer,
    ProtectionAnswer,
    RepositoryAnswer,
    RuleAnswer,
    RulesetAnswer,
)
from registrar.forges.shortening import one_line

_ALLOWED = {"repo", "public_repo", "repo:status", "repo_deployment", "repo:invite", "read:org", "read:user"}
_ALLOWED |= {"user:email"}
_READS_TEAMS = {"read:org", "write:org", "admin:org"}
_WORDS = 100  # of what a webhook's receiver, or GitHub for it, says

FINE_GRAINED = Untold(
    "GitHub tells nobody what a token may do that has its permissions one by one",
    "see that it has contents, pull requests, issues and commit statuses (read and write) on the registry, members "
    "(read) of its organization, and actions (read and write) on what is deployed",
)
OF_APP = Untold("an app's token ends within an hour, and is made anew for each job")


def permission_in(repository: RepositoryAnswer) -> Permission:
    """What the caller's account may do in a repository."""
    may = repository.permissions or Allowed()
    levels = ((may.admin, Permission.ADMIN), (may.maintain, Permission.MAINTAIN), (may.push, Permission.WRITE))
    return next((level for has, level in levels if has), Permission.READ if may.pull else Permission.NONE)


def expiry_of(header: str | None) -> datetime | Untold | None:
    """When a token ends, as `github-authentication-token-expiration` says; None: it does not."""
    if header is None:
        return None
    try:
        return datetime.strptime(
            header.replace(" UTC", " +0000"), "%Y-%m-%d %H:%M:%S %z"
        )  # it is written in either way
    except ValueError:
        return Untold(f"GitHub says {one_line(header, _WORDS)!r}, which is no date")


def scopes_of(header: str | None, repository: RepositoryAnswer) -> Scopes | Untold:
    """What a classic token may do, as `x-oauth-scopes` says; other kinds of tokens have none."""
    if header is None:
        return FINE_GRAINED
    held = tuple(scope for scope in re.split(r",\s*", header.strip()) if scope)
    lacking = []
    if "repo" not in held and (repository.private or "public_repo" not in held):
        lacking.append("repo")
    if repository.owner.type == "Organization" and not _READS_TEAMS & set(held):
        lacking.append("read:org")
    excessive = tuple(scope for scope in held if scope not in _ALLOWED)
    return Scopes(held, tuple(lacking), excessive)


def webhook_of(answer: HookAnswer, deliveries: Iterable[DeliveryAnswer], *, page: str) -> Webhook:
    """What a webhook is to us."""
    return Webhook(
        id=answer.id,
        url=answer.config.url,
        page=page,
        events=frozenset(answer.events),
        is_active=answer.active,
        signing=Signing.SECRET if answer.config.secret else Signing.NOTHING,
        sends_json=answer.config.content_type == "json",
        verifies_tls=str(answer.config.insecure_ssl) in {"0", "0.0"},
        delivery=_delivery(tuple(deliveries), page),
    )


def _delivery(deliveries: tuple[DeliveryAnswer, ...], page: str) -> Finding:
    """How the newest went; GitHub lists the newest first, and of three days."""
    if not deliveries:
        mend = f"ping it at {page}"
        return Finding("", Standing.UNTOLD, "nothing was delivered in the last days", mend)
    newest = deliveries[0]
    when = newest.delivered_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if newest.status_code == 401:  # noqa: PLR2004 - an HTTP status
        says = f"the bot refused the signature of {newest.event} at {when}: the webhook and the bot have two secrets"
        return Finding("", Standing.PROBLEM, says, "run registrar setup --renew-secret with the secret of the bot")
    if not _arrived(newest):
        says = f"{newest.event} did not arrive at {when}: {one_line(newest.status, _WORDS)}"
        return Finding("", Standing.PROBLEM, says, f"see that the bot runs and can be reached; look at {page}")
    lost = sum(not _arrived(each) for each in deliveries)
    others = f", {lost} of the {len(deliveries)} before it did not; the bot's sweep looks after those" if lost else ""
    return Finding("", Standing.OK, f"the newest, {newest.event} at {when}, arrived{others}")


def _arrived(delivery: DeliveryAnswer) -> bool:
    return 200 <= delivery.status_code < 300  # noqa: PLR2004 - HTTP's own numbers


def layer_of_protection(answer: ProtectionAnswer) -> Layer:
    """Branch protection as one layer; it has one answer to whom it spares, and one more for pull requests."""
    reviews, checks = answer.required_pull_request_reviews, answer.required_status_checks
    spares = () if answer.enforce_admins.enabled else ("administrators",)
    bypassing = reviews.bypass_pull_request_allowances.names() if reviews else ()
    apps = {each.context: each.app_id for each in checks.checks} if checks else {}
    contexts = checks.contexts if checks else ()
    return Layer(
        name="branch protection",
        spares=(*spares, *bypassing),
        statuses=tuple(RequiredStatus(name, _app(apps.get(name))) for name in dict.fromkeys((*apps, *contexts))),
        needs_pull_request=reviews is not None,
        needs_code_owners=reviews is not None and reviews.require_code_owner_reviews,
        dismisses_stale=reviews is not None and reviews.dismiss_stale_reviews,
        forbids_force=not answer.allow_force_pushes.enabled,
        forbids_deletion=not answer.allow_deletions.enabled,
    )


def layer_of_rules(name: str, rules: Iterable[RuleAnswer], spares: tuple[str, ...] | Untold) -> Layer:
    """The rules of one ruleset that guard the branch now."""
    layer = Layer(name, spares)
    for rule in rules:
        asked = rule.parameters
        match rule.type:
            case "pull_request":
                layer = replace(
                    layer,
                    needs_pull_request=True,
                    needs_code_owners=bool(asked.get("require_code_owner_review")),
                    dismisses_stale=bool(asked.get("dismiss_stale_reviews_on_push")),
                )
            case "required_status_checks":
                layer = replace(layer, statuses=(*layer.statuses, *_required(asked)))
            case "non_fast_forward":
                layer = replace(layer, forbids_force=True)
            case "deletion":
                layer = replace(layer, forbids_deletion=True)
            case _:
                pass  # it may ask for more than we do
    return layer


def _required(parameters: Mapping[str, object]) -> Iterable[RequiredStatus]:
    checks = parameters.get("required_status_checks")
    for check in checks if isinstance(checks, list) else ():
        if isinstance(check, dict):
            app = check.get("integration_id")
            yield RequiredStatus(str(check.get("context")), _app(app if isinstance(app, int) else None))


def _app(number: int | None) -> int | None:
    """GitHub writes "any source" as nothing, or as -1."""
    return None if number in {None, -1} else number


def spared_by(answer: RulesetAnswer) -> tuple[str, ...] | Untold:
    """Whom a ruleset spares."""
    if answer.bypass_actors is None:
        who = f"GitHub tells only who may change the ruleset {one_line(answer.name, _WORDS)} whom it spares"
        return Untold(who, f"ask who administers {answer.source or 'it'}, or set REGISTRAR_ADMIN_TOKEN")
    return tuple(_actor(each) for each in answer.bypass_actors)


def _actor(actor: ActorAnswer) -> str:
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", actor.actor_type).lower()
    return f"{kind} {actor.actor_id}" if actor.actor_id is not None else kind
