"""What a process remembers of its last looks, to spare the forge questions: without it all is asked again."""

from dataclasses import dataclass, field
from datetime import datetime

from registrar.core.deliveries import Telling


@dataclass(frozen=True, slots=True)
class Settled:
    """A step of the base that needs no other look."""

    before: str | None  # what the base was
    has_words: bool  # of ours
    approved: tuple[int, ...]  # the pull requests that brought it
    since: datetime


@dataclass(slots=True)
class Memory:
    """Of one registry. What is in it was told by the forge itself, so a bot that lost it comes to the same end."""

    told: dict[int, Telling] = field(default_factory=dict)  # by webhooks, by their ids
    said: set[str] = field(default_factory=set)  # lines of the log that stand there once
    mark: str | None = None  # the step of the base up to which everything is done, as we ourselves said under it
    settled: dict[str, Settled] = field(default_factory=dict)  # by commit, of those after it
    failed: set[tuple[str, str]] = field(default_factory=set)  # commits, and their lines that became failures meanwhile
    unlooked: set[int] = field(default_factory=set)  # pull requests that were merged before a bot looked at them
