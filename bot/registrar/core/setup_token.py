"""Knows what the bot's token must let it do, and what it had better not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from registrar.core.people import Permission, Person
from registrar.core.setup import Finding, Standing, Untold, ok, problem, untold
from registrar.core.wording import every

RENEWED_BEFORE = timedelta(days=14)  # of its end: time for somebody who is away to come back


@dataclass(frozen=True, slots=True)
class Scopes:
    """The wide rights that a token was made with, and how they compare with what the bot needs."""

    held: tuple[str, ...]
    lacking: tuple[str, ...] = ()
    excessive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the forge tells of it."""

    owner: Person
    page: str  # where a person makes and renews tokens
    expires_at: datetime | Untold | None  # None: never
    scopes: Scopes | Untold


@dataclass(frozen=True, slots=True)
class Rights:
    """What the repository lets the bot's account do, whatever its token narrows it to."""

    held: Permission
    names: str  # how the forge calls what is held: "admin", "Maintainer"
    least: str  # what is enough, as the forge calls it
    bypass: Permission  # whoever has this can get around what guards the base branch
    page: str  # where a person changes it


def token_findings(token: Token, rights: Rights | Untold, *, now: datetime) -> tuple[Finding, ...]:
    """Whose it is, until when, and whether its rights are enough and no more."""
    return (
        ok("token", f"is {token.owner.login}'s, account {token.owner.id}"),
        expiry("token expiry", token, now=now),
        *_scopes(token),
        _rights(rights),
    )


def expiry(check: str, token: Token, *, now: datetime) -> Finding:
    """Until when a token lets anybody do anything."""
    end = token.expires_at
    if isinstance(end, Untold):
        return untold(check, end)
    if end is None:
        return ok(check, "never")
    day = end.date().isoformat()
    if end - now < RENEWED_BEFORE:
        return problem(check, f"{day}, and from then on nothing can be done with it", f"make a new one at {token.page}")
    return ok(check, day)


def _scopes(token: Token) -> Iterator[Finding]:
    check, scopes = "token scopes", token.scopes
    if isinstance(scopes, Untold):
        yield untold(check, scopes)
        return
    if scopes.lacking:
        mend = f"make one with {every(scopes.lacking)} at {token.page}"
        yield problem(check, f"lacks {every(scopes.lacking)}", mend)
    if scopes.excessive:
        mend = f"make one without at {token.page}: what the bot may not do, no mistake of it can"
        yield problem(check, f"holds {every(scopes.excessive)}, which the bot never needs", mend)
    if not scopes.lacking and not scopes.excessive:
        yield ok(check, every(scopes.held))


def _rights(rights: Rights | Untold) -> Finding:
    check = "token rights"
    if isinstance(rights, Untold):
        return untold(check, rights)
    if rights.held < Permission.WRITE:
        says = f"the account has {rights.names} on the registry, so it can say and push nothing"
        return problem(check, says, f"give it {rights.least} at {rights.page}")
    if rights.held >= rights.bypass:
        says = f"the account has {rights.names} on the registry, so it could get around what guards the base branch"
        mend = f"give it {rights.least} at {rights.page}: then the forge's rules hold for the bot too"
        return Finding(check, Standing.PROBLEM, says, mend)
    return ok(check, f"the account has {rights.names} on the registry, which is enough")
