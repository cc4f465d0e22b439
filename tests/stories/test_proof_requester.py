"""Who asked cannot be made to look like somebody else."""

import pytest

from stories.conftest import Found
from stories.places import REGISTRY
from stories.registries import a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town


@pytest.fixture
def town(found: Found) -> Town:
    """Mei, who asks, owns the model too."""
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", codeowners="* @ana @mei\n")
    town = found(files)
    town.sandbox.grant(REGISTRY, "mei", "admin")
    return town


def forged_for(login: str, town: Town) -> str:
    return f"Requested-by: {login} <{town.address(login, host='forged.invalid')}>"


def test_a_name_in_a_commit_that_is_not_ours_is_not_believed(town: Town) -> None:
    number = asked(town)
    branch, forged = town.pull_request(number).branch, forged_for("leo", town)
    town.commit({}, by="leo", branch=branch, onto=branch, message=f"Promote\n\n{forged}")
    town.settle()

    town.approve(number, by="mei")

    assert town.status(number)[0] == "pending"
    assert "mei asked for this change" in town.verdict(number)


def test_a_branch_named_like_ours_makes_nobody_but_its_author_the_requester(town: Town) -> None:
    branch = "registrar/promote/digits-1.1.0-to-Production"
    town.commit(PROMOTED, by="leo", branch=branch, message=f"Promote\n\n{forged_for('leo', town)}")

    number = town.open_for(branch, by="mei")

    assert town.status(number) == ("pending", "waiting for ana")


@pytest.mark.fault(50)
def test_a_login_that_belongs_to_somebody_else_now_is_nobody(town: Town) -> None:
    number = asked(town)
    accounts = town.sandbox.store.accounts
    accounts["mei-x"] = accounts.pop("mei")
    accounts["mei-x"].login = "mei-x"
    town.sandbox.add_user("mei")

    town.look_at(number)

    assert town.status(number)[0] == "failure"
    assert "who asked for this change cannot be shown, so nobody can approve it" in town.verdict(number)


def test_a_deleted_author_is_nobody(town: Town) -> None:
    number = town.propose(PROMOTED, by="leo")
    town.sandbox.delete_account("leo")

    town.look_at(number)

    assert town.status(number)[0] == "failure"
    assert "who asked for this change cannot be shown" in town.verdict(number)
