"""What the registry's own jobs run is guarded like the rules: without a server, they hold the bot's token."""

import pytest

from registrar.core.events import BranchPushed, SweepDue
from registrar.handlers import handle
from stories.places import REGISTRY
from stories.test_audit_verify import PUSHED, breaches
from stories.test_deploy import PROMOTED
from stories.test_unapproved_changes import STATUS, flag, pushed, reverts
from stories.town import Town

JOB = ".github/workflows/bot.yml"
SAFE = "on: {schedule: [{cron: '0 3 * * *'}]}\njobs: {}\n"
HARMFUL: dict[str, str | None] = {
    JOB: "on: push\njobs: {take: {runs-on: ubuntu-latest, steps: [{run: 'echo $REGISTRAR_TOKEN'}]}}\n"
}


def unapproved(town: Town) -> list[tuple[str, str]]:
    """What a proof finds, but for the signature that this bot has no key for."""
    return [(sha, what) for sha, what in breaches(town) if what != "the ledger is not signed"]


@pytest.mark.fault(45)
def test_a_change_of_a_job_waits_for_an_owner_and_the_ledger_tells_who_it_was(town: Town) -> None:
    town.protect()
    number = town.propose({JOB: SAFE}, by="mei")
    waits = town.status(number)

    town.approve(number, by="ana")
    town.merge(number)

    assert waits == ("pending", "waiting for ana")
    assert town.read(JOB) == SAFE
    assert (reverts(town), unapproved(town)) == ([], [])


@pytest.mark.fault(42)
def test_a_job_that_changed_on_the_base_meanwhile_is_not_merged_with_what_nobody_saw(town: Town) -> None:
    lines = {"on": "on: push", "space": "\n\n\n", "jobs": "jobs: {}"}
    town.merge(town.propose({JOB: "\n".join(lines.values())}, by="mei"))
    first = town.propose({JOB: "\n".join((lines | {"on": "on: [push]"}).values())}, by="mei", branch="first")
    second = town.propose({JOB: "\n".join((lines | {"jobs": "jobs: null"}).values())}, by="mei", branch="second")
    for number in (first, second):
        town.approve(number, by="ana")

    town.merge(first)

    assert town.status(second) == (
        "pending",
        f"the base has moved: {JOB} has changed there since this branch began; update the branch",
    )


@pytest.mark.fault(61)
def test_a_push_of_a_job_is_flagged_and_people_put_it_back(town: Town) -> None:
    sha = pushed(town, HARMFUL)
    told, proven = flag(town, sha), unapproved(town)

    number = town.propose({JOB: None}, by="mei")
    waits = town.status(number)
    town.approve(number, by="ana")
    town.merge(number)

    assert told[0] == "failure"
    assert f"put {JOB} back by hand" in told[1]
    assert waits == ("pending", "waiting for ana")
    assert (proven, unapproved(town)) == ([(sha, PUSHED)], [])
    assert reverts(town) == []


@pytest.mark.fault(61)
def test_a_job_that_was_merged_unapproved_is_told_of_and_the_rest_taken_back(town: Town) -> None:
    town.protect()
    number = town.propose(PROMOTED | HARMFUL, by="mei")

    town.merge(number)

    (revert,) = reverts(town)
    assert town.side.files("mei", revert.number) == [STATUS]
    assert "Put this back by hand, in a request of its own" in revert.body
    assert any("puts this back as it was" in said and JOB in said for said in town.comments(number))
    assert town.runs() == []


def test_a_push_of_a_job_and_a_status_is_not_said_to_be_taken_back_whole(town: Town) -> None:
    sha = pushed(town, {**PROMOTED, **HARMFUL})
    (revert,) = reverts(town)

    told = flag(town, sha)[1]

    assert told.endswith(f"{town.link(revert.number)} takes it back, but no jobs: put those back by hand")


def test_a_push_of_a_job_that_was_told_of_is_no_work_for_a_sweep(town: Town) -> None:
    sha = pushed(town, HARMFUL)

    found = handle(SweepDue(REGISTRY), town.a_bot())

    assert flag(town, sha)[0] == "failure"
    assert [each.event for each in found if isinstance(each.event, BranchPushed)] == []
