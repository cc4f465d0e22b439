"""Knows what guards a branch on GitLab: its protected branches, and what its project asks of a merge.

Of several rules that match a branch the laxest holds; but where one of them asks for code owners, they are asked for:
https://docs.gitlab.com/user/project/repository/branches/protection_rules/
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from registrar.core.people import Permission, Person
from registrar.core.setup import Demand, Finding, Step, Untold, ok, problem, untold
from registrar.core.setup_changes import Change, CloseBranch, HoldMerges, RequireOwners, VoidOnPush
from registrar.core.setup_jobs import place_findings
from registrar.core.setup_variables import VariableRule, variable_finding, variable_steps
from registrar.core.wording import every

_CHECK = "branch protection"
_TOKEN = "whose pipelines get protected variables, so the bot's token"  # noqa: S105 - words
NOBODY = 0  # https://docs.gitlab.com/api/protected_branches/#valid-access-levels
LEVELS = {Permission.WRITE: 30, Permission.MAINTAIN: 40, Permission.ADMIN: 50}


@dataclass(frozen=True, slots=True)
class Access:
    """Who is allowed something by a rule: everyone from a level up, or one person, group or deploy key."""

    id: int
    level: int | None
    description: str  # as GitLab calls them: "Maintainers"
    user: int | None = None
    is_inexact: bool = False  # a group, or a key: whether the bot is meant cannot be told here


@dataclass(frozen=True, slots=True)
class BranchRule:
    """A rule for a branch, or for all that match a wildcard."""

    name: str
    push: tuple[Access, ...]
    merge: tuple[Access, ...]
    allows_force: bool
    needs_code_owners: bool
    is_inherited: bool = False  # of a group: no project changes it


@dataclass(frozen=True, slots=True)
class TagRule:
    """A rule for a tag, or for all that match a wildcard."""

    name: str
    create: tuple[Access, ...]


@dataclass(frozen=True, slots=True)
class GitLabWalls:
    """Everything that guards one branch."""

    rules: tuple[BranchRule, ...]  # those that match the branch
    needs_pipeline: bool | None  # None: the token may not see it
    takes_skipped: bool | None
    voids_on_push: bool | Untold
    is_premium: bool
    merging_page: str
    branches_page: str
    variables: VariableRule | None  # None: the token may not see it
    variables_page: str
    pipeline: str  # the file that says what jobs run
    tags: tuple[TagRule, ...] | Untold
    others: tuple[BranchRule, ...] = ()  # of other branches, or of more than this one

    def findings(self, demand: Demand) -> tuple[Finding, ...]:
        """How each part of it stands."""
        return (
            self._status(demand),
            *self._of_branch(demand),
            self._code_owners(demand),
            self._stale(demand),
            self._room_for_the_bot(demand),
            *(self._of_jobs() if demand.by_jobs else ()),
        )

    def _of_jobs(self) -> Iterator[Finding]:
        yield from place_findings(self.pipeline, page=self.variables_page)
        yield from self._reach()
        yield variable_finding(self.variables, page=self.variables_page)

    def _reach(self) -> Iterator[Finding]:
        """Protected variables go to the pipelines of protected branches and tags: https://docs.gitlab.com/ci/variables/."""
        at = f"at {self.branches_page}:"
        branches = _lax((rule.name, (*rule.push, *rule.merge)) for rule in self.others)
        if branches:
            mend = f"{at} Protected branches, let maintainers alone push and merge there, or protect them no more"
            yield problem("jobs, branches", f"{branches[0]} may change what runs on {branches[1]}, {_TOKEN}", mend)
        if isinstance(self.tags, Untold):
            yield untold("jobs, tags", self.tags)
            return
        tags = _lax((rule.name, rule.create) for rule in self.tags)
        if tags:
            mend = f"{at} Protected tags, let maintainers alone create them, or protect them no more"
            says = f"{tags[0]} may create the tag {tags[1]} on any commit, and so say what runs on it, {_TOKEN}"
            yield problem("jobs, tags", says, mend)

    def steps(self, demand: Demand) -> tuple[Step, ...]:
        """What would be changed."""
        return tuple(self._steps(demand))

    def _status(self, demand: Demand) -> Finding:
        check = f"{_CHECK}, status"
        tick = f"{demand.mending}, or at {self.merging_page}:"
        if self.needs_pipeline is None:
            return untold(check, Untold("the token may not see the project's settings"))
        if not self.needs_pipeline:
            says = f"a merge does not wait for {demand.status}, so it holds nothing"
            return problem(check, says, f"{tick} Merge checks, Pipelines must succeed")
        if self.takes_skipped:
            says = "a skipped pipeline counts as a success, and anyone can skip one by a commit's message"
            return problem(check, says, f"{tick} Merge checks, untick Skipped pipelines are considered successful")
        return ok(check, f"pipelines must succeed, so {demand.status} holds a merge")

    def _of_branch(self, demand: Demand) -> Iterator[Finding]:
        mend = f"{demand.mending}, or at {self.branches_page}: Protected branches"
        if not self.rules:
            yield problem(f"{_CHECK}, pushes", f"{demand.base} is not protected, so developers push to it", mend)
            return
        pushers = [each.description for rule in self.rules for each in rule.push if each.level != NOBODY]
        if pushers:
            says = f"{every(list(dict.fromkeys(pushers)))} may push to it without a merge request"
            yield problem(f"{_CHECK}, pushes", says, f"{mend}, Allowed to push and merge: No one")
        else:
            yield ok(f"{_CHECK}, pushes", "nobody pushes to it")
        if any(rule.allows_force for rule in self.rules) and pushers:
            yield problem(f"{_CHECK}, force pushes", "its history may be rewritten", f"{mend}, Allowed to force push")
        else:
            yield ok(f"{_CHECK}, force pushes", "nobody rewrites its history")

    def _code_owners(self, demand: Demand) -> Finding:
        check = f"{_CHECK}, code owners"
        if any(rule.needs_code_owners for rule in self.rules):
            return ok(check, "code owners must approve")
        if not self.is_premium:
            return ok(
                check, "GitLab Free asks for no code owners; the bot's status holds every merge until they approve"
            )
        mend = f"{demand.mending}, or at {self.branches_page}: Protected branches, Code owner approval"
        return problem(check, "code owners need not approve, though GitLab Premium can ask for it", mend)

    def _stale(self, demand: Demand) -> Finding:
        check = f"{_CHECK}, stale approvals"
        if not self.is_premium:
            return ok(check, "GitLab Free keeps approvals when something is pushed; the bot counts none of them")
        if isinstance(self.voids_on_push, Untold):
            return untold(check, self.voids_on_push)
        if self.voids_on_push:
            return ok(check, "a push takes approvals back")
        mend = f"{demand.mending}, or at {self.merging_page}: Approval settings, Remove all approvals"
        return problem(check, "approvals stay when something is pushed; the bot counts none of them", mend)

    def _room_for_the_bot(self, demand: Demand) -> Finding:
        """GitLab takes a status for a pipeline of the branch, which only they may touch who may push or merge there.

        https://docs.gitlab.com/ci/pipelines/#pipeline-security-on-protected-branches
        """
        check = f"{_CHECK}, the bot"
        if demand.bot is None:
            return untold(check, Untold("nobody has said which account the bot is", "set REGISTRAR_TOKEN"))
        may = may_move(self.rules, demand.bot, demand.permission)
        if may:
            return ok(check, "it may say how a deploy went, under what was merged")
        if may is None:
            return untold(check, Untold("whether it is in a group that may merge, which it must to speak of deploys"))
        says = "it may not merge there, so GitLab refuses what it says under merged commits, and deploys are not told"
        mend = f"at {self.branches_page}: Protected branches, Allowed to merge: Developers + Maintainers, or the bot"
        return problem(check, says, mend)

    def _steps(self, demand: Demand) -> Iterator[Step]:
        if self.needs_pipeline is False or self.takes_skipped:
            now = "are not waited for" if not self.needs_pipeline else "may be skipped"
            yield _step("status", f"pipelines {now}", "pipelines must succeed", HoldMerges(), self.merging_page)
        if not self.rules:
            rule = CloseBranch(demand.base, exists=False, merge_level=LEVELS[Permission.WRITE])
            yield _step("pushes", "not protected", "nobody pushes, developers merge", rule, self.branches_page)
        for each in self.rules:
            if not each.is_inherited and (each.allows_force or any(one.level != NOBODY for one in each.push)):
                now = every([one.description for one in each.push] or ["nobody"]) + " may push"
                change = CloseBranch(each.name, exists=True, merge_level=_laxest(each.merge))
                yield _step(f"pushes to {each.name}", now, "nobody pushes", change, self.branches_page)
        yield from self._premium_steps(demand)
        if demand.by_jobs:
            yield from variable_steps(self.variables, page=self.variables_page)

    def _premium_steps(self, demand: Demand) -> Iterator[Step]:
        if not self.is_premium:
            return
        if not any(rule.needs_code_owners for rule in self.rules):
            change = RequireOwners(next((rule.name for rule in self.rules if not rule.is_inherited), demand.base))
            yield _step("code owners", "need not approve", "must approve", change, self.branches_page)
        if self.voids_on_push is False:
            yield _step("stale approvals", "stay", "are taken back", VoidOnPush(), self.merging_page)


def _lax(rules: Iterable[tuple[str, Iterable[Access]]]) -> tuple[str, str] | None:
    """Who else may do something, and where."""
    found = [(each.description, name) for name, allowed in rules for each in allowed if not _may_read(each)]
    return (every(_once(who for who, _ in found)), every(_once(name for _, name in found))) if found else None


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _may_read(access: Access) -> bool:
    """Whether it is for those alone who can read a project's variables; who one person is cannot be told here."""
    return access.level is not None and (access.level == NOBODY or access.level >= LEVELS[Permission.MAINTAIN])


def _step(name: str, now: str, then: str, change: Change, page: str) -> Step:
    return Step(f"{_CHECK}, {name}", now, then, change, f"set it at {page}")


def _laxest(merge: Sequence[Access]) -> int:
    """From which level people may merge by this rule."""
    levels = [each.level for each in merge if each.level is not None]
    return min((level for level in levels if level != NOBODY), default=NOBODY if levels else 40)


def may_move(rules: Sequence[BranchRule], person: Person, held: Permission) -> bool | None:
    """Whether somebody may push or merge by the rules of a branch; None: they may be in a group that may."""
    allowed = [each for rule in rules for each in (*rule.push, *rule.merge)]
    if not rules or any(_means(each, person, held) for each in allowed):
        return True
    return None if any(each.is_inexact for each in allowed) else False


def _means(access: Access, person: Person, held: Permission) -> bool:
    if access.user is not None:
        return access.user == person.id
    return access.level not in {None, NOBODY} and (access.level or NOBODY) <= LEVELS.get(held, NOBODY)
