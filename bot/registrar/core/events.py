"""What can happen that makes Registrar look again: hints, never facts."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PullRequestChanged:
    """Look at this pull request again: opened, pushed to, reviewed, merged, closed ..."""

    repository: str
    number: int

    @property
    def work_key(self) -> str:
        """What must be worked on one at a time."""
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, slots=True)
class CommentWritten:
    """Someone wrote a comment; it may hold a command."""

    repository: str
    number: int
    comment: int

    @property
    def work_key(self) -> str:
        """Commands are worked on one at a time in each conversation."""
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, slots=True)
class BranchPushed:
    """A branch moved, by a merge or by a direct push."""

    repository: str
    branch: str
    before: str
    after: str

    @property
    def work_key(self) -> str:
        """Pushes to one branch are looked at in turn."""
        return f"{self.repository}@{self.branch}"


@dataclass(frozen=True, slots=True)
class BranchChecked:
    """A pipeline of the registry's own moved on at the tip of a branch: a forge may ask it before it merges that."""

    repository: str
    branch: str

    @property
    def work_key(self) -> str:
        """In turn with the pushes to the branch."""
        return f"{self.repository}@{self.branch}"


@dataclass(frozen=True, slots=True)
class RunChanged:
    """A pipeline run of an application moved on; its title carries the operation key."""

    repository: str
    run: int
    title: str

    @property
    def work_key(self) -> str:
        """One run at a time."""
        return f"{self.repository}!{self.run}"


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job of an application's pipeline moved on; the forge did not say which run it is part of."""

    repository: str
    job: int

    @property
    def work_key(self) -> str:
        """One job at a time."""
        return f"{self.repository}!job-{self.job}"


@dataclass(frozen=True, slots=True)
class StartDeploy:
    """A merged change must be deployed; the operation key says which, once and for all."""

    repository: str
    number: int
    operation: str

    @property
    def work_key(self) -> str:
        """One at a time with everything else about the pull request that asked for it."""
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, slots=True)
class SweepDue:
    """Look at everything that an event may have been lost about."""

    repository: str

    @property
    def work_key(self) -> str:
        """One sweep at a time."""
        return f"{self.repository}~"


@dataclass(frozen=True, slots=True)
class HooksDue:
    """Look after the webhooks that lead here, and after what they could not deliver."""

    repository: str

    @property
    def work_key(self) -> str:
        """In turn, and apart from the sweep: who may not see webhooks sweeps all the same."""
        return f"{self.repository}~hooks"


@dataclass(frozen=True, slots=True)
class KeepTags:
    """A merge must be told by tags, where the registry wants any."""

    repository: str
    number: int

    @property
    def work_key(self) -> str:
        """In turn, as the tags of a model are numbered."""
        return f"{self.repository}@tags"


@dataclass(frozen=True, slots=True)
class SendNotice:
    """Somebody must be told of an effect, over one channel: by its name, as its address is a secret."""

    repository: str
    channel: str
    about: str  # one of the events that `notices:` in registry.yaml can name
    subject: str
    by: str  # a login; empty: nobody's doing
    reason: str
    url: str
    key: str = ""  # names the effect for good; empty in what was kept before there were keys

    @property
    def work_key(self) -> str:
        """A channel that hangs holds up no other, and nothing else."""
        return f"{self.repository}~{self.channel}"


@dataclass(frozen=True, slots=True)
class WorkStopped:
    """Something was given up, or all work stands still: whoever wants to hear of that must be told."""

    repository: str
    about: Literal["work-parked", "work-paused"]
    subject: str
    reason: str
    hour: str  # in which it happened: nobody is told twice in one

    @property
    def work_key(self) -> str:
        """Apart from what stands still."""
        return f"{self.repository}~stopped"


RunEvent = RunChanged | JobChanged | BranchChecked
Look = PullRequestChanged | CommentWritten | BranchPushed | RunEvent | SweepDue | HooksDue
Telling = SendNotice | WorkStopped  # which need nothing of a forge
Event = Look | StartDeploy | KeepTags | Telling


def named(event: Event) -> str:
    """What a person reads of an event: of which kind it is, and what is looked at because of it."""
    return f"{type(event).__name__} of {event.work_key}"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What to look at next, how many seconds from now, and under which name at most once ever."""

    event: Event
    after: float = 0.0
    once: str = ""
