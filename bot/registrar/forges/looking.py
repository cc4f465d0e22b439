"""Knows what was read of a forge in the work on one event: a decision rests on one look, not on twenty."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer")

MOST = 1_000  # answers of one look; a sweep asks without end


@dataclass(slots=True)
class _Look:
    answers: dict[Hashable, Any] = field(default_factory=dict)
    lasting: dict[Hashable, Any] = field(default_factory=dict)
    is_passed_over: bool = False


_local = threading.local()


@contextmanager
def one_look() -> Iterator[None]:
    """Within this block its thread asks each question once, and once more after whatever it writes.

    A block within another one looks anew, as is right before what cannot be undone.
    """
    before = _look()
    _local.look = _Look()
    try:
        yield
    finally:
        _local.look = before
        forget()


@contextmanager
def asked_anew() -> Iterator[None]:
    """Within this block its thread asks whatever it wants to know, as where it matters what was read before what."""
    look = _look() or _Look()
    before, look.is_passed_over = look.is_passed_over, True
    try:
        yield
    finally:
        look.is_passed_over = before


def forget() -> None:
    """Something is written, or about to be done for good: whatever was read is to be read anew."""
    look = _look()
    if look is not None:
        look.answers.clear()


def looked(question: Hashable, ask: Callable[[], Answer], *, outlives_writes: bool = False) -> Answer:
    """The answer to a question; outside of a look it is asked each time. What raises is no answer."""
    look = _look()
    if look is None or look.is_passed_over:
        return ask()
    answers = look.lasting if outlives_writes else look.answers
    if question not in answers:
        if len(answers) >= MOST:
            answers.clear()
        answers[question] = ask()
    answer: Answer = answers[question]
    return answer


def _look() -> _Look | None:
    look: _Look | None = getattr(_local, "look", None)
    return look
