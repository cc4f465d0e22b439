"""The command line starts lightly, explains itself, and ends with the code and the one line that it promises."""

import fcntl
import os
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

import pytest

from registrar.cli import COMMANDS
from registrar.cli.exits import ExitCode, ended
from registrar.cli.program import build_parser, command_named, main
from registrar.errors import InvalidRegistry, NotAllowed, UsageError
from registry_schema.problems import Problem

HEAVY = ("dbos", "dvc", "fastapi", "github", "jinja2", "pydantic", "pygit2", "shtab", "sqlalchemy", "typing", "yaml")
FEW = 60  # modules beyond those of an interpreter that does nothing


def loaded_by(statement: str) -> set[str]:
    script = f"{statement}\nimport sys\nsys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_imports_nothing_heavy() -> None:
    loaded = loaded_by("from registrar.__main__ import main; assert main(['--help']) == 0")

    assert loaded.isdisjoint(HEAVY)
    assert len(loaded - loaded_by("pass")) < FEW


def test_help_imports_no_command() -> None:
    loaded = loaded_by("from registrar.__main__ import main; assert main(['--help']) == 0")

    assert loaded.isdisjoint(f"registrar.cli.{name}" for name in COMMANDS)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"demo", "serve"}])
def test_the_help_of_a_command_imports_nothing_heavy(name: str) -> None:
    loaded = loaded_by(f"from registrar.__main__ import main; assert main(['{name}', '--help']) == 0")

    assert loaded.isdisjoint(set(HEAVY) - {"typing"})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([name, "--help"])

    assert code == ExitCode.FINE
    shown = capsys.readouterr().out
    assert f"  registrar {name}" in shown.partition("example:\n")[2]


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])

    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        pytest.param(["prmote"], "there is no command 'prmote'; did you mean promote?", id="misspelt"),
        pytest.param(["frobnicate"], "there is no command 'frobnicate'; see registrar --help", id="unheard of"),
        pytest.param(
            ["show", "--jsno"],
            "registrar show takes no option '--jsno'; did you mean --json? See registrar show --help",
            id="option misspelt",
        ),
        pytest.param(
            ["show", "digits", "letters"],
            "registrar show takes no argument 'letters'; see registrar show --help",
            id="too much",
        ),
        pytest.param(["help", "prmote"], "there is no command 'prmote'; did you mean promote?", id="help misspelt"),
        pytest.param(["show", "--at"], "argument --at: expected one argument; see registrar show --help", id="half"),
    ],
)
def test_wrong_usage_is_one_line_and_code_two(
    words: Sequence[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(words)

    assert code == ExitCode.USAGE
    assert capsys.readouterr().err == f"registrar: error: {line}\n"


@pytest.mark.parametrize("columns", [0, 1, 39, 80, 500])
def test_the_help_fits_a_terminal_of_any_width(columns: int) -> None:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    done = subprocess.run(
        [sys.executable, "-m", "registrar", "show", "--help"], stdout=theirs, stderr=subprocess.PIPE, check=False
    )

    os.close(theirs)
    os.close(ours)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_help_at_a_pipe_fits_what_columns_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    main(["compare", "--help"])

    shown = capsys.readouterr().out.partition("\nexample:")[0].splitlines()
    assert 50 < max(map(len, shown)) <= 60


@pytest.mark.parametrize(
    ("gone", "line"),
    [
        pytest.param(">/dev/full", "registrar: error: no space left on device; make room, and try again\n", id="full"),
        pytest.param(">&-", "", id="closed"),
    ],
)
def test_an_output_that_takes_nothing_is_no_bug(gone: str, line: str) -> None:
    words = ["sh", "-c", f"exec {sys.executable} -m registrar completion bash {gone}"]

    done = subprocess.run(words, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (bool(line), line)


def test_without_a_word_it_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([])

    assert code == ExitCode.USAGE
    assert capsys.readouterr().err.startswith("usage: registrar ")


@pytest.mark.parametrize(
    ("words", "start"),
    [(["help"], "usage: registrar [--help]"), (["help", "show"], "usage: registrar show ")],
)
def test_help_is_a_word_too(words: Sequence[str], start: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(words)

    assert code == ExitCode.FINE
    assert capsys.readouterr().out.startswith(start)


def a_command_that_raises(error: BaseException) -> ExitCode:
    return ended(lambda: (_ for _ in ()).throw(error))


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        pytest.param(NotAllowed("no; ask ana"), ExitCode.PROBLEMS, "registrar: error: no; ask ana\n", id="refused"),
        pytest.param(UsageError("no such"), ExitCode.USAGE, "registrar: error: no such\n", id="usage"),
        pytest.param(KeyboardInterrupt(), ExitCode.INTERRUPTED, "", id="interrupted"),
        pytest.param(
            InvalidRegistry([Problem("a.yaml", 2, "x", "y"), Problem("b.yaml", 3, "z")]),
            ExitCode.PROBLEMS,
            "registrar: error: a.yaml:2: x; y\nb.yaml:3: z\n",
            id="several problems",
        ),
        pytest.param(
            NotAllowed("title \x1b]0;owned\x07\x1b[2J"),
            ExitCode.PROBLEMS,
            "registrar: error: title \\x1b]0;owned\\x07\\x1b[2J\n",
            id="commands for the terminal",
        ),
    ],
)
def test_an_error_is_one_line_and_a_code(
    error: BaseException, code: ExitCode, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert a_command_that_raises(error) == code
    assert capsys.readouterr().err == line


@pytest.mark.fault(85)
def test_no_error_shows_a_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("REGISTRAR_TOKEN", "s3cr3t-token")
    monkeypatch.setenv("REGISTRAR_WEBHOOK_SECRET", "first-hook, second-hook")
    monkeypatch.setenv("REGISTRAR_DATABASE_URL", "postgresql://registrar:pa55word@db/registrar")
    monkeypatch.setenv("REGISTRAR_SIGNING_KEY", "/etc/registrar/key")

    a_command_that_raises(NotAllowed("s3cr3t-token, second-hook and pa55word open nothing; see /etc/registrar/key"))

    line = "registrar: error: ***, *** and *** open nothing; see /etc/registrar/key\n"
    assert capsys.readouterr().err == line


def test_our_own_bug_leaves_a_report_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_TOKEN", "s3cr3t-token")
    monkeypatch.setenv("REGISTRAR_WEBHOOK_SECRET", "first-hook, second-hook")

    code = a_command_that_raises(RuntimeError("s3cr3t-token second-hook https://ana:pw@host/r ghp_abcdefghijk"))

    report = Path(capsys.readouterr().err.rstrip().rpartition("please report it with ")[2])
    text = report.read_text()
    assert code == ExitCode.BUG
    assert "RuntimeError: *** *** https://***@host/r ***" in text
    assert report.stat().st_mode & 0o077 == 0
    report.unlink()
    assert not any(secret in text for secret in ("s3cr3t-token", "second-hook", ":pw@", "ghp_"))


def test_a_reader_that_leaves_early_is_no_error() -> None:
    script = "import sys; from registrar.cli import exits, terminal; "
    script += "sys.exit(exits.ended(lambda: [terminal.say('x' * 99) for _ in range(9999)] and exits.ExitCode.FINE))"
    registrar = f'{sys.executable} -c "{script}" | head -n 1; exit ${{PIPESTATUS[0]}}'

    done = subprocess.run(["bash", "-c", registrar], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_python_runs_the_package_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "registrar", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )

    assert done.stdout.startswith("registrar ")


def test_every_command_holds_what_a_command_holds() -> None:
    for name in COMMANDS:
        command = command_named(name)
        assert command.SUMMARY.endswith(".")
        assert f"registrar {name}" in command.EXAMPLE


def test_the_whole_parser_can_be_built() -> None:
    assert build_parser(COMMANDS).prog == "registrar"
