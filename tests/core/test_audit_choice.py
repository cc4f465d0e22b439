"""Which lines of an audit trail are told, and how they read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.builders import LEO, NOON, OTHER
from core.ledgers import MOVE, counted, deployed, merged, rejected
from registrar.core import audit_words as words
from registrar.core.audit import Kind, Record
from registrar.core.audit_choice import Choice
from registrar.core.ledger import BrokenGlass, Entry, Measured
from registrar.core.ledger_text import documents, written
from registrar.core.lifecycle import Transition
from registrar.core.people import Person
from registrar.core.pull_requests import Outcome


def said(entry: Entry) -> Any:
    return next(documents(written([entry])))


def a_record(transition: Transition | None = MOVE, **changes: Any) -> Record:
    known: dict[str, Any] = {"said": said(merged()), "ruling": "approved", "kind": Kind.TRANSITION, "paths": ()}
    return Record(
        commit="c" * 40, at=NOON, reason="", author="mei", requested_by="", transition=transition, **known | changes
    )


@pytest.mark.parametrize(
    ("choice", "is_told"),
    [
        (Choice(), True),
        (Choice(models="digits"), True),
        (Choice(models="dig*"), True),
        (Choice(models="risk/**"), False),
        (Choice(status="production"), True),
        (Choice(status="Staging"), True),
        (Choice(status="Archived"), False),
        (Choice(models="digits", status="Archived"), False),
        (Choice(person="ANA"), True),
        (Choice(person="mei"), True),
        (Choice(person="registrar"), True),
        (Choice(person="eve"), False),
        (Choice(since=NOON), True),
        (Choice(since=NOON + timedelta(seconds=1)), False),
        (Choice(until=NOON), True),
        (Choice(until=NOON - timedelta(seconds=1)), False),
    ],
)
def test_a_line_is_told_when_all_of_the_choice_fits(choice: Choice, is_told: bool) -> None:  # noqa: FBT001 - the claim
    assert choice.wants(a_record()) is is_told


def test_a_change_of_the_rules_belongs_to_no_model() -> None:
    change = a_record(None, kind=Kind.CHANGE, paths=("registry.yaml",))

    assert [Choice().wants(change), Choice(models="**").wants(change)] == [True, False]


def test_a_choice_says_what_it_is() -> None:
    assert str(Choice(models="risk/**", since=NOON)) == "models risk/**, from 2026-03-01T12:00:00+00:00"
    assert str(Choice()) == ""


def test_who_owned_it_when_the_branch_began_had_a_part_in_it() -> None:
    by_leo = counted(person=LEO, word="@leo", rule="CODEOWNERS:1")
    record = a_record(said=said(merged(fork=OTHER, approvals_before=(by_leo,))))

    assert Choice(person="leo").wants(record)
    assert record.approvers == ("ana", "leo")
    assert words.authorities(record) == [
        "ana (admin, CODEOWNERS:3 @ana, review 12 of 3f2a91c)",
        "leo (admin, CODEOWNERS:1 @leo, review 12 of 3f2a91c), by CODEOWNERS of when its branch began",
    ]


@pytest.mark.parametrize(
    ("record", "change", "result", "alarms"),
    [
        pytest.param(a_record(), "Staging to Production", "approved", False, id="approved"),
        pytest.param(a_record(makes_room=True), "Staging to Production", "displaced", False, id="displaced"),
        pytest.param(a_record(ruling="no note"), "Staging to Production", "no note", False, id="no note"),
        pytest.param(a_record(ruling="unapproved"), "Staging to Production", "unapproved", True, id="unapproved"),
        pytest.param(a_record(deploys=[said(deployed())]), "Staging to Production", "deploying", False, id="deploying"),
        pytest.param(
            a_record(deploys=[said(deployed(Outcome.SUCCESS))]),
            "Staging to Production",
            "deployed",
            False,
            id="deployed",
        ),
        pytest.param(
            a_record(deploys=[said(deployed(Outcome.FAILURE))]),
            "Staging to Production",
            "deploy failed",
            True,
            id="failed",
        ),
        pytest.param(
            a_record(ruling="glass broken", deploys=[said(deployed(Outcome.SUCCESS))]),
            "Staging to Production",
            "glass broken, deployed",
            True,
            id="broken glass",
        ),
        pytest.param(
            a_record(kind=Kind.REJECTION, ruling="rejected", said=said(rejected())),
            "Staging to Production",
            "rejected by ana",
            False,
            id="rejected",
        ),
        pytest.param(
            a_record(Transition("digits", "1.1.0", "QA", "QA", None, 10)),
            "QA, all traffic to 10 %",
            "approved",
            False,
            id="traffic",
        ),
        pytest.param(
            a_record(None, kind=Kind.CHANGE, paths=("registry.yaml", "CODEOWNERS")),
            "registry.yaml, CODEOWNERS",
            "approved",
            False,
            id="rules",
        ),
        pytest.param(a_record(None, kind=Kind.CHANGE), "-", "approved", False, id="nothing named"),
    ],
)
def test_a_line_says_what_changed_and_what_came_of_it(
    record: Record,
    change: str,
    result: str,
    alarms: bool,  # noqa: FBT001 - the claim
) -> None:
    assert (words.change(record), words.result(record), words.is_alarming(record)) == (change, result, alarms)


def test_an_approval_is_told_with_its_authority() -> None:
    assert words.authority(said(merged(approvals=(counted(),)))["approvals"][0]) == (
        "ana (admin, CODEOWNERS:3 @ana, review 12 of 3f2a91c)"
    )


@pytest.mark.parametrize(
    ("changes", "told", "value"),
    [
        ({}, "accuracy 0.97 (Production 1.0.0: 0.95, better)", 0.97),
        ({"against": None, "status": None, "other": None, "judgement": "unknown"}, "accuracy 0.97", 0.97),
        ({"value": None}, "accuracy - (Production 1.0.0: 0.95, better)", None),
    ],
)
def test_a_number_is_told_beside_the_other(changes: dict[str, Any], told: str, value: float | None) -> None:
    number = Measured("digits", "1.1.0", "accuracy", 0.97, "1.0.0", "Production", 0.95, "better")

    (found,) = said(merged(measured=(replace(number, **changes),)))["measured"]

    assert (words.measured(found), words.numbers(found)["value"]) == (told, value)


def test_a_number_that_is_none_is_not_told() -> None:
    (found,) = said(merged())["measured"]

    assert words.numbers({**found, "value": float("inf"), "against": 7})["value"] is None


def test_requirements_deploys_and_glass_read_as_sentences() -> None:
    glass = BrokenGlass(Person(2, "raj"), "production is down", "https://forge.example/7#1")

    assert words.check(said(merged())["checks"][0]) == (
        "approval of models/digits/status.yaml passed: approved by ana (CODEOWNERS:3)"
    )
    assert words.deploy(said(deployed())) == "acme/digits-ui deploy.yml: pending, queued"
    ended = replace(deployed(), outcome=Outcome.SUCCESS, detail="success")
    assert words.deploy(said(ended)) == "acme/digits-ui deploy.yml: success"
    assert words.glass(a_record(said=said(merged(glass=glass)))) == "raj: production is down"
    assert words.glass(a_record()) == ""
    assert words.moment(NOON) == "2026-03-01 12:00"
