"""However a project on GitLab is set to merge, what lands is what was approved, and it is deployed once."""

import pytest

from parity import only_on
from stories.gitlab_side import gitlab_of
from stories.registries import a_version
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town

pytestmark = only_on("gitlab", because="On GitHub whoever merges chooses how; on GitLab the project is set to it.")


@pytest.mark.fault(63)
@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"merge_method": "merge", "squash_option": "always"}, id="squash and merge commit"),
        pytest.param({"merge_method": "rebase_merge"}, id="semi-linear"),
        pytest.param({"merge_method": "rebase_merge", "squash_option": "always"}, id="squash and semi-linear"),
        pytest.param({"merge_method": "ff"}, id="fast-forward"),
        pytest.param({"merge_method": "ff", "squash_option": "always"}, id="squash and fast-forward"),
    ],
)
def test_what_was_approved_is_deployed_once(town: Town, settings: dict[str, str]) -> None:
    halfway = {"models/digits/status.yaml": "Production: 1.0.0\nStaging: 1.1.0\n"}
    town.commit(halfway, by="mei", branch="change", message="Stage")
    town.commit(PROMOTED, by="mei", branch="change", onto="change", message="Promote")
    number = town.open_for("change", by="mei")
    town.approve(number, by="ana")
    gitlab_of(town.side).set(**settings)

    gitlab_of(town.side).press_merge("ana", number)
    town.settle()

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


def overtaken_and_rebased(town: Town, number: int) -> None:
    """The base moves on, and GitLab puts the branch on top of it, as a project asks for that fast-forwards."""
    town.protect(spares_admins=True)
    town.commit(a_version("2.0.0"), by="ana", branch="main")
    town.settle()
    gitlab_of(town.side).rebase("leo", number)
    town.settle()


def test_a_rebase_before_a_fast_forward_asks_for_the_approval_again(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")

    overtaken_and_rebased(town, number)

    assert town.status(number)[0] == "pending"
    town.withdraw(number, by="ana")
    town.approve(number, by="ana")
    town.merge(number, method="linear")
    assert len(town.runs()) == 1


def test_a_request_of_the_bot_that_was_rebased_is_approved_and_deployed_all_the_same(town: Town) -> None:
    number = asked(town)

    overtaken_and_rebased(town, number)
    town.approve(number, by="ana")
    town.merge(number, method="linear")

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(61, 63)
def test_what_was_fast_forwarded_without_approval_is_not_deployed(town: Town) -> None:
    town.protect()
    number = town.propose(PROMOTED, by="mei")

    town.merge(number, method="linear")

    assert town.runs() == []
    assert "**Merged, but not deployed**: waiting for ana or raj" in town.verdict(number)


def test_a_fast_forward_that_nobody_told_of_is_deployed_once(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    town.merge(number, method="linear")

    sweep(town)
    sweep(town)

    assert len(town.runs()) == 1
