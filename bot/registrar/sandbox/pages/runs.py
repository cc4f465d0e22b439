"""Knows the pages about workflows: what can be started, and how a run goes."""

from collections import defaultdict

from starlette.responses import Response

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.github.dispatch import Wish, Workflow, dispatch, find_workflow, workflows
from registrar.sandbox.pages.listing import SHORT, runs_of
from registrar.sandbox.pages.markdown import file_html
from registrar.sandbox.pages.starting import Question, Starter, answers
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.runs import StepLog
from registrar.sandbox.store import Repository
from registrar.sandbox.workflow_file import DispatchInput, InvalidWorkflow, WorkflowFile, read_workflow


def runs(visit: Visit) -> Response:
    """Every run, newest first, and the workflows that a person can start."""
    repository = visit.repository()
    found = workflows(visit.forge.store, repository)
    return visit.page(
        "runs.html",
        repository=repository,
        runs=runs_of(visit.face, repository),
        starters=[_starter(repository, each) for each in found],
        may_start=visit.forge.store.role_of(visit.viewer, repository) >= Role.WRITE,
    )


def _starter(repository: Repository, workflow: Workflow) -> Starter:
    key, name, path = str(workflow.id), workflow.name, workflow.path
    file = _file(repository, path)
    if file is None:
        return Starter(key, name, path, refusal="The sandbox cannot read this workflow.")
    if not file.accepts_dispatch:
        return Starter(key, name, path, refusal="It has no workflow_dispatch, so nobody can start it by hand.")
    return Starter(key, name, path, tuple(_question(each) for each in file.dispatch_inputs.values()))


def _question(asked: DispatchInput) -> Question:
    options = tuple(asked.options or ("true", "false")) if asked.type in {"choice", "boolean"} else ()
    return Question(asked.name, asked.description or asked.name, asked.default, options, is_required=asked.required)


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
    wish = Wish(workflow, repository.default_branch, answers(visit))
    started = dispatch(visit.forge, visit.runner, repository, actor=visit.actor(), wish=wish)
    return visit.to.run(repository, started)
