"""Who is told of what is what the rules of a commit say."""

from collections.abc import Callable

from registrar.core.events import FollowUp, SendNotice
from registrar.errors import InvalidRegistry
from registrar.notices.telling import Notices
from registry_schema import Notice, Problem

COMMIT = "4f2a91c" + "0" * 33
BOTH = (
    Notice(("rejected", "deploy-failed"), "REGISTRAR_SECRET_CHAT"),
    Notice(("deploy-failed",), "REGISTRAR_SECRET_PAGER"),
    Notice(("deploy-failed", "break-glass"), "REGISTRAR_SECRET_CHAT"),
)


def told(event: str, rules: Callable[[str], tuple[Notice, ...]] = lambda _: BOTH) -> list[tuple[str, str]]:
    follow_ups = Notices("acme/registry", rules).tell(
        event,  # type: ignore[arg-type] # any text, as a parameter of a test
        at=COMMIT,
        key="7-4f2a91c",
        subject="digits 1.1.0",
        url="https://forge/7",
    )
    return [(each.event.channel, each.once) for each in follow_ups if isinstance(each.event, SendNotice)]


def test_every_channel_that_wants_to_hear_of_it_is_told_once() -> None:
    assert told("deploy-failed") == [
        ("REGISTRAR_SECRET_CHAT", "notice:REGISTRAR_SECRET_CHAT:deploy-failed:7-4f2a91c"),
        ("REGISTRAR_SECRET_PAGER", "notice:REGISTRAR_SECRET_PAGER:deploy-failed:7-4f2a91c"),
    ]


def test_who_does_not_want_to_hear_of_it_is_left_alone() -> None:
    assert [channel for channel, _ in told("rejected")] == ["REGISTRAR_SECRET_CHAT"]
    assert told("unapproved-change") == []


def test_the_notice_says_what_and_where() -> None:
    (follow_up,) = Notices("acme/registry", lambda _: BOTH).tell(
        "rejected", at=COMMIT, key="7", subject="digits 1.1.0", by="ana", reason="not yet", url="https://forge/7"
    )

    name = "notice:REGISTRAR_SECRET_CHAT:rejected:7"
    notice = SendNotice(
        "acme/registry", "REGISTRAR_SECRET_CHAT", "rejected", "digits 1.1.0", "ana", "not yet", "https://forge/7", name
    )
    assert follow_up == FollowUp(notice, once=name)


def test_rules_that_cannot_be_read_stop_nothing() -> None:
    def broken(commit: str) -> tuple[Notice, ...]:
        raise InvalidRegistry([Problem("registry.yaml", 1, f"is broken at {commit}", "mend it")])

    assert told("rejected", broken) == []
