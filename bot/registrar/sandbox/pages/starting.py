"""Knows the form that starts a run: what it asks, and what was answered."""

from dataclasses import dataclass

from registrar.sandbox.pages.visits import Visit

_ANSWER = "input."  # before the name of what is asked


@dataclass(frozen=True, slots=True)
class Question:
    """One input of a run."""

    name: str
    label: str
    default: str
    options: tuple[str, ...] = ()  # to choose from; none: anything
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Starter:
    """What can be started, or why not."""

    key: str  # what the form says it is
    name: str
    path: str  # of the file that says how it runs
    questions: tuple[Question, ...] = ()
    refusal: str = ""


def answers(visit: Visit) -> dict[str, str]:
    """What was answered; nothing of what was left empty."""
    form = visit.form.items()
    return {name.removeprefix(_ANSWER): value for name, value in form if name.startswith(_ANSWER) and value}
