"""The webhooks that lead here: one that is switched off is switched on again, and what is lost is told again."""

import logging
from dataclasses import replace
from itertools import islice, takewhile

from registrar.core.deliveries import Delivery, Hook, HookState, Telling, after, to_send_again
from registrar.core.events import FollowUp, HooksDue
from registrar.errors import ForgeUnavailable, RegistrarError, TokenRefused
from registrar.forges.hooks import HookForge
from registrar.handlers.bot import Bot
from registrar.observing.numbers import NUMBERS

LOOKED_AT = 2000  # of the newest deliveries of a webhook, at the first look
AGAIN = 60.0  # seconds: how long GitLab's limit lasts, and as long as GitHub may take to list what it sent again
WORST_FIRST = (HookState.DISABLED, HookState.FAILING, HookState.ACTIVE)

log = logging.getLogger("registrar.hooks")


def look_after_hooks(event: HooksDue, bot: Bot) -> tuple[FollowUp, ...]:
    """Switch on what is switched off, or tell whom the rules name; send again what did not arrive and no sweep finds.

    A sweep finds open pull requests with what was asked there of late, what reached the base, and the runs of deploys
    that go on. It finds no comment anywhere else, which may hold a command, and nothing about what was closed.
    """
    forge = bot.hooks
    if forge is None:
        return ()
    try:
        found = forge.hooks()
    except ForgeUnavailable:
        raise
    except RegistrarError as error:
        return _unknown(bot, f"nobody knows how the webhooks of {event.repository} fare: {error}")
    if not found:
        return _unknown(bot, f"no webhook of {event.repository} leads here; run registrar setup")
    follow_ups: list[FollowUp] = []
    states = [_look_after(bot, forge, hook, follow_ups) for hook in found]
    worst = next(state for state in WORST_FIRST if state in states)
    NUMBERS.hook_seen(event.repository, worst.value, at=bot.now())
    return tuple(follow_ups)


def _unknown(bot: Bot, why: str) -> tuple[FollowUp, ...]:
    """No alert: that the bot may not see its webhooks is nothing that has gone wrong."""
    _say_once(bot, why)
    NUMBERS.hook_seen(bot.forge.repository, "unknown", at=bot.now())
    return ()


def _look_after(bot: Bot, forge: HookForge, hook: Hook, follow_ups: list[FollowUp]) -> HookState:
    """How it fares now."""
    if hook.state is HookState.DISABLED:
        try:
            forge.switch_on(hook)
        except ForgeUnavailable:
            raise
        except RegistrarError as error:
            follow_ups += _alert(bot, hook, f"{hook.says}; {error}")
            return HookState.DISABLED
        log.warning("webhook %d of %s told nothing any more: %s; it is on again", hook.id, _name(bot), hook.says)
    told = bot.memory.told[hook.id] = _told(bot, forge, hook)
    for lost in (each for each in told.lost.values() if each.is_given_up):
        _say_once(bot, f"{lost.attempts} times webhook {hook.id} could not deliver {lost.last.name}: see {hook.page}")
    if _send_again(bot, forge, hook, told):
        follow_ups.append(FollowUp(HooksDue(_name(bot)), after=AGAIN))
    if told.works and hook.state is not HookState.FAILING:
        return HookState.ACTIVE
    log.warning("what webhook %d of %s told last did not arrive: look at %s", hook.id, _name(bot), hook.page)
    return HookState.FAILING


def _told(bot: Bot, forge: HookForge, hook: Hook) -> Telling:
    known = bot.memory.told.get(hook.id, Telling())
    newer = takewhile(lambda attempt: attempt.id != known.newest, islice(forge.deliveries(hook), LOOKED_AT))
    try:
        return after(known, tuple(newer))
    except ForgeUnavailable:
        raise
    except RegistrarError as error:
        _say_once(bot, f"nobody knows what webhook {hook.id} of {_name(bot)} could not deliver: {error}")
        return known


def _send_again(bot: Bot, forge: HookForge, hook: Hook, told: Telling) -> bool:
    """Whether more waits than the forge takes at once."""
    for delivery in (again := to_send_again(told, at_most=forge.at_once)):
        try:
            forge.send_again(hook, delivery)
        except ForgeUnavailable:
            raise
        except TokenRefused as error:  # perhaps that of the webhooks alone, which is no reason to pause all work
            _say_once(bot, f"what webhook {hook.id} of {_name(bot)} could not deliver waits: {error}")
            return False
        except RegistrarError as error:
            _forget(bot, hook, delivery)
            log.error("what webhook %d could not deliver is lost: %s", hook.id, error)  # noqa: TRY400 - for a person
        else:
            log.warning("webhook %d of %s is asked again for delivery %s", hook.id, _name(bot), delivery.name)
    return told.works and len(to_send_again(told, at_most=len(told.lost))) > len(again)


def _forget(bot: Bot, hook: Hook, delivery: Delivery) -> None:
    told = bot.memory.told[hook.id]
    rest = {name: lost for name, lost in told.lost.items() if name != delivery.name}
    bot.memory.told[hook.id] = replace(told, lost=rest)


def _alert(bot: Bot, hook: Hook, why: str) -> tuple[FollowUp, ...]:
    """Once a day, as long as it lasts."""
    log.error("webhook %d of %s tells nothing: %s; look at %s", hook.id, _name(bot), why, hook.page)
    return bot.notices.tell(
        "hook-disabled",
        at=bot.base_tip(),
        key=f"{hook.id}-{bot.now():%Y-%m-%d}",
        subject=f"webhook {hook.id}",
        url=hook.page,
        reason=why,
    )


def _say_once(bot: Bot, line: str) -> None:
    if line not in bot.memory.said:
        bot.memory.said.add(line)
        log.warning("%s", line)


def _name(bot: Bot) -> str:
    return bot.forge.repository
