"""Knows how a command that runs in a job logs: a line for a person, without a secret, and by the standard library."""

import logging
import sys
from typing import TextIO

from registrar.observing.redaction import Redaction


def log_to_job(redact: Redaction, *, stream: TextIO | None = None, level: int = logging.WARNING) -> None:
    """Send what anything in this process logs, from this level on, through the redaction to one stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Redacted(redact))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)


class _Redacted(logging.Formatter):
    """No text of a stranger's moves a terminal's cursor, begins a line, or commands the runner of a job."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__("%(levelname)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The last thing that happens to a line before it is written."""
        text = self._redact(super().format(record))
        return "\n| ".join("".join(map(_inert, line)) for line in text.splitlines())


def _inert(character: str) -> str:
    return character if character.isprintable() else ascii(character)[1:-1]
