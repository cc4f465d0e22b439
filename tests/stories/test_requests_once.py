"""What is asked for is opened once, also while the forge does not list it yet."""

import pytest

from registrar.sandbox.faults import LOST_ANSWER, Answered, Spot
from stories.test_commands import asked
from stories.town import Town

WISH = "/registrar promote digits@1.1.0 to Production"
EMPTY = Answered(acts=True, status=200, body=b"[]")


def promotions(town: Town) -> list[int]:
    return [each.number for each in town.open_pull_requests() if "Promote" in each.title]


@pytest.mark.fault(35, 76)
def test_a_request_that_is_not_listed_yet_is_adopted(town: Town) -> None:
    number = asked(town)
    town.faults.begin(Spot("GET", town.side.requests, by="registrar-bot"), EMPTY)

    town.comment(number, WISH, by="mei")

    town.faults.end()
    assert promotions(town) == [number]
    assert any("This is asked for already" in said for said in town.comments(number))


@pytest.mark.fault(27, 28, 35)
def test_a_request_whose_answer_was_lost_is_looked_for_until_it_is_listed(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei", branch="place")
    town.faults.begin(Spot("POST", town.side.requests), LOST_ANSWER, times=1)
    town.comment(place, WISH, by="mei")
    town.faults.begin(Spot("GET", town.side.requests, by="registrar-bot"), EMPTY)
    town.let_time_pass()
    assert town.comments(place) == []
    town.faults.end()

    town.let_time_pass()

    assert len(promotions(town)) == 1
    assert any("This is asked for already" in said for said in town.comments(place))
