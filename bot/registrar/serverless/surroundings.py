"""Knows what a job of GitHub Actions or of GitLab CI is told of itself: a hint of what happened, and where it runs.

https://docs.github.com/actions/reference/workflows-and-actions/variables
https://docs.gitlab.com/ci/variables/predefined_variables/
"""

import logging
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from registrar.core.events import BranchPushed, Event, JobChanged, PullRequestChanged, RunChanged
from registrar.errors import BadPayload
from registrar.forges import github_webhook, gitlab_webhook
from registrar.forges.payloads import Ignored, number_at, read_payload, text_at, within

LARGEST: Final = 25 * 1024 * 1024  # bytes: no forge tells more in an event
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")

log = logging.getLogger("registrar.surroundings")


def settings_of_job(environment: Mapping[str, str]) -> dict[str, str]:
    """What the job says of the registry where nobody has set it: it is the repository that the job is of."""
    if environment.get("GITHUB_ACTIONS") == "true":
        said = {"REGISTRAR_FORGE": "github", **_said(environment, "GITHUB_SERVER_URL", "GITHUB_REPOSITORY")}
    elif environment.get("GITLAB_CI") == "true":
        said = {"REGISTRAR_FORGE": "gitlab", **_said(environment, "CI_SERVER_URL", "CI_PROJECT_PATH")}
    else:
        return {}
    return {name: value for name, value in said.items() if not environment.get(name, "").strip()}


def job_of(environment: Mapping[str, str]) -> str:
    """Where a person sees what this process does; the machine and the process where no job runs it."""
    if environment.get("GITHUB_ACTIONS") == "true":
        parts = (environment.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"))
        return "{}/{}/actions/runs/{}".format(*parts)
    return environment.get("CI_JOB_URL") or f"process {os.getpid()} on {socket.gethostname()}"


def is_job(environment: Mapping[str, str]) -> bool:
    """Whether what is said goes into the log of a job, which people read while it runs."""
    return "true" in {environment.get("GITHUB_ACTIONS"), environment.get("GITLAB_CI")}


def is_token_of_job(token: str, environment: Mapping[str, str]) -> bool:
    """Whether it is the one that GitLab makes for each job: every pipeline that anybody may change has one."""
    return token.startswith("glcbt-") or token == (environment.get("CI_JOB_TOKEN", "").strip() or None)


def hint_of(environment: Mapping[str, str], *, repository: str) -> Event | None:
    """What the job was started for, if that is anything to look at; it is as little a fact as a webhook.

    An event of another repository counts where it is about a pipeline: an application tells of its deploys.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        event = _of_github(environment)
    elif environment.get("GITLAB_CI") == "true":
        event = _of_gitlab(environment)
    else:
        return None
    if isinstance(event, Ignored):
        log.info("the job tells of nothing to look at: %s", event.reason)
        return None
    is_here = event is not None and event.repository.casefold() == repository.casefold()
    return event if is_here or isinstance(event, RunChanged | JobChanged) else None


def _said(environment: Mapping[str, str], url: str, repository: str) -> dict[str, str]:
    return {"REGISTRAR_FORGE_URL": environment.get(url, ""), "REGISTRAR_REPOSITORY": environment.get(repository, "")}


def _of_github(environment: Mapping[str, str]) -> Event | Ignored | None:
    """The payload is that of the webhook; `pull_request_target` differs from `pull_request` in where it runs."""
    name = environment.get("GITHUB_EVENT_NAME", "").replace("pull_request_target", "pull_request")
    body = _read(environment.get("GITHUB_EVENT_PATH", ""))
    if body is None:
        return None
    try:
        event = github_webhook.parse({"x-github-event": name, "x-github-delivery": "of-the-job"}, body)
        return _behind_run(body) or event if name == "workflow_run" else event
    except BadPayload as error:
        return Ignored(str(error))


def _behind_run(body: bytes) -> PullRequestChanged | None:
    """A workflow of the registry ran for a pull request, such as at a review; of one from a fork GitHub is silent."""
    payload = read_payload(body)
    repository, found = text_at(payload, "repository", "full_name"), within(payload, "workflow_run", "pull_requests")
    first = found[0] if isinstance(found, list) and found else None
    number = number_at(first, "number") if isinstance(first, Mapping) else None
    return PullRequestChanged(repository, number) if repository and number else None


def _of_gitlab(environment: Mapping[str, str]) -> Event | Ignored | None:
    """What a webhook told that started the pipeline by a trigger token; else the merge request.

    Where a branch was before a push, its variables do not prove: whoever pushes can set them, by a push option.
    """
    body = _read(environment.get("TRIGGER_PAYLOAD", ""))
    if body is not None:
        return _told_by_trigger(body)
    source, number = environment.get("CI_PIPELINE_SOURCE", ""), environment.get("CI_MERGE_REQUEST_IID", "")
    if source == "merge_request_event" and _NUMBER.fullmatch(number):
        return PullRequestChanged(environment.get("CI_PROJECT_PATH", ""), int(number))
    return Ignored(f"a pipeline started by {source or 'nobody knows what'}")


def _told_by_trigger(body: bytes) -> Event | Ignored:
    """Whoever knows the trigger token may have written it: where a branch was before is not believed, the rest is read.

    What a push brought, a look at everything finds.
    """
    try:
        event = gitlab_webhook.parse({}, body)
    except BadPayload as error:
        return Ignored(str(error))
    return Ignored("a push is found without being told of") if isinstance(event, BranchPushed) else event


def _read(path: str) -> bytes | None:
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError as error:
        log.warning("what the job was started for cannot be read: %s", error)
        return None
    return body if len(body) <= LARGEST else None
