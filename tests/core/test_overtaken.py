"""What a request is told that lost a race."""

from dataclasses import replace

import pytest

from core.builders import (
    ANA,
    PROMOTED,
    STATUS_PATH,
    AFile,
    a_change,
    a_registry,
    a_review,
    a_version,
    approval_facts,
    evaluation_facts,
    holding,
)
from registrar.core.evaluation import evaluate
from registrar.core.lifecycle import Transition
from registrar.core.overtaken import Lost, Overtaking
from registrar.core.verdicts import VerdictState
from registry_schema import Gate

WISH = Transition("digits", "1.1.0", "Staging", "Production")
TAKEN = Transition("digits", "1.2.0", "Staging", "Production")
GONE = Transition("digits", "1.0.0", "Production", "Archived")
SHA = "3f2a91c" + 33 * "0"


@pytest.mark.parametrize(
    ("overtaking", "told"),
    [
        pytest.param(
            Overtaking(SHA, (TAKEN, GONE), 7, "#7", "mei", "approved by ana"),
            "1.2.0 got Production first, by #7 of mei, approved by ana",
            id="to whom, by whom, on whose word",
        ),
        pytest.param(Overtaking(SHA, (TAKEN,), 7, "#7"), "1.2.0 got Production first, by #7", id="as far as known"),
        pytest.param(
            Overtaking(SHA, (Transition("digits", "1.3.0", "Development", "QA"),), 7, "!7", "mei"),
            "1.3.0 went from Development to QA first, by !7 of mei",
            id="another status of the same model",
        ),
        pytest.param(
            Overtaking(SHA, ()),
            "the status file was changed first, by 3f2a91c, which came without a request",
            id="a push that changed nothing but the form",
        ),
    ],
)
def test_who_lost_is_told_to_what(overtaking: Overtaking, told: str) -> None:
    assert str(Lost(WISH, overtaking)) == told


@pytest.mark.parametrize(
    ("moves", "is_it"),
    [
        pytest.param((TAKEN,), True, id="another version took it"),
        pytest.param((GONE,), False, id="its holder left"),
        pytest.param((WISH,), False, id="the same version took it"),
    ],
)
def test_a_race_is_for_one_status(moves: tuple[Transition, ...], *, is_it: bool) -> None:
    assert Lost(WISH, Overtaking(SHA, moves)).is_of_one_status is is_it


def test_the_verdict_says_to_what_the_request_lost() -> None:
    change = a_change(after=PROMOTED, moved=True, overtaken=Overtaking(SHA, (TAKEN,), 7, "#7", "mei"))

    report = evaluate(evaluation_facts(change))

    assert report.verdict.state is VerdictState.WAITING
    assert "the base has moved: 1.2.0 got Production first, by #7 of mei" in report.verdict.reason
    assert report.lost == (Lost(WISH, Overtaking(SHA, (TAKEN,), 7, "#7", "mei")),)


def test_a_change_that_moves_nothing_has_lost_nothing() -> None:
    report = evaluate(evaluation_facts(a_change(moved=True, overtaken=Overtaking(SHA, (TAKEN,)))))

    assert report.lost == ()


BACK = a_change(before=holding(Production="1.1.0"), after=holding(Production="1.0.0", Staging="1.1.0"))


def test_what_nobody_approved_is_put_back_against_the_lifecycle_and_its_gates() -> None:
    strict = a_registry(gates={"Production": (Gate("accuracy", at_least=0.99),)})

    forbidden = evaluate(evaluation_facts(BACK, registry=strict))
    restored = evaluate(evaluation_facts(BACK, registry=strict, restored={STATUS_PATH: SHA}))

    assert forbidden.verdict.state is VerdictState.FAILED
    assert restored.verdict.state is VerdictState.WAITING  # for an owner all the same
    assert "digits is put back as it was before 3f2a91c, which nobody approved" in str(restored.verdict)


@pytest.mark.parametrize(
    ("version", "status"),
    [("1.1.0", "Staging"), ("1.0.0", "Production")],
)
def test_nothing_is_built_on_a_status_that_nobody_approved(version: str, status: str) -> None:
    change = a_change(
        before=holding(Production="1.0.0", Staging="1.1.0"), after=holding(Production="1.1.0", Archived="1.0.0")
    )
    measured = a_registry(gates={"Production": (Gate("accuracy", not_worse_than="Production"),)})
    facts = evaluation_facts(change, registry=measured, unapproved={("digits", version): SHA})

    report = evaluate(facts)

    assert f"{version} holds {status} only by 3f2a91c, which nobody approved" in str(report.verdict)
    assert not report.verdict.passed
    assert "nobody approved" not in str(evaluate(replace(facts, unapproved={})).verdict)


def test_nothing_is_approved_by_rules_that_nobody_approved() -> None:
    change = a_change(after=holding(Production="1.1.0", Archived="1.0.0"))
    approved = evaluation_facts(change, approvals=approval_facts(reviews=(a_review(ANA),)))

    tampered = evaluate(replace(approved, tampered={"CODEOWNERS": SHA}))

    assert evaluate(approved).verdict.passed
    assert tampered.verdict.state is VerdictState.WAITING
    assert "CODEOWNERS was changed by 3f2a91c, which nobody approved" in tampered.verdict.reason


def test_a_released_file_that_nobody_approved_to_alter_is_put_back() -> None:
    path = "models/digits/versions/1.0.0/version.yaml"
    altered = evaluation_facts(files=(AFile(path),))
    restored = evaluation_facts(files=(AFile(path),), restored={path: SHA})

    assert [evaluate(facts).verdict.state for facts in (altered, restored)] == [
        VerdictState.FAILED,
        VerdictState.PASSED,
    ]


def test_a_version_that_is_not_there_is_not_put_back() -> None:
    change = a_change(
        before=holding(Production="1.1.0"), after=holding(Production="0.9.0"), facts={"1.1.0": a_version()}
    )

    report = evaluate(evaluation_facts(change, restored={STATUS_PATH: SHA}))

    assert "digits has no version 0.9.0" in report.verdict.reason
