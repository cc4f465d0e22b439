"""Who acts on a forge, and what a repository lets them do."""

from dataclasses import dataclass
from enum import IntEnum


class Permission(IntEnum):
    """What a repository lets a person do, from nothing to everything."""

    NONE = 0
    READ = 1
    WRITE = 2
    MAINTAIN = 3
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class Person:
    """An account. The numeric id is its identity: a login can be given up and taken by someone else."""

    id: int
    login: str
    is_bot: bool = False

    def same_as(self, other: "Person | None") -> bool:
        """Whether both are one account, whatever it is called now."""
        return other is not None and self.id == other.id
