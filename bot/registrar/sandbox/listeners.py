"""How someone asks the sandbox forge to be told what happens in a repository."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.happenings import WebhookAdded
from registrar.sandbox.hooks import Webhook
from registrar.sandbox.refusals import Invalid
from registrar.sandbox.store import Repository, now


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where to tell, what to sign with, and of what to tell."""

    url: str
    secret: str
    events: tuple[str, ...]
    active: bool = True
    signing_token: str = ""


def add_webhook(forge: Forge, repository: Repository, *, actor: Account, subscription: Subscription) -> Webhook:
    """A new webhook, which is told at once that it is one."""
    with forge.store.lock:
        if urlsplit(subscription.url).scheme not in {"http", "https"}:
            raise Invalid("a webhook needs an http address", resource="Hook", field="url")
        webhook = Webhook(
            id=forge.store.new_id("webhook"),
            url=subscription.url,
            repository=repository.id,
            secret=subscription.secret,
            events=subscription.events,
            created_at=now(),
            active=subscription.active,
            signing_token=subscription.signing_token,
        )
        repository.webhooks.append(webhook)
        if message := forge.dialect.describe(forge, WebhookAdded(repository, actor, webhook)):
            forge.deliveries.send(webhook, message)
        return webhook
