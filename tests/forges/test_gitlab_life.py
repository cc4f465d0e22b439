"""What the adapter makes of a GitLab that really merges, moves and runs: what GitHub has otherwise, or not at all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forges.contract import APPLICATION
from forges.contract_gitlab import GitLabPlace, gitlab_place
from registrar.core.pipelines import Passing, Target
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequest, PullRequestState
from registrar.errors import ForgeRefused, NotAllowed, Unknown

OPERATION = "deploy-7-0123456789abcdef"
BY_HAND = """\
workflow:
  name: Deploy $REGISTRAR_OPERATION

deploy:
  when: manual
  allow_failure: false
  script:
    - test "$REGISTRAR_VERSION" = 1.0.0
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[GitLabPlace]:
    with gitlab_place(tmp_path) as found:
        yield found


@pytest.fixture
def number(place: GitLabPlace) -> int:
    """A merge request by raj with two commits."""
    place.push("raj", "promote", {"README.md": "Models\n"})
    place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\n"})
    return place.propose("raj", "promote")


def merged(place: GitLabPlace, number: int, **settings: object) -> PullRequest:
    """The merge request once ana has merged it, in a project with these settings."""
    place.done("ana", "PUT", "", settings)
    place.merge("ana", number)
    return place.forge.pull_request(number)


def tip(place: GitLabPlace) -> str:
    return str(place.done("mei", "GET", "/repository/branches/main")["commit"]["id"])


def test_a_fast_forward_lands_the_head_on_what_was_there_before(place: GitLabPlace, number: int) -> None:
    before = tip(place)

    pull = merged(place, number, merge_method="ff")

    assert pull.merge_commit == pull.head_sha == tip(place)
    assert pull.landed_on == before


def test_a_squash_that_is_fast_forwarded_lands_one_commit(place: GitLabPlace, number: int) -> None:
    pull = merged(place, number, merge_method="ff", squash_option="always")

    assert pull.merge_commit == tip(place) != pull.head_sha
    assert (pull.squash_commit, pull.landed_on) == (None, None)


def test_a_squash_that_is_merged_names_both_commits(place: GitLabPlace, number: int) -> None:
    pull = merged(place, number, merge_method="merge", squash_option="always")

    assert pull.merge_commit == tip(place)
    assert pull.squash_commit not in {None, pull.merge_commit, pull.head_sha}


@pytest.mark.parametrize("method", ["merge", "ff"])
def test_what_landed_within_another_request_was_not_merged(place: GitLabPlace, number: int, method: str) -> None:
    place.done("raj", "POST", "/repository/branches?branch=more&ref=promote")
    place.push("raj", "more", {"README.md": "More\n"})
    other = place.propose("raj", "more")

    assert merged(place, other, merge_method=method).merge_commit is not None
    place.settle()
    pull = place.forge.pull_request(number)

    assert (pull.state, pull.merge_commit, pull.landed_on) == (PullRequestState.MERGED, None, None)


def test_an_archived_project_says_so(place: GitLabPlace, number: int) -> None:
    place.done("ana", "POST", "/archive")

    with pytest.raises(NotAllowed, match="is archived"):
        place.forge.keep_comment(number, "metrics", "better")


def test_a_pipeline_that_waits_is_let_go_on_once(place: GitLabPlace) -> None:
    tree = place.scene.work_tree("ana", name="by-hand", repository=APPLICATION)
    tree.git("pull", "--quiet", "origin", "main")
    tree.push({".gitlab-ci.yml": BY_HAND}, "Deploy by hand")
    target = Target(APPLICATION, "deploy", passing=Passing.VARIABLES)

    since = datetime.now(UTC)
    place.forge.start_pipeline(target, {"operation": OPERATION, "version": "1.0.0"})
    place.settle()
    waiting = place.forge.find_run(target, OPERATION, since=since)
    assert waiting is not None
    assert waiting.waits

    place.forge.resume_run(target, waiting)
    place.settle()
    ended = place.forge.resume_run(target, waiting)

    assert (ended.outcome, ended.waits) == (Outcome.SUCCESS, False)


def test_a_trigger_token_starts_a_pipeline(place: GitLabPlace) -> None:
    path = f"/projects/{APPLICATION.replace('/', '%2F')}/triggers"
    token = place.scene.answer("ana", "POST", path, json={"description": "deploys"}).json()["token"]
    target = Target(APPLICATION, "deploy", trigger_token=token)

    run = place.forge.start_pipeline(target, {"operation": OPERATION, "version": "1.0.0"})

    assert run is not None
    found = place.forge.find_run(target, OPERATION, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert found is not None
    assert found.id == run.id


def test_a_trigger_token_that_is_none_is_refused(place: GitLabPlace) -> None:
    target = Target(APPLICATION, "deploy", trigger_token="glptt-nobodys")

    with pytest.raises(Unknown, match="trigger token"):
        place.forge.start_pipeline(target, {"operation": OPERATION, "version": "1.0.0"})


def test_a_project_that_takes_no_variables_is_told(place: GitLabPlace) -> None:
    path = f"/projects/{APPLICATION.replace('/', '%2F')}"
    changed = place.scene.answer("ana", "PUT", path, json={"ci_pipeline_variables_minimum_override_role": "owner"})
    assert changed.is_success

    with pytest.raises(ForgeRefused, match="variables"):
        place.forge.start_pipeline(Target(APPLICATION, "deploy", passing=Passing.VARIABLES), {"operation": OPERATION})


def test_words_under_a_commit_change_as_often_as_they_must(place: GitLabPlace, number: int) -> None:
    sha = place.forge.pull_request(number).head_sha
    for words in ("waiting for ana", "waiting for raj", "waiting for mei", "waiting for ana"):
        place.forge.set_status(sha, CommitStatus("registrar: main", Outcome.PENDING, words))

        [said] = place.forge.statuses(sha)

        assert (said.outcome, said.description) == (Outcome.PENDING, words)


def test_the_first_status_is_seen_by_the_merge_request(place: GitLabPlace, number: int) -> None:
    place.done("ana", "POST", "/repository/branches?branch=another&ref=promote")  # GitLab would take this one
    head = place.forge.pull_request(number).head_sha

    place.forge.set_status(head, CommitStatus("registrar: main", Outcome.PENDING, "waiting for ana"))

    assert place.request(number)["head_pipeline"]["ref"] == "promote"
