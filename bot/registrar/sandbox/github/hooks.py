"""How GitHub writes webhooks and their deliveries."""

import json

from registrar.sandbox.forge import Forge
from registrar.sandbox.github.people import Json, moment
from registrar.sandbox.github.repositories import repository_api
from registrar.sandbox.hooks import Delivery, Webhook
from registrar.sandbox.store import Repository


def hook(forge: Forge, repository: Repository, found: Webhook) -> Json:
    """A webhook; its secret is never told."""
    url = repository_api(forge, repository, f"/hooks/{found.id}")
    config = {"url": found.url, "content_type": "json", "insecure_ssl": "0" if found.verifies_tls else "1"}
    return {
        "type": "Repository",
        "id": found.id,
        "name": "web",
        "active": found.active,
        "events": list(found.events),
        "config": config | ({"secret": "********"} if found.secret else {}),
        "updated_at": moment(found.created_at),
        "created_at": moment(found.created_at),
        "url": url,
        "test_url": f"{url}/test",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        "last_response": _last_response(found),
    }


def _last_response(found: Webhook) -> Json:
    if not found.deliveries:
        return {"code": None, "status": "unused", "message": None}
    last = found.deliveries[-1]
    return {
        "code": last.status_code or None,
        "status": "active" if last.succeeded else "misconfigured",
        "message": _outcome(last),
    }


def _outcome(delivery: Delivery) -> str:
    if delivery.succeeded:
        return "OK"
    if delivery.status_code:
        return f"Invalid HTTP Response: {delivery.status_code}"
    return "timed out" if delivery.response_body.startswith("TimeoutError") else "failed to connect to host"


def delivery_item(repository: Repository, found: Delivery) -> Json:
    """A delivery in a list."""
    return {
        "id": found.id,
        "guid": found.guid,
        "delivered_at": moment(found.delivered_at),
        "redelivery": found.is_redelivery,
        "duration": found.duration,
        "status": _outcome(found),
        "status_code": found.status_code,
        "event": found.event,
        "action": found.action,
        "installation_id": None,
        "repository_id": repository.id,
        "throttled_at": None,
    }


def delivery(repository: Repository, found: Delivery) -> Json:
    """A delivery by itself, as it was sent and answered."""
    return delivery_item(repository, found) | {
        "url": "",
        "request": {"headers": found.request_headers, "payload": json.loads(found.body)},
        "response": {"headers": found.response_headers, "payload": found.response_body},
    }
