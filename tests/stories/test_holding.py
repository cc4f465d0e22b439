"""Whoever may write can hold a change; the one who asked for it cannot let it go."""

from stories.meddling import go_back, push_again, rewrite_what_the_bot_said, take_away_what_the_bot_said
from stories.mischief import reviewed_a_minute_ago
from stories.side import Line
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town

HELD = "held by leo: until Monday"


def held(town: Town) -> int:
    """A promotion that mei asked for, ana would approve, and leo holds."""
    number = asked(town)
    town.comment(number, "/registrar hold until Monday", by="leo")
    return number


def test_a_held_request_waits_whoever_approves_it_until_an_owner_lets_it_go(town: Town) -> None:
    number = held(town)
    town.approve(number, by="ana")
    while_held = town.status(number)
    town.comment(number, "/registrar unhold", by="mei")
    after_the_requester = town.status(number)

    town.comment(number, "/registrar unhold", by="raj")

    assert (while_held[0], while_held[1].startswith(HELD), town.merge(number) is not None) == ("pending", True, True)
    assert after_the_requester == while_held
    assert any(said.startswith("❌ mei: leo holds it") for said in town.comments(number))
    assert any("raj let this" in said for said in town.comments(number))


def test_what_was_merged_while_it_was_held_is_not_deployed_nor_let_go_afterwards(town: Town) -> None:
    number = held(town)
    town.approve(number, by="ana")
    reviewed_a_minute_ago(town, number)
    town.protect()

    town.merge(number)
    town.comment(number, "/registrar unhold", by="leo")

    assert town.runs() == []
    assert "**Merged, but not deployed**: held by leo: until Monday" in town.verdict(number)


def test_who_asked_cannot_hold_it_first_and_let_go_what_an_owner_holds(town: Town) -> None:
    number = asked(town)
    town.comment(number, "/registrar hold", by="mei")
    town.comment(number, "/registrar hold until Monday", by="ana")
    town.comment(number, "/registrar hold", by="leo")

    town.comment(number, "/registrar unhold", by="mei")

    assert town.status(number)[1].startswith("held by ana: until Monday")
    assert any(said.startswith("❌ leo: ana holds it already") for said in town.comments(number))


def test_a_branch_that_goes_back_to_where_nobody_held_it_is_held_there_too(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei", branch="promote")
    before = town.pull_request(number).head
    town.commit({"notes.txt": "one more thing\n"}, by="mei", branch="promote", onto="promote")
    town.settle()
    town.comment(number, "/registrar hold until Monday", by="leo")

    go_back(town, number, before, by="mei")

    assert town.pull_request(number).head == before
    assert town.status(number)[1].startswith(HELD)


def test_nothing_that_a_requester_does_to_our_words_or_the_branch_lets_it_go(town: Town) -> None:
    number = held(town)
    head = town.pull_request(number).head
    rewrite_what_the_bot_said(town, number, "leo", "mei")
    take_away_what_the_bot_said(town, number)
    town.side.say("leo", head, Line(f"registrar: {number} held", "success", "let go by leo (4)"))
    town.comment(number, "<!-- registrar:hold:main -->\n### ▶️ Held no longer", by="mei")
    push_again(town, number, by="mei", anew=True)
    town.restart_bot()
    town.look_at(number)

    town.approve(number, by="ana")

    assert town.pull_request(number).head != head
    assert town.status(number)[1].startswith(HELD)
    assert town.merge(number) is None
