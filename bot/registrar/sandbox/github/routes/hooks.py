"""Answers about webhooks: who is told, and what they were told."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.github.hooks import delivery, delivery_item, hook
from registrar.sandbox.github.people import Json
from registrar.sandbox.github.repositories import repository_api
from registrar.sandbox.github.requests import RepositoryCall, Visiting, answer, nothing, paged
from registrar.sandbox.hooks import Delivery, Webhook
from registrar.sandbox.listeners import Subscription, add_webhook
from registrar.sandbox.refusals import Invalid, NotFound

router = APIRouter(prefix="/repos/{owner}/{repo}/hooks")


class Config(BaseModel):
    """Where to send, and what to sign with."""

    url: str
    content_type: str = "json"
    secret: str = ""
    insecure_ssl: str = "0"


class NewHook(BaseModel):
    """Who wants to be told of what."""

    config: Config
    events: list[str] = ["push"]
    active: bool = True


class ChangedHook(BaseModel):
    """What shall be different."""

    config: Config | None = None
    events: list[str] | None = None
    add_events: list[str] = []
    active: bool | None = None


@router.get("")
@locked
def listing(call: Visiting) -> Response:
    """Every webhook."""
    _require_admin(call)
    return paged(call, call.repository.webhooks, lambda each: hook(call.forge, call.repository, each))


@router.post("")
@locked
def create(call: Visiting, body: NewHook) -> Response:
    """Ask to be told."""
    _require_admin(call)
    if body.config.content_type != "json":
        raise Invalid("the sandbox sends JSON alone", resource="Hook", field="content_type")
    subscription = Subscription(body.config.url, body.config.secret, tuple(body.events), active=body.active)
    found = add_webhook(call.forge, call.repository, actor=call.actor, subscription=subscription)
    found.verifies_tls = body.config.insecure_ssl == "0"
    return answer(hook(call.forge, call.repository, found), 201)


@router.patch("/{hook_id}")
@locked
def change(call: Visiting, hook_id: int, body: ChangedHook) -> Response:
    """Change what is named; a secret that does not come along is taken away."""
    found = _hook(call, hook_id)
    if body.config is not None:
        found.url, found.secret = body.config.url, body.config.secret
        found.verifies_tls = body.config.insecure_ssl == "0"
    found.events = tuple(dict.fromkeys((*(body.events or found.events), *body.add_events)))
    found.active = found.active if body.active is None else body.active
    return answer(hook(call.forge, call.repository, found))


@router.delete("/{hook_id}")
@locked
def delete(call: Visiting, hook_id: int) -> Response:
    """Tell it nothing any more."""
    call.repository.webhooks.remove(_hook(call, hook_id))
    return nothing()


@router.get("/{hook_id}")
@locked
def one(call: Visiting, hook_id: int) -> Response:
    """A webhook."""
    return answer(hook(call.forge, call.repository, _hook(call, hook_id)))


@router.get("/{hook_id}/deliveries")
@locked
def deliveries(call: Visiting, hook_id: int) -> Response:
    """What a webhook was told, newest first."""
    found = _hook(call, hook_id).deliveries[::-1]
    return paged(call, found, lambda each: delivery_item(call.repository, each))


@router.get("/{hook_id}/deliveries/{delivery_id}")
@locked
def one_delivery(call: Visiting, hook_id: int, delivery_id: int) -> Response:
    """One thing a webhook was told, and its answer."""
    return answer(_with_url(call, hook_id, _delivery(_hook(call, hook_id), delivery_id)))


def _with_url(call: RepositoryCall, hook_id: int, found: Delivery) -> Json:
    url = repository_api(call.forge, call.repository, f"/hooks/{hook_id}/deliveries/{found.id}")
    return delivery(call.repository, found) | {"url": url}


@router.post("/{hook_id}/deliveries/{delivery_id}/attempts")
@locked
def attempt(call: Visiting, hook_id: int, delivery_id: int) -> Response:
    """Tell it again."""
    found = _hook(call, hook_id)
    call.forge.deliveries.send_again(found, _delivery(found, delivery_id))
    return answer({}, 202)


def _hook(call: RepositoryCall, hook_id: int) -> Webhook:
    _require_admin(call)
    found = next((each for each in call.repository.webhooks if each.id == hook_id), None)
    if found is None:
        raise NotFound(f"there is no webhook {hook_id}")
    return found


def _delivery(webhook: Webhook, delivery_id: int) -> Delivery:
    found = next((each for each in webhook.deliveries if each.id == delivery_id), None)
    if found is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    return found


def _require_admin(call: RepositoryCall) -> None:
    call.require(Role.ADMIN, "Must have admin rights to Repository.")
