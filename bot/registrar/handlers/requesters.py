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
    me = bot.forge.myself()
    if not me.same_as(pull_request.author):
        return pull_request.author
    mine = bot.forge.commit_email(me)
    log = bot.git.log(fork, pull_request.head_sha)
    named = {name for commit in log if commit.author.email == mine for name in commit.trailer(REQUESTED_BY)}
    return _person(bot, named.pop()) if len(named) == 1 else None


def _person(bot: Bot, trailer: str) -> Person | None:
    found = _TRAILER.fullmatch(trailer.strip())
    person = bot.forge.person(found["login"]) if found else None
    return person if person is not None and found is not None and person.id == int(found["id"]) else None
