"""How a pull request shall land on its target branch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Landing:
    """What whoever merges asks for."""

    method: str = "merge"  # merge, squash, rebase; on GitLab a repository has its own way, and squash comes before it
    title: str = ""  # of the commit; empty: the forge's own words
    message: str = ""
    expected_head: str | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """What a merge made, before the target branch moves to it."""

    tip: str  # where the target branch shall be
    by: str  # merge, squash, rebase, ff
    squash_commit: str | None = None  # what the commits became, beneath a merge commit or alone
