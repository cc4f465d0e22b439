"""Everything that is asked of a pull request, in one verdict."""

from dataclasses import replace

import pytest

from core.builders import (
    ANA,
    MEI,
    PROMOTED,
    STATUS_PATH,
    AFile,
    a_change,
    a_registry,
    a_review,
    a_status,
    a_version,
    an_owner,
    approval_facts,
    evaluation_facts,
    holding,
)
from registrar.core.candidates import strictest_status
from registrar.core.evaluation import evaluate
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.reports import Kind, Registration, Report, invalid
from registrar.core.verdicts import VerdictState
from registry_schema import Deploy, Gate, Holder, Holders, Holdings, Problem, Registry, Status

PASSED, WAITING, FAILED = VerdictState.PASSED, VerdictState.WAITING, VerdictState.FAILED
APPROVED = approval_facts(reviews=(a_review(ANA),))
BETTER = a_registry(gates={"Production": (Gate("accuracy", not_worse_than="Production"),)})
TOUCHES_STATUS = (AFile(STATUS_PATH),)


def reasons(report: Report) -> list[str]:
    return [leaf.reason for leaf in report.verdict.leaves()]


def a_registration(**metrics: float) -> EvaluationFacts:
    """1.2.0 is registered while 1.0.0 is in Production."""
    facts = {"1.0.0": a_version(accuracy=0.95), "1.2.0": a_version(**metrics)}
    return evaluation_facts(a_change(registered=("1.2.0",), facts=facts), registry=BETTER)


def a_promotion(*, registry: Registry = BETTER, after: Holdings = PROMOTED) -> EvaluationFacts:
    """Mei asks for Production for 1.1.0, and ana has approved."""
    return evaluation_facts(a_change(after=after), registry=registry, approvals=APPROVED, files=TOUCHES_STATUS)


def test_a_promotion_that_meets_everything_passes_because_of_who_approved() -> None:
    report = evaluate(a_promotion())

    assert report.kind is Kind.PROMOTION
    assert (report.verdict.state, report.verdict.reason) == (PASSED, "approved by ana (CODEOWNERS:3)")
    assert reasons(report) == [
        "no released file is altered",
        "no status has more holders than it may",
        "Archived may be reached from Production",
        "Production may be reached from Staging",
        "accuracy 0.97 is not worse than the 0.95 of 1.0.0 in Production",
        "approved by ana (CODEOWNERS:3)",
    ]


def test_a_promotion_waits_for_an_owner() -> None:
    report = evaluate(replace(a_promotion(), approvals=approval_facts()))

    assert (report.verdict.state, report.verdict.reason) == (WAITING, "waiting for ana or raj")
    assert [person.login for needed in report.approvers for person in needed.people] == ["ana", "raj"]


def test_an_approval_does_not_open_a_gate() -> None:
    registry = a_registry(gates={"Production": (Gate("accuracy", at_least=0.99),)})

    report = evaluate(a_promotion(registry=registry))

    assert report.verdict.reason == "accuracy 0.97 is below the required 0.99"
    assert report.verdict.state is FAILED


def test_an_approval_does_not_open_a_way_that_the_rules_close() -> None:
    skips = a_change(before=holding(Production="1.0.0"), after=holding(Production="1.1.0", Archived="1.0.0"))

    report = evaluate(evaluation_facts(skips, approvals=APPROVED))

    assert report.verdict.state is FAILED
    assert "Production is reached from Staging, not from Development" in report.verdict.reason


def test_a_version_that_does_not_exist_cannot_be_promoted() -> None:
    report = evaluate(a_promotion(after=holding(Production="1.0.0", Staging=("1.1.0", "9.0.0"))))

    assert report.verdict.reason == "digits has no version 9.0.0; register it first"
    assert [candidate.version for candidate in report.candidates] == []


def test_the_name_of_a_version_that_does_not_exist_can_be_cleaned_away() -> None:
    registry = a_registry(Development=Status(promotes_from=("QA",)))
    cleaned = a_change(before=holding(QA="9.0.0"), after=holding())

    assert evaluate(evaluation_facts(cleaned, registry=registry)).verdict.passed


def test_two_versions_cannot_be_made_to_share_production() -> None:
    report = evaluate(a_promotion(after=holding(Production=("1.0.0", "1.1.0"))))

    assert report.verdict.state is FAILED
    assert "Production is for one version of digits" in report.verdict.reason


def test_a_status_that_does_not_exist_is_named() -> None:
    report = evaluate(evaluation_facts(a_change(before=holding(Gone="1.1.0"), after=holding(QA="1.1.0"))))

    assert report.verdict.reason.startswith("registry.yaml has no status Gone")


def test_a_status_that_nobody_must_approve_says_so() -> None:
    report = evaluate(evaluation_facts(a_change(before=holding(), after=holding(QA="1.1.0"))))

    assert (report.verdict.state, report.verdict.reason) == (
        PASSED,
        "none of the statuses that change asks for an approval",
    )
    assert report.approvers == ()


def test_a_status_file_that_has_moved_on_the_base_must_be_looked_at_again() -> None:
    report = evaluate(evaluation_facts(a_change(after=PROMOTED, moved=True), approvals=APPROVED))

    assert report.verdict.state is WAITING
    assert report.verdict.reason == (
        "the base has moved: models/digits/status.yaml has changed there since this branch began; "
        "ask for it again with /registrar promote digits@1.1.0 to Production, or update the branch"
    )


def test_a_registration_does_not_mind_that_the_base_has_moved() -> None:
    report = evaluate(evaluation_facts(a_change(registered=("1.2.0",), moved=True)))

    assert report.verdict.passed


def test_a_rollback_is_not_measured_against_what_it_replaces() -> None:
    back = a_change(
        before=holding(Production="1.1.0", Archived="1.0.0"), after=holding(Production="1.0.0", Archived="1.1.0")
    )
    held = {("digits", "1.0.0"): frozenset({"Production"})}

    report = evaluate(evaluation_facts(back, registry=BETTER, approvals=APPROVED, held_before=held))

    assert report.verdict.passed
    assert "1.0.0 met them when it first held Production, and a return is not measured again" in reasons(report)


def test_a_rollback_to_what_never_held_the_status_is_refused() -> None:
    back = a_change(
        before=holding(Production="1.1.0", Archived="1.0.0"), after=holding(Production="1.0.0", Archived="1.1.0")
    )

    assert evaluate(evaluation_facts(back, approvals=APPROVED)).verdict.state is FAILED


def test_a_rollback_needs_an_approval_too() -> None:
    back = a_change(
        before=holding(Production="1.1.0", Archived="1.0.0"), after=holding(Production="1.0.0", Archived="1.1.0")
    )
    held = {("digits", "1.0.0"): frozenset({"Production"})}

    assert evaluate(evaluation_facts(back, held_before=held)).verdict.state is WAITING


def test_another_share_of_the_traffic_needs_an_approval_and_starts_no_deploy() -> None:
    before, after = (Holdings({"Production": (Holder("1.0.0", share),)}) for share in (10, 50))
    registry = a_registry(deploys=(Deploy("Production", "acme/digits-ui", "deploy.yml"),))

    report = evaluate(evaluation_facts(a_change(before=before, after=after), registry=registry))

    assert report.verdict.reason == "waiting for ana or raj"
    assert report.deploys == ()


def test_a_registration_passes_and_tells_how_it_would_fare() -> None:
    report = evaluate(a_registration(accuracy=0.94))

    (candidate,) = report.candidates
    assert report.kind is Kind.REGISTRATION
    assert (report.verdict.state, report.verdict.reason) == (PASSED, "registers digits 1.2.0")
    assert report.registrations == (Registration("digits", "1.2.0"),)
    assert (candidate.version, candidate.baseline, candidate.status) == ("1.2.0", "1.0.0", "Production")
    assert candidate.outlook is not None
    assert candidate.outlook.reason == "accuracy 0.94 is worse than the 0.95 of 1.0.0 in Production"


def test_a_registration_and_a_promotion_in_one_are_mixed() -> None:
    change = a_change(
        before=holding(),
        after=holding(QA="1.2.0"),
        registered=("1.2.0",),
        facts={"1.2.0": a_version(accuracy=0.9)},
    )

    report = evaluate(evaluation_facts(change, registry=BETTER))

    assert report.kind is Kind.MIXED
    assert [candidate.baseline for candidate in report.candidates] == [None]
    assert "registers digits 1.2.0" in reasons(report)


def test_a_version_that_makes_room_is_no_candidate() -> None:
    assert [candidate.version for candidate in evaluate(a_promotion()).candidates] == ["1.1.0"]


def test_a_candidate_is_not_compared_with_itself() -> None:
    before, after = (Holdings({"Production": (Holder("1.0.0", share),)}) for share in (10, 50))

    (candidate,) = evaluate(evaluation_facts(a_change(before=before, after=after))).candidates

    assert (candidate.version, candidate.baseline) == ("1.0.0", None)


def test_a_version_without_facts_reports_nothing() -> None:
    report = evaluate(replace(a_promotion(), models=(a_change(after=PROMOTED, facts={}),)))

    assert report.verdict.reason == "1.1.0 does not report accuracy"
    assert [row.candidate for candidate in report.candidates for row in candidate.comparison.rows] == [None]


@pytest.mark.parametrize(
    ("registry", "expected"),
    [
        pytest.param(a_registry(), "Production", id="the one for one version"),
        pytest.param(a_registry(Late=a_status(holders=Holders.ONE)), "Late", id="the last of several"),
        pytest.param(Registry(statuses={"New": Status(), "Live": Status()}), None, id="none for one version only"),
    ],
)
def test_the_strictest_status_is(registry: Registry, expected: str | None) -> None:
    assert strictest_status(registry) == expected


def test_without_a_strictest_status_a_candidate_stands_alone() -> None:
    registry = Registry(statuses={"New": Status(), "Live": Status(promotes_from=("New",))})

    (candidate,) = evaluate(evaluation_facts(a_change(registered=("1.2.0",)), registry=registry)).candidates

    assert (candidate.status, candidate.baseline, candidate.outlook) == (None, None, None)


def test_a_pull_request_that_touches_no_model_passes_and_says_so() -> None:
    report = evaluate(evaluation_facts(files=(AFile("README.md"),)))

    assert report.kind is Kind.NOTHING
    assert (report.verdict.state, report.verdict.reason) == (PASSED, "this changes no version and no status")


def test_a_status_file_that_changes_nothing_passes() -> None:
    assert evaluate(evaluation_facts(a_change(), files=TOUCHES_STATUS)).verdict.passed


def test_a_status_file_of_no_model_is_not_passed_over() -> None:
    report = evaluate(evaluation_facts(files=(AFile("models/ghost/status.yaml"),)))

    assert report.verdict.reason == "models/ghost/status.yaml changes, but belongs to no model that could be read"


def test_every_problem_is_told() -> None:
    problems = (Problem("models/digits/status.yaml", 2, "is odd"), Problem("registry.yaml", 0, "is odder", "mend it"))

    report = evaluate(replace(a_promotion(), problems=problems))

    assert report.kind is Kind.INVALID
    assert report.problems == problems
    assert report.verdict.reason == "models/digits/status.yaml:2: is odd; registry.yaml: is odder; mend it"


def test_a_draft_waits() -> None:
    report = evaluate(replace(a_promotion(), draft=True))

    assert (report.verdict.state, report.verdict.reason) == (WAITING, "this is a draft; mark it as ready")


def test_a_released_file_cannot_be_altered_even_with_an_approval() -> None:
    files = (*TOUCHES_STATUS, AFile("models/digits/versions/1.1.0/version.yaml"))

    assert evaluate(replace(a_promotion(), files=files)).verdict.state is FAILED


def test_the_requesters_own_approval_is_refused_and_says_why() -> None:
    approvals = approval_facts(owners=(an_owner(ANA), an_owner(MEI)), reviews=(a_review(MEI),))

    report = evaluate(replace(a_promotion(), approvals=approvals))

    assert report.verdict.state is WAITING
    assert "mei asked for this change, so mei cannot approve it" in reasons(report)


def test_the_report_says_what_the_merge_will_start() -> None:
    to_ui = Deploy("Production", "acme/digits-ui", "deploy.yml")

    (planned,) = evaluate(a_promotion(registry=a_registry(deploys=(to_ui,)))).deploys

    assert planned.rule == to_ui
    assert (planned.transition.version, planned.transition.before) == ("1.1.0", "Staging")


@pytest.mark.fault(64, because="Models are judged here alike, whichever forge they come from.")
def test_each_model_needs_its_own_owners() -> None:
    other = replace(a_change(after=PROMOTED), name="risk", status_path="models/risk/status.yaml")

    report = evaluate(replace(a_promotion(), models=(a_change(after=PROMOTED), other)))

    assert report.verdict.state is FAILED
    assert "CODEOWNERS names nobody for models/risk/status.yaml" in report.verdict.reason


def test_a_change_of_the_registrys_own_files_is_more_than_nothing() -> None:
    assert evaluate(evaluation_facts(files=(AFile("models/digits/model.yaml"),))).kind is Kind.OTHER


def test_rules_that_cannot_be_read_are_told_and_nothing_else() -> None:
    report = invalid([Problem("registry.yaml", 3, "is odd")])

    assert (report.kind, report.verdict.state) == (Kind.INVALID, FAILED)
    assert report.verdict.reason == "registry.yaml:3: is odd"
