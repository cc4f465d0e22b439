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
    _open_what_is_closed()
    try:
        code = command()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _write_no_more()  # whoever read our output had enough, as `head` has: nothing is wrong
        return ExitCode.FINE
    except Exception as error:  # noqa: BLE001 - the outermost boundary: nothing above can say it better
        return _spoken(error)
    return code


def _open_what_is_closed() -> None:
    """Python has no stream where the shell closed it (`>&-`), and whoever did that wants to read nothing."""
    import os

    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115 - `pathlib` takes 10 ms to import
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115 - and it stays open to the end


def _write_no_more() -> None:
    """What nobody takes the interpreter must not flush again."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_full(error: Exception) -> bool:
    """Whether there is no room left, in the output or elsewhere: nobody's bug."""
    import errno

    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


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
    if _is_full(error):
        _write_no_more()
        place = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        terminal.say_error(f"{place}no space left on device; make room, and try again")
        return ExitCode.PROBLEMS
    report = write_report(error)
    terminal.say_error(f"this is a bug in Registrar ({type(error).__name__}): please report it with {report}")
    return ExitCode.BUG
