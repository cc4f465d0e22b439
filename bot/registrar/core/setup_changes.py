"""What can be changed in a set-up: each a wish that a forge carries out, however often it is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeepWebhook:
    """One webhook to the bot's address that tells of these events, signed, over verified TLS."""

    repository: str
    webhook: int | None  # None: a new one
    url: str
    events: frozenset[str]  # as the forge names them; what it tells of besides stays


@dataclass(frozen=True, slots=True)
class KeepRuleset:
    """A ruleset of GitHub's, of our own: beside it every other rule stays as it is, and the strictest holds."""

    ruleset: int | None  # None: a new one
    base: str
    status: str


@dataclass(frozen=True, slots=True)
class HoldMerges:
    """A project on GitLab in which nothing is merged before its pipeline, and so the bot's status, succeeded."""


@dataclass(frozen=True, slots=True)
class CloseBranch:
    """A protected branch on GitLab to which nobody pushes, and whose history nobody rewrites."""

    name: str  # the branch, or the wildcard that a rule is written for
    exists: bool
    merge_level: int  # who may merge, where the rule is made anew


@dataclass(frozen=True, slots=True)
class RequireOwners:
    """A protected branch on GitLab Premium into which code owners must approve what is merged."""

    name: str


@dataclass(frozen=True, slots=True)
class VoidOnPush:
    """A project on GitLab Premium that takes approvals back when something is pushed."""


@dataclass(frozen=True, slots=True)
class KeepVariables:
    """A project on GitLab in which maintainers alone give a pipeline variables."""


Change = KeepWebhook | KeepRuleset | HoldMerges | CloseBranch | RequireOwners | VoidOnPush | KeepVariables
