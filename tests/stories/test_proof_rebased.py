"""A request of the bot that somebody put on top of the base stays the wish of who asked for it."""

import pytest

from stories.conftest import Found
from stories.places import REGISTRY
from stories.registries import a_registry, a_version
from stories.test_commands import asked
from stories.town import Town


@pytest.fixture
def town(found: Found) -> Town:
    """Mei, who asks, owns the model too; raj does not."""
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", codeowners="* @ana @mei\n")
    town = found(files)
    town.sandbox.grant(REGISTRY, "mei", "admin")
    return town


def rebased(town: Town, number: int, *, by: str, message: str = "") -> None:
    """The base moves on, and somebody puts the branch on top of it, with other words if given."""
    town.protect(spares_admins=True)
    town.commit(a_version("2.0.0"), by="ana", branch="main")
    branch, checkout = town.pull_request(number).branch, town.checkout(by)
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("checkout", "--quiet", "-B", branch, f"origin/{branch}")
    checkout.git("rebase", "--quiet", "origin/main")
    if message:
        checkout.git("commit", "--quiet", "--amend", "--message", message)
    checkout.git("push", "--quiet", "--force", "origin", branch)
    town.settle()


def test_who_asked_still_cannot_approve_and_another_owner_can(town: Town) -> None:
    number = asked(town)
    rebased(town, number, by="leo")

    town.approve(number, by="mei")
    assert town.status(number)[0] == "pending"
    assert "mei asked for this change" in town.verdict(number)

    town.approve(number, by="ana")
    assert town.status(number)[0] == "success"


def test_who_asked_may_rebase_it_without_freeing_anybody(town: Town) -> None:
    number = asked(town)
    rebased(town, number, by="mei")

    town.approve(number, by="mei")
    assert town.status(number)[0] == "pending"

    town.approve(number, by="ana")
    assert town.status(number)[0] == "success"


def test_an_owner_who_rebased_it_has_made_it_and_cannot_approve(town: Town) -> None:
    number = asked(town)

    rebased(town, number, by="ana")
    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "ana wrote or pushed a commit of this change" in town.verdict(number)


def test_who_names_somebody_else_takes_their_place(town: Town) -> None:
    number = asked(town)

    rebased(town, number, by="ana", message=f"Promote\n\nRequested-by: leo <{town.address('leo')}>")
    town.approve(number, by="ana")

    assert town.status(number)[0] != "success"
