"""Knows the pages about workflows: what can be started, and how a run goes."""

from collections import defaultdict

from starlette.responses import Response

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.github.dispatch import Wish, dispatch, find_workflow, workflows
from registrar.sandbox.pages.markdown import file_html
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.runs import StepLog
from registrar.sandbox.store import Repository
from registrar.sandbox.workflow_file import InvalidWorkflow, WorkflowFile, read_workflow

SHORT = 60  # lines of all steps together that are shown at once


def runs(visit: Visit) -> Response:
    """Every run, newest first, and the workflows that a person can start."""
    repository = visit.repository()
    found = workflows(visit.forge.store, repository)
    return visit.page(
        "runs.html",
        repository=repository,
        runs=list(reversed(repository.runs)),
        workflows=[(each, _file(repository, each.path)) for each in found],
        may_start=visit.forge.store.role_of(visit.viewer, repository) >= Role.WRITE,
    )


def _file(repository: Repository, path: str) -> WorkflowFile | None:
    """None when the sandbox cannot run it."""
    sha = git.branch(repository.path, repository.default_branch)
    found = git.read(repository.path, sha, path) if sha else None
    try:
        return read_workflow(found[1].decode(errors="replace")) if found else None
    except InvalidWorkflow:
        return None


def run(visit: Visit) -> Response:
    """How one run goes or went: each step with all it said."""
    repository = visit.repository()
    found = repository.run(visit.number())
    jobs: defaultdict[str, list[StepLog]] = defaultdict(list)
    for log in found.logs:
        jobs[log.job].append(log)
    summary = file_html(found.summary, repository, visit.face) if found.summary else ""
    is_short = sum(log.text.count("\n") for log in found.logs) <= SHORT
    return visit.page("run.html", repository=repository, run=found, jobs=dict(jobs), summary=summary, is_short=is_short)


def begin(visit: Visit) -> str:
    """Start a workflow on the default branch."""
    repository = visit.repository()
    workflow = find_workflow(visit.forge.store, repository, visit.form.get("workflow", ""))
    inputs = {
        name.removeprefix("input."): value for name, value in visit.form.items() if name.startswith("input.") and value
    }
    wish = Wish(workflow, repository.default_branch, inputs)
    started = dispatch(visit.forge, visit.runner, repository, actor=visit.actor(), wish=wish)
    return visit.to.run(repository, started)
