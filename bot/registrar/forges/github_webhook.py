"""How GitHub signs a webhook, and which of our events its bytes mean; no I/O.

https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
https://docs.github.com/webhooks/webhook-events-and-payloads
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from registrar.core.events import CommentWritten, Event, PullRequestChanged, RunChanged
from registrar.errors import BadPayload, BadSignature
from registrar.forges.payloads import (
    Ignored,
    Payload,
    branch_pushed,
    header_values,
    holds_command,
    number_at,
    read_payload,
    text_at,
)

NOT_UNDERSTOOD: Final = 400  # what GitHub is answered to a body that it cannot have sent; it draws nothing from that

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_DELIVERY = re.compile(r"[A-Za-z0-9-]{1,100}")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")

_ACTIONS = {
    "pull_request": {
        "opened",
        "reopened",
        "synchronize",
        "closed",
        "edited",
        "ready_for_review",
        "converted_to_draft",
    },
    "pull_request_review": {"submitted", "edited", "dismissed"},
    "issue_comment": {"created"},
    "workflow_run": {"requested", "in_progress", "completed"},
}


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    *,
    now: datetime,  # noqa: ARG001 - GitHub signs no time
) -> None:
    """Raises `BadSignature` unless one of the secrets signed exactly this body; only SHA-256 counts."""
    values = header_values(headers, "x-hub-signature-256")
    claimed = _SIGNATURE.fullmatch(values[0]) if len(values) == 1 else None
    if claimed is None:
        raise BadSignature("the webhook carries no X-Hub-Signature-256; set the secret on the webhook")
    digests = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets if secret.strip()]
    if not any([hmac.compare_digest(digest, claimed[1]) for digest in digests]):  # noqa: C419 - every secret takes its time
        raise BadSignature("the webhook is signed with another secret; set the same one on the webhook and here")


def delivery_id(
    headers: Mapping[str, str],
    body: bytes,  # noqa: ARG001 - GitHub names every delivery
) -> str:
    """The name of this delivery, the same when GitHub delivers it again; raises `BadPayload` without one."""
    values = header_values(headers, "x-github-delivery")
    if len(values) != 1 or not _DELIVERY.fullmatch(values[0]):
        raise BadPayload("the webhook carries no X-GitHub-Delivery, so it could not be told from its own repetition")
    return values[0]


def parse(headers: Mapping[str, str], body: bytes) -> Event | Ignored:
    """What a verified webhook tells us to look at; raises `BadPayload` when it cannot come from GitHub."""
    delivery_id(headers, body)
    payload = read_payload(body)
    event = next(iter(header_values(headers, "x-github-event")), "")
    if event == "push":
        return branch_pushed(payload, _repository(payload))
    action = text_at(payload, "action")
    if event not in _ACTIONS or action not in _ACTIONS[event]:
        return Ignored(f"{event or 'an event without a name'} {action or ''}".strip() + " is not for us")
    match event:
        case "issue_comment":
            return _comment(payload)
        case "workflow_run":
            return _run(payload)
        case _:
            return _pull_request(payload)


def _repository(payload: Payload) -> str | None:
    name = text_at(payload, "repository", "full_name")
    return name if name is not None and _REPOSITORY.fullmatch(name) else None


def _pull_request(payload: Payload) -> Event | Ignored:
    repository, number = _repository(payload), number_at(payload, "pull_request", "number")
    if repository is None or number is None:
        return Ignored("the payload names no pull request")
    return PullRequestChanged(repository, number)


def _comment(payload: Payload) -> Event | Ignored:
    repository, number = _repository(payload), number_at(payload, "issue", "number")
    comment, body = number_at(payload, "comment", "id"), text_at(payload, "comment", "body")
    if repository is None or number is None or comment is None or body is None:
        return Ignored("the payload names no comment")
    if not holds_command(body):
        return Ignored("the comment holds no command")
    return CommentWritten(repository, number, comment)


def _run(payload: Payload) -> Event | Ignored:
    repository, run = _repository(payload), number_at(payload, "workflow_run", "id")
    title = text_at(payload, "workflow_run", "display_title")
    if repository is None or run is None or title is None:
        return Ignored("the payload names no workflow run")
    if text_at(payload, "workflow_run", "event") != "workflow_dispatch":
        return Ignored("the workflow run was not started by a dispatch, as deploys are")
    return RunChanged(repository, run, title)
