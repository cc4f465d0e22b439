"""What the line under a merged commit says of a deploy: its words are the record of how far it came."""

from datetime import datetime

from registrar.core.deploying import NOT_STARTED
from registrar.core.events import FollowUp, StartDeploy
from registrar.core.people import Person
from registrar.core.pull_requests import CommitStatus, Outcome, Run

STARTING, STARTING_AGAIN = "starting", "starting, for the second and last time"
_WAITS, _RELEASED = "waits for somebody to write /registrar deploy", "released by "


def waiting(context: str) -> CommitStatus:
    """A person must say when."""
    return CommitStatus(context, Outcome.PENDING, _WAITS)


def released(context: str, *, by: Person, at: datetime) -> CommitStatus:
    """A person has said that it is time; nothing was started yet. No other release reads the same."""
    return CommitStatus(context, Outcome.PENDING, f"{_RELEASED}{by.login} at {at:%Y-%m-%d %H:%M:%S} UTC")


def starting(context: str, *, again: bool) -> CommitStatus:
    """The intent: the pipeline is started next."""
    return CommitStatus(context, Outcome.PENDING, STARTING_AGAIN if again else STARTING)


def is_starting(said: CommitStatus) -> bool:
    """Whether a pipeline was about to be started, and nothing tells whether it was."""
    return said.outcome is Outcome.PENDING and not said.url and said.description in {STARTING, STARTING_AGAIN}


def refused(context: str, why: str) -> CommitStatus:
    """Nothing was started, for certain: a person may ask for it anew."""
    return CommitStatus(context, Outcome.FAILURE, f"{NOT_STARTED}{why}")


def given_up(context: str, why: str) -> CommitStatus:
    """Something may have been started, and nothing is started again."""
    return CommitStatus(context, Outcome.FAILURE, f"not started again: {why}")


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


def is_refused(said: CommitStatus) -> bool:
    """Whether nothing was started, and a person may ask for it anew once the cause is mended."""
    return said.outcome is Outcome.FAILURE and said.description.startswith(NOT_STARTED)


def start(event: StartDeploy, said: CommitStatus | None) -> FollowUp:
    """What starts it: once after the merge, and once for every release by a person."""
    return FollowUp(event, once=f"start:{event.operation}{f':{said.description}' if said is not None else ''}")
