"""`/registrar hold` and `/registrar unhold`: a change is kept from being merged, for now."""

from registrar import rendering
from registrar.core.evaluation import guarded_paths
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.interventions import Intervention, Kind, why_not_an_owner
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequest
from registrar.errors import NotAllowed, Unknown
from registrar.handlers.bot import Bot

TOPIC = "hold"


def hold(bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, *, by: Person, reason: str) -> None:
    """Hold it. Raises `NotAllowed` where somebody else holds it already: theirs is the one to be let go.

    An owner who could approve it takes over the hold of one who could not: else who asked for it could hold it first,
    and let it go as soon as the owner relies on that.
    """
    held = facts.hold
    if held is not None and held.stands and not (held.person.same_as(by) or _outranks(facts, by, held.person)):
        raise NotAllowed(f"{held.person.login} holds it already")
    _say(bot, pull_request, Intervention(Kind.HOLD, by, reason))


def let_go(bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, *, by: Person) -> None:
    """Hold it no longer. Raises `Unknown` where nobody does, `NotAllowed` where it is not this person's to let go."""
    held = facts.hold
    if held is None or not held.stands:
        raise Unknown("nobody holds it")
    why = why_not_an_owner(facts.approvals, guarded_paths(facts), by)
    if why is not None and not held.person.same_as(by):
        raise NotAllowed(f"{held.person.login} holds it; they let it go, or an owner who could approve it: {why}")
    _say(bot, pull_request, Intervention(Kind.HOLD, by, stands=False))


def _outranks(facts: EvaluationFacts, by: Person, holder: Person) -> bool:
    required = guarded_paths(facts)
    mine, theirs = (why_not_an_owner(facts.approvals, required, person) for person in (by, holder))
    return mine is None and theirs is not None


def _say(bot: Bot, pull_request: PullRequest, said: Intervention) -> None:
    text = rendering.hold_comment(said, noun=bot.forge.words.noun)
    url = bot.forge.keep_comment(pull_request.number, TOPIC, text)
    told = Intervention(said.kind, said.person, said.reason, url, stands=said.stands)
    bot.forge.set_status(pull_request.head_sha, told.line(pull_request.number))
