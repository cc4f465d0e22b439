"""Who asked for a change: its author, or for a pull request of the bot's the person that its commit names."""

import re

from registrar.core.people import Person
from registrar.core.pull_requests import PullRequest
from registrar.handlers.bot import Bot
from registrar.repository.history import REQUESTED_BY

_TRAILER = re.compile(r"(?P<login>\S+) <(?P<email>(?P<id>[0-9]+)[^<>]*)>")


def requester_of(bot: Bot, pull_request: PullRequest, *, fork: str) -> Person | None:
    """The requester; None when it cannot be shown, and then nobody can approve.

    The trailer counts only in a commit that the bot wrote, also when somebody rebased it, and only while its login
    still belongs to the same account. An address can be forged in a commit: two that name different people name nobody,
    and whoever pushed it cannot approve, so it frees nobody but at the price of another.
    """
    if not bot.forge.myself().same_as(pull_request.author):
        return pull_request.author
    named = _named(bot, pull_request, fork)
    return _person(bot, named.pop()) if len(named) == 1 else None


def asked_for(bot: Bot, pull_request: PullRequest, *, fork: str) -> tuple[Person, ...]:
    """Everyone for whom the bot wrote one of its commits: who asked cannot approve a copy that somebody else opened."""
    people = (_person(bot, name) for name in sorted(_named(bot, pull_request, fork)))
    return tuple(person for person in people if person is not None)


def _named(bot: Bot, pull_request: PullRequest, fork: str) -> set[str]:
    mine = bot.forge.commit_email(bot.forge.myself())
    log = bot.git.log(fork, pull_request.head_sha)
    return {name for commit in log if commit.author.email == mine for name in commit.trailer(REQUESTED_BY)}


def _person(bot: Bot, trailer: str) -> Person | None:
    found = _TRAILER.fullmatch(trailer.strip())
    person = bot.forge.person(found["login"]) if found else None
    return person if person is not None and found is not None and person.id == int(found["id"]) else None
