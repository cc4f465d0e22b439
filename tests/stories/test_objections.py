"""Whoever asks for changes is heard until they approve, whatever others do to the request."""

from parity import only_on
from stories.gitlab_side import gitlab_of
from stories.test_deploy import PROMOTED
from stories.town import Town


@only_on("gitlab", because="On GitHub a review stays when its author is no longer asked for one.")
def test_an_objection_stays_when_its_author_is_taken_off_the_reviewers(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei", branch="promote")
    town.approve(number, by="raj")
    town.request_changes(number, by="ana")

    gitlab_of(town.side).leave_unreviewed(number, by="mei")
    town.settle()
    town.look_at(number)

    state, words = town.status(number)
    assert state == "failure"
    assert "ana asked for changes" in words
