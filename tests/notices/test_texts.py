"""What a notice says, read whole: one test for each template."""

import pytest

from registrar import rendering
from registrar.core.events import SendNotice
from registry_schema.policy import NoticeEvent

URL = "https://forge/acme/registry/pull/7"


def a_notice(about: NoticeEvent, *, reason: str = "the shop shows no digits", subject: str = "digits 1.1.0") -> str:
    by = "ana" if about in {"break-glass", "rejected"} else ""
    event = SendNotice("acme/registry", "REGISTRAR_SECRET_CHAT", about, subject, by, reason, URL)
    return "\n---\n".join(rendering.notice(event))


@pytest.mark.parametrize(
    ("about", "text"),
    [
        pytest.param(
            "break-glass",
            "Glass broken: digits 1.1.0\n---\n"
            "ana let digits 1.1.0 pass in acme/registry without the approvals that it needs.\n"
            f"They say why: the shop shows no digits\n\n{URL}\n",
            id="break-glass",
        ),
        pytest.param(
            "unapproved-change",
            "Unapproved change: digits 1.1.0\n---\n"
            "digits 1.1.0 came to acme/registry without an approval that counts. Nothing was deployed.\n"
            f"What is wrong: the shop shows no digits\n\n{URL}\n",
            id="unapproved change",
        ),
        pytest.param(
            "rejected",
            "Rejected: digits 1.1.0\n---\nana rejected digits 1.1.0 in acme/registry.\n"
            f"They say why: the shop shows no digits\n\n{URL}\n",
            id="rejected",
        ),
        pytest.param(
            "deploy-failed",
            "Deploy failed: digits 1.1.0\n---\n"
            "The deploy of digits 1.1.0 failed. It was asked for in acme/registry.\n"
            f"It says: the shop shows no digits\n\n{URL}\n",
            id="failed deploy",
        ),
        pytest.param(
            "hook-disabled",
            "Webhook off: digits 1.1.0\n---\n"
            "digits 1.1.0 of acme/registry tells the bot nothing any more. Sweeps find most of it, minutes later.\n"
            f"What is wrong: the shop shows no digits\n\n{URL}\n",
            id="webhook off",
        ),
        pytest.param(
            "work-parked",
            "Work parked: digits 1.1.0\n---\n"
            "The bot of acme/registry gave up digits 1.1.0 until somebody looks.\n"
            "What is wrong: the shop shows no digits\n"
            "On its machine `registrar jobs list` shows all that waits so, and `registrar jobs retry` lets it go on.\n"
            f"\n{URL}\n",
            id="parked",
        ),
        pytest.param(
            "work-paused",
            "Bot paused: digits 1.1.0\n---\n"
            "The forge refuses the token of the bot that looks after acme/registry. "
            "What happens is kept, and done once it takes one again.\n"
            f"It says: the shop shows no digits\n\n{URL}\n",
            id="paused",
        ),
    ],
)
def test_a_notice_says_what_by_whom_why_and_where(about: NoticeEvent, text: str) -> None:
    assert a_notice(about) == text


def test_a_notice_without_a_reason_has_no_empty_line_for_it() -> None:
    assert a_notice("rejected", reason="") == (
        f"Rejected: digits 1.1.0\n---\nana rejected digits 1.1.0 in acme/registry.\n\n{URL}\n"
    )


def test_an_unapproved_change_says_who_merged_it_where_that_is_known() -> None:
    event = SendNotice("acme/registry", "REGISTRAR_SECRET_CHAT", "unapproved-change", "digits", "eve", "", URL)

    assert "\nIt was eve who merged it.\n" in rendering.notice(event)[1]


def test_what_a_person_wrote_mentions_nobody_and_stays_on_its_line() -> None:
    said = a_notice("rejected", reason="/kick @everyone <!channel>\n\nGlass broken: [x](https://eve)\x00" + "!" * 600)

    (line,) = [line for line in said.splitlines() if "They say why" in line]
    assert "why: /\u2060kick @\u2060everyone <\u2060!channel> Glass broken: [x]\u2060(https" in line
    assert len(line) < 600
