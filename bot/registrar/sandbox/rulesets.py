"""Rules that guard several branches at once, as GitHub has them beside the protection of single ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

Rule = Mapping[str, object]


@dataclass(slots=True, eq=False)
class Ruleset:
    """Some rules, for which branches, and whom they spare."""

    id: int
    name: str
    enforcement: str  # active, disabled, evaluate
    include: tuple[str, ...]  # refs/heads/main, refs/heads/release/*, ~DEFAULT_BRANCH, ~ALL
    exclude: tuple[str, ...]
    rules: tuple[Rule, ...]
    bypass_actors: tuple[Mapping[str, object], ...]
    created_at: datetime
    updated_at: datetime

    def guards(self, branch: str, *, default: str) -> bool:
        """Whether its rules hold for a branch now."""
        return (
            self.enforcement == "active"
            and any(_means(each, branch, default) for each in self.include)
            and not any(_means(each, branch, default) for each in self.exclude)
        )


def _means(pattern: str, branch: str, default: str) -> bool:
    if pattern == "~DEFAULT_BRANCH":
        return branch == default
    return pattern == "~ALL" or fnmatchcase(f"refs/heads/{branch}", pattern)
