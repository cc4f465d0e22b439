"""What the line under a merged commit says of a deploy: its words are the record of how far it came."""

from registrar.core.people import Person
from registrar.core.pull_requests import CommitStatus, Outcome, Run

STARTING, STARTING_AGAIN = "starting", "starting, for the second and last time"
_WAITS, _RELEASED = "waits for somebody to write /registrar deploy", "released by "


def waiting(context: str) -> CommitStatus:
    """A person must say when."""
    return CommitStatus(context, Outcome.PENDING, _WAITS)


def released(context: str, *, by: Person) -> CommitStatus:
    """A person has said that it is time; nothing was started yet."""
    return CommitStatus(context, Outcome.PENDING, f"{_RELEASED}{by.login}")


def starting(context: str, *, again: bool) -> CommitStatus:
    """The intent: the pipeline is started next."""
    return CommitStatus(context, Outcome.PENDING, STARTING_AGAIN if again else STARTING)


def running(context: str, run: Run) -> CommitStatus:
    """How its run stands."""
    detail = f"{run.detail}: {_WAITS}, or to start it there" if run.waits else run.detail
    return CommitStatus(context, run.outcome, detail, run.url)


def has_a_run_that_waits(said: CommitStatus) -> bool:
    """Whether a run was started, and stands still until a person lets it go on."""
    return said.outcome is Outcome.PENDING and _WAITS in said.description and not is_waiting(said)


def is_waiting(said: CommitStatus) -> bool:
    """Whether nothing was started, because no person has said when."""
    return said.outcome is Outcome.PENDING and said.description == _WAITS


def is_released(said: CommitStatus) -> bool:
    """Whether a person has said when, and nothing was started yet."""
    return said.outcome is Outcome.PENDING and said.description.startswith(_RELEASED)
