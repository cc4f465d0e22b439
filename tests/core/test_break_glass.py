"""What somebody whom the rules name lets pass in an emergency, and what nobody does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.builders import (
    ANA,
    LEO,
    MEI,
    NOON,
    PROMOTED,
    RAJ,
    STATUS_PATH,
    ZOE,
    AFile,
    a_change,
    a_registry,
    a_review,
    approval_facts,
    evaluation_facts,
    holding,
)
from registrar.core.approval_facts import ApprovalFacts
from registrar.core.evaluation import evaluate
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.ledger import BrokenGlass
from registrar.core.pull_requests import ReviewState
from registrar.core.reports import Report
from registrar.core.verdicts import VerdictState
from registry_schema import Approvals, BreakGlass, Freeze, Gate, Holders, Registry, Status

FIRE = BrokenGlass(LEO, "every digit is read as 7", "https://forge.example/7#1")
WHO = BreakGlass(("@leo",))
SAID = "glass broken by leo: every digit is read as 7"
HOUR = timedelta(hours=1)


def broken(
    *,
    registry: Registry | None = None,
    approvals: ApprovalFacts | None = None,
    glass: BrokenGlass | None = FIRE,
    files: tuple[AFile, ...] = (AFile(STATUS_PATH),),
) -> EvaluationFacts:
    """Mei asks for Production for 1.1.0, nobody has approved it, and leo breaks the glass."""
    rules = registry or a_registry(break_glass=WHO)
    return evaluation_facts(a_change(after=PROMOTED), registry=rules, approvals=approvals, files=files, glass=glass)


def told(report: Report) -> tuple[VerdictState, str]:
    return report.verdict.state, report.verdict.reason


def test_broken_glass_stands_in_for_approvals() -> None:
    report = evaluate(broken())

    assert told(report) == (VerdictState.PASSED, f"{SAID} (without it: waiting for ana or raj)")
    assert report.glass == FIRE


def test_broken_glass_stands_in_for_a_freeze_and_for_soak() -> None:
    frozen = a_registry(
        freezes=(Freeze("sale", NOON - HOUR, NOON + HOUR),),
        break_glass=WHO,
        Production=Status(("Staging",), Holders.ONE, "Archived", Approvals(), soak=24 * HOUR),
    )

    report = evaluate(broken(registry=frozen, approvals=approval_facts(reviews=(a_review(ANA),))))

    assert report.verdict.passed
    assert report.verdict.reason == (
        f"{SAID} (without it: Production is frozen until 2026-03-01 13:00 UTC: sale); "
        f"{SAID} (without it: Production asks for 1 day in the status before it, and since when 1.1.0 holds Staging "
        "cannot be shown: that counts from the merge of the pull request that gave it)"
    )
    assert report.glass == FIRE


def test_glass_that_need_not_have_been_broken_is_not_spoken_of() -> None:
    report = evaluate(broken(approvals=approval_facts(reviews=(a_review(ANA),))))

    assert told(report) == (VerdictState.PASSED, "approved by ana (CODEOWNERS:3)")
    assert report.glass is None


@pytest.mark.parametrize(
    "approvals",
    [
        pytest.param(approval_facts(requester=None), id="nobody can show who asked"),
        pytest.param(approval_facts(unknown=("Ghost",)), id="nobody can show who wrote it"),
        pytest.param(approval_facts(unowned={STATUS_PATH: "CODEOWNERS:4 leaves it without owners"}), id="unowned"),
        pytest.param(approval_facts(owners=(MEI,)), id="nobody is left who may approve"),
        pytest.param(approval_facts(reviews=(a_review(ZOE, ReviewState.CHANGES_REQUESTED),)), id="no owner objects"),
    ],
)
def test_in_an_emergency_it_does_not_matter_that(approvals: ApprovalFacts) -> None:
    assert evaluate(broken(approvals=approvals)).verdict.passed


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(broken(registry=a_registry()), "waiting for ana or raj", id="where the rules name nobody who may"),
        pytest.param(
            broken(registry=a_registry(break_glass=BreakGlass(("@leo",), ("Staging",)))),
            "waiting for ana or raj",
            id="into another status",
        ),
        pytest.param(
            broken(approvals=approval_facts(reviews=(a_review(ANA, ReviewState.CHANGES_REQUESTED),))),
            "ana asked for changes; this waits until they approve, or their review is dismissed",
            id="an owner who objects",
        ),
        pytest.param(
            broken(approvals=approval_facts(rules=(), reviews=(a_review(ZOE, ReviewState.CHANGES_REQUESTED),))),
            f"CODEOWNERS names nobody for {STATUS_PATH} whom the forge knows; name there who may approve it",
            id="anybody who objects, where nobody knows the owners",
        ),
        pytest.param(
            broken(registry=a_registry(break_glass=WHO, gates={"Production": (Gate("accuracy", at_least=0.99),)})),
            "accuracy 0.97 is below the required 0.99",
            id="a gate",
        ),
        pytest.param(
            broken(files=(AFile(STATUS_PATH), AFile("models/digits/versions/1.0.0/version.yaml"))),
            "this alters models/digits/versions/1.0.0/version.yaml, but digits 1.0.0 is released and stays as it is; "
            "register a new version",
            id="an altered version",
        ),
        pytest.param(
            evaluation_facts(
                a_change(before=holding(), after=holding(Production="1.1.0")),
                registry=a_registry(break_glass=WHO),
                glass=FIRE,
            ),
            "Production is reached from Staging, not from Development",
            id="a way that the lifecycle does not have",
        ),
        pytest.param(
            evaluation_facts(a_change(after=PROMOTED, moved=True), registry=a_registry(break_glass=WHO), glass=FIRE),
            "the base has moved",
            id="a base that has moved",
        ),
        pytest.param(replace(broken(), draft=True), "this is a draft; mark it as ready", id="a draft"),
    ],
)
def test_no_emergency_overrules(facts: EvaluationFacts, reason: str) -> None:
    report = evaluate(facts)

    assert not report.verdict.passed
    assert reason in report.verdict.reason


def test_the_rules_themselves_are_never_changed_by_broken_glass() -> None:
    facts = approval_facts()
    both = replace(facts, owners={**facts.owners, "registry.yaml": facts.owners[STATUS_PATH]})
    mixed = broken(approvals=both, files=(AFile(STATUS_PATH), AFile("registry.yaml")))

    report = evaluate(mixed)

    assert told(report) == (VerdictState.WAITING, "waiting for ana or raj")
    (approval,) = (child for child in report.verdict.children if child.name == "approval")
    assert [(path.name, path.state) for path in approval.children] == [
        ("approval of registry.yaml", VerdictState.WAITING),
        (f"approval of {STATUS_PATH}", VerdictState.PASSED),
    ]


def test_the_rules_alone_are_no_emergency() -> None:
    alone = approval_facts(path="registry.yaml")
    facts = evaluation_facts(
        registry=a_registry(break_glass=WHO), approvals=alone, files=(AFile("registry.yaml"),), glass=FIRE
    )

    assert told(evaluate(facts)) == (VerdictState.WAITING, "waiting for ana or raj")


def test_what_is_left_to_approve_is_judged_by_itself_where_nobody_can_show_who_asked() -> None:
    facts = approval_facts(requester=None)
    both = replace(facts, owners={**facts.owners, "registry.yaml": facts.owners[STATUS_PATH]})

    report = evaluate(broken(approvals=both, files=(AFile(STATUS_PATH), AFile("registry.yaml"))))

    assert report.verdict.state is VerdictState.FAILED
    assert report.verdict.reason.startswith("who asked for this change cannot be shown")


def test_what_an_owner_has_approved_is_told_so_beside_what_the_glass_let_pass() -> None:
    facts = approval_facts(reviews=(a_review(RAJ),))
    other = "models/fraud/status.yaml"
    zoe = approval_facts(owners=(ZOE,), path=other)
    both = replace(facts, owners={**facts.owners, **zoe.owners})
    fraud = replace(a_change(after=PROMOTED), name="fraud", status_path=other)
    registry = a_registry(break_glass=WHO)

    report = evaluate(evaluation_facts(a_change(after=PROMOTED), fraud, registry=registry, approvals=both, glass=FIRE))

    (approval,) = (child for child in report.verdict.children if child.name == "approval")
    assert [path.reason for path in approval.children] == [
        "approved by raj (CODEOWNERS:3)",
        f"{SAID} (without it: waiting for zoe)",
    ]
