"""The bot's door is the same on every forge, unless a test says why not."""

from collections.abc import Iterator

import pytest

from databases import address, database, postgres, postgres_server
from parity import FORGES, speak
from registrar.web.keyring import Keyring
from web.doors import listening
from web.senders import SENDERS, Sender, Sent

__all__ = ["address", "database", "postgres", "postgres_server"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    speak(metafunc, FORGES)


@pytest.fixture
def sender(spoken: str) -> Sender:
    """Who tells of events."""
    return SENDERS[spoken]()


@pytest.fixture
def forge(sender: Sender) -> Iterator[Sent]:
    """It tells a bot that knows one secret."""
    with listening(sender.forge, Keyring([sender.secret])) as bot:
        yield Sent(sender, bot)
