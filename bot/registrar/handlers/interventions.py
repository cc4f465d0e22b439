"""Who has stepped in: read from what we ourselves said under the heads of a pull request, and carried to its newest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registrar.core.interventions import Intervention, Kind, intervention_in
from registrar.core.pull_requests import CommitStatus, PullRequest
from registrar.errors import Unknown
from registrar.handlers.bot import Bot

_CARRIED = (Kind.HOLD, Kind.REJECTION)  # they follow every push; the glass is broken for one content alone


@dataclass(frozen=True, slots=True)
class Interventions:
    """What was last said of each kind; one that does not stand any more was taken back. None: nobody stepped in."""

    hold: Intervention | None = None
    rejection: Intervention | None = None
    glass: Intervention | None = None


def interventions_of(bot: Bot, pull_request: PullRequest) -> Interventions:
    """What stands under the head; of what follows a push, else what stood under the newest head before it.

    Comments prove nothing here: whoever may write to a repository on GitHub may edit and delete those of others.
    """
    here = bot.forge.statuses(pull_request.head_sha)
    found = _said(bot, pull_request, here)
    if any(kind not in found for kind in _CARRIED) and not _was_looked_at(bot, pull_request, here):
        for kind, before in _before(bot, pull_request):
            found.setdefault(kind, before)
    return Interventions(found.get(Kind.HOLD), found.get(Kind.REJECTION), found.get(Kind.GLASS))


def carry(bot: Bot, pull_request: PullRequest, intervention: Intervention | None) -> None:
    """Say under the head, too, what stands of the pull request, whatever somebody pushed since."""
    if intervention is not None and intervention.stands:
        here = bot.forge.statuses(pull_request.head_sha)
        if intervention.kind not in _said(bot, pull_request, here):
            bot.forge.set_status(pull_request.head_sha, intervention.line(pull_request.number))


def _before(bot: Bot, pull_request: PullRequest) -> Iterator[tuple[Kind, Intervention]]:
    """Newest first, back to a head that was looked at: what stood before that was carried there."""
    for sha in bot.forge.former_heads(pull_request.number):
        try:
            there = bot.forge.statuses(sha)
        except Unknown:
            continue  # the forge has swept the commit away, with all that was said under it
        yield from ((kind, said) for kind, said in _said(bot, pull_request, there).items() if kind in _CARRIED)
        if _was_looked_at(bot, pull_request, there):
            return


def _said(bot: Bot, pull_request: PullRequest, statuses: Sequence[CommitStatus]) -> dict[Kind, Intervention]:
    me = bot.forge.myself()
    each = ((kind, intervention_in(statuses, kind, number=pull_request.number, myself=me)) for kind in Kind)
    return {kind: said for kind, said in each if said is not None}


def _was_looked_at(bot: Bot, pull_request: PullRequest, statuses: Sequence[CommitStatus]) -> bool:
    """Whether our verdict stands there, and leads to this pull request: one commit can be the head of several."""
    me = bot.forge.myself()
    ours = (said for said in statuses if said.context == bot.status_context and me.same_as(said.creator))
    return any(said.url.partition("#")[0] == pull_request.url for said in ours)
