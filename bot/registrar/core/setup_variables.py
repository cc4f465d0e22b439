"""Knows who may give a pipeline of GitLab's variables, which overrule those of its job: the bot's token is in that job.

https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registrar.core.setup import Finding, Step, Untold, ok, problem, untold
from registrar.core.setup_changes import KeepVariables

_CHECK = "jobs, variables"
_FEW = ("maintainer", "owner", "no_one_allowed")  # who can read the token anyway, or nobody


@dataclass(frozen=True, slots=True)
class VariableRule:
    """What a project says of it, to whoever administers it."""

    least: str  # the role, as GitLab writes it: no_one_allowed, developer, maintainer, owner
    is_heeded: bool  # where it is not, developers may

    @property
    def holds(self) -> bool:
        """Whether it is for those alone who can read the token anyway."""
        return self.is_heeded and self.least in _FEW


def variable_finding(rule: VariableRule | None, *, page: str) -> Finding:
    """Whether it is for few enough; None: the token may not see it, or GitLab is older than 17.1."""
    if rule is None:
        why = "GitLab tells maintainers alone who may give pipelines variables"
        return untold(_CHECK, Untold(why, "set REGISTRAR_ADMIN_TOKEN to a token of somebody who administers it"))
    if not rule.holds:
        says = "developers may give a pipeline variables, which overrule those of the job that has the bot's token"
        mend = f"run registrar setup --without-server, or at {page}: Minimum role to use pipeline variables, Maintainer"
        return problem(_CHECK, says, mend)
    if rule.least == "no_one_allowed":
        return ok(_CHECK, "nobody gives a pipeline variables, so no webhook starts one either")
    return ok(_CHECK, f"{rule.least}s alone give a pipeline variables")


def variable_steps(rule: VariableRule | None, *, page: str) -> Iterator[Step]:
    """What is stricter stays."""
    if rule is not None and not rule.holds:
        by_hand = f"set it at {page}: Minimum role to use pipeline variables"
        yield Step(_CHECK, "developers give pipelines variables", "maintainers do", KeepVariables(), by_hand)
