"""Answers about webhooks: who is told, and what they were told."""

import base64
import binascii
from collections.abc import Mapping

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, nothing, paged
from registrar.sandbox.gitlab.health import is_executable
from registrar.sandbox.gitlab.hooks import EVENTS, hook, hook_event
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting
from registrar.sandbox.happenings import Pushed
from registrar.sandbox.hooks import SIGNING_TOKEN, Delivery, Webhook
from registrar.sandbox.listeners import Subscription, add_webhook
from registrar.sandbox.refusals import Invalid

router = APIRouter(prefix=f"{PROJECT}/hooks")
_KEY_BYTES = 32
_YES = {True, "true", "1"}
_CLIENT, _SERVER = range(400, 500), range(500, 600)


class Changes(BaseModel):
    """How a webhook shall be; None leaves it. Which events it asks for is written beside."""

    model_config = ConfigDict(extra="allow")

    url: str | None = None
    token: str | None = None
    signing_token: str | None = None
    name: str | None = None
    push_events_branch_filter: str | None = None
    enable_ssl_verification: bool | None = None


class NewHook(Changes):
    """Who wants to be told."""

    url: str


@router.get("")
@locked
def listing(call: Visiting) -> Response:
    """Every webhook."""
    call.require(Role.MAINTAIN)
    return paged(call, call.repository.webhooks, lambda each: hook(call.repository, each))


@router.post("")
@locked
def create(call: Visiting) -> Response:
    """Ask to be told; of pushes, unless asked otherwise."""
    actor, wish = call.require(Role.MAINTAIN), call.given(NewHook)
    signing_token = _checked(wish.signing_token) or ""
    subscription = Subscription(wish.url, wish.token or "", _events(("push",), wish), signing_token=signing_token)
    try:
        found = add_webhook(call.forge, call.repository, actor=actor, subscription=subscription)
    except Invalid as refusal:
        raise Refused(422, "Invalid url given") from refusal
    found.name, found.pushes_to = wish.name or "", wish.push_events_branch_filter or ""
    found.verifies_tls = wish.enable_ssl_verification is not False
    return answer(hook(call.repository, found), 201)


def _events(before: tuple[str, ...], wish: Changes) -> tuple[str, ...]:
    asked = {event for event in EVENTS if "*" in before or event in before}
    given: Mapping[str, object] = wish.model_extra or {}
    for event in EVENTS:
        if (value := given.get(f"{event}_events")) is not None:
            asked = asked | {event} if value in _YES else asked - {event}
    return tuple(event for event in EVENTS if event in asked)


def _checked(token: str | None) -> str | None:
    """A signing token is `whsec_` and 32 bytes in base64."""
    if token:
        try:
            size = len(base64.b64decode(token.removeprefix(SIGNING_TOKEN), validate=True))
        except binascii.Error:
            size = 0
        if not token.startswith(SIGNING_TOKEN) or size != _KEY_BYTES:
            raise Refused(422, {"signing_token": ["is invalid"]})
    return token


@router.get("/{hook_id:int}")
@locked
def one(call: Visiting, hook_id: int) -> Response:
    """A webhook."""
    return answer(hook(call.repository, _hook(call, hook_id)))


@router.put("/{hook_id:int}")
@locked
def change(call: Visiting, hook_id: int) -> Response:
    """Change a webhook."""
    found, wish = _hook(call, hook_id), call.given(Changes)
    found.url = wish.url or found.url
    found.secret = found.secret if wish.token is None else wish.token
    found.signing_token = found.signing_token if wish.signing_token is None else _checked(wish.signing_token) or ""
    found.events = _events(found.events, wish)
    if wish.push_events_branch_filter is not None:
        found.pushes_to = wish.push_events_branch_filter
    if wish.enable_ssl_verification is not None:
        found.verifies_tls = wish.enable_ssl_verification
    return answer(hook(call.repository, found))


@router.delete("/{hook_id:int}")
@locked
def delete(call: Visiting, hook_id: int) -> Response:
    """Tell it no more."""
    call.repository.webhooks.remove(_hook(call, hook_id))
    return nothing()


@router.get("/{hook_id:int}/events")
@locked
def events(call: Visiting, hook_id: int) -> Response:
    """What a webhook was told, newest first."""
    found, wanted = _hook(call, hook_id), str(call.parameters.get("status", ""))
    sent = [each for each in found.deliveries[::-1] if _is_wanted(each, wanted)]
    return paged(call, sent, lambda each: hook_event(found, each))


def _is_wanted(sent: Delivery, status: str) -> bool:
    kinds = {
        "": True,
        "successful": sent.succeeded,
        "client_failure": sent.status_code in _CLIENT,
        "server_failure": sent.status_code in _SERVER,
    }
    return kinds.get(status, status == str(sent.status_code))


@router.post("/{hook_id:int}/events/{event_id:int}/resend")
@locked
def resend(call: Visiting, hook_id: int, event_id: int) -> Response:
    """Tell it again, under the same id."""
    found = _hook(call, hook_id)
    sent = next((each for each in found.deliveries if each.id == event_id), None)
    if sent is None:
        raise Refused(404, "404 Not found")
    if not is_executable(found):
        raise Refused(422, "Hook disabled")
    call.forge.deliveries.send_again(found, sent)
    return answer({"response_status": 201}, 201)


@router.post("/{hook_id:int}/test/{trigger}")
@locked
def test(call: Visiting, hook_id: int, trigger: str) -> Response:
    """Tell it of the last push, whatever it asks for and however it was; one that takes it is well again."""
    found, actor = _hook(call, hook_id), call.actor
    if trigger not in {f"{event}_events" for event in EVENTS}:
        raise Refused(400, "400 Bad request - trigger does not have a valid value")
    push = next((each for each in call.repository.pushes[::-1] if each.ref.startswith("refs/heads/")), None)
    message = None
    if push is not None and trigger == "push_events":
        message = call.forge.dialect.describe(call.forge, Pushed(call.repository, actor, push))
    if message is None:
        raise Refused(422, f"Ensure the project has {trigger.removesuffix('_events')}.")
    sent = call.forge.deliveries.send_now(found, message)
    if not sent.succeeded:
        raise Refused(422, sent.response_body or "Hook execution failed")
    return answer({"message": "201 Created"}, 201)


def _hook(call: ProjectCall, hook_id: int) -> Webhook:
    call.require(Role.MAINTAIN)
    found = next((each for each in call.repository.webhooks if each.id == hook_id), None)
    if found is None:
        raise Refused(404, "404 Not found")
    return found
