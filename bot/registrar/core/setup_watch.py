"""Knows whether somebody looks after the webhooks, and whether all agree on where they lead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registrar.core.deliveries import leads_here
from registrar.core.setup import Finding, Untold, ok, problem, untold
from registrar.core.setup_token import Token, expiry
from registrar.core.setup_webhooks import Webhook

_CHECK = "webhooks under watch"
_TOKEN = "REGISTRAR_HOOKS_TOKEN"  # noqa: S105 - the name of a setting


@dataclass(frozen=True, slots=True)
class Watch:
    """The token that looks after the webhooks, and how many it sees that lead to the bot."""

    token: Token | Untold
    seen: int | Untold


def watch_findings(watch: Watch | None, *, now: datetime) -> Iterator[Finding]:
    """Whether it can; without such a token only sweeps find what a webhook did not deliver."""
    if watch is None:
        says = (
            f"{_TOKEN} is not set: what they could not deliver is found by sweeps, all but comments on what is closed"
        )
        yield ok(_CHECK, says)
        return
    if isinstance(watch.token, Untold):
        yield problem(_CHECK, f"{_TOKEN}: {watch.token.why}", "make a new one, as docs/server.md says")
        return
    yield _seen(watch.seen, watch.token)
    yield expiry(f"{_CHECK}, token expiry", watch.token, now=now)


def address_findings(url: str | None, public: str | None) -> Iterator[Finding]:
    """Whether what somebody says here is what the server was told."""
    if url is not None and public is not None and url != public:
        says = f"--url is {url}, and REGISTRAR_PUBLIC_URL {public}: the server looks after none that lead elsewhere"
        yield problem("address", says, "set REGISTRAR_PUBLIC_URL to where the forge reaches the server")


def leads_to_us(webhook: Webhook, url: str | None, door: str) -> bool:
    """Whether it is one that the server looks after; without an address every one that ends in the path of its door."""
    return leads_here(webhook.url, door=door, public_url=url.removesuffix(door) if url is not None else None)


def _seen(seen: int | Untold, token: Token) -> Finding:
    if isinstance(seen, Untold):
        mend = f"make one at {token.page} of somebody who administers the registry, for its webhooks alone"
        return problem(_CHECK, f"{token.owner.login}'s {_TOKEN} does not do: {seen.why}", mend)
    if not seen:
        return untold(_CHECK, Untold("no webhook leads here yet", "run registrar setup, and look again"))
    return ok(_CHECK, f"{token.owner.login}'s {_TOKEN} sees how they fare")
