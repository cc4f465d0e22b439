"""The same stories end the same where a job does what a server does: nobody listens, and nothing is remembered."""

from collections.abc import Callable

import pytest

from stories import test_commands, test_holding, test_ledger, test_rejection, test_unapproved_changes
from stories.town import Town

STORIES = [
    test_ledger.test_git_alone_tells_what_became_of_a_promotion,
    test_commands.test_asking_again_adopts_what_is_open,
    test_holding.test_a_held_request_waits_whoever_approves_it_until_an_owner_lets_it_go,
    test_rejection.test_a_request_is_rejected_for_good,
    test_unapproved_changes.test_a_merge_that_nobody_approved_is_taken_back_and_says_so,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
def test_a_story_ends_the_same_without_a_server(story: Callable[[Town], None], town: Town) -> None:
    story(town)
