"""How GitLab shows that a webhook is its own, and which of our events its bytes mean; no I/O.

https://docs.gitlab.com/user/project/integrations/webhooks/
https://docs.gitlab.com/user/project/integrations/webhook_events/

A webhook of a project, of a group and of the whole instance tell an event with the same body. What it is about stands
in the body alone: no header but the id and the time of a delivery is ever signed.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from registrar.core.events import BranchChecked, CommentWritten, Event, JobChanged, PullRequestChanged, RunChanged
from registrar.core.operations import pull_request_of
from registrar.core.pipelines import OPERATION
from registrar.errors import BadSignature
from registrar.forges.payloads import (
    Ignored,
    Payload,
    branch_pushed,
    header_values,
    holds_command,
    number_at,
    read_payload,
    text_at,
    within,
)

NOT_UNDERSTOOD: Final = 200  # GitLab switches a webhook off after four refusals in a row, then for longer and longer
SIGNING_TOKEN: Final = "whsec_"  # noqa: S105 - how a token that signs begins, and a secret that is sent does not
KEY_BYTES: Final = 32
TOLERANCE: Final = timedelta(minutes=5)  # between GitLab's clock and ours: what Standard Webhooks recommends

_SIGNATURE = "v1,"
_DELIVERY = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_KIND = re.compile(r"[a-z_]{1,60}")
_FOLDER = r"(?!\.{1,2}(?:/|\Z))[A-Za-z0-9_.][A-Za-z0-9_.-]*"
_PROJECT = re.compile(rf"{_FOLDER}(?:/{_FOLDER})+")
_SSH_ADDRESS = re.compile(r"(?:[^/@:]+@[^/:]+:|ssh://[^/]+/)(?P<path>.+)\.git")


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: datetime) -> None:
    """Raises `BadSignature` unless one of the secrets signed this body within five minutes, or came with it.

    The plain secret counts only where no signing token is set, and nothing is signed: a signature that is there is
    the only proof, so nobody who learnt the plain secret can spare himself the signature.
    """
    if header_values(headers, "webhook-signature"):
        _check_signature(headers, body, [key for secret in secrets if (key := _key_of(secret)) is not None], now)
    elif any(secret.startswith(SIGNING_TOKEN) for secret in secrets):
        raise BadSignature("the webhook is not signed; give it the signing token that is set here")
    else:
        _check_token(headers, secrets)


def delivery_id(headers: Mapping[str, str], body: bytes) -> str:
    """The name of this delivery, the same when GitLab delivers it again.

    GitLab has named deliveries since 17.4. Before, a digest tells one from its copy: of the body, and of the id that
    GitLab gives to all that one deed sets off; without that id the second of two equal deeds, such as an approval taken
    back and given again within a second, would be taken for the first.
    """
    for name in ("webhook-id", "idempotency-key"):  # they are equal, and the first one is signed
        values = header_values(headers, name)
        if len(values) == 1 and _DELIVERY.fullmatch(values[0]):
            return values[0]
    deed = header_values(headers, "x-gitlab-event-uuid")
    return "digest-" + hashlib.sha256("\n".join([*deed, ""]).encode("utf-8", "replace") + body).hexdigest()


def parse(
    headers: Mapping[str, str],  # noqa: ARG001 - none of them is signed
    body: bytes,
) -> Event | Ignored:
    """What a verified webhook tells us to look at; raises `BadPayload` when GitLab cannot have sent it."""
    payload = read_payload(body)
    kind = text_at(payload, "object_kind") or text_at(payload, "event_name") or ""
    reader = _READERS.get(kind)
    if reader is not None:
        try:
            return reader(payload)
        except _LackingError as lacking:
            return Ignored(f"the {kind} event {lacking}; has the webhook a template of its own?", is_odd=True)
    return Ignored(f"{kind if _KIND.fullmatch(kind) else 'an event without a name'} is not for us")


class _LackingError(Exception):
    """The event does not hold what GitLab documents; the message begins with a verb."""


def _check_signature(headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime) -> None:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    values = [header_values(headers, name) for name in names]
    if [len(given) for given in values] != [1, 1, 1]:
        raise BadSignature("a signed webhook carries one webhook-id, one webhook-timestamp and one webhook-signature")
    [[delivery], [timestamp], [signature]] = values
    if not _DELIVERY.fullmatch(delivery) or not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature("the webhook's webhook-id or webhook-timestamp is none that GitLab makes")
    message = f"{delivery}.{timestamp}.".encode() + body
    right = [base64.b64encode(hmac.digest(key, message, hashlib.sha256)) for key in keys]
    claimed = [
        word.removeprefix(_SIGNATURE).encode("utf-8", "surrogatepass")
        for word in signature.split()
        if word.startswith(_SIGNATURE)
    ]
    if not any([hmac.compare_digest(one, other) for one in right for other in claimed]):  # noqa: C419 - each takes its time
        raise BadSignature("the webhook is signed with another signing token; set the same one on the webhook and here")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadSignature("the webhook was signed more than five minutes from now; set both clocks by NTP")


def _check_token(headers: Mapping[str, str], secrets: Sequence[str]) -> None:
    values = header_values(headers, "x-gitlab-token")
    if len(values) != 1:
        raise BadSignature("the webhook carries no X-Gitlab-Token; set the secret token on the webhook")
    claimed = values[0].encode("utf-8", "surrogatepass")
    right = [secret.encode() for secret in secrets if secret.strip()]
    if not any([hmac.compare_digest(secret, claimed) for secret in right]):  # noqa: C419 - every secret takes its time
        raise BadSignature("the webhook carries another secret token; set the same one on the webhook and here")


def _key_of(secret: str) -> bytes | None:
    """What a signing token signs with; None for a secret that is none."""
    if not secret.startswith(SIGNING_TOKEN):
        return None
    try:
        key = base64.b64decode(secret.removeprefix(SIGNING_TOKEN), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _merge_request(payload: Payload) -> Event | Ignored:
    """Whatever was done to it: GitLab adds actions, and what changed is read anew anyway."""
    return PullRequestChanged(_project(payload), _number(payload, "object_attributes", "iid"))


def _note(payload: Payload) -> Event | Ignored:
    if text_at(payload, "object_attributes", "noteable_type") != "MergeRequest":
        return Ignored("the note is not on a merge request")
    if within(payload, "object_attributes", "system") is True:
        return Ignored("GitLab wrote the note by itself")
    if text_at(payload, "event_type") == "confidential_note" or _is_true(payload, "internal", "confidential"):
        return Ignored("the note is internal")
    if within(payload, "object_attributes", "action") not in (
        None,
        "create",
    ):  # before 16.11 none but new ones were told
        return Ignored("the note is not new")
    if not holds_command(text_at(payload, "object_attributes", "note") or ""):
        return Ignored("the note holds no command")
    number, note = _number(payload, "merge_request", "iid"), _number(payload, "object_attributes", "id")
    return CommentWritten(_project(payload), number, note)


def _push(payload: Payload) -> Event | Ignored:
    return branch_pushed(payload, _project(payload))


def _pipeline(payload: Payload) -> Event | Ignored:
    """A check of a merge request or of its branch, or a deploy of ours by the operation key.

    A check can hold up a merge, or let one go, in place of our own status: GitLab asks one pipeline alone, and a status
    that was set before it began is not part of it. Whatever a check calls itself, it is never taken for a deploy.
    """
    if within(payload, "merge_request") is not None:
        return PullRequestChanged(_project(payload), _number(payload, "merge_request", "iid"))
    named = [text_at(payload, "object_attributes", "name") or "", _variable(payload, OPERATION)]
    title = next((text for text in named if pull_request_of(text) is not None), None)
    if title is not None:
        return RunChanged(_project(payload), _number(payload, "object_attributes", "id"), title)
    branch = text_at(payload, "object_attributes", "ref")
    is_check = within(payload, "object_attributes", "tag") is False and not _is_only_said(payload)
    if branch and is_check:
        return BranchChecked(_project(payload), branch)
    return Ignored("the pipeline is no deploy of ours: neither its name nor REGISTRAR_OPERATION holds an operation key")


def _is_only_said(payload: Payload) -> bool:
    """Whether nothing but statuses made the pipeline, such as our own."""
    return text_at(payload, "object_attributes", "source") == "external"


def _job(payload: Payload) -> Event | Ignored:
    """Its `commit` is the pipeline; `name` is that of the pipeline, since 15.8 and if it has one."""
    project = _project_of_job(payload)
    if project is None:
        return Ignored("the job names no project; let the webhook tell of pipelines instead")
    title = text_at(payload, "commit", "name")
    if not title:
        return JobChanged(project, _number(payload, "build_id"))
    if pull_request_of(title) is None:
        return Ignored("the job's pipeline is no deploy of ours: its name holds no operation key")
    return RunChanged(project, _number(payload, "pipeline_id"), title)


def _deployment(payload: Payload) -> Event | Ignored:
    if within(payload, "deployable_id") is None:
        return Ignored("no job made the deployment")
    return JobChanged(_project(payload), _number(payload, "deployable_id"))


def _emoji(_: Payload) -> Event | Ignored:
    return Ignored("a reaction approves nothing")


_READERS: Final[Mapping[str, Callable[[Payload], Event | Ignored]]] = {
    "merge_request": _merge_request,
    "note": _note,
    "push": _push,
    "pipeline": _pipeline,
    "build": _job,
    "deployment": _deployment,
    "emoji": _emoji,
}


def _project(payload: Payload) -> str:
    name = text_at(payload, "project", "path_with_namespace") or ""
    if not _PROJECT.fullmatch(name):
        raise _LackingError("names no project")
    return name


def _project_of_job(payload: Payload) -> str | None:
    """The address for SSH says it too, on a GitLab whose jobs have no `project`: it has no path but the project's."""
    if within(payload, "project") is not None:
        return _project(payload)
    address = _SSH_ADDRESS.fullmatch(text_at(payload, "repository", "git_ssh_url") or "")
    return address["path"] if address and _PROJECT.fullmatch(address["path"]) else None


def _number(payload: Payload, *path: str) -> int:
    number = number_at(payload, *path)
    if number is None:
        raise _LackingError(f"holds no number at {'.'.join(path)}")
    return number


def _variable(payload: Payload, name: str) -> str:
    """Of the others nothing is kept: they may hold secrets."""
    variables = within(payload, "object_attributes", "variables")
    given = [each for each in variables if isinstance(each, Mapping)] if isinstance(variables, list) else []
    return next((text_at(each, "value") or "" for each in given if text_at(each, "key") == name), "")


def _is_true(payload: Payload, *names: str) -> bool:
    return any(within(payload, "object_attributes", name) is True for name in names)
