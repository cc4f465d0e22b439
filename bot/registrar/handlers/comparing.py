"""What a change would do to the registry, judged by its content alone: no forge is asked, and nobody's code is run."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from registrar.core.approval_facts import ApprovalFacts
from registrar.core.evaluation import evaluate_content
from registrar.core.evaluation_facts import EvaluationFacts, ModelChange
from registrar.core.layout import REGISTRY
from registrar.core.paths import is_looked_after
from registrar.core.people import Person
from registrar.core.pull_requests import Contributors
from registrar.core.reports import Report, invalid
from registrar.errors import InvalidRegistry
from registrar.repository.git import GitRepository
from registrar.repository.history import held_before
from registrar.repository.model_changes import model_changes
from registrar.repository.snapshot import MISSING, snapshot
from registry_schema import Problem, Registry

NOT_ASKED = (
    "who must approve and has, who holds it back, and since when a version has held its status; "
    "registrar reconcile or registrar serve judges those, and only their word lets a change pass"
)
_NOBODY = Person(id=0, login="")


def content_report(git: GitRepository, *, base: str, branch: str, head: str, now: datetime) -> Report:
    """The comparison and the verdict on `head`, by the rules of the commit `base` of that branch."""
    try:
        return evaluate_content(_facts(git, base=base, branch=branch, head=head, now=now))
    except InvalidRegistry as error:  # the base itself is broken, or holds nothing of what the head stands on
        return invalid(error.problems)


def _facts(git: GitRepository, *, base: str, branch: str, head: str, now: datetime) -> EvaluationFacts:
    fork = git.merge_base(base, head)
    if fork is None:
        raise InvalidRegistry([Problem("branch", 0, f"shares no history with {branch}", f"branch off {branch}")])
    before, tip, after = (snapshot(git, commit) for commit in (fork, base, head))
    files = git.diff(fork, head)
    ours = [file.path for file in files if is_looked_after(file.path)]
    has_rules = tip.text(REGISTRY) is not None
    problems = tuple(each for each in after.problems(ours) if has_rules or each != MISSING) if ours else ()
    changes = () if problems else tuple(model_changes(ours, fork=before, base=tip, head=after))
    return EvaluationFacts(
        registry=tip.registry() if has_rules else Registry(),  # a registry may begin with a version, and rules follow
        approvals=_unasked(branch, base=base, head=head),
        now=now,
        models=changes,
        files=files,
        held_before=_held_before(git, base, changes),
        problems=problems,
    )


def _held_before(
    git: GitRepository, base: str, changes: Sequence[ModelChange]
) -> Mapping[tuple[str, str], frozenset[str]]:
    moving = (change.name for change in changes if change.before != change.after)
    return {(model, version): held for model in moving for version, held in held_before(git, base, model).items()}


def _unasked(branch: str, *, base: str, head: str) -> ApprovalFacts:
    return ApprovalFacts(
        head_sha=head,
        base_ref=branch,
        base_sha=base,
        requester=None,
        author=None,
        contributors=Contributors(people=(), unknown=()),
        bot=_NOBODY,
        owners={},
        unowned={},
        reviews=(),
    )
