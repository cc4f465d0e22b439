"""Knows how the bot's log is written: with what it is about, for a person or for a program, and without a secret."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TextIO

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import JSONRenderer, TimeStamper, UnicodeDecoder, format_exc_info
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

from registrar.observing.redaction import Redaction

_QUIET = (
    "alembic",
    "dbos",
    "httpx",
    "httpcore",
    "asyncio",
    "urllib3",
    "uvicorn.error",
)  # what they do each second is of no interest
_ITS_OWN = ("dbos", "uvicorn", "uvicorn.error", "uvicorn.access")  # would else write past the one sink

log = logging.getLogger("registrar.uncaught")


def about(**fields: str | int) -> AbstractContextManager[None]:
    """Say of every line of this thread or request what it is about: delivery, repository, pull_request, work."""
    return structlog.contextvars.bound_contextvars(**fields)


def configure(redact: Redaction, *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send everything that anything in this process logs, or dies of, through the one redaction to one stream."""
    logging.basicConfig(handlers=[sink(redact, stream or sys.stderr)], level=level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _ITS_OWN:
        logging.getLogger(name).handlers = [logging.NullHandler()]  # one, as DBOS adds its own where there is none
        logging.getLogger(name).propagate = True
    logging.captureWarnings(capture=True)
    sys.excepthook = _died
    threading.excepthook = _thread_died


def sink(redact: Redaction, stream: TextIO) -> logging.Handler:
    """Where lines go: for a person on a terminal, else one JSON object a line."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter(redact, for_a_person=stream.isatty()))
    return handler


class _Formatter(ProcessorFormatter):
    """One line for each record; what no processor has seen, such as a field of another library's, is redacted too."""

    def __init__(self, redact: Redaction, *, for_a_person: bool) -> None:
        self._redact = redact
        super().__init__(foreign_pre_chain=list(_fields()), processors=[*_rendering(for_a_person=for_a_person)])

    def format(self, record: logging.LogRecord) -> str:
        """The last thing that happens to a line before it is written."""
        return self._redact(super().format(record))


def _fields() -> Iterator[Processor]:
    yield structlog.contextvars.merge_contextvars
    yield add_logger_name
    yield add_log_level
    yield TimeStamper(fmt="iso", utc=True)
    yield UnicodeDecoder()


def _rendering(*, for_a_person: bool) -> Iterator[Processor]:
    yield ProcessorFormatter.remove_processors_meta
    if for_a_person:
        yield _on_one_line
        yield ConsoleRenderer(exception_formatter=plain_traceback, pad_event_to=0)
    else:
        yield format_exc_info
        yield JSONRenderer(default=str, ensure_ascii=False)


def _on_one_line(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """No text of a stranger's moves a terminal's cursor, or begins a line that looks like one of the log's."""
    return {key: _inert(value) if isinstance(value, str) else value for key, value in event.items()}


def _inert(text: str) -> str:
    return text if text.isprintable() else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _died(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("the process ends by a defect", exc_info=(kind, error, trace))


def _thread_died(dead: threading.ExceptHookArgs) -> None:
    if dead.exc_value is not None and not isinstance(dead.exc_value, SystemExit):
        where = dead.thread.name if dead.thread else "a thread"
        log.critical("%s ended by a defect", where, exc_info=(dead.exc_type, dead.exc_value, dead.exc_traceback))
