"""The same stories end the same where a job does what a server does: nobody listens, and nothing is remembered."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from notices.receiving import Chat
from parity import only_on
from reconcile.jobs import wanted
from registrar.core.events import PullRequestChanged
from registrar.handlers.breaches import LOOKED_BACK
from registrar.sandbox.faults import Spot
from registrar.sandbox.limits import primary_limit
from registrar.serverless.reconciling import reconcile
from registrar.serverless.round import Limits
from stories import test_commands, test_holding, test_ledger, test_rejection, test_unapproved_changes
from stories.checkouts import git
from stories.fixtures import Found
from stories.places import REGISTRY
from stories.side import Side
from stories.test_commands import asked
from stories.test_notices import a_telling_town, chat
from stories.town import Town

__all__ = ["chat"]

STORIES = [
    test_ledger.test_git_alone_tells_what_became_of_a_promotion,
    test_unapproved_changes.test_a_merge_that_nobody_approved_is_taken_back_and_says_so,
]
MORE = [
    test_commands.test_asking_again_adopts_what_is_open,
    test_holding.test_a_held_request_waits_whoever_approves_it_until_an_owner_lets_it_go,
    test_rejection.test_a_request_is_rejected_for_good,
    test_unapproved_changes.test_a_promotion_that_a_forced_push_dropped_is_asked_for_again,
]


@pytest.mark.parametrize(
    "story",
    [*STORIES, *(pytest.param(story, marks=pytest.mark.slow) for story in MORE)],
    ids=lambda story: story.__name__.removeprefix("test_"),
)
def test_a_story_ends_the_same_without_a_server(story: Callable[[Town], None], town: Town) -> None:
    story(town)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's, at its import
def test_a_failure_is_told_once_though_no_run_remembers_whom_another_told(
    found: Found, side: type[Side], chat: Chat
) -> None:
    town = a_telling_town(found, chat, side)
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)
    town.settle()
    reconcile(wanted(town, hint=PullRequestChanged(REGISTRY, number)), threading.Event())

    assert "❌ **Merged; a deploy failed**" in town.verdict(number)
    assert [said["title"] for said in chat.said] == ["Deploy failed: digits 1.1.0 to Production"]


@only_on("github", because="How often git asks for a ledger is the same wherever that is.")
def test_a_look_at_a_base_of_which_nobody_spoke_for_long_fetches_the_ledger_once(town: Town) -> None:
    for number in range(LOOKED_BACK + 15):
        town.begin({"models/digits/model.yaml": f"description: digits, {number}\n"}, repository=REGISTRY)
    bare = town.sandbox.store.repository(REGISTRY).path
    git(
        bare,
        "-c",
        "user.name=eve",
        "-c",
        "user.email=eve@x",
        "notes",
        "--ref=registrar",
        "add",
        "-m",
        "hello",
        "main~9",
    )
    fetches = town.faults.begin(Spot("POST", "/git-upload-pack"))

    found = reconcile(wanted(town), threading.Event())

    assert found.is_fine
    assert fetches.met < 15  # as many as there are steps that the ledger could be asked about


def test_a_limit_that_lasts_ends_a_run_and_leaves_the_turn_to_the_next(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    limits = Limits(follow=0.0, give_up_after=1.0)
    town.faults.begin(town.side.starting, primary_limit(town.side.dialect, seconds=600))
    town.side.merge("ana", number, "merge")

    limited = reconcile(wanted(town, limits=limits), threading.Event())
    next_one = reconcile(replace(wanted(town, limits=limits), waits=False), threading.Event())

    assert limited.told is not None
    assert {"rate limit" in each.why for each in limited.told.failed} == {True}
    assert next_one.told is not None
