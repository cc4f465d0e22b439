"""What a process remembers of its last looks, to spare the forge questions: without it all is asked again."""

from dataclasses import dataclass, field

from registrar.core.deliveries import Telling


@dataclass(slots=True)
class Memory:
    """Of one registry. What is in it was told by the forge itself, so a bot that lost it comes to the same end."""

    told: dict[int, Telling] = field(default_factory=dict)  # by webhooks, by their ids
    said: set[str] = field(default_factory=set)  # lines of the log that stand there once
