"""Knows whether a change of the base is what its entry in the ledger says, and whether the rules of then allowed it."""

from collections.abc import Iterable, Iterator

from registrar.core.evaluation import evaluate
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.immutability import judge_immutability
from registrar.core.ledger import Entry, Merged, Pushed
from registrar.core.proof_approvals import broken_glass, facts_of, false_authority, lacking_approvals
from registrar.core.proof_claims import false_claims
from registrar.core.proof_facts import TAKE_BACK, Finding, Landed, breach, called

_APPROVAL = "approval"  # what `evaluate` calls its judgement of approvals
_UNREADABLE = "read registry.yaml as it was there; with --since a registry is proven from a later commit on"


def judge(landed: Landed, entry: Merged) -> Iterator[Finding]:
    """Everything that is wrong with a change that the ledger says was approved, or was let pass by broken glass."""
    yield from false_claims(landed, entry)
    rules = landed.registry
    if rules is None:
        what = f"nobody can tell by which rules {called(entry)} was judged"
        yield breach(landed.commit, what, f"{landed.before[:7]} holds no registry.yaml that can be read", _UNREADABLE)
        return
    yield from false_authority(landed, entry)
    yield from broken_glass(landed, entry, rules)
    facts = facts_of(landed, entry, rules)
    yield from _not_allowed(landed, entry, facts)
    if facts.glass is None:  # what it spares, `evaluate` knows
        yield from lacking_approvals(landed, facts)


def _not_allowed(landed: Landed, entry: Merged, facts: EvaluationFacts) -> Iterator[Finding]:
    """What the rules of then refuse, whoever approved: the lifecycle, gates, files that may not change."""
    for verdict in evaluate(facts).verdict.children:
        is_counted_apart = verdict.name == _APPROVAL and facts.glass is None
        if not verdict.passed and not is_counted_apart:
            what = f"{called(entry)} was merged against the rules of then"
            yield breach(landed.commit, what, verdict.reason, TAKE_BACK)


def unapproved(landed: Landed, entries: Iterable[Entry]) -> Iterator[Finding]:
    """What the ledger itself says that nobody approved."""
    for entry in entries:
        if isinstance(entry, Merged):
            what = f"{called(entry)} was merged, and was refused"
            yield breach(landed.commit, what, entry.reason, TAKE_BACK)
        elif isinstance(entry, Pushed):
            why = f"it changes {', '.join(entry.paths)}" if entry.paths else "no request brought it"
            mend = (
                f"merge {entry.revert}, which takes it back, once its owners approve it" if entry.revert else TAKE_BACK
            )
            yield breach(landed.commit, "a change that owners guard was pushed, and approved by nobody", why, mend)


def broken_files(landed: Landed) -> Iterator[Finding]:
    """What no approval can allow: a release that was altered, and files that do not say the same."""
    changed = judge_immutability(file for file in landed.files if file.path not in landed.restored)
    for verdict in changed.children:
        what = f"{verdict.name} was changed in a way that no approval allows"
        yield breach(landed.commit, what, verdict.reason, TAKE_BACK)
    for problem in landed.problems:
        yield breach(landed.commit, f"{problem.path} is not sound", str(problem), f"mend {problem.path}")
