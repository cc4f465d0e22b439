"""What an audit looks like in a terminal, wide or narrow."""

import io

import pytest

from cli.records import a_record
from registrar.cli.audit_table import write_table


class Terminal(io.StringIO):
    """A terminal without colour."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_a_table_is_no_wider_than_the_screen(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Terminal()

    write_table([a_record(), a_record("risk/fraud-in-the-cards-of-the-north", ruling="glass broken")], screen)

    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= columns
    assert [line.split()[0] for line in lines] == ["WHEN", "2026-03-01", "2026-03-01"]
    assert [line.split()[-1] for line in lines] == ["COMMIT", "ccccccc", "ccccccc"]


def test_a_narrow_table_says_where_a_version_went(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    screen = Terminal()

    write_table([a_record()], screen)

    assert screen.getvalue().splitlines()[1] == "2026-03-01  digits  1.1.0    Production  mei    ana  approved  ccccccc"


def test_what_is_piped_is_never_cut() -> None:
    printed = io.StringIO()

    write_table([a_record("risk/fraud-in-the-cards-of-the-north")], printed)

    assert "risk/fraud-in-the-cards-of-the-north  1.1.0    Staging to Production" in printed.getvalue()
