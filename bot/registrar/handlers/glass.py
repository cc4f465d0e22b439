"""Break-glass: somebody whom the rules name lets a change pass in an emergency, loudly, for one content alone."""

from registrar import rendering
from registrar.core.evaluation import guarded_paths
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.events import FollowUp
from registrar.core.interventions import Intervention, Kind, could_approve
from registrar.core.ledger import BrokenGlass
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequest
from registrar.errors import NotAllowed
from registrar.handlers.bot import Bot
from registry_schema import Registry

TOPIC = "glass"


def members(bot: Bot, rules: Registry) -> tuple[Person, ...]:
    """Everyone who may break the glass now; nobody where the rules name nobody."""
    words = rules.break_glass.people if rules.break_glass is not None else ()
    people = (person for word in words for person in bot.forge.code_owners(word))
    return tuple({person.id: person for person in people if not person.is_bot}.values())


def glass_of(bot: Bot, pull_request: PullRequest, said: Intervention | None, rules: Registry) -> BrokenGlass | None:
    """The glass that is broken for this very head, while who broke it is named by the rules of the base.

    After the merge it counts only when it was broken before, and who merged is named there too: the approvals that
    lack were nobody else's to do without.
    """
    if said is None or not said.was_said_by(pull_request.merged_at):
        return None
    able = members(bot, rules)
    merged_by_another = pull_request.merged_at is not None and not any(
        person.same_as(pull_request.merged_by) for person in able
    )
    if merged_by_another or not any(person.same_as(said.person) for person in able):
        return None
    return BrokenGlass(said.person, said.reason, said.url)


def break_glass(
    bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, *, by: Person, reason: str, base: str
) -> tuple[FollowUp, ...]:
    """Say under the head that it may pass, and tell everybody whose approval it does without.

    Raises `NotAllowed` to whom the rules do not name.
    """
    if facts.registry.break_glass is None:
        raise NotAllowed("registry.yaml names nobody who may break the glass; its key is break_glass")
    if not any(by.same_as(member) for member in members(bot, facts.registry)):
        raise NotAllowed(
            f"{by.login} is not among those whom registry.yaml lets break the glass "
            f"({', '.join(facts.registry.break_glass.people)})"
        )
    number, head = pull_request.number, pull_request.head_sha
    broken = Intervention(Kind.GLASS, by, reason)
    owners = could_approve(facts.approvals, guarded_paths(facts))
    text = rendering.glass_comment(broken, head=head, owners=owners, noun=bot.forge.words.noun)
    url = bot.forge.keep_comment(number, TOPIC, text)
    told = bot.notices.tell(
        "break-glass", at=base, key=f"{number}-{head}", subject=pull_request.title, url=url, by=by.login, reason=reason
    )
    bot.forge.set_status(head, Intervention(Kind.GLASS, by, reason, url).line(number))
    return told
