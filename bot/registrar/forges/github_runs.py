"""How a workflow of GitHub Actions is started, and told from everybody else's.

https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from registrar.core.operations import key_in
from registrar.core.people import Person
from registrar.core.pipelines import Passing, Target
from registrar.core.pull_requests import Outcome, Run
from registrar.errors import ForgeRefused, Unknown
from registrar.forges.asking import Wish, segment
from registrar.forges.github_answers import DispatchAnswer, RunAnswer, person_of, run_of
from registrar.forges.github_api import GitHubApi
from registrar.forges.github_limits import CLOCKS_APART

_PAGE = re.compile(r"/actions/runs/(?P<number>[1-9][0-9]{0,17})$")
_RUN_DETAILS = "return_run_details"


def start(api: GitHubApi, target: Target, *, inputs: Mapping[str, str]) -> Run | None:
    """Dispatch the workflow; None where GitHub does not say which run it became."""
    if target.passing is not Passing.INPUTS or target.trigger_token:
        raise ForgeRefused("GitHub's workflows take inputs alone, and know no trigger tokens; mend the deploy's rule")
    body: dict[str, object] = {"ref": target.ref, "inputs": dict(inputs), _RUN_DETAILS: True}
    try:
        answer = _dispatch(api, target, body)
    except ForgeRefused as refusal:
        # GitHub Enterprise Server knows no such key and starts nothing: github.com/benc-uk/workflow-dispatch/issues/86
        if _RUN_DETAILS not in str(refusal):
            raise
        del body[_RUN_DETAILS]
        answer = _dispatch(api, target, body)
    if answer.workflow_run_id is None:
        return None
    return Run(
        answer.workflow_run_id,
        title="",  # it is named when it is queued
        url=answer.html_url,
        outcome=Outcome.PENDING,
        detail="requested",
        created_at=datetime.now(UTC),
    )


def find(api: GitHubApi, target: Target, *, operation: str, since: datetime, myself: Person) -> Run | None:
    """The first run of ours since then whose title holds the operation key; a second one is a repetition of it."""
    ours = [run for run in _ours(api, target, since, myself) if key_in(run.display_title) == operation]
    return run_of(min(ours, key=lambda run: run.id)) if ours else None


def at(api: GitHubApi, target: Target, url: str, *, myself: Person) -> Run | None:
    """The run of ours that is at this address; None when there is none."""
    named = _PAGE.search(url)
    if named is None:
        return None
    wish = Wish(f"read {url}", "Actions: read")
    try:
        answer = api.get(RunAnswer, f"/repos/{target.repository}/actions/runs/{named['number']}", wish=wish)
    except Unknown:
        return None
    return run_of(answer) if _is_ours(answer, target, myself) else None


def perhaps(api: GitHubApi, target: Target, *, operation: str, since: datetime, myself: Person) -> Run | None:
    """A run of ours since then whose title does not tell that it is of another operation."""
    ours = _ours(api, target, since, myself)
    return next((run_of(run) for run in ours if key_in(run.display_title) in {None, operation}), None)


def _ours(api: GitHubApi, target: Target, since: datetime, myself: Person) -> list[RunAnswer]:
    """Runs that we dispatched on the very ref: on a branch of their own others can title one as they like."""
    after = (since - CLOCKS_APART).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    runs = api.pages(
        RunAnswer,
        f"{_path(target)}/runs",
        wish=Wish(f"look for runs of {target.pipeline} in {target.repository}", "Actions: read"),
        parameters={"event": "workflow_dispatch", "created": f">={after}"},
        inside="workflow_runs",
    )
    return [run for run in runs if _is_ours(run, target, myself)]


def _is_ours(run: RunAnswer, target: Target, myself: Person) -> bool:
    ref = target.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    return run.head_branch == ref and run.actor is not None and myself.same_as(person_of(run.actor))


def _dispatch(api: GitHubApi, target: Target, body: Mapping[str, object]) -> DispatchAnswer:
    wish = Wish(f"start {target.pipeline} in {target.repository}", "Actions: write")
    return api.send("POST", f"{_path(target)}/dispatches", body, shape=DispatchAnswer, wish=wish)


def _path(target: Target) -> str:
    return f"/repos/{target.repository}/actions/workflows/{segment(target.pipeline)}"
