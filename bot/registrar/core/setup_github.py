"""Knows what guards a branch on GitHub: branch protection and rulesets, layer upon layer, of which the strictest holds.

https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets
"""

from collections.abc import Callable
from dataclasses import dataclass

from registrar.core.setup import Demand, Finding, Step, Untold, ok, problem, untold
from registrar.core.setup_changes import KeepRuleset
from registrar.core.wording import every

_CHECK = "branch protection"


@dataclass(frozen=True, slots=True)
class RequiredStatus:
    """A status without which nothing is merged, and the only app that may say it."""

    context: str
    app: int | None = None  # None: whoever may write


@dataclass(frozen=True, slots=True)
class Layer:
    """One set of rules that guards the branch, and whom it spares."""

    name: str
    spares: tuple[str, ...] | Untold
    statuses: tuple[RequiredStatus, ...] = ()
    needs_pull_request: bool = False
    needs_code_owners: bool = False
    dismisses_stale: bool = False
    forbids_force: bool = False
    forbids_deletion: bool = False


@dataclass(frozen=True, slots=True)
class GitHubWalls:
    """Everything that guards one branch."""

    layers: tuple[Layer, ...]
    unseen: tuple[Untold, ...]  # what may guard it as well, and could not be looked at
    page: str  # where a person changes it
    ruleset: int | None = None  # the one that `registrar setup` made

    def findings(self, demand: Demand) -> tuple[Finding, ...]:
        """How each part of it stands."""
        return (_status(self, demand), *(_found(self, demand, part) for part in _PARTS))

    def steps(self, demand: Demand) -> tuple[Step, ...]:
        """One ruleset beside whatever there is: it adds, and takes nothing away."""
        lacking = [part.lacks for part in _PARTS if not _closed(self, part.of)]
        if not _closed(self, _requires(demand.status)):
            lacking.insert(0, f"does not require the status {demand.status}")
        if not lacking:
            return ()
        then = "a ruleset that spares nobody: pull requests alone, approved by code owners, and that status green"
        change = KeepRuleset(self.ruleset, demand.base, demand.status)
        return (Step(f"{_CHECK} of {demand.base}", every(lacking), then, change, f"set it at {self.page}"),)


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    of: Callable[[Layer], bool]
    holds: str
    lacks: str


_PARTS = (
    _Part(
        f"{_CHECK}, pull requests",
        lambda layer: layer.needs_pull_request,
        "nobody pushes to it",
        "lets people push without a pull request",
    ),
    _Part(
        f"{_CHECK}, code owners",
        lambda layer: layer.needs_code_owners,
        "code owners must approve",
        "does not require code owners to approve",
    ),
    _Part(
        f"{_CHECK}, stale approvals",
        lambda layer: layer.dismisses_stale,
        "a push dismisses approvals",
        "keeps approvals when something is pushed",
    ),
    _Part(
        f"{_CHECK}, force pushes",
        lambda layer: layer.forbids_force,
        "nobody rewrites its history",
        "lets people rewrite its history",
    ),
    _Part(f"{_CHECK}, deletion", lambda layer: layer.forbids_deletion, "nobody deletes it", "lets people delete it"),
)


def _requires(status: str) -> Callable[[Layer], bool]:
    return lambda layer: any(each.context == status and each.app is None for each in layer.statuses)


def _status(walls: GitHubWalls, demand: Demand) -> Finding:
    check = f"{_CHECK}, status"
    pinned = [each.app for layer in walls.layers for each in layer.statuses if each.context == demand.status]
    apps = sorted({app for app in pinned if app is not None})
    if apps:
        says = f"{demand.status} is believed from the app {apps[0]} alone, and the bot is an account"
        return problem(check, says, f"choose any source for it at {walls.page}")
    says = f"{demand.status} must be green; whoever may write can say it, so the bot judges once more after the merge"
    part = _Part(check, _requires(demand.status), says, f"does not require {demand.status}")
    return _found(walls, demand, part)


def _found(walls: GitHubWalls, demand: Demand, part: _Part) -> Finding:
    check, says, mend = part.name, part.holds, f"{demand.mending}, or set it at {walls.page}"
    if _closed(walls, part.of):
        return ok(check, says)
    holding = [layer for layer in walls.layers if part.of(layer)]
    spared = [name for layer in holding if not isinstance(layer.spares, Untold) for name in layer.spares]
    if spared:
        return problem(check, f"{says}, but {every(list(dict.fromkeys(spared)))} may all the same", mend)
    unknown = [*(layer.spares for layer in holding if isinstance(layer.spares, Untold)), *walls.unseen]
    return untold(check, unknown[0]) if unknown else problem(check, f"it {part.lacks}", mend)


def _closed(walls: GitHubWalls, of: Callable[[Layer], bool]) -> bool:
    """Whether one layer holds it for everyone."""
    return any(of(layer) and layer.spares == () for layer in walls.layers)
