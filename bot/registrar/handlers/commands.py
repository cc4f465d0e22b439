"""A comment that asks something of the bot gets it done, or gets told why not."""

from registrar import rendering
from registrar.core.commands import Help, Promote, Rollback, UnknownCommand, parse_command
from registrar.core.events import CommentWritten, FollowUp, PullRequestChanged
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Comment
from registrar.core.selectors import ModelFacts, resolve
from registrar.errors import ForgeUnavailable, PushRejected, RegistrarError
from registrar.handlers.bot import Bot
from registrar.handlers.promotion import request_promotion
from registrar.handlers.proposals import Opened
from registrar.handlers.rollback import request_rollback
from registrar.repository.snapshot import snapshot


def answer_command(event: CommentWritten, bot: Bot) -> tuple[FollowUp, ...]:
    """Read the comment as it is now, do what it asks, and answer beside it, once."""
    comment = bot.forge.comment(event.number, event.comment)
    if comment is None or comment.author is None or comment.author.is_bot:
        return ()
    topic = f"answer-{comment.id}"
    if comment.author.same_as(bot.forge.myself()) or bot.forge.has_comment(event.number, topic):
        return ()  # what was answered is done, however often the forge tells of it
    try:
        text, mark, follow_ups = _done(comment, comment.author, bot)
    except (ForgeUnavailable, PushRejected):
        raise  # trying again is right
    except RegistrarError as error:
        text, mark, follow_ups = rendering.inert(error), "❌", ()
    if text:
        body = rendering.answer_comment(to=comment.author, text=text, mark=mark)
        bot.forge.keep_comment(event.number, topic, body)
    return follow_ups


def _done(comment: Comment, author: Person, bot: Bot) -> tuple[str, str, tuple[FollowUp, ...]]:
    match parse_command(comment.body):
        case None:
            return "", "", ()
        case _ if comment.is_edited:
            return "this comment was edited, perhaps by somebody else; ask in a new one", "❓", ()
        case Help():
            return rendering.help_comment(), "💡", ()
        case UnknownCommand(text=text, hint=hint):
            return rendering.inert(f"I do not understand “{text}”; {hint}"), "❓", ()
        case Promote() | Rollback() as wish:
            if bot.forge.permission(author) < Permission.WRITE:
                return (
                    f"asking for a status needs write access to {bot.forge.repository}, which you do not have",
                    "❌",
                    (),
                )
            opened = _requested(wish, author, bot)
            number = opened.pull_request.number
            name = bot.forge.words.pull_request(number)
            return f"{_how(opened)} {name}", "👍", (FollowUp(PullRequestChanged(bot.forge.repository, number)),)


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
