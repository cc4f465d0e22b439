"""Every command of the component does on GitLab what it does by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from component.scene import PUSH, ROOT, Project, a_project, included
from nodes import Node
from stories.registries import a_registry, a_version

SCHEDULE = {"CI_PIPELINE_SOURCE": "schedule"}
READ = """
read:
  stage: deploy
  needs: [registrar-promote]
  script: ['echo "$REGISTRAR_OUTPUT_EVENT to $REGISTRAR_OUTPUT_STAGE, merge request $REGISTRAR_OUTPUT_PULL_REQUEST"']
"""
ELSEWHERE = (
    "component: {host}/model-registrar/registrar/registrar@main",
    "project: model-registrar/registrar\n    ref: main\n    file: templates/registrar/template.yml",
    "remote: {url}/model-registrar/registrar/-/raw/main/templates/registrar/template.yml",
)


def test_wishes_become_merge_requests_that_a_later_job_knows(project: Project) -> None:
    archived = {"models/digits/status.yaml": "Production: 1.1.0\nArchived:\n  - 1.0.0\n"}
    project.push(archived | a_version("1.2.0", accuracy=0.96))
    project.check_out()
    project.variables["REGISTRAR_TOKEN"] = project.token("registrar-bot")
    promote = {"command": "promote", "selector": "digits@latest", "to": "Staging"}
    wishes = included(promote, {"command": "rollback", "model": "digits"})

    ran = project.run(wishes + READ, PUSH, "--manual", "registrar-promote", "--manual", "registrar-rollback")

    assert ran.code == 0, ran.log
    opened = {request.title: number for number, request in project.registry.threads.items()}
    assert set(opened) == {"Promote digits 1.2.0 to Staging", "Roll digits back to 1.0.0 in Production"}
    assert f"assignment to Staging, merge request {opened['Promote digits 1.2.0 to Staging']}" in ran.log


def test_a_gitlab_below_a_folder_of_its_host_is_found(node: Node, tmp_path: Path) -> None:
    with a_project(tmp_path, node, a_registry({"1.0.0": 0.9}), path="/gitlab") as project:
        project.variables["REGISTRAR_TOKEN"] = project.token("registrar-bot")
        promote = {"command": "promote", "selector": "digits@1.0.0", "to": "Staging"}

        ran = project.run(included(promote), PUSH, "registrar-promote")

    assert ran.ended("registrar-promote") == "PASS", ran.log


def test_the_ledger_is_at_hand_where_it_is_audited(project: Project) -> None:
    project.note("what the bot did")

    ran = project.run(included({"command": "audit"}), PUSH)

    assert "the ledger is not in this clone" not in ran.log
    assert project.noted().strip() == "what the bot did"


@pytest.mark.slow
def test_a_schedule_says_on_a_merge_request_what_the_server_would(project: Project) -> None:
    project.push({"models/digits/status.yaml": "Production: 1.1.0\nArchived:\n  - 1.0.0\n"}, by="mei", onto="promotion")
    number = project.ask("promotion")
    project.variables["REGISTRAR_TOKEN"] = project.token("registrar-bot")

    ran = project.run(included({"command": "reconcile", "follow": "0"}), SCHEDULE)

    assert ran.code == 0, ran.log
    [comment] = project.registry.pull_request(number).comments
    assert "Who must approve" in comment.body


def test_reconcile_takes_no_token_of_the_job(project: Project) -> None:
    project.variables |= {"REGISTRAR_TOKEN": "the-job", "CI_JOB_TOKEN": "the-job"}

    ran = project.run(included({"command": "reconcile"}), SCHEDULE)

    assert ran.ended("registrar-reconcile") == "FAIL"
    assert "give REGISTRAR_TOKEN a project access token" in ran.log


def test_it_is_included_from_another_project_in_every_way_that_gitlab_has(project: Project) -> None:
    project.mirror("model-registrar/registrar")
    host, url = project.sandbox.url.removeprefix("http://"), project.sandbox.url
    ways = {f"{each.partition(':')[0]}-": each.format(host=host, url=url) for each in ELSEWHERE}
    parts = [included({"command": "check", "job-prefix": prefix}, where=way) for prefix, way in ways.items()]

    ran = project.run("include:\n" + "".join(part.removeprefix("include:\n") for part in parts), PUSH)

    assert [ran.ended(f"{prefix}check") for prefix in ways] == ["PASS"] * len(ELSEWHERE), ran.log


@pytest.mark.slow
def test_a_version_is_registered_merged_and_pulled(node: Node, tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    config = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {storage}\n"
    files = {"made/model.joblib": "weights", "made/metrics.json": json.dumps({"accuracy": 0.97, "latency": 4.0})}
    register = {
        "command": "register", "model": "digits", "version": "2.0.0", "weights": "made/model.joblib",
        "metrics": "made/metrics.json", "description": "it's \"better\": # and $$CI_JOB_ID",
    }  # fmt: skip
    with a_project(tmp_path, node, {**a_registry(), ".dvc/config": config, **files}) as project:
        project.variables["REGISTRAR_TOKEN"] = project.token("registrar-bot")
        ran = project.run(included(register), PUSH)
        assert ran.code == 0, ran.log
        [opened] = project.registry.threads
        project.merge(opened, by="ana")
        project.check_out()

        ran = project.run(included({"command": "pull", "selector": "digits@2.0.0", "output": "here"}), PUSH)

        assert ran.code == 0, ran.log
        assert (project.folder / "here/model.joblib").read_text() == "weights"
        registered = (project.folder / "models/digits/versions/2.0.0/version.yaml").read_text()
        assert yaml.safe_load(registered)["description"] == 'it\'s "better": # and $CI_JOB_ID'


@pytest.mark.slow
def test_it_installs_itself_by_the_locks_of_its_wheel(project: Project, tmp_path: Path) -> None:
    """Into an environment of the job's own, which is gone afterwards, whatever Python has beside it."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    project.has_registrar = False
    jobs = tmp_path / "jobs"
    jobs.mkdir()
    project.variables["TMPDIR"] = str(jobs)

    shadows = ("pip.py", "venv.py", "runpy.py", "registrar/__init__.py", "registrar/ci/__init__.py")
    project.push(dict.fromkeys(shadows, "raise SystemExit('eve was here')\n"))
    project.check_out()

    ran = project.run(included({"command": "check", "package": str(wheel)}), PUSH)

    assert ran.ended("registrar-check") == "PASS", ran.log
    assert list(jobs.iterdir()) == []
