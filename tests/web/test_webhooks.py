"""What only one forge does at the bot's door."""

import json
import logging

import pytest

from forges.gitlab_examples import SIGNING_TOKEN, signed
from parity import only_on
from registrar.core.events import PullRequestChanged
from registrar.web.answers import Answer
from registrar.web.keyring import Keyring
from registrar.web.webhooks import admitted, at_once
from web.doors import NOW, Listening, a_door, listening
from web.senders import GitLab, Sent

AT = int(NOW.timestamp())
PLAIN = "the-plain-secret"
OPENED = json.dumps(GitLab().opened()).encode()
TWO_PROOFS = "GitHub has one way of proving alone."
PROMISES_NO_TIME = "GitHub signs no time."


@pytest.mark.fault(6)
@only_on("gitlab", because=TWO_PROOFS)
def test_a_wrong_signature_does_not_open_though_the_secret_is_right(forge: Sent) -> None:
    headers = signed(b"{}", at=AT) | {"X-Gitlab-Token": SIGNING_TOKEN}

    answer = forge.post(OPENED, headers)

    assert (answer.status_code, forge.bot.accepted) == (401, [])


@pytest.mark.fault(6)
@only_on("gitlab", because=TWO_PROOFS)
def test_a_wrong_signature_does_not_open_where_a_plain_secret_is_set(spoken: str) -> None:
    with listening(spoken, Keyring([PLAIN])) as bot:
        answer = bot.post(f"/webhooks/{spoken}", OPENED, signed(OPENED, at=AT) | {"X-Gitlab-Token": PLAIN})

    assert (answer.status_code, bot.accepted) == (401, [])


@pytest.mark.fault(7)
@only_on("gitlab", because=PROMISES_NO_TIME)
@pytest.mark.parametrize("seconds", [-301, 301], ids=["long ago", "in time to come"])
def test_a_signature_of_another_time_does_not_open(forge: Sent, seconds: int) -> None:
    answer = forge.post(OPENED, signed(OPENED, at=AT + seconds))

    assert (answer.status_code, forge.bot.accepted) == (401, [])


@only_on("gitlab", because=TWO_PROOFS)
def test_the_plain_secret_opens_where_it_is_the_only_one(spoken: str) -> None:
    with listening(spoken, Keyring([PLAIN])) as bot:
        headers = {"X-Gitlab-Token": PLAIN, "Idempotency-Key": "a-key"}
        answer = bot.post(f"/webhooks/{spoken}", OPENED, headers)

    assert answer.status_code == 202
    assert bot.accepted == [("a-key", PullRequestChanged("acme/registry", 7))]


@only_on("gitlab", because="GitHub is told by the status that it was not understood.")
def test_what_gitlab_is_not_told_is_in_the_log(spoken: str, caplog: pytest.LogCaptureFixture) -> None:
    door = a_door(spoken, Keyring([SIGNING_TOKEN]), at_once(Listening().accept))
    body = json.dumps({"object_kind": "merge_request"}).encode()

    with caplog.at_level(logging.WARNING, logger="registrar.webhooks"):
        answer = admitted(door, signed(body, at=AT), body)

    assert isinstance(answer, Answer)
    assert answer.status == 200
    [record] = caplog.records
    assert "was not understood" in record.getMessage()
    assert "\n" not in record.getMessage()
