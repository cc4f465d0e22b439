"""How a pipeline of GitLab CI/CD is started, found again by the operation key, and let go on by hand.

https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline
https://docs.gitlab.com/api/pipeline_triggers/#trigger-a-pipeline-with-a-token
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from registrar.core.pipelines import OPERATION, PREFIX, Passing, Target
from registrar.core.pull_requests import Run
from registrar.errors import ForgeRefused, NotAllowed, Unknown
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import (
    JobAnswer,
    Nothing,
    PipelineAnswer,
    VariableAnswer,
    run_of,
)
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.gitlab_limits import CLOCKS_APART

_READ = "the Reporter role there"
_SOURCES = frozenset({"api", "trigger"})  # how the pipelines that we start are told apart from a push's


def start(api: GitLabApi, target: Target, *, inputs: Mapping[str, str]) -> Run:
    """Start it, as ourselves or by its trigger token, which goes into the body: an address is logged on its way."""
    told = _variables(inputs) if target.passing is Passing.VARIABLES else dict(inputs)
    name = target.passing.value
    body: dict[str, object] = {"ref": target.ref, name: told}
    wish = Wish(f"start a pipeline of {target.repository} on {target.ref}", "the Developer role there")
    path = f"{_project(target.repository)}/pipeline"
    if target.trigger_token:
        body["token"] = target.trigger_token
        path = f"{_project(target.repository)}/trigger/pipeline"
        wish = Wish(f"{wish.to} by a trigger token", "a trigger token of that project")
    elif target.passing is Passing.VARIABLES:
        body[name] = [{"key": key, "value": value} for key, value in told.items()]
    return run_of(api.send("POST", path, body, shape=PipelineAnswer, wish=wish))


def find(api: GitLabApi, target: Target, *, operation: str, since: datetime) -> Run | None:
    """The first pipeline since then whose name or one of whose variables holds the operation key.

    A second one is a repetition of it.
    """
    runs = (_of_operation(api, target.repository, answer, operation) for answer in _pipelines(api, target, since))
    return min((run for run in runs if run is not None), key=lambda run: run.id, default=None)


def resume(api: GitLabApi, target: Target, run: Run) -> Run:
    """Play the manual jobs that a pipeline waits for; those that it does not wait for are nobody's wish."""
    project = _project(target.repository)
    wish = Wish(f"list the jobs of {run.url}", _READ)
    path = f"{project}/pipelines/{run.id}/jobs"
    for job in api.pages(JobAnswer, path, wish=wish, parameters={"scope[]": ["manual"]}):
        if job.status == "manual" and not job.allow_failure:
            _play(api, project, job, run)
    wish = Wish(f"read {run.url}", _READ)
    return run_of(api.get(PipelineAnswer, f"{project}/pipelines/{run.id}", wish=wish), title=run.title)


def title_of_job(api: GitLabApi, repository: str, job: int) -> str | None:
    """The name of the pipeline that a job is part of, else the operation key among its variables."""
    project = _project(repository)
    wish = Wish(f"tell which pipeline job {job} of {repository} is part of", _READ)
    try:
        number = api.get(JobAnswer, f"{project}/jobs/{job}", wish=wish).pipeline.id
        answer = api.get(PipelineAnswer, f"{project}/pipelines/{number}", wish=wish)
    except Unknown:
        return None
    variables = dict(_variables_of(api, repository, number)) if not answer.name else {}
    return answer.name or variables.get(OPERATION, "")


def _pipelines(api: GitLabApi, target: Target, since: datetime) -> Iterator[PipelineAnswer]:
    after = (since - CLOCKS_APART).astimezone(UTC)
    wish = Wish(f"look for pipelines of {target.repository}", _READ)
    parameters = {"updated_after": after.strftime("%Y-%m-%dT%H:%M:%SZ")}
    path = f"{_project(target.repository)}/pipelines"
    for answer in api.each(PipelineAnswer, path, wish=wish, parameters=parameters):
        if answer.created_at >= after and answer.source in _SOURCES:
            yield answer


def _of_operation(api: GitLabApi, repository: str, answer: PipelineAnswer, operation: str) -> Run | None:
    if operation in (answer.name or ""):
        return run_of(answer)
    if any(operation in value for _, value in _variables_of(api, repository, answer.id)):
        return run_of(answer, title=operation)
    return None


def _variables_of(api: GitLabApi, repository: str, pipeline: int) -> Iterator[tuple[str, str]]:
    """None where they may not be read: then only its name can tell which operation a pipeline is."""
    wish = Wish(f"read the variables of pipeline {pipeline} of {repository}", "the Developer role there")
    path = f"{_project(repository)}/pipelines/{pipeline}/variables"
    try:
        answers = api.get(tuple[VariableAnswer, ...], path, wish=wish)
    except NotAllowed:
        return
    for answer in answers:
        yield answer.key, answer.value or ""


def _play(api: GitLabApi, project: str, job: JobAnswer, run: Run) -> None:
    wish = Wish(f"start the manual job {job.id} of {run.url}", "to be allowed to deploy to its environment")
    try:
        api.send("POST", f"{project}/jobs/{job.id}/play", {}, shape=Nothing, wish=wish)
    except NotAllowed as refusal:
        raise NotAllowed(f"{refusal}; one who may deploy there can start it by hand: {run.url}") from refusal
    except ForgeRefused as refusal:
        if "Unplayable" not in str(refusal):  # somebody else was faster
            raise


def _variables(inputs: Mapping[str, str]) -> dict[str, str]:
    return {f"{PREFIX}{name.upper()}": value for name, value in inputs.items()}


def _project(repository: str) -> str:
    return f"/projects/{segment(repository)}"
