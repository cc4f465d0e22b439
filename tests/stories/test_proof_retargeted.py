"""An approval is of the change that its reviewer saw: aimed at another branch, it is another change."""

import pytest

from stories.test_deploy import PROMOTED
from stories.town import Town


@pytest.mark.fault(44)
def test_an_approval_given_for_another_branch_does_not_count_for_the_base(town: Town) -> None:
    town.commit(PROMOTED, by="mei", branch="dev")
    town.commit({"notes.txt": "harmless\n"}, by="mei", branch="change", onto="dev")
    number = town.open_for("change", by="mei", base="dev")  # shows notes.txt alone
    town.approve(number, by="ana")

    town.retarget(number, "main")

    state, words = town.status(number)
    assert state == "pending"
    assert words.startswith("waiting for ana or raj; the review of ana was ")
