"""One behaviour a file; this is the whole routing table."""

from typing import assert_never

from registrar.core.events import (
    BranchChecked,
    BranchPushed,
    CommentWritten,
    Event,
    FollowUp,
    HooksDue,
    JobChanged,
    KeepTags,
    PullRequestChanged,
    RunChanged,
    SendNotice,
    StartDeploy,
    SweepDue,
    WorkStopped,
)
from registrar.errors import RegistryGone, Unknown
from registrar.forges.looking import one_look
from registrar.handlers.bot import Bot

_Work = (
    PullRequestChanged
    | CommentWritten
    | BranchPushed
    | RunChanged
    | JobChanged
    | BranchChecked
    | StartDeploy
    | KeepTags
    | SweepDue
    | HooksDue
)


def handle(event: Event, bot: Bot) -> tuple[FollowUp, ...]:
    """Do what an event calls for, and say what to look at next. Safe to repeat."""
    if isinstance(event, SendNotice | WorkStopped):  # nobody is left untold because the forge does not answer
        return _tell(event, bot)
    with one_look():
        _refuse_what_is_gone(bot)
        return _handled(event, bot)


def _handled(event: _Work, bot: Bot) -> tuple[FollowUp, ...]:  # noqa: C901, PLR0911 - one for each kind of event
    from registrar.handlers import commands, deploy, hooks, landed, pull_request, queue, runs, sweep, tagging

    match event:
        case PullRequestChanged():
            return (*pull_request.look_at_pull_request(event, bot), *queue.look_again(bot, event.number))
        case CommentWritten():
            return commands.answer_command(event, bot)
        case BranchPushed() if queue.is_of_queue(event.branch, bot.base):
            return queue.look_at_entry(event, bot)
        case BranchPushed():
            return landed.look_at_push(event, bot)
        case RunChanged() | JobChanged() | BranchChecked():
            return runs.look_at_run(event, bot)
        case StartDeploy():
            return deploy.start_deploy(event, bot)
        case KeepTags():
            return tagging.keep_tags(event, bot)
        case SweepDue():
            return sweep.look_at_everything(event, bot)
        case HooksDue():
            return hooks.look_after_hooks(event, bot)
        case _:
            assert_never(event)


def _tell(event: SendNotice | WorkStopped, bot: Bot) -> tuple[FollowUp, ...]:
    from registrar.handlers import notifying, stopped

    match event:
        case SendNotice():
            return notifying.send_notice(event, bot)
        case WorkStopped():
            return stopped.tell_what_stopped(event, bot)


def _refuse_what_is_gone(bot: Bot) -> None:
    """An event names the registry; what the name leads to may not be it any more, or nothing at all."""
    try:
        bot.forge.identity()
    except Unknown as error:
        raise RegistryGone(str(error)) from error
