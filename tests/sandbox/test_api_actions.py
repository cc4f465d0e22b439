from datetime import UTC, datetime, timedelta

import pytest
from github import GithubException, UnknownObjectException
from github.NamedUser import NamedUser

from sandbox.scene import REGISTRY, Receiver, Scene

DEPLOY = """\
name: Deploy
run-name: Deploy ${{ inputs.model }} [${{ inputs.operation }}]
on:
  workflow_dispatch:
    inputs:
      model: {required: true, type: string}
      operation: {default: none, type: string}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Deploy
        run: test "${{ secrets.PASSWORD }}" = "open sesame" && cat weights.txt && echo "${{ inputs.model }}"
"""
PATH = ".github/workflows/deploy.yml"


def furnished(scene: Scene, *, workflow: str = DEPLOY, password: str = "open sesame") -> None:
    scene.sandbox.add_secret(REGISTRY, "PASSWORD", password)
    scene.work_tree("ana").push({PATH: workflow, "weights.txt": "weights"}, "Start")


def test_a_dispatched_workflow_really_runs(scene: Scene) -> None:
    furnished(scene)
    workflow = scene.registry("registrar-bot").get_workflow("deploy.yml")

    run = workflow.create_dispatch(
        "main", {"model": "digits", "operation": "deploy-7"}, throw=True, return_run_details=True
    )

    scene.sandbox.drain()
    assert run.update()
    assert (run.status, run.conclusion) == ("completed", "success")
    assert (run.display_title, run.event, run.name, run.path) == (
        "Deploy digits [deploy-7]",
        "workflow_dispatch",
        "Deploy",
        PATH,
    )
    logs = scene.sandbox.store.repository(REGISTRY).run(run.id).logs
    assert [(log.step, log.conclusion) for log in logs][-1] == ("Deploy", "success")
    assert "weights" in logs[-1].text


def test_a_workflow_that_fails_says_so(scene: Scene) -> None:
    furnished(scene, password="wrong")

    assert scene.registry("raj").get_workflow("deploy.yml").create_dispatch("main", {"model": "digits"})

    scene.sandbox.drain()
    (run,) = scene.registry("mei").get_workflow_runs()
    assert run.conclusion == "failure"


def test_every_step_of_a_run_s_life_is_told(scene: Scene, receiver: Receiver) -> None:
    furnished(scene)
    scene.registry("raj").get_workflow("deploy.yml").create_dispatch("main", {"model": "digits"})
    scene.sandbox.drain()

    told = [each.payload for each in receiver.received if each.event == "workflow_run"]

    assert [(each["action"], each["workflow_run"]["conclusion"]) for each in told] == [
        ("requested", None),
        ("in_progress", None),
        ("completed", "success"),
    ]
    assert told[0]["workflow_run"]["display_title"] == "Deploy digits [none]"


@pytest.mark.parametrize(
    ("key", "body", "complaint"),
    [
        pytest.param("deploy.yml", {"ref": "dev", "inputs": {"model": "x"}}, "No ref found for: dev", id="no such ref"),
        pytest.param("deploy.yml", {"ref": "main"}, "Required input 'model' not provided", id="input missing"),
        pytest.param(
            "deploy.yml", {"ref": "main", "inputs": {"model": "x", "y": "z"}}, "Unexpected inputs", id="input unknown"
        ),
        pytest.param("other.yml", {"ref": "main"}, "does not have 'workflow_dispatch'", id="not to be dispatched"),
        pytest.param("broken.yml", {"ref": "main"}, "failed to parse workflow", id="unreadable"),
    ],
)
def test_a_dispatch_that_github_would_not_take_is_refused(
    scene: Scene, key: str, body: dict[str, object], complaint: str
) -> None:
    furnished(scene)
    other = (
        DEPLOY.replace("workflow_dispatch:", "push:").partition("    inputs")[0]
        + "jobs:"
        + DEPLOY.partition("jobs:")[2]
    )
    files = {".github/workflows/other.yml": other, ".github/workflows/broken.yml": "on: [nonsense\n"}
    tree = scene.work_tree("ana", name="other")
    tree.git("pull", "--quiet", "origin", "main")
    tree.push(files, "More")

    answer = scene.answer("raj", "POST", f"/repos/{REGISTRY}/actions/workflows/{key}/dispatches", body)

    assert answer.status_code == 422
    assert complaint in answer.json()["message"]


def test_a_sha_is_no_ref_for_a_dispatch(scene: Scene) -> None:
    furnished(scene)
    sha = scene.registry("raj").get_branch("main").commit.sha

    with pytest.raises(GithubException, match="No ref found"):
        scene.registry("raj").get_workflow("deploy.yml").create_dispatch(sha, {"model": "x"}, throw=True)


def test_a_reader_may_not_dispatch(scene: Scene) -> None:
    furnished(scene)

    with pytest.raises(GithubException) as refused:
        scene.registry("mei").get_workflow("deploy.yml").create_dispatch("main", {"model": "x"}, throw=True)

    assert refused.value.status == 403


def test_workflows_are_listed_and_found_by_id(scene: Scene) -> None:
    furnished(scene)
    registry = scene.registry("mei")

    (found,) = registry.get_workflows()

    assert (found.name, found.path, found.state) == ("Deploy", PATH, "active")
    assert registry.get_workflow(found.id).name == "Deploy"
    with pytest.raises(UnknownObjectException):
        registry.get_workflow("absent.yml")


def test_runs_are_found_by_what_is_known_of_them(scene: Scene) -> None:
    furnished(scene)
    workflow = scene.registry("raj").get_workflow("deploy.yml")
    workflow.create_dispatch("main", {"model": "first"})
    workflow.create_dispatch("main", {"model": "second"})
    scene.sandbox.drain()
    yesterday, tomorrow = (f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" for days in (-1, 1))
    registry = scene.registry("mei")

    titles = [each.display_title for each in workflow.get_runs(event="workflow_dispatch", created=f">={yesterday}")]

    assert titles == ["Deploy second [none]", "Deploy first [none]"]
    assert registry.get_workflow_runs(created=f"{yesterday}..{tomorrow}").totalCount == 2
    assert registry.get_workflow_runs(created=f">{tomorrow}").totalCount == 0
    assert registry.get_workflow_runs(event="push").totalCount == 0
    branch, actor = registry.get_branch("main"), scene.github("mei").get_user("raj")
    assert isinstance(actor, NamedUser)
    assert registry.get_workflow_runs(status="success", branch=branch, actor=actor).totalCount == 2
