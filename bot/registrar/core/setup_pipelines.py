"""Knows whether a pipeline that a deploy starts is there, may be started, and takes what it is told."""

from dataclasses import dataclass

from registrar.core.pipelines import Passing, Target
from registrar.core.setup import Finding, Untold, ok, problem, untold
from registrar.core.wording import every

# What every pipeline is told: see docs/deploys.md
PROMISED = (
    "model",
    "version",
    "from",
    "to",
    "commit",
    "artifact",
    "hash",
    "pull_request",
    "approvers",
    "operation",
)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The pipeline of a deploy rule, as the forge has it on the rule's branch or tag."""

    obstacle: str = ""  # why it could not be started at all
    mend: str = ""
    page: str = ""
    takes: frozenset[str] | Untold = frozenset()  # the inputs that it declares
    demands: frozenset[str] = frozenset()  # those of them that it cannot do without
    is_titled: bool = True  # whether its runs are named by the operation key, by which a deploy is found again


def pipeline_findings(target: Target, found: Pipeline | Untold) -> tuple[Finding, ...]:
    """Whether a deploy would start, and whether its run would be found again."""
    check = f"pipeline {target.pipeline} of {target.repository}"
    if isinstance(found, Untold):
        return (untold(check, found),)
    if found.obstacle:
        return (problem(check, found.obstacle, found.mend),)
    title = problem(
        f"{check}, title",
        "its runs are not named by the operation key, so a deploy could not be found again, and would not be repeated",
        f"put the input operation into the name of its runs, in {found.page}",
    )
    return (_told(check, target, found), *(() if found.is_titled else (title,)))


def _told(check: str, target: Target, found: Pipeline) -> Finding:
    if isinstance(found.takes, Untold):
        return untold(check, found.takes)
    if target.passing is Passing.VARIABLES:
        return ok(check, "is there, may be started, and takes variables")
    lacking = [name for name in PROMISED if name not in found.takes]
    if lacking:
        says = f"declares no input {every(lacking)}, so the forge refuses to start it with them"
        return problem(check, says, f"declare what docs/deploys.md lists, in {found.page}")
    strange = sorted(found.demands - set(PROMISED))
    if strange:
        says = f"demands the input {every(strange)}, which no deploy has"
        return problem(check, says, f"give it a default, in {found.page}")
    return ok(check, "is there, may be started, and takes what a deploy says")
