"""What a job logs is read by a person, and by the program that runs the job."""

import io
import logging
from collections.abc import Iterator

import pytest

from registrar.observing.job_log import log_to_job
from registrar.observing.redaction import Redaction


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


def logged(message: str, *arguments: object) -> str:
    stream = io.StringIO()
    log_to_job(Redaction(["hush-hush"]), stream=stream)
    logging.getLogger("registrar.test").warning(message, *arguments)
    return stream.getvalue()


def test_a_line_holds_no_secret() -> None:
    assert logged("the token %s", "hush-hush") == "WARNING: the token ***\n"


@pytest.mark.parametrize(
    "text", ["::error::no", "a\n::stop-commands::x", "\r\n##[group]x", "\x1b[2J", "\u2028::debug::x"]
)
def test_no_text_of_a_stranger_commands_who_runs_the_job(text: str) -> None:
    lines = logged("%s", text).split("\n")

    assert [line for line in lines if line.lstrip().startswith(("::", "##["))] == []
    assert "\x1b" not in "".join(lines)
