"""An approval is of exactly what its reviewer saw, and for as long as the reviewer stands by it."""

import pytest

from parity import only_on
from stories.mischief import reviewed_a_minute_ago
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town


def pushed_over(town: Town, number: int) -> str:
    """Something else takes the place of what was proposed; its branch's former head is returned."""
    before = town.pull_request(number)
    town.commit({"notes.txt": "something else\n"}, by="leo", branch=before.branch)
    town.settle()
    return before.head


def put_back(town: Town, number: int, head: str) -> None:
    checkout, branch = town.checkout("leo"), town.pull_request(number).branch
    checkout.git("fetch", "--quiet", "origin", f"refs/heads/{branch}")
    checkout.git("push", "--quiet", "--force", "origin", f"{head}:refs/heads/{branch}")
    town.settle()


@pytest.mark.fault(43)
@only_on("github", because="GitLab binds an approval to no commit, so nobody can tell that it was of this one.")
def test_an_approval_counts_again_when_its_commit_comes_back(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")

    put_back(town, number, pushed_over(town, number))

    assert town.status(number)[0] == "success"


@pytest.mark.fault(43)
@only_on("gitlab", because="GitHub binds an approval to its commit, and it is the very commit that came back.")
def test_an_approval_does_not_count_again_when_its_commit_comes_back(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")

    put_back(town, number, pushed_over(town, number))

    assert town.status(number)[0] == "pending"


def test_an_approval_of_what_was_pushed_meanwhile_does_not_count_for_what_comes_back(town: Town) -> None:
    number = asked(town)
    head = pushed_over(town, number)
    town.approve(number, by="ana")

    put_back(town, number, head)

    assert town.status(number)[0] == "pending"


@pytest.mark.fault(44)
def test_an_approval_does_not_survive_a_way_to_another_base_and_back(town: Town) -> None:
    town.commit({}, by="mei", branch="dev")
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")
    reviewed_a_minute_ago(town, number)
    town.retarget(number, "dev")

    town.retarget(number, "main")

    assert town.status(number)[0] == "pending"


def test_who_takes_an_approval_back_approves_no_more(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    assert town.status(number)[0] == "success"

    town.withdraw(number, by="ana")

    assert town.status(number)[0] == "pending"
    assert town.merge(number) is None


@pytest.mark.fault(55)
def test_who_asks_for_changes_after_all_approves_no_more(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei", branch="promote")
    town.approve(number, by="ana")

    town.request_changes(number, by="ana")
    sweep(town)

    assert town.status(number)[0] == "failure"
    assert "ana asked for changes" in town.verdict(number)


def test_who_approves_again_after_a_push_approves(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    branch = town.pull_request(number).branch
    town.commit({"notes.txt": "one more thing\n"}, by="leo", branch=branch, onto=branch)
    town.settle()
    town.withdraw(number, by="ana")

    town.approve(number, by="ana")

    assert town.status(number)[0] == "success"


def test_the_forge_merges_nothing_before_the_bot_agrees(town: Town) -> None:
    number = asked(town)
    assert town.merge(number) is None

    town.approve(number, by="ana")

    assert town.merge(number) is not None
