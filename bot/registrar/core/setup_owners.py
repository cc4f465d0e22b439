"""Knows whether everything that needs an approval has enough people who can give it, whoever asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from registrar.core.approval_facts import ApprovalFacts, Rule
from registrar.core.approvals import approval, approvers
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Contributors
from registrar.core.setup import Finding, ok, problem
from registrar.core.verdicts import VerdictState
from registrar.core.wording import either, every
from registry_schema import Approvals, Problem, Registry

_FEW = 3  # paths named one by one
_SOMEBODY = Person(0, "somebody")  # who asks, and owns nothing: no account has the number 0


@dataclass(frozen=True, slots=True)
class OwnersFacts:
    """CODEOWNERS at the base, and who owns what needs an approval."""

    file: str | None  # None: there is none
    places: Sequence[str]  # where the forge looks for one
    problems: tuple[Problem, ...]  # by our reading of it, and by the forge's own
    demands: Mapping[str, Approvals]  # of a path for each set of rules
    alike: Mapping[str, Sequence[str]]  # every path that the same rules own, by the one that stands for them
    owners: Mapping[str, tuple[Rule, ...]]
    unowned: Mapping[str, str]
    bot: Person


def strictest(registry: Registry, model: str) -> Approvals | None:
    """The most that any status asks for of the model; None when none asks for an approval."""
    demands = [rules.approvals.of(model) for rules in registry.statuses.values() if rules.approvals is not None]
    if not demands:
        return None
    permission = max((demand.permission for demand in demands), key=lambda name: Permission[name.upper()])
    return Approvals(count=max(demand.count for demand in demands), permission=permission)


def owners_findings(facts: OwnersFacts) -> tuple[Finding, ...]:
    """Whether the file is there and sound, and whether enough owners of each path may approve."""
    check = "CODEOWNERS"
    if facts.file is None:
        mend = f"add one at {facts.places[0]} that names who may approve, such as: * @ana"
        return (problem(check, f"is in none of {every(facts.places)}, so nobody can approve anything", mend),)
    unsound = tuple(problem(check, _shown(each), each.mend or f"mend {each.path}") for each in facts.problems)
    return (*(unsound or (ok(check, f"{facts.file} can be read"),)), *_of_paths(facts))


def _shown(found: Problem) -> str:
    return str(replace(found, mend=""))


def _of_paths(facts: OwnersFacts) -> Iterator[Finding]:
    asked = ApprovalFacts(
        head_sha="",
        base_ref="",
        base_sha="",
        requester=_SOMEBODY,
        author=None,
        contributors=Contributors((), ()),
        bot=facts.bot,
        owners=facts.owners,
        unowned=facts.unowned,
        reviews=(),
    )
    for path, demand in facts.demands.items():
        verdict = approval(asked, {path: demand})
        names = _named(facts.alike[path])
        if not any(each.state is VerdictState.WAITING for each in verdict.children):
            yield problem("owners", f"{names}: {verdict.reason}", f"change {facts.file}, or give its owners their role")
            continue
        quorums = approvers(asked, {path: demand})
        people = " and ".join(either(sorted(person.login for person in each.people)) for each in quorums)
        alone = any(len(each.people) == each.count for each in quorums)
        yield ok("owners", f"{names}: {people} can approve" + (", but not what they ask for themselves" * alone))


def _named(paths: Sequence[str]) -> str:
    return every(paths) if len(paths) <= _FEW else f"{paths[0]} and {len(paths) - 1} more files with the same owners"
