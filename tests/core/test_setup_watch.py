"""Who looks after the webhooks, and whether all agree on where they lead."""

from datetime import UTC, datetime, timedelta

import pytest

from registrar.core.people import Person
from registrar.core.setup import Standing, Untold, ok
from registrar.core.setup_token import Token
from registrar.core.setup_watch import Watch, address_findings, leads_to_us, watch_findings
from registrar.core.setup_webhooks import Signing, Webhook

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DOOR = "/webhooks/github"
HERE = f"https://registrar.example.org{DOOR}"
ANAS = Token(Person(1, "ana"), "https://forge/tokens", None, Untold("nobody tells"))
ENDING = Token(Person(1, "ana"), "https://forge/tokens", NOW + timedelta(days=3), Untold("nobody tells"))


@pytest.mark.parametrize(
    ("watch", "expected"),
    [
        pytest.param(None, [Standing.OK], id="nobody does, and nobody must"),
        pytest.param(Watch(ANAS, 1), [Standing.OK, Standing.OK], id="somebody does"),
        pytest.param(Watch(ANAS, Untold("no")), [Standing.PROBLEM, Standing.OK], id="somebody who may not see them"),
        pytest.param(Watch(ANAS, 0), [Standing.UNTOLD, Standing.OK], id="there is none yet"),
        pytest.param(Watch(Untold("refused"), 0), [Standing.PROBLEM], id="a token that nobody has"),
        pytest.param(Watch(ENDING, 1), [Standing.OK, Standing.PROBLEM], id="not for long"),
    ],
)
def test_the_token_that_looks_after_webhooks_is_looked_at(watch: Watch | None, expected: list[Standing]) -> None:
    assert [finding.standing for finding in watch_findings(watch, now=NOW)] == expected


@pytest.mark.parametrize(
    ("url", "public", "problems"),
    [
        pytest.param(HERE, HERE, 0, id="the same"),
        pytest.param(HERE, None, 0, id="said here alone"),
        pytest.param(HERE, f"https://elsewhere.example.org{DOOR}", 1, id="another"),
    ],
)
def test_the_address_is_what_the_server_was_told(url: str, public: str | None, problems: int) -> None:
    assert len(list(address_findings(url, public))) == problems


def test_a_webhook_is_ours_by_its_address_or_else_by_its_door() -> None:
    webhook = Webhook(1, HERE, "", frozenset(), True, Signing.SECRET, True, True, ok("", ""))  # noqa: FBT003 - as the forge says

    assert leads_to_us(webhook, HERE, DOOR)
    assert leads_to_us(webhook, None, DOOR)
    assert not leads_to_us(webhook, f"https://elsewhere.example.org{DOOR}", DOOR)
