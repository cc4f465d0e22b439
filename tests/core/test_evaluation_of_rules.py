"""What a change of the rules themselves needs."""

from dataclasses import replace

import pytest

from core.builders import ANA, STATUS_PATH, AFile, a_registry, approval_facts, evaluation_facts
from core.test_evaluation import TOUCHES_STATUS, a_promotion
from registrar.core.evaluation import evaluate, guarded_paths
from registrar.core.verdicts import VerdictState
from registry_schema import Approvals
from registry_schema.approvals import RuleApprovals
from registry_schema.policy import Rules

FAILED = VerdictState.FAILED


@pytest.mark.fault(45, because="What a path needs is decided here alike, whichever forge it comes from.")
@pytest.mark.parametrize("path", ["registry.yaml", ".github/CODEOWNERS", ".dvc/config"])
def test_a_change_of_the_rules_needs_an_admin_who_owns_them(path: str) -> None:
    facts = evaluation_facts(files=(AFile(path),), approvals=approval_facts(owners=(ANA,), path=path))
    unowned = evaluation_facts(files=(AFile(path),), approvals=approval_facts(owners=()))

    assert evaluate(facts).verdict.reason == "waiting for ana"
    assert evaluate(unowned).verdict.state is FAILED


def test_what_changed_on_the_base_meanwhile_would_not_land_as_it_was_approved() -> None:
    facts = replace(evaluation_facts(files=(AFile("registry.yaml"),)), moved=("registry.yaml",))

    verdict = next(each for each in evaluate(facts).verdict.children if each.name == "base of registry.yaml")

    assert verdict.state is VerdictState.WAITING
    assert "update the branch" in verdict.reason


def test_a_promotion_that_changes_the_rules_needs_both_approvals() -> None:
    facts = replace(a_promotion(), files=(*TOUCHES_STATUS, AFile("registry.yaml")))

    assert guarded_paths(facts) == {STATUS_PATH: Approvals(), "registry.yaml": Approvals()}


@pytest.mark.parametrize(
    "path",
    [
        *("registry.yaml", "CODEOWNERS", ".dvc/config", ".dvc/config.local", "allowed_signers"),
        *(".github/workflows/bot.yml", ".github/actions/own/action.yml", ".github/workflows", ".gitlab-ci.yml"),
        *(".gitlab/ci/bot.yml", ".GitHub/actions/own/action.yml"),
    ],
)
def test_a_change_of_the_rules_needs_what_the_rules_say(path: str) -> None:
    rules = Rules(RuleApprovals(count=2, permission="maintain"))
    facts = evaluation_facts(registry=replace(a_registry(), rules=rules), files=(AFile(path),))

    assert guarded_paths(facts) == {path: Approvals(count=2, permission="maintain")}
    assert evaluate(facts).verdict.state is FAILED
