"""How a pipeline of GitLab CI/CD is started, told from everybody else's, and let go on by hand.

https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline
https://docs.gitlab.com/api/pipeline_triggers/#trigger-a-pipeline-with-a-token

A developer can give a pipeline whatever name, and know every operation key: so only those count that we started
ourselves, or whoever made our trigger token, on the very branch or tag that the rule names.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from registrar.core.operations import key_in
from registrar.core.people import Person
from registrar.core.pipelines import OPERATION, PREFIX, Passing, Target
from registrar.core.pull_requests import Run
from registrar.errors import ForgeRefused, NotAllowed, Unknown
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import (
    JobAnswer,
    Nothing,
    PipelineAnswer,
    VariableAnswer,
    person_of,
    run_of,
)
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.gitlab_limits import CLOCKS_APART

_READ = "the Reporter role there"
_PAGE = re.compile(r"/-/pipelines/(?P<number>[1-9][0-9]{0,17})$")
_NO_SUCH_REF = "Reference not found"  # then nothing was started


class GitLabRuns:
    """The pipelines that deploys start. Keep one for the life of the process: it learns who made a trigger token."""

    def __init__(self, api: GitLabApi, *, myself: Callable[[], Person]) -> None:
        """`myself` tells the account of our own token."""
        self._api = api
        self._myself = myself
        self._makers: dict[str, Person] = {}  # of trigger tokens, as the pipelines tell that they started

    def start(self, target: Target, inputs: Mapping[str, str]) -> Run:
        """Start it, as ourselves or by its trigger token, in the name of whoever made that."""
        answer = _start(self._api, target, inputs)
        maker = person_of(answer.user)
        if target.trigger_token and maker is not None:
            self._makers[target.trigger_token] = maker
        return run_of(answer)

    def find(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """The first pipeline of ours since then that is of this operation; a second one is a repetition of it.

        One of a trigger token is found only once another has told who made the token.
        """
        starter = self._makers.get(target.trigger_token) or self._myself()
        for listed in sorted(self._listed(target, since, by=starter.login), key=lambda each: each.id):
            if self._tells(target, listed) == operation and self._started(target, listed.id, by=starter) is not None:
                return run_of(listed, title=operation)
        return None

    def at(self, target: Target, url: str) -> Run | None:
        """The pipeline at the address that it had when it was started; None when it is none of ours, or is gone."""
        named = _PAGE.search(url)
        by = None if target.trigger_token else self._myself()
        answer = self._started(target, int(named["number"]), by=by) if named else None
        return run_of(answer) if answer is not None else None

    def perhaps(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """A pipeline since then that may be of the operation: by its key, or because it tells none."""
        by = self._makers.get(target.trigger_token) if target.trigger_token else self._myself()
        for listed in self._listed(target, since, by=""):
            if self._tells(target, listed) in {None, operation}:
                answer = self._started(target, listed.id, by=by)
                if answer is not None:
                    return run_of(answer)
        return None

    def _listed(self, target: Target, since: datetime, *, by: str) -> Iterator[PipelineAnswer]:
        after, source, ref = (since - CLOCKS_APART).astimezone(UTC), _source(target), _short(target.ref)
        wish = Wish(f"look for pipelines of {target.repository}", _READ)
        parameters = {"updated_after": after.strftime("%Y-%m-%dT%H:%M:%SZ"), "ref": ref, "source": source}
        who = {"username": by} if by else {}
        path = f"{_project(target.repository)}/pipelines"
        for answer in self._api.each(PipelineAnswer, path, wish=wish, parameters=parameters | who):
            if answer.created_at >= after and (answer.source, answer.ref) == (source, ref):
                yield answer

    def _tells(self, target: Target, answer: PipelineAnswer) -> str | None:
        """The operation key that a pipeline was told, or that is in its name; None when neither can be seen."""
        if target.passing is Passing.VARIABLES:
            told = dict(_variables_of(self._api, target.repository, answer.id)).get(OPERATION)
            if told is not None:
                return told
        return key_in(answer.name or "")

    def _started(self, target: Target, number: int, *, by: Person | None) -> PipelineAnswer | None:
        """A pipeline by itself, which tells who started it; None when it was somebody else, or another way."""
        wish = Wish(f"read pipeline {number} of {target.repository}", _READ)
        try:
            answer = self._api.get(PipelineAnswer, f"{_project(target.repository)}/pipelines/{number}", wish=wish)
        except Unknown:
            return None
        is_theirs = by is None or by.same_as(person_of(answer.user))
        is_so = (answer.source, answer.ref) == (_source(target), _short(target.ref))
        return answer if is_theirs and is_so else None


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


def _start(api: GitLabApi, target: Target, inputs: Mapping[str, str]) -> PipelineAnswer:
    """By the full name of the branch, else of the tag: of a bare one that is both GitLab says that it is ambiguous."""
    if target.ref.startswith("refs/"):
        return _sent(api, target, inputs, ref=target.ref)
    try:
        return _sent(api, target, inputs, ref=f"refs/heads/{target.ref}")
    except ForgeRefused as refusal:
        if _NO_SUCH_REF not in str(refusal):
            raise
    return _sent(api, target, inputs, ref=f"refs/tags/{target.ref}")


def _sent(api: GitLabApi, target: Target, inputs: Mapping[str, str], *, ref: str) -> PipelineAnswer:
    """The trigger token goes into the body: an address is logged on its way."""
    told = _variables(inputs) if target.passing is Passing.VARIABLES else dict(inputs)
    name = target.passing.value
    body: dict[str, object] = {"ref": ref, name: told}
    wish = Wish(f"start a pipeline of {target.repository} on {target.ref}", "the Developer role there")
    path = f"{_project(target.repository)}/pipeline"
    if target.trigger_token:
        body["token"] = target.trigger_token
        path = f"{_project(target.repository)}/trigger/pipeline"
        wish = Wish(f"{wish.to} by a trigger token", "a trigger token of that project")
    elif target.passing is Passing.VARIABLES:
        body[name] = [{"key": key, "value": value} for key, value in told.items()]
    return api.send("POST", path, body, shape=PipelineAnswer, wish=wish)


def _source(target: Target) -> str:
    """What GitLab calls the way in which it is started."""
    return "trigger" if target.trigger_token else "api"


def _short(ref: str) -> str:
    """A branch or a tag as GitLab tells it of a pipeline."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")


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
