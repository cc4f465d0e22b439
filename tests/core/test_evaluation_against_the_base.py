"""A pull request is judged by what is true on the base now, and by what its deploy will need."""

from core.builders import PROMOTED, a_change, a_registry, a_version, approval_facts, evaluation_facts, holding
from registrar.core.evaluation import evaluate
from registrar.core.verdicts import VerdictState
from registry_schema import Deploy, Gate, Version

DEPLOYING = a_registry(deploys=(Deploy("Production", "acme/app", "deploy.yml"),))
UNARMED = {"1.0.0": a_version(), "1.1.0": Version()}


def test_a_candidate_is_compared_with_what_holds_the_status_now() -> None:
    change = a_change(
        registered=("1.2.0",),
        tip=holding(Production="1.1.0", Archived="1.0.0"),
        facts={"1.1.0": a_version(accuracy=0.97), "1.2.0": a_version(accuracy=0.96)},
        moved=True,
    )

    (candidate,) = evaluate(evaluation_facts(change)).candidates

    assert candidate.baseline == "1.1.0"


def test_nothing_else_is_judged_while_the_base_has_moved() -> None:
    gated = a_registry(gates={"Production": (Gate("accuracy", at_least=1.0),)})

    report = evaluate(evaluation_facts(a_change(after=PROMOTED, moved=True), registry=gated))

    assert report.verdict.state is VerdictState.WAITING
    assert "the base has moved" in report.verdict.reason


def test_what_has_no_weights_cannot_enter_a_status_that_deploys() -> None:
    report = evaluate(evaluation_facts(a_change(after=PROMOTED, facts=UNARMED), registry=DEPLOYING))

    assert report.verdict.state is VerdictState.FAILED
    assert "digits 1.1.0 has no weights, so there is nothing to deploy" in report.verdict.reason


def test_what_has_no_weights_may_enter_a_status_that_deploys_nothing() -> None:
    report = evaluate(evaluation_facts(a_change(after=PROMOTED, facts=UNARMED), approvals=approval_facts()))

    assert "weights" not in report.verdict.reason


def test_a_return_is_told_apart_from_a_promotion() -> None:
    back = a_change(
        before=holding(Production="1.1.0", Archived="1.0.0"), after=holding(Production="1.0.0", Archived="1.1.0")
    )

    report = evaluate(evaluation_facts(back, held_before={("digits", "1.0.0"): frozenset({"Production"})}))

    assert [(move.version, move.after) for move in report.returns] == [("1.0.0", "Production")]
