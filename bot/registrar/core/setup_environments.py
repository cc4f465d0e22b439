"""Knows which branches' workflows get the secrets that the bot's jobs have on GitHub.

https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments
"""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from registrar.core.setup import Finding, Untold, ok, problem, untold
from registrar.core.wording import every

_CHECK = "jobs, secrets"
_MADE = "docs/adopt.md says how an environment is made that is for the base branch alone"


@dataclass(frozen=True, slots=True)
class Environment:
    """For which branches an environment is."""

    name: str
    page: str  # where a person changes it
    branches: tuple[str, ...] | None  # by name or pattern; None: not by name
    tags: tuple[str, ...] = ()
    is_for_all: bool = False  # or, without names, for those that are protected
    is_there: bool = True


def secrets_finding(path: str, name: str, ask: Callable[[str], Environment | Untold], *, base: str) -> Finding:
    """Whether the jobs of the base alone get the bot's secrets; `name` is the environment of its job, or empty."""
    if not name:
        says = f"{path} has the bot's secrets from no environment, so whoever may push a branch can read them there"
        return problem(_CHECK, says, f"keep them in an environment alone, and name it in the job: {_MADE}")
    if "${{" in name:
        return untold(_CHECK, Untold(f"which environment {name} is, that has the bot's secrets, is told by no file"))
    found = ask(name)
    if isinstance(found, Untold):
        why = f"for which branches the environment {name} is, that has the bot's secrets, was not checked: {found.why}"
        return untold(_CHECK, Untold(why, found.mend))
    return _of(found, base)


def _of(found: Environment, base: str) -> Finding:
    name, hands = found.name, "who may push to one has the bot's secrets"
    mend = f"at {found.page}: Deployment branches and tags, Selected branches and tags, {base} alone"
    if not found.is_there:
        says = f"there is no environment {name}, and GitHub makes one for every branch once the job names it"
        return problem(_CHECK, says, _MADE)
    if found.branches is None:
        which = "branch" if found.is_for_all else "protected branch"
        says = f"the environment {name} is for every {which}: {hands}"
        return problem(_CHECK, says, mend)
    if not any(fnmatchcase(base, branch) for branch in found.branches):
        return problem(_CHECK, f"the environment {name} is not for {base}, so the bot's job gets no secret", mend)
    others = [*(branch for branch in found.branches if branch != base), *(f"the tag {tag}" for tag in found.tags)]
    if others:
        says = f"the environment {name} is also for {every(others)}: {hands}"
        return problem(_CHECK, says, mend)
    return ok(_CHECK, f"the environment {name}, which has them, is for {base} alone")
