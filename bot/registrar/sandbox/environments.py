"""Knows environments on GitHub, and for which branches each is; the sandbox gives secrets to every job."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BranchPolicy:
    """Branches, or tags, by a name or a pattern."""

    id: int
    name: str
    type: str = "branch"  # or tag


@dataclass(slots=True)
class Environment:
    """One environment: for every branch, for those that are protected, or for those that are named."""

    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    for_protected: bool = False
    for_named: bool = False
    policies: list[BranchPolicy] = field(default_factory=list)
