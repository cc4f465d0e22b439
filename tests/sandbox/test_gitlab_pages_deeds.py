"""What a person does on the page of a merge request on the sandbox forge, as GitLab lets them."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from registrar.sandbox import conversations, git
from registrar.sandbox.threads import PullRequestState, ReviewState
from sandbox.gitlab_stage import AGREED, WAITING, Stage, merge_button, staged
from sandbox.scenery import commit_files


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, path="/gitlab") as found:
        yield found


@pytest.fixture
def ana(stage: Stage) -> httpx.Client:
    return stage.browser("ana")


def said(stage: Stage, browser: httpx.Client, verdict: str, body: str = "", head: str = "") -> httpx.Response:
    form = {"verdict": verdict, "body": body, "head": head or stage.request.head_sha}
    return browser.post(f"{stage.page}/say", data=form)


def test_a_note_has_an_address_of_its_own(stage: Stage, ana: httpx.Client) -> None:
    answer = said(stage, ana, "comment", "Is **this** the one, @raj?")

    assert answer.url.fragment == f"note_{stage.request.comments[-1].id}"
    assert f'id="{answer.url.fragment}"' in answer.text
    assert "Is <strong>this</strong> the one" in answer.text


def test_an_approval_is_given_and_taken_back(stage: Stage, ana: httpx.Client) -> None:
    given = said(stage, ana, "approve")
    taken = said(stage, ana, "revoke")

    assert "approved this merge request" in given.text
    assert "Revoke approval" in given.text
    assert given.url.fragment == f"note_{stage.request.remarks[0].id}"
    assert "unapproved this merge request" in taken.text
    assert "Revoke approval" not in taken.text


def test_nobody_approves_twice(stage: Stage, ana: httpx.Client) -> None:
    said(stage, ana, "approve")

    answer = said(stage, ana, "approve")

    assert answer.status_code == 422
    assert "You approve it already." in answer.text


def test_what_was_not_looked_at_is_not_approved(stage: Stage, ana: httpx.Client) -> None:
    seen = stage.request.head_sha
    bot, files = stage.people["registrar-bot"], {"models/digits.yaml": "Production: 6.6.6\n"}
    commit_files(stage.sandbox, stage.registry, author=bot, branch="registrar/digits", files=files)
    answer = said(stage, ana, "approve", head=seen)

    assert answer.status_code == 422
    assert "It has changed since you looked" in answer.text
    assert "added 1 commit" in answer.text
    assert stage.request.reviews == []


def test_an_author_may_approve_as_on_gitlab(stage: Stage) -> None:
    stage.request.author = stage.people["raj"]

    assert "approved this merge request" in said(stage, stage.browser("raj"), "approve").text


def test_who_only_reports_approves_nothing(stage: Stage) -> None:
    mei = stage.browser("mei")
    answer = said(stage, mei, "approve")

    assert answer.status_code == 403
    assert "mei may not approve here." in mei.get(stage.page).text


def test_changes_are_requested_and_said_why(stage: Stage, ana: httpx.Client) -> None:
    page = said(stage, ana, "request", "Too slow.").text

    assert "requested changes" in page
    assert "<p>Too slow.</p>" in page


def test_there_are_no_other_verdicts(stage: Stage, ana: httpx.Client) -> None:
    assert said(stage, ana, "bless").status_code == 404


def test_a_line_that_commands_is_obeyed_and_not_shown(stage: Stage, ana: httpx.Client) -> None:
    page = said(stage, ana, "comment", "Fine.\n/approve").text

    assert stage.request.votes()[stage.people["ana"]].state is ReviewState.APPROVED
    assert "<p>Fine.</p>" in page
    assert "/approve" not in page


def test_a_command_that_cannot_be_obeyed_says_so(stage: Stage, ana: httpx.Client) -> None:
    answer = said(stage, ana, "comment", "/unapprove")

    assert answer.status_code == 422
    assert "Could not apply unapprove command." in answer.text


def test_merging_waits_for_the_pipeline(stage: Stage, ana: httpx.Client) -> None:
    before = ana.get(stage.page).text
    refused = ana.post(f"{stage.page}/merge", data={"head": stage.request.head_sha})
    stage.report("success", AGREED)
    after = ana.get(stage.page).text

    assert "disabled" in merge_button(before)
    assert "The pipeline must succeed." in before
    assert f"<strong>{WAITING}</strong>" in before
    assert "/-/pipelines/" in before
    assert (refused.status_code, stage.request.state) == (422, PullRequestState.OPEN)
    assert "disabled" not in merge_button(after)
    assert "Ready to merge" in after
    assert f"<strong>{AGREED}</strong>" in after


def test_it_is_merged_as_the_project_merges(stage: Stage, ana: httpx.Client) -> None:
    stage.report("success", AGREED)

    page = ana.post(f"{stage.page}/merge", data={"head": stage.request.head_sha, "method": "merge"}).text

    assert "ana</a> merged" in page
    assert "Production: 1.1.0" in ana.get(f"{stage.home}/-/blob/main/models/digits.yaml").text


@pytest.mark.parametrize(
    ("merge_method", "squash_option", "ways"),
    [
        pytest.param(
            "merge", "default_off", ["with a merge commit", "squashed, with a merge commit"], id="as it begins"
        ),
        pytest.param("ff", "never", ["by a move of the branch"], id="only forward"),
        pytest.param(
            "ff", "default_on", ["squashed, by a move of the branch", "by a move of the branch"], id="squashed first"
        ),
        pytest.param("rebase_merge", "always", ["squashed, with a merge commit"], id="always squashed"),
    ],
)
def test_only_ways_that_the_project_allows_are_offered(
    stage: Stage, ana: httpx.Client, merge_method: str, squash_option: str, ways: list[str]
) -> None:
    stage.registry.settings.merge_method, stage.registry.settings.squash_option = merge_method, squash_option

    page = ana.get(stage.page).text

    assert re.findall(r'<option value="\w+">([^<]*)', page) == ways


@pytest.mark.parametrize(("wish", "is_kept"), [({"remove": "yes"}, False), ({}, True)])
def test_the_source_branch_goes_if_one_wants(
    stage: Stage,
    ana: httpx.Client,
    wish: dict[str, str],
    is_kept: bool,  # noqa: FBT001 - a column
) -> None:
    stage.report("success", AGREED)

    ana.post(f"{stage.page}/merge", data={"head": stage.request.head_sha, **wish})

    assert (git.branch(stage.registry.path, "registrar/digits") is not None) == is_kept


@pytest.mark.parametrize("method", ["merge", "squash"])
def test_whoever_merges_says_whether_commits_become_one(stage: Stage, ana: httpx.Client, method: str) -> None:
    stage.registry.settings.squash_option = "default_on"
    stage.report("success", AGREED)

    ana.post(f"{stage.page}/merge", data={"head": stage.request.head_sha, "method": method})

    assert (stage.request.squash_commit is not None) == (method == "squash")
    assert stage.request.merge_commit is not None


def test_who_may_not_merge_is_told_so(stage: Stage) -> None:
    stage.report("success", AGREED)

    answer = stage.browser("mei").post(f"{stage.page}/merge", data={"head": stage.request.head_sha})

    assert answer.status_code == 403
    assert "mei may not merge into main." in answer.text


def test_a_draft_is_not_merged_until_it_is_ready(stage: Stage, ana: httpx.Client) -> None:
    stage.report("success", AGREED)
    draft = ana.post(f"{stage.page}/draft", data={"draft": "yes"}).text
    ready = ana.post(f"{stage.page}/draft", data={"draft": "no"}).text

    assert "The merge request is a draft." in draft
    assert "Mark as ready" in draft
    assert "Ready to merge" in ready
    assert "Mark as draft" in ready


def test_it_is_closed_and_opened_again(stage: Stage, ana: httpx.Client) -> None:
    closed = ana.post(f"{stage.page}/open", data={"open": "no"}).text
    again = ana.post(f"{stage.page}/open", data={"open": "yes"}).text

    assert "This was closed" in closed
    assert "Reopen merge request" in closed
    assert "Close merge request" in again


@pytest.mark.parametrize(("login", "is_shown"), [("raj", True), ("mei", False), ("", False)])
def test_an_internal_note_is_not_for_everyone(stage: Stage, login: str, is_shown: bool) -> None:  # noqa: FBT001 - a column
    conversations.comment(
        stage.sandbox.forge, stage.registry, stage.request, author=stage.people["ana"], body="Psst.", internal=True
    )

    page = stage.browser(login).get(stage.page).text

    assert ("Psst." in page, "Internal note" in page) == (is_shown, is_shown)
