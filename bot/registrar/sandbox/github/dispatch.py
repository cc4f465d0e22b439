"""How a GitHub workflow is found in a repository and started: what a dispatch may ask, and what its run is told."""

import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, AccountKind, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.running import begin
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.runner import Runner
from registrar.sandbox.runs import StepLog, WorkflowRun
from registrar.sandbox.store import Repository, Store, now
from registrar.sandbox.workflows import (
    InvalidInputs,
    InvalidWorkflow,
    RunContext,
    WorkflowFile,
    read_workflow,
    run_workflow,
)

FOLDER = ".github/workflows"
MOST_INPUTS = 25
_ACTIONS_BOT = "github-actions[bot]"


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow file on the default branch."""

    id: int
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone asks for when starting a workflow."""

    workflow: Workflow
    ref: str
    inputs: Mapping[str, object]


def workflows(store: Store, repository: Repository) -> tuple[Workflow, ...]:
    """Every workflow file on the default branch."""
    head = git.branch(repository.path, repository.default_branch)
    names = () if head is None else git.entries(repository.path, head, FOLDER)
    paths = [f"{FOLDER}/{name}" for name in names if name.endswith((".yml", ".yaml"))]
    return tuple(_workflow(store, repository, path, head or "") for path in paths)


def _workflow(store: Store, repository: Repository, path: str, sha: str) -> Workflow:
    with store.lock:
        if path not in repository.workflows:
            repository.workflows[path] = store.new_id("workflow")
    try:
        name = _read(repository, path, sha).name
    except InvalidWorkflow:
        name = path
    return Workflow(repository.workflows[path], path, name or path)


def find_workflow(store: Store, repository: Repository, key: str) -> Workflow:
    """The workflow of a file name or an id. Raises `NotFound`."""
    for each in workflows(store, repository):
        if key in {str(each.id), each.path.removeprefix(f"{FOLDER}/")}:
            return each
    raise NotFound(f"{repository.full_name} has no workflow {key!r} on {repository.default_branch}")


def _read(repository: Repository, path: str, sha: str) -> WorkflowFile:
    found = git.read(repository.path, sha, path)
    if found is None:
        raise InvalidWorkflow(f"there is no {path} at {sha}")
    return read_workflow(found[1].decode(errors="replace"))


def dispatch(forge: Forge, runner: Runner, repository: Repository, *, actor: Account, wish: Wish) -> WorkflowRun:
    """Start a workflow; the run that it became, still queued. Raises `Invalid` in GitHub's words."""
    with forge.store.lock:
        forge.require(actor, repository, Role.WRITE)
        branch = wish.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
        sha = git.resolve(repository.path, branch)
        if sha is None or sha == branch:
            raise Invalid(f"No ref found for: {wish.ref}")
        file, inputs = _accepted(repository, sha, wish)
        path = wish.workflow.path
        run = WorkflowRun(
            id=forge.store.new_id("run"),
            number=1 + sum(each.workflow_path == path for each in repository.runs),
            workflow_path=path,
            workflow_name=wish.workflow.name,
            title="",
            branch=branch,
            sha=sha,
            actor=actor,
            inputs=inputs,
            created_at=now(),
            updated_at=now(),
        )
        context = RunContext(inputs, _github(forge, repository, run), repository.secrets, repository.variables)
        run.title = file.run_name(context) or wish.workflow.name
        begin(forge, runner, repository, run, work=_work(forge, repository, run, file, context))
        return run


def _accepted(repository: Repository, sha: str, wish: Wish) -> tuple[WorkflowFile, dict[str, str]]:
    if len(wish.inputs) > MOST_INPUTS:
        raise Invalid(f"you may only define up to {MOST_INPUTS} `inputs` for a `workflow_dispatch` event")
    try:
        file = _read(repository, wish.workflow.path, sha)
        if not file.accepts_dispatch:
            raise Invalid("Workflow does not have 'workflow_dispatch' trigger")
        return file, file.accepted_inputs(wish.inputs)
    except InvalidWorkflow as error:
        raise Invalid(f"failed to parse workflow: {error}") from error
    except InvalidInputs as error:
        raise Invalid(str(error)) from error


def _work(
    forge: Forge, repository: Repository, run: WorkflowRun, file: WorkflowFile, context: RunContext
) -> Callable[[Callable[[StepLog], None], threading.Event], bool]:
    def work(on_log: Callable[[StepLog], None], stop: threading.Event) -> bool:
        workspace = forge.store.root / "runs" / str(run.id)

        def on_summary(text: str) -> None:
            run.summary += text

        try:
            conclusion = run_workflow(
                file,
                repository_path=repository.path,
                sha=run.sha,
                context=context,
                workspace=workspace,
                on_log=on_log,
                on_summary=on_summary,
                stop=stop,
            )
            return conclusion == "success"
        finally:
            shutil.rmtree(workspace, ignore_errors=True)

    return work


def _github(forge: Forge, repository: Repository, run: WorkflowRun) -> dict[str, object]:
    """The `github` context of the run, as far as a deploy looks at it."""
    return {
        "actor": run.actor.login,
        "api_url": f"{forge.url}/api/v3",
        "event": {"inputs": run.inputs, "ref": f"refs/heads/{run.branch}", "workflow": run.workflow_path},
        "event_name": "workflow_dispatch",
        "ref": f"refs/heads/{run.branch}",
        "ref_name": run.branch,
        "repository": repository.full_name,
        "repository_owner": repository.owner.login,
        "run_attempt": "1",
        "run_id": str(run.id),
        "run_number": str(run.number),
        "server_url": forge.url,
        "sha": run.sha,
        "token": _token(forge.store, repository),
        "workflow": run.workflow_name,
    }


def _token(store: Store, repository: Repository) -> str:
    """The token of runs: it may write to the repositories whose workflows run."""
    account = store.accounts.get(_ACTIONS_BOT) or store.add_account(_ACTIONS_BOT, AccountKind.BOT)
    repository.roles[account] = Role.WRITE
    return account.token
