"""Whose approval counts, on what, and what is said of the rest."""

import pytest

from stories.conftest import Found
from stories.registries import a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town


def test_the_comment_says_who_must_approve(town: Town) -> None:
    number = asked(town)

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert town.verdict(number).splitlines()[1] == "### ⏳ digits 1.1.0 to Production: waiting for ana or raj"


@pytest.mark.fault(40)
@pytest.mark.parametrize("owner", ["ana", "raj"])
def test_an_owner_turns_it_green(town: Town, owner: str) -> None:
    number = asked(town)

    town.approve(number, by=owner)

    assert town.status(number)[0] == "success"
    assert f"approved by {owner}" in town.verdict(number)


def test_the_requester_cannot_approve(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", codeowners="* @ana @mei\n"))
    town.sandbox.grant("acme/registry", "mei", "admin")
    number = asked(town)

    town.approve(number, by="mei")

    assert town.status(number) == (
        "pending",
        "waiting for ana; mei asked for this change, so mei cannot approve it",
    )


@pytest.mark.fault(41)
def test_whoever_pushed_cannot_approve(town: Town) -> None:
    number = asked(town)
    branch = town.pull_request(number).branch
    town.commit({"notes.txt": "pushed by ana\n"}, by="ana", branch=branch, onto=branch)
    town.settle()

    town.approve(number, by="ana")

    assert town.status(number)[1].startswith("waiting for raj; ana ")


@pytest.mark.fault(40)
def test_the_author_of_a_pull_request_cannot_approve_it(town: Town) -> None:
    number = town.propose({"models/digits/status.yaml": "Production: 1.1.0\nArchived: 1.0.0\n"}, by="ana")

    assert town.status(number) == ("pending", "waiting for raj")


def test_an_approval_does_not_outlive_a_push(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    branch = town.pull_request(number).branch

    town.commit({"notes.txt": "one more thing\n"}, by="leo", branch=branch, onto=branch)
    town.settle()

    assert town.status(number)[0] == "pending"
    assert "but the head is now" in town.verdict(number)


@pytest.mark.fault(49)
def test_an_owner_without_admin_rights_does_not_count(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", codeowners="* @ana @leo\n"))
    number = asked(town)

    town.approve(number, by="leo")

    assert town.status(number)[0] == "pending"
    assert "admin is needed" in town.verdict(number)


def test_changes_requested_by_an_owner_hold_it(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei", branch="promote")

    town.request_changes(number, by="raj")
    sweep(town)  # GitLab before its newest versions sends no webhook of it

    assert town.status(number)[0] == "failure"
    assert "raj asked for changes" in town.verdict(number)


@pytest.mark.fault(46)
def test_without_codeowners_nobody_can_approve(found: Found) -> None:
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    del files["CODEOWNERS"]
    town = found(files)
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "has no CODEOWNERS file" in town.verdict(number)


def test_a_worse_version_stays_red_whoever_approves(town: Town) -> None:
    number = asked(town, text="/registrar promote digits@1.2.0 to Production")

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "accuracy 0.7 is worse than the 0.9" in town.verdict(number)
    assert town.merge(number) is None
