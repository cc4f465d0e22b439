"""Every line says what it is about, in JSON or for a person, and no secret gets past the sink."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from registrar.observing.logs import about, sink
from registrar.observing.redaction import Redaction

SECRET = "glpat-0123456789abcdef"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Logged:
    """A logger of a library's, and what came out of the sink."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream
        self.handler = sink(Redaction([SECRET]), stream)
        self.log = logging.getLogger("some.library")

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def line(self) -> dict[str, object]:
        [line] = self.text.splitlines()
        return dict(json.loads(line))


@pytest.fixture(params=[io.StringIO, Terminal], ids=["in a pipe", "on a terminal"])
def logged(request: pytest.FixtureRequest) -> Iterator[Logged]:
    yield from attached(Logged(request.param()))


@pytest.fixture
def piped() -> Iterator[Logged]:
    yield from attached(Logged(io.StringIO()))


def attached(logged: Logged) -> Iterator[Logged]:
    logged.log.addHandler(logged.handler)
    logged.log.propagate = False
    yield logged
    logged.log.removeHandler(logged.handler)
    logged.log.propagate = True


def test_a_line_in_a_pipe_says_what_it_is_about(piped: Logged) -> None:
    with about(delivery="guid-1", repository="acme/registry", pull_request=7):
        piped.log.warning("could not %s", "reach it")

    line = piped.line
    assert (line["event"], line["level"], line["logger"]) == ("could not reach it", "warning", "some.library")
    assert (line["delivery"], line["repository"], line["pull_request"]) == ("guid-1", "acme/registry", 7)


def test_what_one_line_was_about_the_next_one_is_not(piped: Logged) -> None:
    with about(delivery="guid-1"):
        pass
    piped.log.warning("later")

    assert "delivery" not in piped.line


def test_a_secret_in_a_message_is_hidden(logged: Logged) -> None:
    logged.log.error("GET /?private_token=%s failed", SECRET)

    assert "private_token=***" in logged.text
    assert SECRET not in logged.text


def test_a_secret_in_a_field_is_hidden(logged: Logged) -> None:
    with about(work=f"x{SECRET}"):
        logged.log.error("refused")

    assert SECRET not in logged.text


def test_a_secret_in_the_words_of_an_error_is_hidden(logged: Logged) -> None:
    try:
        raise ValueError(f"no such key: {SECRET}")  # noqa: TRY301 - the trace is what is tested
    except ValueError:
        logged.log.exception("a defect")

    assert "Traceback" in logged.text
    assert "ValueError: no such key: ***" in logged.text
    assert SECRET not in logged.text


def test_no_stranger_begins_a_line_of_his_own() -> None:
    for logged in attached(Logged(Terminal())):
        logged.log.error("named %s", "x\n2026-01-01 [info] approved by ana\x1b[2J")

        assert len(logged.text.splitlines()) == 1
        assert "\x1b[2J" not in logged.text
