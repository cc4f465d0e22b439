"""What a person sees of GitLab's pipelines on the sandbox forge, and does there."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from registrar.sandbox.pipelines import JobState, Pipeline
from sandbox.gitlab_stage import Stage, staged
from sandbox.scenery import commit_files


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, path="/gitlab") as found:
        yield found


@pytest.fixture
def raj(stage: Stage) -> httpx.Client:
    return stage.browser("raj")


def started(stage: Stage, browser: httpx.Client, version: str = "1.1.0") -> httpx.Response:
    """The page to which whoever starts a pipeline is led, once nothing moves by itself any more."""
    wish = {"input.model": "digits", "input.version": version}
    page = browser.post(f"{stage.pipelines}/new", data=wish)
    stage.sandbox.drain()
    return page


def only(stage: Stage) -> Pipeline:
    (found,) = stage.application.ci.pipelines
    return found


def test_a_person_starts_a_pipeline(stage: Stage, raj: httpx.Client) -> None:
    page = started(stage, raj)

    assert page.url.path == f"{stage.pipelines}/{only(stage).id}"
    assert "Deploy digits 1.1.0" in page.text
    assert '<meta http-equiv="refresh" content="1">' in page.text


def test_a_manual_job_waits_for_a_person_who_plays_it(stage: Stage, raj: httpx.Client) -> None:
    before = raj.get(started(stage, raj).url.path).text
    (job,) = (each for each in only(stage).jobs if each.plan.name == "deploy")
    page = f"/gitlab/acme/digits-ui/-/jobs/{job.id}"
    waiting = raj.get(page).text
    raj.post(f"{page}/play")
    stage.sandbox.drain()
    after = raj.get(page).text

    assert "Manual</span>" in before
    assert 'aria-label="Run deploy"' in before
    assert "It waits for a person" in waiting
    assert "Succeeded</span>" in after
    assert "&lt;b&gt;serving&lt;/b&gt; 1.1.0" in after
    assert ">production" in after
    assert job.user is stage.people["raj"]


def test_a_job_that_failed_says_so(stage: Stage, raj: httpx.Client) -> None:
    page = raj.get(started(stage, raj, version="6.6.6").url.path).text
    job = next(each for each in only(stage).jobs if each.state is JobState.FAILED)
    log = raj.get(f"/gitlab/acme/digits-ui/-/jobs/{job.id}").text

    assert "Failed</span>" in page
    assert '<span class="out">checked digits</span>' in log
    assert '<span class="error">ERROR: Job failed' in log


@pytest.mark.parametrize("login", ["mei", ""])
def test_who_may_not_write_plays_nothing(stage: Stage, login: str) -> None:
    started(stage, stage.browser("raj"))
    (job,) = (each for each in only(stage).jobs if each.plan.name == "deploy")
    page = f"/gitlab/acme/digits-ui/-/jobs/{job.id}"
    answer = stage.browser(login).post(f"{page}/play")

    assert answer.status_code == 403
    assert "disabled" in answer.text
    assert job.state is JobState.MANUAL


def test_what_does_not_wait_is_not_played(stage: Stage, raj: httpx.Client) -> None:
    started(stage, raj)
    (job,) = (each for each in only(stage).jobs if each.plan.name == "check")

    answer = raj.post(f"/gitlab/acme/digits-ui/-/jobs/{job.id}/play")

    assert answer.status_code == 422
    assert "Unplayable Job" in answer.text


def test_a_pipeline_without_what_it_needs_is_not_started(stage: Stage, raj: httpx.Client) -> None:
    answer = raj.post(f"{stage.pipelines}/new", data={"input.version": "1.1.0"})

    assert answer.status_code == 422
    assert "`model` input: required value has not been provided" in answer.text
    assert "base" not in answer.text
    assert stage.application.ci.pipelines == []


def test_the_form_asks_for_what_the_pipeline_declares(raj: httpx.Client, stage: Stage) -> None:
    page = raj.get(stage.pipelines).text

    assert '<input name="input.model" value="" required>' in page
    assert '<input name="input.version" value="1.0.0">' in page
    assert '<select name="input.dry"><option>true</option><option selected>false</option></select>' in page


def test_a_configuration_that_makes_no_sense_says_why(stage: Stage, raj: httpx.Client) -> None:
    files = {".gitlab-ci.yml": "spec: {inputs: {model: {colour: red}}}\n---\na: {script: b}\n"}
    author = stage.people["ana"]
    commit_files(stage.sandbox, stage.application, author=author, branch="main", files=files)

    assert "colour" in raj.get(stage.pipelines).text
