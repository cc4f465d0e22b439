"""Whoever the rules name is told, over a real channel: once, and however the channel is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from notices.receiving import Chat, a_chat
from registrar.core.effects import RememberedEffects
from registrar.core.events import SendNotice, WorkStopped
from registrar.errors import NotConfirmed
from registrar.handlers import handle
from stories.conftest import Found
from stories.places import REGISTRY
from stories.registries import RULES, a_registry
from stories.side import Side
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's, at its import

TELLING = RULES + (
    "break_glass: {people: ['@raj']}\n"
    "notices:\n"
    "  - {events: [break-glass, unapproved-change, rejected, deploy-failed], channel: REGISTRAR_SECRET_CHAT}\n"
    "  - {events: [deploy-failed], channel: REGISTRAR_SECRET_NOWHERE}\n"
)


@pytest.fixture
def chat() -> Iterator[Chat]:
    with a_chat() as chat:
        yield chat


def a_telling_town(found: Found, chat: Chat, side: type[Side]) -> Town:
    """Its deploys fail."""
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=TELLING)
    town = found(files, application=side.application(ending="exit 1"))
    town.secrets["REGISTRAR_SECRET_CHAT"] = chat.address
    return town


@pytest.mark.fault(74)
def test_a_failed_deploy_is_told_once_also_when_the_channel_did_not_answer_at_first(
    found: Found, side: type[Side], chat: Chat
) -> None:
    town = a_telling_town(found, chat, side)
    chat.answers = [503]
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)
    assert "❌ **Merged; a deploy failed**" in town.verdict(number)
    assert chat.said == []
    town.let_time_pass()
    town.look_at(number)

    (said,) = chat.said
    assert said["title"] == "Deploy failed: digits 1.1.0 to Production"
    assert "acme/registry" in said["message"]
    assert "hush-hush" not in f"{town.engine.refusals}"


def test_a_broken_glass_is_told_with_its_reason(found: Found, side: type[Side], chat: Chat) -> None:
    town = a_telling_town(found, chat, side)
    number = asked(town)

    town.comment(number, "/registrar break-glass the shop shows @everyone no digits", by="raj")

    (said,) = chat.said
    assert said["title"] == "Glass broken: Promote digits 1.1.0 to Production"
    assert "They say why: the shop shows @\u2060everyone no digits" in said["message"]


@pytest.mark.fault(29, 70)
def test_whom_one_replica_told_no_other_tells_though_the_inbox_was_lost(
    found: Found, side: type[Side], chat: Chat
) -> None:
    town = a_telling_town(found, chat, side)
    memory = RememberedEffects(town.clock.now)
    town.memory = lambda: memory
    town.restart_bot()
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)

    town.restart_bot()
    town.look_at(number)

    assert len(chat.said) == 1
    notice = SendNotice(REGISTRY, "REGISTRAR_SECRET_CHAT", "rejected", "digits", "ana", "", "", "notice:7")
    for _ in range(2):
        memory.begin(notice.key, "notice")
    town.clock.advance(timedelta(minutes=1))
    with pytest.raises(NotConfirmed, match="sent 2 times"):
        handle(notice, town.a_bot())


def test_an_old_failure_is_no_news_to_a_bot_that_forgot_whom_it_told(
    found: Found, side: type[Side], chat: Chat
) -> None:
    town = a_telling_town(found, chat, side)
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    town.clock.advance(timedelta(days=2))
    town.restart_bot()

    town.look_at(number)

    assert [said["title"] for said in chat.said] == ["Deploy failed: digits 1.1.0 to Production"]


def test_a_push_past_the_owners_is_told(found: Found, side: type[Side], chat: Chat) -> None:
    town = a_telling_town(found, chat, side)
    town.protect(spares_admins=True)

    sha = town.commit(PROMOTED, by="ana", branch="main")
    town.settle()

    assert [said["title"] for said in chat.said] == [f"Unapproved change: commit {sha[:7]}"]


@pytest.mark.fault(32)
def test_that_the_token_is_refused_is_told_without_it(found: Found, chat: Chat) -> None:
    rules = TELLING.replace("rejected,", "rejected, work-paused,")
    town = found(a_registry({"1.0.0": 0.9}, status="Production: 1.0.0\n", rules=rules))
    town.secrets["REGISTRAR_SECRET_CHAT"] = chat.address
    town.propose({"notes.txt": "hello\n"}, by="mei")
    town.sandbox.end_token("registrar-bot")

    stopped = WorkStopped(REGISTRY, "work-paused", REGISTRY, "the token was refused", "2026-03-01T12")
    town.accept("guid", stopped)
    town.settle()

    (said,) = chat.said
    assert said["title"] == "Bot paused: acme/registry"
    assert f"It says: the token was refused\n\n{town.sandbox.url}/{REGISTRY}" in said["message"]
