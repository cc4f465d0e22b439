"""What git alone shows is judged as the whole is: less is asked, and nothing that the whole refuses is let through."""

from dataclasses import replace
from datetime import timedelta

from core.builders import (
    PROMOTED,
    STATUS_PATH,
    AFile,
    a_change,
    a_registry,
    approval_facts,
    evaluation_facts,
)
from registrar.core.evaluation import evaluate, evaluate_content
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.verdicts import VerdictState
from registry_schema import Gate


def a_promotion(*, at_least: float = 0.9) -> EvaluationFacts:
    """Mei asks for Production, which asks for three days in Staging, and nobody has approved."""
    registry = a_registry(gates={"Production": (Gate("accuracy", at_least=at_least),)})
    slow = replace(registry.statuses["Production"], soak=timedelta(days=3))
    registry = replace(registry, statuses={**registry.statuses, "Production": slow})
    return evaluation_facts(
        a_change(after=PROMOTED), registry=registry, approvals=approval_facts(), files=(AFile(STATUS_PATH),)
    )


def test_nobody_is_asked_who_approved_nor_since_when() -> None:
    report = evaluate_content(a_promotion())

    assert report.verdict.state is VerdictState.PASSED
    assert report.approvers == ()
    assert [leaf.reason for leaf in report.verdict.leaves()] == [
        "no released file is altered",
        "no status has more holders than it may",
        "Archived may be reached from Production",
        "Production may be reached from Staging",
        "accuracy 0.97 is at least the required 0.9",
    ]


def test_what_the_content_cannot_meet_fails_as_in_the_whole() -> None:
    facts = a_promotion(at_least=0.99)

    content, whole = evaluate_content(facts), evaluate(facts)

    assert (content.verdict.state, whole.verdict.state) == (VerdictState.FAILED, VerdictState.FAILED)
    assert content.verdict.reason in whole.verdict.reason
    assert (content.candidates, content.kind) == (whole.candidates, whole.kind)
