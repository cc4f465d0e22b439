"""What GitLab tells webhooks of pipelines, jobs and deployments.

https://docs.gitlab.com/user/project/integrations/webhook_events/
"""

import json
from typing import assert_never

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.describing import job_page, pipeline_page, seconds_between, words_of
from registrar.sandbox.gitlab.ci.expansion import expand, expand_all
from registrar.sandbox.gitlab.ci.slugs import tier_of
from registrar.sandbox.gitlab.ci.variables import of_job
from registrar.sandbox.gitlab.mentions import (
    hook_commit,
    hook_moment,
    hook_project,
    hook_project_as_before,
    hook_repository_of_git,
    hook_user,
)
from registrar.sandbox.gitlab.merge_requests import merge_request
from registrar.sandbox.gitlab.people import Json, optional_moment
from registrar.sandbox.gitlab.projects import page
from registrar.sandbox.happenings import DeploymentMoved, JobMoved, Message, PipelineHappening, PipelineMoved
from registrar.sandbox.pipelines import Job, JobState, Pipeline
from registrar.sandbox.store import Repository

_OF_MERGE_REQUEST = (  # what the API writes alike
    "id",
    "iid",
    "title",
    "source_branch",
    "source_project_id",
    "target_branch",
    "target_project_id",
    "state",
    "merge_status",
    "detailed_merge_status",
)
PIPELINE, JOB, DEPLOYMENT = "pipeline", "job", "deployment"  # what a webhook asks for


def describe_pipelines(forge: Forge, happening: PipelineHappening) -> Message:
    """A happening as GitLab tells it."""
    match happening:
        case PipelineMoved():
            event, payload = PIPELINE, _pipeline_event(forge, happening)
        case JobMoved():
            event, payload = JOB, _job_event(forge, happening)
        case DeploymentMoved():
            event, payload = DEPLOYMENT, _deployment_event(forge, happening)
        case _:
            assert_never(happening)
    return Message(event, None, json.dumps(payload, ensure_ascii=False).encode())


def _pipeline_event(forge: Forge, happening: PipelineMoved) -> Json:
    where, found = happening.repository, happening.pipeline
    return {
        "object_kind": "pipeline",
        "object_attributes": _attributes(forge, where, found),
        "merge_request": _merge_request(forge, where, found.merge_request) if found.merge_request else None,
        "user": hook_user(forge, found.user),
        "project": hook_project(forge, where),
        "commit": hook_commit(forge, where, git.commit(where.path, found.sha)),
        "builds": [_build(forge, where, each) for each in found.latest_jobs],
    }


def _merge_request(forge: Forge, where: Repository, number: int) -> Json:
    """Whose own the pipeline is."""
    written = merge_request(forge, where, where.pull_request(number))
    return {name: written[name] for name in _OF_MERGE_REQUEST} | {"url": written["web_url"]}


def _attributes(forge: Forge, where: Repository, found: Pipeline) -> Json:
    used = {job.plan.stage for job in found.jobs}
    return {
        "id": found.id,
        "iid": found.iid,
        "name": found.name or None,
        "ref": where.pull_request(found.merge_request).source_branch if found.merge_request else found.ref,
        "tag": found.tag,
        "sha": found.sha,
        "before_sha": git.ABSENT,
        "source": found.source,
        "status": found.state,
        "detailed_status": words_of(found.state)[1],
        "stages": [stage for stage in found.stages if stage in used],
        "created_at": hook_moment(found.created_at),
        "finished_at": hook_moment(found.finished_at),
        "duration": seconds_between(found.started_at, found.finished_at),
        "queued_duration": seconds_between(found.created_at, found.started_at),
        "protected_ref": found.ref in where.protections,
        "variables": [{"key": each.key, "value": each.value} for each in found.variables],
        "url": pipeline_page(forge, where, found),
    }


def _build(forge: Forge, where: Repository, found: Job) -> Json:
    environment = _environment(forge, where, found)
    return {
        "id": found.id,
        "stage": found.plan.stage,
        "name": found.plan.name,
        "status": found.state,
        "created_at": hook_moment(found.created_at),
        "started_at": hook_moment(found.started_at),
        "finished_at": hook_moment(found.finished_at),
        "duration": seconds_between(found.started_at, found.finished_at),
        "queued_duration": seconds_between(found.queued_at, found.started_at),
        "failure_reason": _reason(found),
        "when": found.plan.when,
        "manual": found.plan.when == "manual",
        "allow_failure": found.plan.allow_failure,
        "user": hook_user(forge, found.user),
        "runner": None,
        "artifacts_file": {"filename": None, "size": None},
        "environment": environment,
    }


def _reason(found: Job) -> str | None:
    return found.failure_reason if found.state is JobState.FAILED else None


def _environment(forge: Forge, where: Repository, found: Job) -> Json | None:
    plan = found.plan.environment
    if plan is None:
        return None
    name = expand(plan.name, expand_all(of_job(forge, where, found)))
    return {"name": name, "action": plan.action, "deployment_tier": plan.tier or tier_of(name)}


def _job_event(forge: Forge, happening: JobMoved) -> Json:
    where, found = happening.repository, happening.job
    environment = _environment(forge, where, found)
    pipeline = found.pipeline
    return {
        "object_kind": "build",
        "ref": pipeline.ref,
        "tag": pipeline.tag,
        "before_sha": git.ABSENT,
        "sha": pipeline.sha,
        "build_id": found.id,
        "build_name": found.plan.name,
        "build_stage": found.plan.stage,
        "build_status": found.state,
        "build_created_at": hook_moment(found.created_at),
        "build_created_at_iso": optional_moment(found.created_at),
        "build_started_at": hook_moment(found.started_at),
        "build_started_at_iso": optional_moment(found.started_at),
        "build_finished_at": hook_moment(found.finished_at),
        "build_finished_at_iso": optional_moment(found.finished_at),
        "build_duration": seconds_between(found.started_at, found.finished_at),
        "build_queued_duration": seconds_between(found.queued_at, found.started_at),
        "build_allow_failure": found.plan.allow_failure,
        "build_failure_reason": found.failure_reason or "unknown_failure",
        "retries_count": sum(each.retried and each.plan.name == found.plan.name for each in pipeline.jobs),
        "pipeline_id": pipeline.id,
        "runner": None,
        "project_id": where.id,
        "project_name": where.full_name.replace("/", " / "),
        "user": hook_user(forge, found.user),
        "commit": _commit_of_job(forge, where, pipeline),
        "repository": hook_repository_of_git(forge, where),
        "project": hook_project(forge, where),
        "environment": None if environment is None else {key: environment[key] for key in ("name", "action")},
    }


def _commit_of_job(forge: Forge, where: Repository, pipeline: Pipeline) -> Json:
    """What GitLab calls the commit of a job: its id is that of the pipeline, and so is its name."""
    commit = git.commit(where.path, pipeline.sha)
    author = forge.store.account_of_email(commit.author.email)
    return {
        "id": pipeline.id,
        "name": pipeline.name or None,
        "sha": pipeline.sha,
        "message": commit.message,
        "author_name": commit.author.name,
        "author_email": commit.author.email,
        "author_url": f"mailto:{commit.author.email}" if author is None else f"{forge.url}/{author.login}",
        "status": pipeline.state,
        "duration": seconds_between(pipeline.started_at, pipeline.finished_at),
        "started_at": hook_moment(pipeline.started_at),
        "started_at_iso": optional_moment(pipeline.started_at),
        "finished_at": hook_moment(pipeline.finished_at),
        "finished_at_iso": optional_moment(pipeline.finished_at),
    }


def _deployment_event(forge: Forge, happening: DeploymentMoved) -> Json:
    where, found = happening.repository, happening.deployment
    sha, environment, user = found.job.pipeline.sha, found.environment, found.job.user
    return {
        "object_kind": "deployment",
        "status": found.state,
        "status_changed_at": hook_moment(found.updated_at),
        "deployment_id": found.id,
        "deployable_id": found.job.id,
        "deployable_url": job_page(forge, where, found.job),
        "environment": environment.name,
        "environment_tier": environment.tier,
        "environment_slug": environment.slug,
        "environment_external_url": environment.url or None,
        "project": hook_project_as_before(forge, where),
        "short_sha": sha[:8],
        "user": hook_user(forge, user),
        "user_url": f"{forge.url}/{user.login}",
        "commit_url": page(forge, where, f"/-/commit/{sha}"),
        "commit_title": git.commit(where.path, sha).message.partition("\n")[0],
        "ref": found.job.pipeline.ref,
    }
