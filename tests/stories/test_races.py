"""Of two requests for one status one is merged; the other is told at once to what it lost, and nothing is left over."""

import pytest

from stories.conftest import Found
from stories.landing import merged_as
from stories.registries import RULES, a_registry
from stories.test_commands import asked
from stories.test_sweep import sweep
from stories.test_unapproved_changes import STATUS, pushed, reverts
from stories.town import Town

VERSIONS = {"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.96}
THEIRS = {STATUS: "Production: 1.1.0\nArchived: 1.0.0\n"}


def a_town(found: Found, *, rules: str = RULES) -> Town:
    return found(a_registry(VERSIONS, status="Production: 1.0.0\n", rules=rules))


def two_wishes(town: Town) -> tuple[int, int]:
    """Mei wants 1.2.0 in Production, leo wants 1.1.0 there."""
    winner = asked(town, by="mei", text="/registrar promote digits@1.2.0 to Production")
    return winner, asked(town, by="leo", text="/registrar promote digits@1.1.0 to Production")


def win(town: Town, number: int) -> None:
    town.approve(number, by="ana")
    town.merge(number)


def test_who_lost_is_told_to_whom_and_the_request_is_made_anew(found: Found) -> None:
    town = a_town(found)
    winner, loser = two_wishes(town)
    town.approve(loser, by="raj")

    win(town, winner)

    told = f"1.2.0 got Production first, by {town.link(winner)} of mei, approved by ana"
    (comment,) = [said for said in town.comments(loser) if "made anew" in said]
    assert told in comment.replace("\u2060", "")
    assert town.status(loser)[0] == "pending"  # raj approved something else
    assert "against 1.2.0, which holds Production now" in town.verdict(loser)
    (message,) = town.side.messages("mei", loser)
    assert "Requested-by: leo" in message
    town.approve(loser, by="ana")
    town.merge(loser)
    assert town.read(STATUS) == "Production: 1.1.0\nArchived:\n  - 1.0.0\n  - 1.2.0\n"


def test_nothing_is_left_over_once_both_are_merged(found: Found) -> None:
    town = a_town(found)
    winner, loser = two_wishes(town)
    win(town, winner)
    comments = len(town.comments(loser))

    win(town, loser)
    sweep(town)

    assert sorted(town.side.branches("mei")) == ["main", "place-leo", "place-mei"]
    assert len(town.comments(loser)) == comments
    assert [each.branch for each in town.open_pull_requests()] == ["place-leo", "place-mei"]


def test_a_registry_that_says_so_closes_who_lost(found: Found) -> None:
    town = a_town(found, rules=RULES + "requests: {overtaken: close}\n")
    winner, loser = two_wishes(town)
    branch = town.pull_request(loser).branch

    win(town, winner)

    assert loser not in {each.number for each in town.open_pull_requests()}
    assert branch not in town.side.branches("mei")
    assert any("close such a request" in said for said in town.comments(loser))


def test_what_can_be_asked_no_more_is_closed(found: Found) -> None:
    town = a_town(found)
    loser = asked(town, by="mei", text="/registrar promote digits@1.1.0 to Production")
    win(town, town.propose(THEIRS, by="leo", branch="theirs"))

    assert loser not in {each.number for each in town.open_pull_requests()}
    assert any("1.1.0 already holds Production" in said for said in town.comments(loser))


def test_a_pull_request_of_a_person_is_told_and_left_to_them(found: Found) -> None:
    town = a_town(found)
    winner = asked(town, by="mei", text="/registrar promote digits@1.2.0 to Production")
    theirs = town.propose(THEIRS, by="leo", branch="theirs")
    head = town.pull_request(theirs).head

    win(town, winner)

    told = f"1.2.0 got Production first, by {town.link(winner)} of mei, approved by ana"
    assert told in town.verdict(theirs)
    assert told in town.status(theirs)[1]
    assert town.pull_request(theirs).head == head


def test_nothing_is_built_on_what_nobody_approved(found: Found) -> None:
    town = a_town(found)
    number = asked(town, by="mei", text="/registrar promote digits@1.1.0 to Production")
    town.approve(number, by="ana")
    head = town.pull_request(number).head

    pushed(town, {STATUS: "Production: 1.2.0\n"})
    waited = town.status(number)
    (revert,) = reverts(town)
    win(town, revert.number)

    assert waited[0] == "pending"
    assert town.pull_request(number).head == head
    assert town.status(number)[0] == "success"  # approved is the content that it is again


def test_who_lost_to_what_nobody_approved_is_told_so_and_waits(found: Found) -> None:
    town = a_town(found)
    town.protect()
    number = asked(town, by="mei", text="/registrar promote digits@1.1.0 to Production")
    theirs = town.propose({STATUS: "Production: 1.2.0\nArchived: 1.0.0\n"}, by="leo", branch="theirs")

    town.merge(theirs)
    sweep(town)

    told = f"1.2.0 got Production first, by {town.link(theirs)} of leo, refused: waiting for ana or raj"
    assert told in town.verdict(number)
    assert town.status(number)[0] == "pending"


@pytest.mark.fault(75)
def test_of_two_that_land_in_one_second_the_later_one_never_overwrites_the_first(found: Found) -> None:
    town = a_town(found)
    first, second = two_wishes(town)
    town.approve(first, by="ana")
    town.approve(second, by="raj")
    town.lose_webhooks()
    town.merge(first)

    merged_as(town, second, THEIRS)
    town.hear_webhooks()
    sweep(town)

    assert [run["version"] for run in town.inputs()] == ["1.2.0"] or town.runs() == []
    (revert,) = reverts(town)
    town.approve(revert.number, by="ana")
    town.merge(revert.number)
    assert town.read(STATUS) == "Production: 1.2.0\nArchived: 1.0.0\n"
    assert town.inputs()[-1]["version"] == "1.2.0"
