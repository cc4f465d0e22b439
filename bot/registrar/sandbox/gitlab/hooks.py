"""How GitLab writes webhooks, and what it told them."""

import json

from registrar.sandbox.gitlab.health import health
from registrar.sandbox.gitlab.people import Json, moment, optional_moment
from registrar.sandbox.gitlab.webhooks import NAMES
from registrar.sandbox.hooks import Delivery, Webhook
from registrar.sandbox.store import Repository, now

_NEVER = ("issues", "confidential_issues", "wiki_page", "releases", "emoji", "feature_flag", "milestone")
EVENTS = tuple(NAMES)
_TRIGGERS = {"merge_requests": "merge_request_hooks"}


def hook(where: Repository, found: Webhook) -> Json:
    """A webhook; its secrets are never told, only whether it has any."""
    state = health(found, at=now())
    asked = {event: "*" in found.events or event in found.events for event in EVENTS}
    return {
        "id": found.id,
        "url": found.url,
        "name": found.name,
        "description": "",
        "project_id": where.id,
        "created_at": moment(found.created_at),
        "push_events_branch_filter": found.pushes_to,
        "branch_filter_strategy": "wildcard",
        "enable_ssl_verification": found.verifies_tls,
        "repository_update_events": False,
        "alert_status": state.alert_status,
        "disabled_until": optional_moment(state.disabled_until),
        "url_variables": [],
        "custom_webhook_template": "",
        "custom_headers": [],
        "token_present": bool(found.secret),
        "signing_token_present": bool(found.signing_token),
        **{f"{event}_events": wanted for event, wanted in asked.items()},
        **{f"{event}_events": False for event in _NEVER},
    }


def hook_event(found: Webhook, sent: Delivery) -> Json:
    """Something that a webhook was told, and its answer."""
    hidden = {"X-Gitlab-Token", "webhook-signature"}
    shown = {name: "[REDACTED]" if name in hidden else value for name, value in sent.request_headers.items()}
    return {
        "id": sent.id,
        "url": found.url,
        "trigger": _TRIGGERS.get(sent.event, f"{sent.event}_hooks"),
        "request_headers": shown,
        "request_data": json.loads(sent.body),
        "response_headers": sent.response_headers,
        "response_body": sent.response_body,
        "execution_duration": sent.duration,
        "response_status": str(sent.status_code) if sent.status_code else "internal error",
        "created_at": moment(sent.delivered_at),
    }
