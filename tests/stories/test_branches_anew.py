"""What becomes of a branch after its merge says nothing about who made what was merged."""

import pytest

from stories.test_commands import asked
from stories.town import Town


@pytest.mark.parametrize("start", ["main", "head"])
def test_a_branch_made_anew_after_the_merge_vetoes_nothing(town: Town, start: str) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    before = town.pull_request(number)
    town.lose_webhooks()
    town.merge(number)
    checkout = town.checkout("leo")
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("push", "--quiet", "origin", f":refs/heads/{before.branch}")
    sha = before.head if start == "head" else "origin/main"
    checkout.git("push", "--quiet", "origin", f"{sha}:refs/heads/{before.branch}")
    town.settle()

    town.look_at(number)
    town.let_time_pass()

    assert "✅ **Merged and deployed**" in town.verdict(number)
