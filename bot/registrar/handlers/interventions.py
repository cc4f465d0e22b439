"""Who has stepped in: read from what we ourselves said under the heads of a pull request, and carried to its newest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

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
    """What was said last: of the glass under the head, of what follows a push under any head that there was.

    Comments prove nothing here: whoever may write to a repository on GitHub may edit and delete those of others.
    """
    found: dict[Kind, Intervention] = {}
    for sha, said in _by_head(bot, pull_request):
        for kind, each in said.items():
            if (kind in _CARRIED or sha == pull_request.head_sha) and _is_later(each, found.get(kind)):
                found[kind] = each
    return Interventions(found.get(Kind.HOLD), found.get(Kind.REJECTION), found.get(Kind.GLASS))


def carry(bot: Bot, pull_request: PullRequest, intervention: Intervention | None) -> None:
    """Say under the head, too, what was said last of the pull request, whatever somebody pushed since."""
    if intervention is None:
        return
    here = _said(bot, pull_request, bot.forge.statuses(pull_request.head_sha)).get(intervention.kind)
    if here != intervention and (here is not None or intervention.stands):
        bot.forge.set_status(pull_request.head_sha, intervention.line(pull_request.number))


def _is_later(said: Intervention, than: Intervention | None) -> bool:
    """In the same second it is in doubt which came first, and what stands stays."""
    return than is None or (_time(said), said.stands) > (_time(than), than.stands)


def _time(said: Intervention) -> datetime:
    return said.at or datetime.min.replace(tzinfo=UTC)


def _by_head(bot: Bot, pull_request: PullRequest) -> Iterator[tuple[str, dict[Kind, Intervention]]]:
    """What we said under each head, newest first, back to one that was looked at while it was the head.

    What stood before that was carried there then, and all that was said since was said under it or a later one. Of a
    head that the branch came back to it cannot be told when it was looked at.
    """
    heads = [pull_request.head_sha, *bot.forge.former_heads(pull_request.number)]
    times = Counter(heads)
    for sha in dict.fromkeys(heads):
        try:
            there = bot.forge.statuses(sha)
        except Unknown:
            continue  # the forge has swept the commit away, with all that was said under it
        yield sha, _said(bot, pull_request, there)
        if times[sha] == 1 and _was_looked_at(bot, pull_request, there):
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
