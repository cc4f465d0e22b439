"""What must wait for a time, what is exempt, and when it is looked at again."""

from datetime import datetime, timedelta

import pytest

from core.builders import (
    ANA,
    NOON,
    PROMOTED,
    STATUS_PATH,
    AFile,
    a_change,
    a_registry,
    a_review,
    approval_facts,
    evaluation_facts,
    holding,
)
from registrar.core.evaluation import evaluate
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.lifecycle import Transition
from registrar.core.soak import soaked_at
from registrar.core.verdicts import VerdictState
from registry_schema import Approvals, Freeze, Holder, Holders, Holdings, Registry, Status

DAY = timedelta(days=1)
MAINTENANCE = Freeze("maintenance", NOON - DAY, NOON + DAY)
FROZEN = a_registry(freezes=(MAINTENANCE,))
SOAKED = a_registry(
    Production=Status(("Staging",), Holders.ONE, "Archived", Approvals(), soak=timedelta(hours=72)),
    Archived=Status(("Staging", "Production"), soak=timedelta(days=30)),
)
BEFORE = holding(Production="1.0.0", Staging="1.1.0")
WAITS = "Production is frozen until 2026-03-02 12:00 UTC: maintenance"


def changing(
    registry: Registry, after: Holdings, *, before: Holdings = BEFORE, held: str = "", since: datetime | None = None
) -> EvaluationFacts:
    """A change that ana has approved; the version 1.1.0 holds its status since then, and 1.0.0 once held another."""
    return evaluation_facts(
        a_change(before=before, after=after),
        registry=registry,
        approvals=approval_facts(reviews=(a_review(ANA),)),
        files=(AFile(STATUS_PATH),),
        held_before={("digits", "1.0.0"): frozenset({held})} if held else None,
        entered={("digits", "1.1.0"): since} if since else None,
    )


def test_what_enters_a_frozen_status_waits_however_many_have_approved_it() -> None:
    report = evaluate(changing(FROZEN, PROMOTED))

    assert (report.verdict.state, report.verdict.reason) == (VerdictState.WAITING, WAITS)
    assert report.look_again == NOON + DAY


def test_a_freeze_holds_no_rollback_and_nobody_whom_it_displaces() -> None:
    back = changing(
        FROZEN,
        holding(Production="1.0.0", Archived="1.1.0"),
        before=holding(Production="1.1.0", Archived="1.0.0"),
        held="Production",
    )

    report = evaluate(back)

    assert (report.verdict.passed, report.look_again) == (True, None)


def test_a_rollback_is_one_also_where_displaced_versions_are_sent_to_what_is_promoted_from() -> None:
    registry = a_registry(
        freezes=(MAINTENANCE,),
        Production=Status(("Staging",), Holders.ONE, "Staging", Approvals(), soak=DAY),
    )
    back = changing(
        registry,
        holding(Production="1.0.0", Staging="1.1.0"),
        before=holding(Production="1.1.0", Staging="1.0.0"),
        held="Production",
    )

    report = evaluate(back)

    assert (report.verdict.passed, report.look_again) == (True, None)


def test_a_version_that_leaves_by_itself_makes_way_for_nobody_and_waits() -> None:
    report = evaluate(changing(FROZEN, holding(Staging="1.1.0", Archived="1.0.0")))

    assert (report.verdict.state, report.verdict.reason) == (
        VerdictState.WAITING,
        "Archived is frozen until 2026-03-02 12:00 UTC: maintenance",
    )


def test_a_change_that_may_be_merged_now_is_looked_at_again_when_a_freeze_begins() -> None:
    later = Freeze("maintenance", NOON + DAY, NOON + 2 * DAY)
    over = Freeze("last year", NOON - 2 * DAY, NOON - DAY)

    report = evaluate(changing(a_registry(freezes=(over, later)), PROMOTED))

    assert report.verdict.passed
    assert report.look_again == NOON + DAY


@pytest.mark.parametrize(
    ("ago", "state", "reason"),
    [
        pytest.param(timedelta(hours=72), VerdictState.PASSED, "approved by ana (CODEOWNERS:3)", id="exactly so long"),
        pytest.param(
            timedelta(hours=71, minutes=59, seconds=30),
            VerdictState.WAITING,
            "Production asks for 3 days in the status before it: 1.1.0 holds Staging since 2026-02-26 12:01 UTC, "
            "so until 2026-03-01 12:01 UTC",
            id="half a minute less",
        ),
        pytest.param(
            None,
            VerdictState.WAITING,
            "Production asks for 3 days in the status before it, and since when 1.1.0 holds Staging cannot be shown: "
            "that counts from the merge of the pull request that gave it",
            id="nobody can tell",
        ),
    ],
)
def test_a_version_is_promoted_once_it_has_soaked(ago: timedelta | None, state: VerdictState, reason: str) -> None:
    report = evaluate(changing(SOAKED, PROMOTED, since=NOON - ago if ago else None))

    assert (report.verdict.state, report.verdict.reason) == (state, reason)


def test_a_change_that_soaks_is_looked_at_again_when_it_has() -> None:
    report = evaluate(changing(SOAKED, PROMOTED, since=NOON - DAY))

    assert report.look_again == NOON + 2 * DAY


def test_a_rollback_and_whom_it_displaces_need_not_soak() -> None:
    registry = a_registry(
        Production=Status(("Staging",), Holders.ONE, "Archived", Approvals(), soak=DAY),
        Archived=Status(("Staging",), soak=DAY),
    )
    back = changing(
        registry,
        holding(Production="1.0.0", Archived="1.1.0"),
        before=holding(Production="1.1.0", Archived="1.0.0"),
        held="Production",
    )

    assert evaluate(back).verdict.passed


def test_a_version_that_leaves_its_status_need_not_soak() -> None:
    assert evaluate(changing(SOAKED, holding(Staging="1.1.0", Archived="1.0.0"))).verdict.passed


def test_a_status_that_does_not_exist_waits_for_nothing() -> None:
    gone = a_change(before=holding(Gone="1.1.0"), after=holding(QA="1.1.0"))

    assert evaluate(evaluation_facts(gone, registry=FROZEN)).look_again is None


def test_a_status_that_asks_for_no_soak_is_soaked_at_no_time() -> None:
    assert soaked_at(a_registry(), Transition("digits", "1.1.0", "Staging", "Production"), NOON) is None


def test_a_share_of_the_traffic_may_change_at_any_time() -> None:
    shares = (Holdings({"QA": (Holder("1.1.0", share),)}) for share in (10, 20))

    report = evaluate(evaluation_facts(a_change(before=next(shares), after=next(shares)), registry=FROZEN))

    assert (report.verdict.passed, report.look_again) == (True, None)
