"""What a job tells is a hint, taken from where its forge puts it and from nowhere else."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from registrar.core.events import BranchPushed, CommentWritten, Event, PullRequestChanged, RunChanged
from registrar.serverless.surroundings import hint_of, is_token_of_job, job_of, settings_of_job

HERE = "acme/registry"
ONE, OTHER = "1" * 40, "2" * 40
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": HERE}
GITLAB = {"GITLAB_CI": "true", "CI_SERVER_URL": "https://git.example.org", "CI_PROJECT_PATH": HERE}
REPOSITORY = {"repository": {"full_name": HERE}}
PROJECT = {"project": {"path_with_namespace": HERE}}
MERGE_REQUEST = {"object_kind": "merge_request", **PROJECT, "object_attributes": {"iid": 7}}
PUSH = {"object_kind": "push", **PROJECT, "ref": "refs/heads/main", "before": ONE, "after": OTHER}


@pytest.mark.parametrize(
    ("name", "payload", "hint"),
    [
        ("pull_request_target", {"action": "opened", "pull_request": {"number": 7}}, PullRequestChanged(HERE, 7)),
        ("pull_request_review", {"action": "submitted", "pull_request": {"number": 7}}, PullRequestChanged(HERE, 7)),
        (
            "issue_comment",
            {"action": "created", "issue": {"number": 7}, "comment": {"id": 9, "body": "/registrar help"}},
            CommentWritten(HERE, 7, 9),
        ),
        ("push", {"ref": "refs/heads/main", "before": ONE, "after": OTHER}, BranchPushed(HERE, "main", ONE, OTHER)),
        (
            "workflow_run",
            {
                "action": "completed",
                "workflow_run": {
                    "id": 1,
                    "display_title": "x",
                    "event": "pull_request_review",
                    "pull_requests": [{"number": 7}],
                },
            },
            PullRequestChanged(HERE, 7),
        ),
        ("schedule", {"schedule": "*/10 * * * *"}, None),
        ("workflow_dispatch", {"inputs": {}}, None),
        ("pull_request_target", {"action": "opened", "pull_request": {"number": "7; rm -rf /"}}, None),
    ],
)
def test_a_job_on_github_looks_at_what_started_it(
    tmp_path: Path, name: str, payload: Mapping[str, object], hint: Event | None
) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps({**REPOSITORY, **payload}), encoding="utf-8")

    told = hint_of({**GITHUB, "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(file)}, repository="Acme/Registry")

    assert told == hint


@pytest.mark.parametrize(
    ("variables", "payload", "hint"),
    [
        ({"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}, None, None),
        (
            {
                "CI_PIPELINE_SOURCE": "push",
                "CI_COMMIT_BRANCH": "main",
                "CI_COMMIT_BEFORE_SHA": ONE,
                "CI_COMMIT_SHA": OTHER,
            },
            None,
            None,  # git push -o ci.variable=CI_COMMIT_BEFORE_SHA=... says whatever one likes
        ),
        (
            {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7"},
            None,
            PullRequestChanged(HERE, 7),
        ),
        ({"CI_PIPELINE_SOURCE": "trigger"}, MERGE_REQUEST, PullRequestChanged(HERE, 7)),
        ({"CI_PIPELINE_SOURCE": "trigger"}, PUSH, None),  # whoever has the token may say that main was anything
    ],
)
def test_a_job_on_gitlab_looks_at_what_started_it(
    tmp_path: Path, variables: Mapping[str, str], payload: Mapping[str, object] | None, hint: Event | None
) -> None:
    file = tmp_path / "payload.json"
    told = {} if payload is None else {"TRIGGER_PAYLOAD": str(file)}
    file.write_text(json.dumps(payload), encoding="utf-8")

    assert hint_of({**GITLAB, **variables, **told}, repository=HERE) == hint


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"action": "opened"}', b"[" * 100_000])
def test_what_is_no_event_is_no_hint(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(body)
    environment = {**GITHUB, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(file)}

    assert hint_of(environment, repository=HERE) is None
    assert hint_of({**environment, "GITHUB_EVENT_PATH": str(tmp_path / "none")}, repository=HERE) is None


def test_of_another_repository_a_job_tells_of_nothing_but_a_deploy(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    run = {"id": 5, "display_title": "digits (deploy-7-1)", "event": "workflow_dispatch"}
    told = {"action": "completed", "repository": {"full_name": "acme/app"}}
    environment = {**GITHUB, "GITHUB_EVENT_PATH": str(file)}

    file.write_text(json.dumps({**told, "workflow_run": run}), encoding="utf-8")
    assert hint_of({**environment, "GITHUB_EVENT_NAME": "workflow_run"}, repository=HERE) == RunChanged(
        "acme/app", 5, "digits (deploy-7-1)"
    )

    file.write_text(json.dumps({**told, "action": "closed", "pull_request": {"number": 7}}), encoding="utf-8")
    assert hint_of({**environment, "GITHUB_EVENT_NAME": "pull_request"}, repository=HERE) is None


def test_outside_of_a_job_a_payload_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps({**REPOSITORY, "action": "opened", "pull_request": {"number": 7}}), encoding="utf-8")

    assert hint_of({"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(file)}, repository=HERE) is None


def test_a_job_knows_its_registry_unless_somebody_has_set_another() -> None:
    assert settings_of_job(GITHUB) == {
        "REGISTRAR_FORGE": "github",
        "REGISTRAR_FORGE_URL": "https://github.com",
        "REGISTRAR_REPOSITORY": HERE,
    }
    assert settings_of_job({**GITLAB, "REGISTRAR_REPOSITORY": "acme/other"}) == {
        "REGISTRAR_FORGE": "gitlab",
        "REGISTRAR_FORGE_URL": "https://git.example.org",
    }
    assert settings_of_job({"GITHUB_REPOSITORY": HERE}) == {}


def test_the_token_of_a_job_is_known_by_its_name_and_by_its_kind() -> None:
    assert is_token_of_job("secret", {"CI_JOB_TOKEN": "secret"})
    assert is_token_of_job("glcbt-64_abc", {})
    assert not is_token_of_job("glpat-abc", {"CI_JOB_TOKEN": "secret"})
    assert not is_token_of_job("", {})


def test_who_has_the_turn_is_found_by_the_address_of_its_job() -> None:
    assert job_of({**GITHUB, "GITHUB_RUN_ID": "4711"}) == "https://github.com/acme/registry/actions/runs/4711"
    assert job_of({"GITLAB_CI": "true", "CI_JOB_URL": "https://git.example.org/-/jobs/3"}).endswith("/jobs/3")
    assert job_of({}).startswith("process ")
