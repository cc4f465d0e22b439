"""What a job learns from a command that ran in it, on whichever forge."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What a later step can read, and what it means; the first seven as GTO's action has them.
OUTPUTS: Mapping[str, str] = {
    "event": "What happened: registration, assignment or unassignment; empty where nothing of it did",
    "name": "The model",
    "version": "Its version, such as 2.1.0",
    "stage": "The status that the version gets or loses",
    "type": "What it is; always model",
    "path": "The weights: where the registry tracks them, or for pull where they are now",
    "description": "What is said of the version",
    "verdict": "passed, waiting or failed",
    "pull-request": "The number of the pull request or merge request that was opened, found or looked at",
    "comment-id": "The comment that was written or edited",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is wrong, and where."""

    message: str
    path: str = ""  # of a file of the repository; empty: it is about no file
    line: int = 0  # 0: it is about the whole file


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of a version."""

    model: str
    version: str
    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, what later steps can read of it, and what a person reads."""

    command: str
    code: int
    summary: str  # Markdown; whatever is other people's in it is inert
    outputs: Mapping[str, str] = field(default_factory=dict)  # of those above; the others are empty
    remarks: tuple[Remark, ...] = ()
    figures: tuple[Figure, ...] = ()  # of the candidates
