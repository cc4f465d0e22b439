"""How GitHub writes workflows and their runs."""

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.commits import simple_commit
from registrar.sandbox.github.dispatch import Workflow
from registrar.sandbox.github.people import Json, moment, simple_user
from registrar.sandbox.github.repositories import minimal_repository, repository_api
from registrar.sandbox.runs import RunState, WorkflowRun
from registrar.sandbox.store import Repository

STATUSES = {
    RunState.QUEUED: "queued",
    RunState.RUNNING: "in_progress",
    RunState.SUCCEEDED: "completed",
    RunState.FAILED: "completed",
}
CONCLUSIONS = {RunState.SUCCEEDED: "success", RunState.FAILED: "failure"}


def workflow(forge: Forge, repository: Repository, found: Workflow) -> Json:
    """A workflow file."""
    page = f"{forge.url}/{repository.full_name}"
    return {
        "id": found.id,
        "node_id": f"W_{found.id}",
        "name": found.name,
        "path": found.path,
        "state": "active",
        "created_at": moment(repository.created_at),
        "updated_at": moment(repository.created_at),
        "url": repository_api(forge, repository, f"/actions/workflows/{found.id}"),
        "html_url": f"{page}/blob/{repository.default_branch}/{found.path}",
        "badge_url": f"{page}/actions/workflows/{found.path.rpartition('/')[2]}/badge.svg",
    }


def workflow_of(repository: Repository, run: WorkflowRun) -> Workflow:
    """The workflow of a run, as it was then."""
    return Workflow(repository.workflows[run.workflow_path], run.workflow_path, run.workflow_name)


def workflow_run(forge: Forge, repository: Repository, found: WorkflowRun) -> Json:
    """One run of a workflow."""
    minimal, actor = minimal_repository(forge, repository), simple_user(forge, found.actor)
    return {
        "id": found.id,
        "name": found.workflow_name,
        "node_id": f"WFR_{found.id}",
        "head_branch": found.branch,
        "head_sha": found.sha,
        "path": found.workflow_path,
        "display_title": found.title,
        "run_number": found.number,
        "run_attempt": 1,
        "event": "workflow_dispatch",
        "status": STATUSES[found.state],
        "conclusion": CONCLUSIONS.get(found.state),
        "workflow_id": repository.workflows[found.workflow_path],
        "check_suite_id": found.id,
        "check_suite_node_id": f"CS_{found.id}",
        "pull_requests": [],
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "run_started_at": moment(found.started_at or found.created_at),
        "previous_attempt_url": None,
        "referenced_workflows": [],
        "actor": actor,
        "triggering_actor": actor,
        "head_commit": simple_commit(git.commit(repository.path, found.sha)),
        "repository": minimal,
        "head_repository": minimal,
        **_addresses(forge, repository, found),
    }


def _addresses(forge: Forge, repository: Repository, found: WorkflowRun) -> Json:
    url = run_api(forge, repository, found)
    return {
        "url": url,
        "html_url": run_page(forge, repository, found),
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": repository_api(forge, repository, f"/check-suites/{found.id}"),
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "workflow_url": repository_api(
            forge, repository, f"/actions/workflows/{repository.workflows[found.workflow_path]}"
        ),
    }


def run_api(forge: Forge, repository: Repository, found: WorkflowRun) -> str:
    """Where a program reads it."""
    return repository_api(forge, repository, f"/actions/runs/{found.id}")


def run_page(forge: Forge, repository: Repository, found: WorkflowRun) -> str:
    """Where a person reads it."""
    return f"{forge.url}/{repository.full_name}/actions/runs/{found.id}"
