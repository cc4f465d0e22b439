"""What a comment asks of the bot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrar.core.commands import (
    BreakGlass,
    Command,
    Help,
    HoldChange,
    LetGo,
    Promote,
    Reject,
    Rollback,
    StartDeploys,
    UnknownCommand,
    parse_command,
)
from registrar.core.selectors import Selector

PROMOTE = Promote(Selector("digits", "2.1.0"), "Production")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("/registrar promote digits@2.1.0 to Production", PROMOTE, id="promote"),
        pytest.param("/Registrar PROMOTE digits@2.1.0 TO Production", PROMOTE, id="keywords in any case"),
        pytest.param("  /registrar   promote  digits@2.1.0   to\tProduction  \r\n", PROMOTE, id="blanks do not matter"),
        pytest.param(
            "/registrar promote risk/fraud@latest to pre live",
            Promote(Selector("risk/fraud", "latest"), "pre live"),
            id="a status of two words",
        ),
        pytest.param("/registrar rollback digits", Rollback("digits", None), id="rollback"),
        pytest.param(
            "/registrar rollback risk/fraud from Production",
            Rollback("risk/fraud", "Production"),
            id="rollback from a status",
        ),
        pytest.param(
            "/registrar rollback digits IN production", Rollback("digits", "production"), id="rollback in a status"
        ),
        pytest.param("/registrar deploy", StartDeploys(), id="deploy"),
        pytest.param("/registrar hold", HoldChange(""), id="hold"),
        pytest.param("/registrar hold until  Monday", HoldChange("until Monday"), id="hold, and why"),
        pytest.param("/registrar unhold", LetGo(), id="unhold"),
        pytest.param("/registrar REJECT the Test set leaked", Reject("the Test set leaked"), id="reject"),
        pytest.param("/registrar break-glass all is down", BreakGlass("all is down"), id="break-glass"),
        pytest.param("/registrar help", Help(), id="help"),
        pytest.param("/registrar help promote", Help(), id="help on a command"),
        pytest.param("/registrar", Help(), id="nothing more"),
        pytest.param("Looks good.\n\n/registrar help\n\nThanks!", Help(), id="amid a comment"),
        pytest.param("/registrar help\n/registrar rollback digits", Help(), id="the first one counts"),
        pytest.param("```\nsome code\n```\n/registrar help", Help(), id="after code"),
        pytest.param("<!-- a note -->\n/registrar help", Help(), id="after a hidden line"),
        pytest.param("<!-- a\nnote -->\n/registrar help", Help(), id="after hidden lines"),
        pytest.param("```not a fence``` here\n/registrar help", Help(), id="after code within a line"),
    ],
)
def test_a_command_is_understood(body: str, expected: Command) -> None:
    assert parse_command(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="an empty comment"),
        pytest.param("Shall we promote digits?", id="talk"),
        pytest.param("Try /registrar help", id="amid a line"),
        pytest.param("> /registrar rollback digits", id="a quote"),
        pytest.param(">> /registrar rollback digits", id="a quote of a quote"),
        pytest.param("- /registrar rollback digits", id="a list"),
        pytest.param("    /registrar rollback digits", id="indented code"),
        pytest.param("\t/registrar rollback digits", id="code indented by a tab"),
        pytest.param("```\n/registrar rollback digits\n```", id="code"),
        pytest.param("```yaml\n/registrar rollback digits\n```", id="code in a language"),
        pytest.param("~~~\n/registrar rollback digits\n~~~", id="code between tildes"),
        pytest.param("````\n```\n/registrar rollback digits\n````", id="a shorter fence within"),
        pytest.param("```\n~~~\n/registrar rollback digits\n```", id="another fence within"),
        pytest.param("```\n/registrar rollback digits", id="a fence never closed"),
        pytest.param("`/registrar rollback digits`", id="code in a line"),
        pytest.param("<!--\n/registrar rollback digits\n-->", id="hidden text"),
        pytest.param("/registrars help", id="a longer word"),
        pytest.param("/registrar-help", id="another word"),
        pytest.param("x" * 65_536 + "\n/registrar help", id="beyond what a comment may hold"),
    ],
)
def test_a_comment_asks_nothing(body: str) -> None:
    assert parse_command(body) is None


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        pytest.param(
            "/registrar promot digits@2.1.0",
            "write /registrar help to see what can be asked; did you mean promote?",
            id="a slip",
        ),
        pytest.param("/registrar dance", "write /registrar help to see what can be asked", id="no such command"),
        pytest.param(
            "/registrar promote digits@2.1.0", "write /registrar promote digits@2.1.0 to Production", id="no status"
        ),
        pytest.param(
            "/registrar promote digits@2.1.0 to",
            "write /registrar promote digits@2.1.0 to Production",
            id="an empty status",
        ),
        pytest.param(
            "/registrar promote digits@2.1.0 into QA",
            "write /registrar promote digits@2.1.0 to Production",
            id="another word for to",
        ),
        pytest.param("/registrar promote digits to QA", "'digits' does not say which version", id="no version"),
        pytest.param("/registrar rollback", "write /registrar rollback digits", id="no model"),
        pytest.param("/registrar rollback digits@2.0.0", "write /registrar rollback digits", id="a version too many"),
        pytest.param("/registrar rollback digits from", "write /registrar rollback digits", id="from nowhere"),
        pytest.param("/registrar deploy digits@2.1.0", "write /registrar deploy where", id="a deploy of something"),
        pytest.param("/registrar rollback digits to 1.0.0", "write /registrar rollback digits", id="to a version"),
        pytest.param("/registrar unhold it is fine", "write /registrar unhold and no more", id="unhold, and why"),
        pytest.param("/registrar reject", "say why: /registrar reject", id="reject without a reason"),
        pytest.param("/registrar break-glass", "say why: /registrar break-glass", id="break-glass without a reason"),
        pytest.param("/registrar break glass now", "write /registrar help", id="break glass in two words"),
    ],
)
def test_a_command_that_cannot_be_understood_gets_a_hint(body: str, hint: str) -> None:
    command = parse_command(body)

    assert isinstance(command, UnknownCommand)
    assert command.text == body
    assert command.hint.startswith(hint)


def test_a_long_command_is_not_given_back_whole() -> None:
    command = parse_command("/registrar " + "a" * 60_000)

    assert isinstance(command, UnknownCommand)
    assert len(command.text) == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(" " * 70_000, id="blanks"),
        pytest.param("```\n" * 20_000, id="fences"),
        pytest.param("`" * 65_536, id="one fence"),
        pytest.param("<!--\n" * 14_000, id="hidden text"),
        pytest.param("/registrar" + " " * 65_000, id="a command of blanks"),
        pytest.param("/registrar promote " + "a@" * 32_000, id="a long selector"),
        pytest.param("/registrar rollback " + "a." * 32_000, id="a long name"),
    ],
)
def test_a_comment_as_long_as_can_be_is_read_to_its_end(body: str) -> None:
    """What grows with the square of the length would take minutes here."""
    assert not isinstance(parse_command(body), Promote | Rollback | StartDeploys)


@given(st.text())
def test_any_quoted_text_asks_nothing(text: str) -> None:
    quoted = "\n".join(f"> {line}" for line in f"{text}\n/registrar help".split("\n"))

    assert parse_command(quoted) is None
