"""How GitLab writes pipelines, their jobs, and what those deploy to."""

from datetime import datetime

from croniter import croniter

from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.commits import commit
from registrar.sandbox.gitlab.people import Json, moment, optional_moment, public_user, user
from registrar.sandbox.gitlab.projects import basic_project, page
from registrar.sandbox.pipelines import Deployment, Environment, Job, JobState, Pipeline, Schedule, Trigger, Variable
from registrar.sandbox.store import Repository, now

_SHOWN_OF_TOKEN = 4  # characters, to whoever did not make it
_WORDS = {JobState.SUCCESS: ("passed", "passed"), JobState.MANUAL: ("blocked", "waiting for manual action")}


def variable(found: Variable) -> Json:
    """A variable that a pipeline was started with."""
    kind = "file" if found.file else "env_var"
    return {"variable_type": kind, "key": found.key, "value": found.value, "raw": found.raw}


def basic_pipeline(forge: Forge, where: Repository, found: Pipeline) -> Json:
    """A pipeline where it is mentioned."""
    return {
        "id": found.id,
        "iid": found.iid,
        "project_id": where.id,
        "sha": found.sha,
        "ref": found.ref,
        "status": found.state,
        "source": found.source,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "web_url": pipeline_page(forge, where, found),
    }


def listed_pipeline(forge: Forge, where: Repository, found: Pipeline) -> Json:
    """A pipeline in a list; there it has its name."""
    return basic_pipeline(forge, where, found) | {"name": found.name or None}


def pipeline(forge: Forge, where: Repository, found: Pipeline) -> Json:
    """A pipeline as it is told to whoever does something with it: without its name."""
    return basic_pipeline(forge, where, found) | {
        "before_sha": git.ABSENT,
        "tag": found.tag,
        "yaml_errors": found.yaml_errors or None,
        "user": user(forge, found.user),
        "started_at": optional_moment(found.started_at),
        "finished_at": optional_moment(found.finished_at),
        "committed_at": None,
        "duration": seconds_between(found.started_at, found.finished_at),
        "queued_duration": seconds_between(found.created_at, found.started_at),
        "coverage": None,
        "detailed_status": detailed_status(forge, where, found),
        "archived": False,
    }


def named_pipeline(forge: Forge, where: Repository, found: Pipeline) -> Json:
    """A pipeline by itself."""
    return pipeline(forge, where, found) | {"name": found.name or None}


def pipeline_page(forge: Forge, where: Repository, found: Pipeline) -> str:
    """Where a person reads it."""
    return page(forge, where, f"/-/pipelines/{found.id}")


def job_page(forge: Forge, where: Repository, found: Job) -> str:
    """Where a person reads it."""
    return page(forge, where, f"/-/jobs/{found.id}")


def detailed_status(forge: Forge, where: Repository, found: Pipeline) -> Json:
    """What the page of a pipeline calls its state."""
    state = found.state
    text, label = words_of(state)
    return {
        "icon": f"status_{state}",
        "text": text,
        "label": label,
        "group": state,
        "tooltip": label,
        "has_details": True,
        "details_path": f"{forge.path}/{where.full_name}/-/pipelines/{found.id}",
        "illustration": None,
        "favicon": f"/assets/ci_favicons/favicon_status_{state}.png",
    }


def words_of(state: JobState) -> tuple[str, str]:
    """What a page calls a state, in short and at length."""
    return _WORDS.get(state, (state, state))


def seconds_between(begin: datetime | None, end: datetime | None) -> int | None:
    """Whole seconds; None while either is still to come."""
    return None if begin is None or end is None else int((end - begin).total_seconds())


def job(forge: Forge, where: Repository, found: Job) -> Json:
    """A job of a pipeline."""
    took, waited = (
        seconds_between(found.started_at, found.finished_at),
        seconds_between(found.queued_at, found.started_at),
    )
    reason = {"failure_reason": found.failure_reason} if found.state is JobState.FAILED else {}
    return {
        "id": found.id,
        "status": found.state,
        "stage": found.plan.stage,
        "name": found.plan.name,
        "ref": found.pipeline.ref,
        "tag": found.pipeline.tag,
        "coverage": None,
        "allow_failure": found.plan.allow_failure,
        "created_at": moment(found.created_at),
        "started_at": optional_moment(found.started_at),
        "finished_at": optional_moment(found.finished_at),
        "erased_at": None,
        "duration": None if took is None else float(took),
        "queued_duration": None if waited is None else float(waited),
        "user": public_user(forge, found.user),
        "commit": commit(forge, where, git.commit(where.path, found.pipeline.sha)),
        "pipeline": basic_pipeline(forge, where, found.pipeline),
        **reason,
        "web_url": job_page(forge, where, found),
        "project": {"ci_job_token_scope_enabled": False},
        "artifacts": [],
        "runner": None,
        "runner_manager": None,
        "artifacts_expire_at": None,
        "archived": False,
        "tag_list": [],
    }


def deployment(forge: Forge, where: Repository, found: Deployment) -> Json:
    """A deployment, with the job that does it."""
    return {
        "id": found.id,
        "iid": found.iid,
        "ref": found.job.pipeline.ref,
        "sha": found.job.pipeline.sha,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "user": user(forge, found.job.user),
        "environment": basic_environment(found.environment),
        "deployable": job(forge, where, found.job),
        "status": found.state,
    }


def basic_environment(found: Environment) -> Json:
    """An environment where it is mentioned."""
    return {
        "id": found.id,
        "name": found.name,
        "slug": found.slug,
        "external_url": found.url or None,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }


def listed_environment(forge: Forge, where: Repository, found: Environment) -> Json:
    """An environment in a list."""
    more = {"tier": found.tier, "state": "available", "auto_stop_at": None, "description": None}
    return basic_environment(found) | more | {"project": basic_project(forge, where)}


def environment(forge: Forge, where: Repository, found: Environment) -> Json:
    """An environment by itself, with what was last deployed to it."""
    done = (each for each in where.ci.deployments if each.environment is found and each.state is JobState.SUCCESS)
    last = max(done, key=lambda each: each.id, default=None)
    written = listed_environment(forge, where, found)
    return written | {"last_deployment": None if last is None else deployment(forge, where, last)}


def schedule(forge: Forge, found: Schedule) -> Json:
    """When pipelines shall begin, as lists show it."""
    return {
        "id": found.id,
        "description": found.description,
        "ref": found.ref,
        "cron": found.cron,
        "cron_timezone": found.cron_timezone,
        "next_run_at": moment(croniter(found.cron, now(), ret_type=datetime).get_next()) if found.active else None,
        "active": found.active,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.created_at),
        "owner": user(forge, found.owner),
        "inputs": [],
    }


def trigger(forge: Forge, found: Trigger, viewer: Account) -> Json:
    """A trigger token, whole only for whoever made it."""
    return {
        "id": found.id,
        "token": found.token if viewer is found.owner else found.token[:_SHOWN_OF_TOKEN],
        "description": found.description,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "last_used": optional_moment(found.last_used),
        "expires_at": optional_moment(found.expires_at),
        "owner": user(forge, found.owner),
    }
