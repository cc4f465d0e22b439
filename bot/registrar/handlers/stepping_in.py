"""Somebody steps in on an open pull request: holds it, lets it go, turns it down, or breaks the glass for it."""

from dataclasses import dataclass
from typing import assert_never

from registrar.core.commands import BreakGlass, HoldChange, Intervene, LetGo, Reject
from registrar.core.events import FollowUp, PullRequestChanged
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequestState
from registrar.errors import NotAllowed
from registrar.handlers.bot import Bot
from registrar.handlers.gathering import gather
from registrar.handlers.glass import break_glass
from registrar.handlers.holding import hold, let_go
from registrar.handlers.rejection import reject


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and what to look at next."""

    text: str
    mark: str
    follow_ups: tuple[FollowUp, ...]


def step_in(bot: Bot, number: int, wish: Intervene, *, by: Person) -> Done:
    """Do what is asked, if it is this person's to ask for. Raises `NotAllowed` with the reason where it is not."""
    pull_request = bot.forge.pull_request(number)
    name = f"{bot.forge.words.noun} {bot.forge.words.pull_request(number)}"
    if pull_request.state is not PullRequestState.OPEN or pull_request.base_ref != bot.base:
        raise NotAllowed(f"{name} is not open for {bot.base}, so there is nothing to step into")
    base = bot.base_tip()
    facts = gather(bot, pull_request, base=base)
    told: tuple[FollowUp, ...] = ()
    match wish:
        case HoldChange(reason=reason):
            hold(bot, pull_request, facts, by=by, reason=reason)
            text, mark = f"You hold {name} now; let it go with `/registrar unhold`", "⏸️"
        case LetGo():
            let_go(bot, pull_request, facts, by=by)
            text, mark = f"Nobody holds {name} any more", "▶️"
        case Reject(reason=reason):
            told = reject(bot, pull_request, facts, by=by, reason=reason, base=base)
            text, mark = f"Rejected {name}", "⛔"
        case BreakGlass(reason=reason):
            told = break_glass(bot, pull_request, facts, by=by, reason=reason, base=base)
            text, mark = f"The glass is broken for {pull_request.head_sha[:7]}, and the owners are told", "🚨"
        case _:
            assert_never(wish)
    return Done(text, mark, (*told, FollowUp(PullRequestChanged(bot.forge.repository, number))))
