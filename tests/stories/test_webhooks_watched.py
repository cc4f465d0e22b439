"""The forge could not deliver, or tells nothing any more: a sweep looks after the webhooks too."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest

from notices.receiving import Chat
from parity import only_on
from registrar.forges.hook_connecting import hook_forge_of
from registrar.handlers import handle
from registrar.observing.numbers import NUMBERS
from registrar.sandbox.faults import Answered, Spot
from registrar.sandbox.hooks import Webhook
from stories.conftest import Found
from stories.inline import InlineEngine
from stories.places import REGISTRY
from stories.registries import RULES, a_registry
from stories.test_deploy import PROMOTED
from stories.test_notices import chat
from stories.test_sweep import sweep
from stories.town import Town

__all__ = ["chat"]

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's, at its import

TELLING = RULES + "notices:\n  - {events: [hook-disabled], channel: REGISTRAR_SECRET_CHAT}\n"
GIVEN_UP = 40  # failures in a row, after which GitLab tells nothing any more
WISH = "/registrar promote digits@1.1.0 to Production"


def look_after_webhooks(town: Town, *, by: str = "ana") -> Webhook:
    """From now on the bot looks after its webhooks, with somebody's token; that of the registry is returned."""
    token, url = town.tokens[by], town.sandbox.url
    hooks = hook_forge_of(town.side.dialect, url, repository=REGISTRY, token=token)
    town.engine.stop()
    town.engine = InlineEngine(partial(handle, bot=replace(town.a_bot(), hooks=hooks)))
    (webhook,) = town.sandbox.store.repository(REGISTRY).webhooks
    return webhook


@contextmanager
def nobody_listens(town: Town, webhook: Webhook) -> Iterator[None]:
    """What the forge tells meanwhile arrives nowhere."""
    url, webhook.url = webhook.url, f"http://127.0.0.1:9/webhooks/{town.side.dialect}"
    try:
        yield
    finally:
        webhook.url = url


def state_told() -> str:
    return next(seen.state for seen in NUMBERS.take_unsaved() if seen.what == "hook")


def switched_off(town: Town, webhook: Webhook) -> None:
    """By a person on GitHub; by GitLab itself, as nothing arrived."""
    town.propose({"notes.txt": "hello\n"}, by="leo", branch="any")
    if town.side.dialect == "github":
        webhook.active = False
        return
    webhook.deliveries += [replace(webhook.deliveries[-1], status_code=500)] * GIVEN_UP


@pytest.mark.fault(24)
def test_a_command_that_could_not_be_delivered_is_delivered_again_and_obeyed_once(town: Town) -> None:
    webhook = look_after_webhooks(town)
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    with nobody_listens(town, webhook):
        town.comment(place, WISH, by="mei")

    sweep(town)
    sweep(town)

    assert len(town.open_pull_requests()) == 2
    assert [delivery.is_redelivery for delivery in webhook.deliveries].count(True) == 1
    assert state_told() == "active"


@pytest.mark.fault(32)
def test_what_was_not_delivered_is_not_given_up_for_a_token_that_is_refused(town: Town) -> None:
    webhook = look_after_webhooks(town)
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    with nobody_listens(town, webhook):
        town.comment(place, "hello", by="mei")
    again = Spot("POST", "/attempts" if town.side.dialect == "github" else "/resend")
    rule = town.faults.begin(again, Answered(acts=False, status=401), times=1)

    sweep(town)
    sent_at_first = [delivery.is_redelivery for delivery in webhook.deliveries].count(True)
    sweep(town)

    assert (rule.struck, sent_at_first) == (1, 0)
    assert [delivery.is_redelivery for delivery in webhook.deliveries].count(True) == 1


@pytest.mark.fault(24)
def test_of_what_was_lost_comments_alone_are_delivered_again(town: Town) -> None:
    webhook = look_after_webhooks(town)
    with nobody_listens(town, webhook):
        number = town.propose(PROMOTED, by="mei")

    sweep(town)

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert {sent.event for sent in webhook.deliveries if sent.is_redelivery} <= {"issue_comment", "note"}


@pytest.mark.fault(25)
def test_a_webhook_that_was_switched_off_tells_again_after_a_sweep(town: Town) -> None:
    webhook = look_after_webhooks(town)
    switched_off(town, webhook)

    sweep(town)
    assert state_told() == "active"
    number = town.propose(PROMOTED, by="mei")

    assert town.status(number) == ("pending", "waiting for ana or raj")


@pytest.mark.fault(25)
@only_on("gitlab", because="GitHub never stops to tell a webhook, and switches one on again that nobody hears.")
def test_a_webhook_that_stays_off_is_told_of_once_a_day_and_sweeps_go_on(found: Found, chat: Chat) -> None:
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=TELLING))
    town.secrets["REGISTRAR_SECRET_CHAT"] = chat.address
    webhook = look_after_webhooks(town)
    switched_off(town, webhook)
    with nobody_listens(town, webhook):
        number = town.propose(PROMOTED, by="mei")

        sweep(town)
        sweep(town)

    assert state_told() == "disabled"
    assert [said["title"] for said in chat.said] == [f"Webhook off: webhook {webhook.id}"]
    assert "GitLab has switched it off for good, as it failed too often" in chat.said[0]["message"]
    assert town.status(number) == ("pending", "waiting for ana or raj")


def test_a_webhook_whose_last_delivery_was_lost_is_failing(town: Town) -> None:
    webhook = look_after_webhooks(town)
    number = town.propose({"notes.txt": "hello\n"}, by="mei")
    sweep(town)
    assert state_told() == "active"

    with nobody_listens(town, webhook):
        town.comment(number, "well", by="mei")
        sweep(town)

    assert state_told() == "failing"


def test_a_bot_that_may_not_see_its_webhooks_says_so_once_and_sweeps(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="registrar.hooks")
    look_after_webhooks(town, by="registrar-bot")

    sweep(town)
    sweep(town)

    (line,) = caplog.messages
    assert line.startswith(f"nobody knows how the webhooks of {REGISTRY} fare: ")
    assert (state_told(), town.engine.refusals) == ("unknown", [])
