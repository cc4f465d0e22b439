"""A comment that asks something of the bot gets it done, or gets told why not."""

from dataclasses import dataclass

from registrar import rendering
from registrar.core.commands import (
    Help,
    Intervene,
    Promote,
    Rollback,
    StartDeploys,
    UnknownCommand,
    parse_command,
)
from registrar.core.events import CommentWritten, FollowUp, PullRequestChanged
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Comment
from registrar.core.selectors import ModelFacts, resolve
from registrar.errors import ForgeUnavailable, PushRejected, RegistrarError, TokenRefused
from registrar.handlers.bot import Bot
from registrar.handlers.promotion import request_promotion
from registrar.handlers.proposals import Opened
from registrar.handlers.released import release_deploys
from registrar.handlers.rollback import request_rollback
from registrar.handlers.stepping_in import step_in
from registrar.repository.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command is told, and what to look at next."""

    text: str
    mark: str
    follow_ups: tuple[FollowUp, ...] = ()


def answer_command(event: CommentWritten, bot: Bot) -> tuple[FollowUp, ...]:
    """Read the comment as it is now, do what it asks, and answer beside it, once."""
    comment = bot.forge.comment(event.number, event.comment)
    if comment is None or comment.author is None or comment.author.is_bot:
        return ()
    topic = f"answer-{comment.id}"
    if comment.author.same_as(bot.forge.myself()) or bot.forge.has_comment(event.number, topic):
        return ()  # what was answered is done, however often the forge tells of it
    try:
        answer = _done(comment, comment.author, bot)
    except (ForgeUnavailable, PushRejected, TokenRefused):
        raise  # trying again is right
    except RegistrarError as error:
        answer = Answer(rendering.inert(error), "❌")
    if answer is None:
        return ()
    body = rendering.answer_comment(to=comment.author, text=answer.text, mark=answer.mark)
    bot.forge.keep_comment(event.number, topic, body)
    return answer.follow_ups


def _done(comment: Comment, author: Person, bot: Bot) -> Answer | None:
    match parse_command(comment.body):
        case None:
            return None
        case _ if comment.is_edited:
            return Answer("this comment was edited, perhaps by somebody else; ask in a new one", "❓")
        case Help():
            return Answer(rendering.help_comment(noun=bot.forge.words.noun), "💡")
        case UnknownCommand(text=text, hint=hint):
            return Answer(rendering.inert(f"I do not understand “{text}”; {hint}"), "❓")
        case wish:
            return _granted(wish, comment.number, author, bot)


def _granted(wish: Promote | Rollback | StartDeploys | Intervene, number: int, author: Person, bot: Bot) -> Answer:
    if bot.forge.permission(author) < Permission.WRITE:
        return Answer(f"this needs write access to {bot.forge.repository}, which you do not have", "❌")
    if isinstance(wish, StartDeploys):
        count, follow_ups = release_deploys(bot, number, by=author)
        return Answer("Starting it" if count == 1 else f"Starting {count} deploys", "🚀", follow_ups)
    if isinstance(wish, Intervene):
        done = step_in(bot, number, wish, by=author)
        return Answer(done.text, done.mark, done.follow_ups)
    opened = _requested(wish, author, bot)
    name = bot.forge.words.pull_request(opened.pull_request.number)
    look_again = FollowUp(PullRequestChanged(bot.forge.repository, opened.pull_request.number))
    return Answer(f"{_how(opened)} {name}", "👍", (look_again,))


def _how(opened: Opened) -> str:
    if not opened.adopted:
        return "Opened"
    return "Brought up to date:" if opened.updated else "This is asked for already, in"


def _requested(wish: Promote | Rollback, author: Person, bot: Bot) -> Opened:
    if isinstance(wish, Rollback):
        return request_rollback(bot, model=wish.model, status=wish.status, requester=author)
    registry = snapshot(bot.git, bot.base_tip())
    model = wish.selector.model
    facts = ModelFacts(registry.versions(model), registry.holdings(model), registry.registry())
    return request_promotion(
        bot, model=model, version=resolve(wish.selector, facts), status=wish.status, requester=author
    )
