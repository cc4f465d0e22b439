"""A notice reaches a channel once, or says by the channel's name alone why it did not."""

import logging
import sys
from email import message_from_bytes
from email.policy import default

import pytest

from notices.receiving import a_chat, a_mailbox
from registrar.errors import UsageError
from registrar.notices.channels import NotTold, send

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's, at its import


def test_a_chat_is_told_title_and_text() -> None:
    with a_chat() as chat:
        send(chat.address, title="Glass broken: digits", body="ana let it pass", channel="REGISTRAR_SECRET_CHAT")

    (said,) = chat.said
    assert (said["title"], said["message"]) == ("Glass broken: digits", "ana let it pass")


def test_a_mailbox_is_told_title_and_text() -> None:
    with a_mailbox() as mailbox:
        send(mailbox.address, title="Rejected: digits", body="raj rejected it", channel="REGISTRAR_SECRET_MAIL")

    (text,) = mailbox.mails
    mail = message_from_bytes(text, policy=default)
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert (mail["subject"], mail["to"]) == ("Rejected: digits", "ana@acme.example")
    assert "raj rejected it" in body.get_content()


def test_a_channel_that_does_not_take_it_is_named_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    with a_chat() as chat, caplog.at_level(logging.DEBUG):
        chat.answers = [500]
        with pytest.raises(NotTold) as refused:
            send(chat.address, title="t", body="b", channel="REGISTRAR_SECRET_CHAT")

    assert str(refused.value) == "REGISTRAR_SECRET_CHAT (JSON) did not take a notice"
    assert "hush-hush" not in caplog.text


@pytest.mark.parametrize("address", ["hush-hush", "nowhere://hush-hush"])
def test_what_is_no_address_is_named_and_not_shown(address: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(UsageError) as refused:
        send(address, title="t", body="b", channel="REGISTRAR_SECRET_CHAT")

    assert "REGISTRAR_SECRET_CHAT holds no address" in str(refused.value)
    assert "hush-hush" not in f"{refused.value} {caplog.text}"


def test_without_apprise_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(UsageError, match=r"pip install 'model-registrar\[notices\]'"):
        send("json://127.0.0.1/", title="t", body="b", channel="REGISTRAR_SECRET_CHAT")
