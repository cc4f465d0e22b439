"""Colour and progress are for a person at a terminal alone."""

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

import pytest

from registrar.cli import terminal
from registrar.cli.crash_report import redacted


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_a_terminal(*sayings: Callable[[], None]) -> str:
    screen = Screen()
    with redirect_stdout(screen), redirect_stderr(screen):
        for say in sayings:
            say()
    return screen.getvalue()


@pytest.fixture(autouse=True)
def _an_ordinary_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_a_terminal_has_colour_and_progress() -> None:
    seen = at_a_terminal(lambda: terminal.say_error("no"), lambda: terminal.say_progress("pushing"))

    assert seen == "\x1b[31mregistrar: error:\x1b[0m no\n\x1b[2mpushing\x1b[0m\n"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    assert at_a_terminal(lambda: terminal.say_table(["A"], [["1"]])) == "A\n1\n"


def test_a_pipe_has_neither(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say_error("no")
    terminal.say_progress("pushing")

    assert capsys.readouterr().err == "registrar: error: no\n"


def test_columns_are_as_wide_as_what_stands_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say_table(["A", "B"], [["longer", "1"], ["x", "2\n3"]])

    assert capsys.readouterr().out == "A       B\nlonger  1\nx       2\\x0a3\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("token ghp_0123456789", "token ***", id="GitHub token"),
        pytest.param("glpat-abcdef012345", "***", id="GitLab token"),
        pytest.param("https://u:p@host/x ssh://git@host", "https://***@host/x ssh://***@host", id="users"),
        pytest.param("a hunter2 b", "a *** b", id="a secret of the environment"),
        pytest.param("abc", "abc", id="too short to be one"),
    ],
)
def test_a_report_holds_no_secret(text: str, shown: str) -> None:
    environment = {"AWS_SECRET_ACCESS_KEY": "hunter2", "MY_TOKEN": "abc", "EMPTY_SECRET": "", "HOME": "/x"}

    assert redacted(text, environment) == shown


def test_nothing_that_commands_a_terminal_reaches_it() -> None:
    commands = [
        *range(0x20),
        *range(0x7F, 0xA0),
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0xD800,
    ]

    assert [command for command in commands if chr(command) in terminal.inert(f"a{chr(command)}")] == []
