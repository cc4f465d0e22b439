"""An owner turns a request down: it is closed, and stays so for whoever asked."""

import pytest

from stories.checkouts import git
from stories.conftest import Found
from stories.meddling import push_again, said_a_minute_ago, take_away_what_the_bot_said
from stories.places import REGISTRY
from stories.registries import RULES, a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town

WISH = "/registrar promote digits@1.1.0 to Production"
PLACE = 1  # where everybody asks


def is_open(town: Town, number: int) -> bool:
    return number in [pull.number for pull in town.open_pull_requests()]


def rejected(town: Town) -> int:
    number = asked(town)
    town.comment(number, "/registrar reject the test set leaked", by="raj")
    return number


def test_a_request_is_rejected_for_good(town: Town) -> None:
    number = asked(town)
    branch = town.pull_request(number).branch

    town.comment(number, "/registrar reject the test set leaked", by="raj")

    assert not is_open(town, number)
    assert branch not in town.side.branches("mei")
    assert any("raj rejected this" in said and "> the test set leaked" in said for said in town.comments(number))
    assert town.status(number)[0] == "failure"
    assert "the test set leaked" in town.log("-1", "--notes=registrar", "--format=%N", "main")


@pytest.mark.fault(76)
def test_who_asked_cannot_ask_again_and_somebody_else_can(town: Town) -> None:
    number = rejected(town)

    town.comment(PLACE, WISH, by="mei")
    town.comment(PLACE, WISH, by="leo")

    said = town.comments(PLACE)
    assert f"❌ mei: raj rejected this in {town.link(number)}: the test set leaked." in said[-2].replace("\u2060", "")
    assert said[-1].startswith("👍 leo: Opened")


def test_a_request_of_ones_own_on_top_of_a_rejected_one_hides_it_not(town: Town) -> None:
    number = rejected(town)
    branch = town.pull_request(number).branch
    decoy = town.propose({"notes.txt": "a decoy\n"}, by="mei", branch=branch)
    town.close(decoy)
    town.checkout("mei").git("push", "--quiet", "origin", "--delete", branch)

    town.comment(PLACE, WISH, by="mei")

    assert "raj rejected this in" in town.comments(PLACE)[-1]


@pytest.mark.parametrize("anew", [False, True], ids=["as it was", "made anew"])
def test_a_rejected_request_that_is_opened_again_is_closed_again(town: Town, *, anew: bool) -> None:
    number = rejected(town)
    take_away_what_the_bot_said(town, number)
    push_again(town, number, by="mei", anew=anew)

    town.reopen(number)

    assert not is_open(town, number)
    assert town.status(number)[1].startswith("rejected by raj: the test set leaked")


def test_who_owns_nothing_rejects_nothing(town: Town) -> None:
    number = asked(town)

    town.comment(number, "/registrar reject I do not like it", by="leo")

    assert is_open(town, number)
    assert any("only an owner who could approve it can reject it" in said for said in town.comments(number))


def test_changes_requested_by_an_owner_reject_what_the_bot_opened(town: Town) -> None:
    number = asked(town)

    town.request_changes(number, by="ana")
    sweep(town)  # GitLab before its newest versions sends no webhook of it

    assert not is_open(town, number)
    assert any("ana rejected this" in said for said in town.comments(number))


def test_another_owner_takes_a_rejection_back_by_approving_it(town: Town) -> None:
    number = asked(town)
    town.request_changes(number, by="ana")
    sweep(town)
    said_a_minute_ago(town)

    town.approve(number, by="raj")
    town.comment(PLACE, WISH, by="mei")

    assert any("raj approved this" in said and "Rejected no longer" in said for said in town.comments(number))
    assert town.comments(PLACE)[-1].startswith("👍 mei: Opened")


def test_an_approval_that_nobody_told_of_takes_a_rejection_back(town: Town) -> None:
    number = rejected(town)
    said_a_minute_ago(town)
    town.lose_webhooks()
    town.approve(number, by="raj")
    town.hear_webhooks()

    town.comment(PLACE, WISH, by="mei")

    assert town.comments(PLACE)[-1].startswith("👍 mei: Opened")


def test_a_ledger_that_others_broke_stops_no_rejection(town: Town) -> None:
    rejected(town)
    git(town.sandbox.store.repository(REGISTRY).path, "update-ref", "-d", "refs/notes/registrar")
    number = asked(town, by="leo")

    town.comment(number, "/registrar reject it leaks", by="raj")

    assert not is_open(town, number)
    assert any("**The ledger does not tell of this**" in said for said in town.comments(number))


def test_by_policy_a_request_stays_open_while_changes_are_asked_for(found: Found) -> None:
    rules = f"{RULES}requests: {{changes_requested: hold}}\n"
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=rules))
    number = asked(town)

    town.request_changes(number, by="ana")
    sweep(town)

    assert is_open(town, number)
    assert town.status(number) == ("failure", town.status(number)[1])
    assert "ana asked for changes" in town.status(number)[1]


def test_what_a_person_opened_stays_open_and_red_until_an_owner_approves_it(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei", branch="promote")
    town.comment(number, "/registrar reject the test set leaked", by="raj")
    town.commit({"notes.txt": "one more thing\n"}, by="mei", branch="promote", onto="promote")
    town.settle()
    before = town.status(number)
    said_a_minute_ago(town)

    town.approve(number, by="raj")

    assert (before[0], before[1].startswith("rejected by raj")) == ("failure", True)
    assert is_open(town, number)
    assert town.status(number)[0] == "success"
    assert town.merge(number) is not None
    assert len(town.runs()) == 1


def test_a_rejection_is_closed_by_a_bot_that_was_away(town: Town) -> None:
    number = rejected(town)
    branch = town.pull_request(number).branch
    town.lose_webhooks()
    push_again(town, number, by="mei")
    town.reopen(number)

    town.restart_bot()
    sweep(town)

    assert not is_open(town, number)
    assert branch not in town.side.branches("mei")
    assert town.sandbox.store.repository(REGISTRY).pull_request(number).closed_by is not None
