"""Claims about how a step and its note become lines: git says what happened, the note only who stood behind it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.builders import ANA, MEI, NOON, RAJ
from core.ledgers import BEFORE, LANDED, MOVE, counted, deployed, merged, pushed, rejected
from registrar.core.audit import Kind, Record, Remark
from registrar.core.audit_notes import told
from registrar.core.audit_steps import Chronicle, Landed
from registrar.core.ledger import BrokenGlass, Entry
from registrar.core.ledger_text import written
from registrar.core.lifecycle import Transition
from registrar.core.pull_requests import Outcome

MADE_ROOM = Transition("digits", "1.0.0", "Production", "Archived")


def a_step(
    commit: str = LANDED,
    *moves: Transition,
    before: str = BEFORE,
    displaced: Sequence[Transition] = (),
    paths: tuple[str, ...] = (),
) -> Landed:
    return Landed(commit, before, NOON, "mei tanaka", "mei", moves, displaced, paths)


def lines(step: Landed, *entries: Entry, chronicle: Chronicle | None = None) -> list[Record | Remark]:
    note = told(written(entries).encode(), step.commit)
    return list((chronicle or Chronicle()).lines(step, note))


def record_of(step: Landed, *entries: Entry, chronicle: Chronicle | None = None) -> Record:
    (found,) = lines(step, *entries, chronicle=chronicle)
    assert isinstance(found, Record)
    return found


def test_a_promotion_is_told_with_everybody_who_stood_behind_it() -> None:
    found = record_of(a_step(LANDED, MOVE), merged(), deployed(), deployed(Outcome.SUCCESS))

    assert (found.kind, found.transition, found.ruling, found.number) == (Kind.TRANSITION, MOVE, "approved", 7)
    assert found.at == NOON + timedelta(minutes=1)
    assert (found.requester, found.approvers) == ("mei", ("ana",))
    assert [check["name"] for check in found.checks] == ["approval of models/digits/status.yaml"]
    assert [metric["value"] for metric in found.measured] == [0.97]
    assert [deploy["outcome"] for deploy in found.deploys] == ["success"]
    assert found.people == ("mei", "mei tanaka", "ana", "registrar")
    assert found.url.endswith("/pull/7")


def test_what_was_displaced_says_so_and_has_no_number_or_deploy_of_its_own() -> None:
    step = a_step(LANDED, MOVE, MADE_ROOM, displaced=[MADE_ROOM])

    _, room = lines(step, merged(transitions=(MOVE, MADE_ROOM)), deployed())

    assert isinstance(room, Record)
    assert (room.transition, room.makes_room, room.ruling) == (MADE_ROOM, True, "approved")
    assert (room.measured, room.deploys) == ([], ())


def test_without_a_note_git_alone_speaks() -> None:
    found = record_of(a_step(LANDED, MOVE))

    assert (found.ruling, found.reason) == ("no note", "the ledger does not know it")
    assert (found.requester, found.at, found.number, found.url) == ("mei", NOON, None, "")
    assert (found.approvals, found.checks, found.measured, found.glass) == ((), (), (), None)
    assert found.people == ("mei", "mei tanaka")


def test_a_forged_note_changes_nothing_of_what_happened() -> None:
    forged = merged(transitions=(replace(MOVE, version="9.9.9"),))

    record, remark = lines(a_step(LANDED, MOVE), forged)

    assert isinstance(record, Record)
    assert (record.transition, record.ruling) == (MOVE, "no note")
    assert record.reason == "its note does not tell of it"
    assert str(remark) == (
        "c0ffee1: its note tells of digits 9.9.9: Staging -> Production, and git shows no such change"
    )


def test_a_note_can_make_up_no_change() -> None:
    (remark,) = lines(a_step(LANDED), merged())

    assert isinstance(remark, Remark)


def test_approvals_of_another_model_are_not_its_own() -> None:
    letters = counted(person=RAJ, path="models/letters/status.yaml")

    assert record_of(a_step(LANDED, MOVE), merged(approvals=(counted(), letters))).approvers == ("ana",)


def test_broken_glass_says_who_and_why() -> None:
    glass = BrokenGlass(RAJ, "production is down", "https://forge.example/7#1")

    found = record_of(a_step(LANDED, MOVE), merged(ruling="glass broken", approvals=(), glass=glass))

    assert found.ruling == "glass broken"
    assert found.glass is not None
    assert found.glass["reason"] == "production is down"
    assert "raj" in found.people


@pytest.mark.parametrize(
    ("revert", "reason"),
    [
        pytest.param(8, "it came without an approved pull request; pull request 8 takes it back", id="taken back"),
        pytest.param(None, "it came without an approved pull request", id="cannot be taken back"),
    ],
)
def test_what_was_pushed_past_everybody_is_unapproved(revert: int | None, reason: str) -> None:
    found = record_of(a_step(LANDED, MOVE), pushed(revert=revert))

    assert (found.ruling, found.reason) == ("unapproved", reason)


def test_a_rejection_is_a_line_of_its_own() -> None:
    found = record_of(a_step(), rejected(at=NOON + timedelta(days=1)))

    assert (found.kind, found.transition, found.rejected_by) == (Kind.REJECTION, MOVE, ANA.login)
    assert (found.at, found.reason) == (NOON + timedelta(days=1), "not before the audit")
    assert found.people == (MEI.login, ANA.login)


def test_a_rejection_of_no_change_of_status_is_told_too() -> None:
    assert record_of(a_step(), rejected(transitions=())).transition is None


def test_a_change_of_the_rules_is_told_with_who_approved_it() -> None:
    landed = merged(
        transitions=(), approvals=(counted(path="registry.yaml"),), content=(("registry.yaml", 40 * "e"),), measured=()
    )

    found = record_of(a_step(paths=("registry.yaml",)), landed)

    assert (found.kind, found.paths, found.ruling, found.approvers) == (
        Kind.CHANGE,
        ("registry.yaml",),
        "approved",
        ("ana",),
    )
    assert found.measured == ()


def test_a_change_of_the_rules_without_a_note_is_told_as_such() -> None:
    assert record_of(a_step(paths=("CODEOWNERS",))).ruling == "no note"


def test_a_registration_that_was_approved_is_no_line() -> None:
    assert lines(a_step(), merged(transitions=(), registrations=(("digits", "1.1.0"),))) == []


def test_what_was_let_pass_without_its_owners_is_a_line_whatever_it_was() -> None:
    found = record_of(a_step(), merged(transitions=(), ruling="refused"))

    assert (found.kind, found.paths, found.ruling) == (Kind.CHANGE, ("models/digits/status.yaml",), "refused")


def test_a_push_that_changed_another_guarded_file_is_a_line() -> None:
    path = "models/digits/versions/1.0.0/version.yaml"

    found = record_of(a_step(), pushed(transitions=(), paths=(path,)))

    assert (found.paths, found.ruling) == ((path,), "unapproved")


def test_commits_that_landed_one_by_one_share_the_note_of_the_last() -> None:
    chronicle = Chronicle()
    first, last = "1" * 40, "2" * 40
    whole = merged(commit=last, before=BEFORE, transitions=(replace(MOVE, before="QA"),))
    lines(a_step(last, MOVE, before=first), whole, chronicle=chronicle)

    found = record_of(a_step(first, replace(MOVE, before="QA", after="Staging"), before=BEFORE), chronicle=chronicle)

    assert (found.number, found.ruling) == (7, "approved")


@pytest.mark.parametrize("steps", [1, 1_000])
def test_no_note_speaks_for_what_was_there_before_its_pull_request(steps: int) -> None:
    chronicle = Chronicle()
    forged = merged(commit="2" * 40, before=BEFORE if steps == 1 else "f" * 40)
    lines(a_step("2" * 40, MOVE, before="1" * 40), forged, chronicle=chronicle)
    for number in range(steps - 1):
        lines(a_step(f"{number:040}"), chronicle=chronicle)

    found = record_of(a_step(BEFORE, replace(MOVE, before="QA", after="Staging"), before="0" * 40), chronicle=chronicle)

    assert found.ruling == "no note"


def test_what_is_wrong_with_a_note_is_said_of_its_commit() -> None:
    (remark,) = Chronicle().lines(a_step(), told(b"\xff", LANDED))

    assert str(remark) == "c0ffee1: its note is no text in UTF-8, and was not read"
    assert str(Remark("", "all of it")) == "all of it"
