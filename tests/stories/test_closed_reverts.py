"""Somebody closes what takes an unapproved change back: it is not asked for again, and can be opened again."""

from stories.test_commands import asked
from stories.test_sweep import sweep
from stories.test_unapproved_changes import STATUS, flag, pushed, reverts
from stories.town import Town


def test_what_was_closed_is_not_asked_for_again(town: Town) -> None:
    sha = pushed(town, {STATUS: "Production: 1.2.0\n"})
    (revert,) = reverts(town)
    town.close(revert.number, by="ana")

    sweep(town)
    town.let_time_pass()

    assert reverts(town) == []
    assert flag(town, sha)[0] == "failure"


def test_what_was_closed_is_opened_again_so_that_others_wait_no_longer(town: Town) -> None:
    before = town.read(STATUS)
    number = asked(town)
    pushed(town, {STATUS: "Production: 1.2.0\n"})
    (revert,) = reverts(town)
    town.close(revert.number, by="ana")
    town.let_time_pass()
    assert "which came without a request" in town.status(number)[1]

    town.reopen(revert.number, by="ana")
    town.approve(revert.number, by="ana")
    town.merge(revert.number)

    assert town.read(STATUS) == before
    assert town.status(number)[1].startswith("waiting for ana or raj")
