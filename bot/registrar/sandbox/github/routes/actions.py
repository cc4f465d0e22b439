"""Answers about workflows: which there are, starting one, and how its runs stand."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox.calls import locked
from registrar.sandbox.github.dispatch import Wish, dispatch, find_workflow, workflows
from registrar.sandbox.github.requests import RepositoryCall, Visiting, answer, nothing, paged
from registrar.sandbox.github.runs import CONCLUSIONS, STATUSES, run_api, run_page, workflow, workflow_run
from registrar.sandbox.refusals import Invalid
from registrar.sandbox.runs import WorkflowRun

router = APIRouter(prefix="/repos/{owner}/{repo}/actions")


class Dispatch(BaseModel):
    """What a workflow is started with."""

    ref: str
    inputs: dict[str, object] = {}
    return_run_details: bool = False


@router.get("/workflows")
@locked
def listing(call: Visiting) -> Response:
    """Every workflow file on the default branch."""
    found = workflows(call.forge.store, call.repository)
    return paged(call, found, lambda each: workflow(call.forge, call.repository, each), wrap="workflows")


@router.get("/workflows/{key}")
@locked
def one(call: Visiting, key: str) -> Response:
    """A workflow, by the name of its file or its id."""
    return answer(workflow(call.forge, call.repository, find_workflow(call.forge.store, call.repository, key)))


@router.post("/workflows/{key}/dispatches")
@locked
def start(call: Visiting, key: str, body: Dispatch) -> Response:
    """Start a workflow."""
    wish = Wish(find_workflow(call.forge.store, call.repository, key), body.ref, body.inputs)
    run = dispatch(call.forge, call.runner, call.repository, actor=call.actor, wish=wish)
    if not body.return_run_details:
        return nothing()
    return answer(
        {
            "workflow_run_id": run.id,
            "run_url": run_api(call.forge, call.repository, run),
            "html_url": run_page(call.forge, call.repository, run),
        }
    )


@router.get("/workflows/{key}/runs")
@locked
def runs_of_one(call: Visiting, key: str) -> Response:
    """The runs of a workflow, newest first."""
    path = find_workflow(call.forge.store, call.repository, key).path
    return _runs(call, [each for each in call.repository.runs if each.workflow_path == path])


@router.get("/runs")
@locked
def runs(call: Visiting) -> Response:
    """The runs of every workflow, newest first."""
    return _runs(call, call.repository.runs)


@router.get("/runs/{run_id}")
@locked
def run(call: Visiting, run_id: int) -> Response:
    """A run."""
    return answer(workflow_run(call.forge, call.repository, call.repository.run(run_id)))


def _runs(call: RepositoryCall, found: list[WorkflowRun]) -> Response:
    query = dict(call.request.query_params)
    wanted = [each for each in reversed(found) if _is_wanted(each, query)]
    return paged(call, wanted, lambda each: workflow_run(call.forge, call.repository, each), wrap="workflow_runs")


def _is_wanted(run: WorkflowRun, query: dict[str, str]) -> bool:
    standing = {STATUSES[run.state], CONCLUSIONS.get(run.state)}
    return (
        query.get("event", "workflow_dispatch") == "workflow_dispatch"
        and query.get("branch", run.branch) == run.branch
        and query.get("head_sha", run.sha) == run.sha
        and query.get("actor", run.actor.login).lower() == run.actor.login.lower()
        and ("status" not in query or query["status"] in standing)
        and ("created" not in query or _created(run.created_at, query["created"]))
    )


def _created(at: datetime, wanted: str) -> bool:
    """Whether a moment lies in `>=2026-03-01`, `2026-03-01..2026-03-31` and the like."""
    begin, separator, end = wanted.partition("..")
    if separator:
        return (begin == "*" or at >= _moment(begin)) and (end == "*" or at <= _moment(end))
    for sign, holds in _COMPARISONS.items():
        if wanted.startswith(sign):
            return holds(at, _moment(wanted.removeprefix(sign)))
    return at.date() == _moment(wanted).date() if len(wanted) == len("2026-03-01") else at == _moment(wanted)


_COMPARISONS = {
    ">=": datetime.__ge__,
    "<=": datetime.__le__,
    ">": datetime.__gt__,
    "<": datetime.__lt__,
}


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no date") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
