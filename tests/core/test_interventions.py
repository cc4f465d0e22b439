"""Who may step in, what is said of it, and what it stops."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.builders import (
    ANA,
    BOT,
    HEAD,
    LEO,
    MEI,
    NOON,
    OTHER,
    PROMOTED,
    RAJ,
    STATUS_PATH,
    ZOE,
    a_change,
    a_review,
    an_owner,
    approval_facts,
    evaluation_facts,
)
from registrar.core.approval_facts import ApprovalFacts
from registrar.core.evaluation import evaluate
from registrar.core.interventions import (
    Intervention,
    Kind,
    could_approve,
    intervention_in,
    judge_interventions,
    objector,
    taken_back_by,
    why_not_an_owner,
)
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import CommitStatus, Outcome, Review, ReviewState
from registrar.core.verdicts import VerdictState
from registry_schema import Approvals

REQUIRED = {STATUS_PATH: Approvals()}
HELD = Intervention(Kind.HOLD, RAJ, "until Monday", at=NOON)
REJECTED = Intervention(Kind.REJECTION, ANA, "it leaks", at=NOON)


def told(*statuses: CommitStatus, kind: Kind = Kind.HOLD, number: int = 7) -> Intervention | None:
    return intervention_in(statuses, kind, number=number, myself=BOT)


@pytest.mark.parametrize(
    ("said", "context", "outcome", "words"),
    [
        pytest.param(HELD, "registrar: 7 held", Outcome.PENDING, "held by raj (2): until Monday", id="held"),
        pytest.param(
            Intervention(Kind.HOLD, RAJ), "registrar: 7 held", Outcome.PENDING, "held by raj (2)", id="no reason"
        ),
        pytest.param(
            Intervention(Kind.HOLD, ANA, stands=False),
            "registrar: 7 held",
            Outcome.SUCCESS,
            "let go by ana (1)",
            id="let go",
        ),
        pytest.param(
            REJECTED, "registrar: 7 rejected", Outcome.FAILURE, "rejected by ana (1): it leaks", id="rejected"
        ),
        pytest.param(
            Intervention(Kind.REJECTION, RAJ, stands=False),
            "registrar: 7 rejected",
            Outcome.SUCCESS,
            "taken back by raj (2)",
            id="taken back",
        ),
        pytest.param(
            Intervention(Kind.GLASS, ZOE, "all is down"),
            "registrar: glass broken for 7",
            Outcome.SUCCESS,
            "glass broken by zoe (4): all is down",
            id="glass",
        ),
    ],
)
def test_what_is_said_under_a_head_is_read_back(said: Intervention, context: str, outcome: Outcome, words: str) -> None:
    line = said.line(7)

    assert (line.context, line.outcome, line.description) == (context, outcome, words)
    assert told(replace(line, creator=BOT, updated_at=NOON), kind=said.kind) == replace(said, at=NOON)


@given(
    reason=st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))).map(lambda text: " ".join(text.split())),
    stands=st.booleans(),
    kind=st.sampled_from(Kind),
)
def test_no_reason_can_pretend_to_be_somebody_elses_or_to_be_taken_back(
    *, reason: str, stands: bool, kind: Kind
) -> None:
    said = Intervention(kind, RAJ, reason, stands=stands)

    assert told(replace(said.line(7), creator=BOT), kind=kind) == said


@pytest.mark.parametrize(
    ("status", "number"),
    [
        pytest.param(replace(HELD.line(7), creator=LEO), 7, id="somebody else said it"),
        pytest.param(replace(HELD.line(7), creator=None), 7, id="nobody is known to have said it"),
        pytest.param(replace(HELD.line(7), creator=BOT), 8, id="of another pull request"),
        pytest.param(replace(REJECTED.line(7), creator=BOT), 7, id="of another kind"),
    ],
)
def test_what_was_not_said_by_us_of_this_is_not_believed(status: CommitStatus, number: int) -> None:
    assert told(status, number=number) is None


def test_a_word_that_somebody_else_put_on_top_does_not_hide_ours() -> None:
    forged = replace(Intervention(Kind.HOLD, RAJ, stands=False).line(7), creator=LEO)

    assert told(forged, replace(HELD.line(7), creator=BOT, updated_at=NOON)) == HELD


def test_a_line_with_no_room_for_who_it_was_still_holds() -> None:
    cut = CommitStatus("registrar: 7 held", Outcome.PENDING, "held by " + "a" * 200 + "…", creator=BOT)

    held = told(cut)

    assert held is not None
    assert (held.stands, held.person.id, held.reason) == (True, 0, "")


@pytest.mark.parametrize(
    ("person", "facts", "why"),
    [
        pytest.param(ANA, approval_facts(), None, id="an owner"),
        pytest.param(ZOE, approval_facts(), f"zoe does not own {STATUS_PATH}", id="no owner"),
        pytest.param(MEI, approval_facts(owners=(ANA, MEI)), "mei asked for this change", id="the requester"),
        pytest.param(ANA, approval_facts(wrote=(ANA,)), "ana wrote or pushed", id="who wrote it"),
        pytest.param(
            ANA,
            approval_facts(owners=(an_owner(ANA, permission=Permission.WRITE), RAJ)),
            "ana has write, admin is needed",
            id="an owner without the rights",
        ),
    ],
)
def test_only_an_owner_who_could_approve_has_a_say(person: Person, facts: ApprovalFacts, why: str | None) -> None:
    found = why_not_an_owner(facts, REQUIRED, person)

    assert (found is None) if why is None else (found or "").startswith(why)


def test_where_nothing_is_owned_nobody_has_a_say() -> None:
    assert why_not_an_owner(approval_facts(), {}, ANA) == "nothing that it changes has an owner"
    assert could_approve(approval_facts(), {}) == ()


@pytest.mark.parametrize(
    ("reviews", "objecting"),
    [
        pytest.param((), None, id="nobody said anything"),
        pytest.param((a_review(RAJ, ReviewState.CHANGES_REQUESTED),), RAJ, id="an owner"),
        pytest.param((a_review(ZOE, ReviewState.CHANGES_REQUESTED),), None, id="no owner"),
        pytest.param((a_review(MEI, ReviewState.CHANGES_REQUESTED),), None, id="the requester"),
        pytest.param(
            (a_review(RAJ, ReviewState.CHANGES_REQUESTED), a_review(RAJ, minute=1)), None, id="who approved since"
        ),
    ],
)
def test_an_owner_who_asks_for_changes_objects(reviews: tuple[Review, ...], objecting: Person | None) -> None:
    assert objector(approval_facts(reviews=reviews), REQUIRED, since=None) == objecting


def test_an_objection_of_before_a_rejection_was_taken_back_rejects_no_more() -> None:
    facts = approval_facts(reviews=(a_review(RAJ, ReviewState.CHANGES_REQUESTED),))

    assert objector(facts, REQUIRED, since=NOON) is None
    assert objector(facts, REQUIRED, since=NOON - timedelta(seconds=1)) == RAJ


@pytest.mark.parametrize(
    ("review", "by"),
    [
        pytest.param(a_review(ANA, minute=1), ANA, id="whoever rejected it"),
        pytest.param(a_review(RAJ, minute=1), RAJ, id="another owner"),
        pytest.param(a_review(RAJ), None, id="in the same second, which may have come first"),
        pytest.param(a_review(RAJ, minute=-1), None, id="an approval of before"),
        pytest.param(a_review(RAJ, sha=OTHER, minute=1), None, id="of another content"),
        pytest.param(a_review(ZOE, minute=1), None, id="somebody who owns nothing"),
        pytest.param(a_review(MEI, minute=1), None, id="the requester"),
        pytest.param(a_review(RAJ, ReviewState.DISMISSED, minute=1), None, id="dismissed"),
    ],
)
def test_an_approval_of_an_owner_takes_a_rejection_back(review: Review, by: Person | None) -> None:
    facts = approval_facts(owners=(ANA, RAJ, MEI), reviews=(review,))

    assert taken_back_by(facts, REQUIRED, REJECTED) == by


def test_whoever_rejected_it_can_take_that_back_when_they_own_it_no_more() -> None:
    facts = approval_facts(owners=(RAJ,), reviews=(a_review(ANA, minute=1),))

    assert taken_back_by(facts, REQUIRED, REJECTED) == ANA


def test_a_rejection_that_nobody_can_tell_the_time_of_stays() -> None:
    facts = approval_facts(reviews=(a_review(RAJ, minute=1),))

    assert taken_back_by(facts, REQUIRED, replace(REJECTED, at=None)) is None


@pytest.mark.parametrize(
    ("hold", "rejection", "state", "reason"),
    [
        pytest.param(
            HELD,
            None,
            VerdictState.WAITING,
            "held by raj: until Monday; raj, or an owner who could approve it, can write /registrar unhold",
            id="held",
        ),
        pytest.param(
            replace(HELD, reason=""),
            None,
            VerdictState.WAITING,
            "held by raj; raj, or an owner who could approve it, can write /registrar unhold",
            id="held without a reason",
        ),
        pytest.param(
            None,
            REJECTED,
            VerdictState.FAILED,
            "rejected by ana: it leaks; it stays so until ana, or another owner who could approve it, approves it",
            id="rejected",
        ),
    ],
)
def test_what_is_held_or_rejected_is_told_with_who_why_and_what_next(
    hold: Intervention | None, rejection: Intervention | None, state: VerdictState, reason: str
) -> None:
    (verdict,) = judge_interventions(approval_facts(), REQUIRED, hold=hold, rejection=rejection)

    assert (verdict.state, verdict.reason) == (state, reason)


@pytest.mark.parametrize(
    ("hold", "rejection"),
    [
        pytest.param(None, None, id="nobody stepped in"),
        pytest.param(replace(HELD, stands=False), replace(REJECTED, stands=False), id="all was taken back"),
    ],
)
def test_nothing_is_in_the_way_where_nobody_stepped_in(
    hold: Intervention | None, rejection: Intervention | None
) -> None:
    assert list(judge_interventions(approval_facts(), REQUIRED, hold=hold, rejection=rejection)) == []


def test_an_approval_since_is_enough_before_it_is_written_down() -> None:
    facts = approval_facts(reviews=(a_review(RAJ, minute=1),))

    assert list(judge_interventions(facts, REQUIRED, hold=None, rejection=REJECTED)) == []


@pytest.mark.parametrize(
    ("hold", "rejection", "state"),
    [
        pytest.param(HELD, None, VerdictState.WAITING, id="a hold"),
        pytest.param(None, REJECTED, VerdictState.FAILED, id="a rejection"),
    ],
)
def test_no_approval_outweighs_it(
    hold: Intervention | None, rejection: Intervention | None, state: VerdictState
) -> None:
    approved = approval_facts(reviews=(a_review(RAJ, sha=HEAD),))
    facts = evaluation_facts(a_change(after=PROMOTED), approvals=approved)

    report = evaluate(replace(facts, hold=hold, rejection=rejection))

    assert evaluate(facts).verdict.passed
    assert report.verdict.state is state


@pytest.mark.parametrize(
    ("at", "merged", "counts"),
    [
        pytest.param(NOON, None, True, id="not merged yet"),
        pytest.param(NOON, NOON, True, id="in the second of the merge"),
        pytest.param(NOON + timedelta(seconds=1), NOON, False, id="after the merge"),
        pytest.param(None, NOON, False, id="nobody can tell"),
    ],
)
def test_what_is_said_after_a_merge_is_too_late(at: datetime | None, merged: datetime | None, counts: bool) -> None:  # noqa: FBT001 -- a table
    assert Intervention(Kind.GLASS, ANA, at=at).was_said_by(merged) is counts
