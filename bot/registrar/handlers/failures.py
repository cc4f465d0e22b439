"""A deploy that failed is told of, to whom the rules name."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from registrar.core.deploying import PlannedDeploy
from registrar.core.events import FollowUp
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.deploys.operations import operation_of
from registrar.handlers.bot import Bot
from registrar.handlers.judging import Judged

NEWS = timedelta(days=1)  # for that long a failure is: without its inbox the bot does not know whom it told


def notice_failure(bot: Bot, commit: str, said: CommitStatus) -> None:
    """Remember a line that is about to say that a deploy failed: without an inbox, whoever writes it tells of it."""
    if said.outcome is Outcome.FAILURE:
        bot.memory.failed.add((commit, said.context))


def told_of_failures(
    bot: Bot, judged: Judged, deploys: Mapping[PlannedDeploy, CommitStatus | None]
) -> Iterator[FollowUp]:
    """Whom to tell of the deploys that failed: of each once, however often the merge is looked at."""
    for planned, said in deploys.items():
        if said is None or said.outcome is not Outcome.FAILURE or not _is_news(bot, judged, said):
            continue
        change, number = planned.transition, judged.pull_request.number
        yield from bot.notices.tell(
            "deploy-failed",
            at=judged.landing.before,
            key=operation_of(number, planned, commit=judged.landing.after),
            subject=f"{change.model} {change.version} to {change.after}",
            url=said.url or judged.pull_request.url,
            reason=said.description,
        )


def _is_news(bot: Bot, judged: Judged, said: CommitStatus) -> bool:
    if not bot.has_inbox:
        return (judged.landing.after, said.context) in bot.memory.failed
    return said.updated_at is None or bot.now() - said.updated_at <= NEWS
