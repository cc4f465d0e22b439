"""Knows how a command ends: which exit code, and which one line a person reads."""

from __future__ import annotations

import sys
from enum import IntEnum

TYPE_CHECKING = False  # as `typing` has it, without the milliseconds that importing `typing` takes
if TYPE_CHECKING:
    from collections.abc import Callable


class ExitCode(IntEnum):
    """What the shell is told."""

    FINE = 0
    PROBLEMS = 1
    USAGE = 2
    BUG = 3
    INTERRUPTED = 130


def ended(command: Callable[[], ExitCode]) -> ExitCode:
    """Run a command and turn whatever stops it into an exit code, and into at most one line on stderr."""
    try:
        code = command()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 - the outermost boundary: nothing above can say it better
        return _spoken(error)
    return code


def _reader_left() -> ExitCode:
    """Whoever read our output had enough, as `head` has: nothing is wrong, and the interpreter must not flush again."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.FINE


def _spoken(error: Exception) -> ExitCode:
    import os

    from registrar.cli import terminal
    from registrar.cli.crash_report import write_report
    from registrar.errors import RegistrarError, UsageError
    from registrar.observing.redaction import Redaction
    from registrar.settings.confidential import confidential

    if isinstance(error, RegistrarError):
        terminal.say_error(Redaction(confidential(os.environ))(str(error)))
        return ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.PROBLEMS
    report = write_report(error)
    terminal.say_error(f"this is a bug in Registrar ({type(error).__name__}): please report it with {report}")
    return ExitCode.BUG
