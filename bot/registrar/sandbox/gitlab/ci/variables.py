"""Knows which variables a pipeline and its jobs find, and which of them wins: the last that is named here."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.expansion import expand, expand_all
from registrar.sandbox.gitlab.ci.slugs import environment_slug, slug, tier_of
from registrar.sandbox.pipelines import Job, JobPlan, Pipeline, Variable
from registrar.sandbox.store import Repository

Variables = dict[str, Variable]


def of_pipeline(forge: Forge, repository: Repository, pipeline: Pipeline) -> Variables:
    """What its rules and its name can speak of."""
    return {
        **_predefined(forge, repository, pipeline),
        **pipeline.yaml_variables,
        **_of_project(repository),
        **_given(pipeline),
    }


def of_plan(forge: Forge, repository: Repository, pipeline: Pipeline, plan: JobPlan) -> Variables:
    """What the rules of a job and the name of its environment can speak of."""
    return {
        **_predefined(forge, repository, pipeline),
        **_raw({"CI_JOB_NAME": plan.name, "CI_JOB_NAME_SLUG": slug(plan.name), "CI_JOB_STAGE": plan.stage}),
        **pipeline.yaml_variables,
        **plan.variables,
        **_of_project(repository),
        **_given(pipeline),
    }


def of_job(forge: Forge, repository: Repository, job: Job) -> Variables:
    """What the scripts of a job find, but for the folder that they run in."""
    pipeline, plan = job.pipeline, job.plan
    known = {
        **_predefined(forge, repository, pipeline),
        **_persisted(forge, repository, job),
        **pipeline.yaml_variables,
        **plan.variables,
        **_raw(_left_for(job)),
        **_of_project(repository),
        **_given(pipeline),
    }
    return known | _of_environment(job, expand_all(known))


def left_before(job: Job) -> tuple[Job, ...]:
    """The jobs whose variables a job gets: those it needs, or every one of the stages before."""
    jobs, stages = job.pipeline.latest_jobs, job.pipeline.stages
    if job.plan.needs is not None:
        return tuple(each for each in jobs if each.plan.name in job.plan.needs)
    return tuple(each for each in jobs if stages.index(each.plan.stage) < stages.index(job.plan.stage))


def _left_for(job: Job) -> dict[str, str]:
    left: dict[str, str] = {}
    for each in left_before(job):
        left |= each.dotenv
    return left


def _raw(values: Mapping[str, str]) -> Variables:
    return {key: Variable(key, value, raw=True) for key, value in values.items()}


def _given(pipeline: Pipeline) -> Variables:
    return {each.key: each for each in pipeline.variables}


def _of_project(repository: Repository) -> Variables:
    """A secret is a variable that no log shows."""
    shown = {key: Variable(key, value) for key, value in repository.variables.items()}
    return shown | {key: Variable(key, value, masked=True) for key, value in repository.secrets.items()}


def _predefined(forge: Forge, repository: Repository, pipeline: Pipeline) -> Variables:
    triggered = {"CI_PIPELINE_TRIGGERED": "true"} if pipeline.source == "trigger" else {}
    return _raw(
        {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{forge.url}/api/v4",
            "CI_API_GRAPHQL_URL": f"{forge.url}/api/graphql",
            "CI_CONFIG_PATH": repository.settings.pipeline_file,
            "CI_DEFAULT_BRANCH": repository.default_branch,
            "CI_SERVER": "yes",
            "CI_SERVER_NAME": "GitLab",
            "CI_SERVER_URL": forge.url,
            "CI_PIPELINE_IID": str(pipeline.iid),
            "CI_PIPELINE_SOURCE": pipeline.source,
            "CI_PIPELINE_CREATED_AT": f"{pipeline.created_at:%Y-%m-%dT%H:%M:%SZ}",
            "CI_PIPELINE_NAME": pipeline.name,
            **triggered,
            **_ref(repository, pipeline),
            **_project(forge, repository),
            **_commit(repository, pipeline),
            **_user("GITLAB_USER", pipeline),
        }
    )


def _project(forge: Forge, repository: Repository) -> dict[str, str]:
    return {
        "CI_PROJECT_ID": str(repository.id),
        "CI_PROJECT_NAME": repository.name,
        "CI_PROJECT_TITLE": repository.name,
        "CI_PROJECT_PATH": repository.full_name,
        "CI_PROJECT_PATH_SLUG": slug(repository.full_name),
        "CI_PROJECT_NAMESPACE": repository.owner.login,
        "CI_PROJECT_ROOT_NAMESPACE": repository.owner.login.partition("/")[0],
        "CI_PROJECT_URL": f"{forge.url}/{repository.full_name}",
        "CI_PROJECT_VISIBILITY": "private" if repository.private else "public",
    }


def _ref(repository: Repository, pipeline: Pipeline) -> dict[str, str]:
    """What it runs on; the pipeline of a merge request has no branch, though it is named after one."""
    known = _merge_request(repository, pipeline.merge_request) if pipeline.merge_request else {}
    name = known.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", pipeline.ref)
    kind = {} if known else {"CI_COMMIT_TAG" if pipeline.tag else "CI_COMMIT_BRANCH": name}
    return known | {
        **kind,
        "CI_COMMIT_REF_NAME": name,
        "CI_COMMIT_REF_SLUG": slug(name),
        "CI_COMMIT_REF_PROTECTED": "true" if _is_protected(repository, pipeline) else "false",
    }


def _is_protected(repository: Repository, pipeline: Pipeline) -> bool:
    if pipeline.tag:
        return any(fnmatchcase(pipeline.ref, name) for name in repository.protected_tags)
    return pipeline.ref in repository.protections


def _merge_request(repository: Repository, number: int) -> dict[str, str]:
    """https://docs.gitlab.com/ci/variables/predefined_variables/#predefined-variables-for-merge-request-pipelines ."""
    found = repository.pull_request(number)
    base = git.merge_base(repository.path, found.base_sha, found.head_sha) or found.base_sha
    return {
        "CI_MERGE_REQUEST_ID": str(found.id),
        "CI_MERGE_REQUEST_IID": str(found.number),
        "CI_MERGE_REQUEST_REF_PATH": f"refs/merge-requests/{found.number}/head",
        "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
        "CI_MERGE_REQUEST_TITLE": found.title,
        "CI_MERGE_REQUEST_PROJECT_ID": str(repository.id),
        "CI_MERGE_REQUEST_PROJECT_PATH": repository.full_name,
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(repository.id),
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": repository.full_name,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": found.source_branch,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": found.target_branch,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
    }


def _commit(repository: Repository, pipeline: Pipeline) -> dict[str, str]:
    commit = git.commit(repository.path, pipeline.sha)
    return {
        "CI_COMMIT_SHA": pipeline.sha,
        "CI_COMMIT_SHORT_SHA": pipeline.sha[:8],
        "CI_COMMIT_BEFORE_SHA": git.ABSENT,
        "CI_COMMIT_MESSAGE": commit.message,
        "CI_COMMIT_TITLE": commit.message.partition("\n")[0],
        "CI_COMMIT_TIMESTAMP": commit.committer.at.isoformat(),
        "CI_COMMIT_AUTHOR": f"{commit.author.name} <{commit.author.email}>",
    }


def _user(prefix: str, pipeline: Pipeline) -> dict[str, str]:
    user = pipeline.user
    words = {"ID": str(user.id), "LOGIN": user.login, "NAME": user.name, "EMAIL": user.email}
    return {f"{prefix}_{word}": value for word, value in words.items()}


def _persisted(forge: Forge, repository: Repository, job: Job) -> Variables:
    """What is known of a job only once it runs."""
    page = f"{forge.url}/{repository.full_name}/-"
    manual = {"CI_JOB_MANUAL": "true"} if job.plan.when == "manual" else {}
    known = {
        "CI_PIPELINE_ID": str(job.pipeline.id),
        "CI_PIPELINE_URL": f"{page}/pipelines/{job.pipeline.id}",
        "CI_JOB_ID": str(job.id),
        "CI_JOB_NAME": job.plan.name,
        "CI_JOB_NAME_SLUG": slug(job.plan.name),
        "CI_JOB_STAGE": job.plan.stage,
        "CI_JOB_URL": f"{page}/jobs/{job.id}",
        "CI_JOB_STARTED_AT": "" if job.started_at is None else f"{job.started_at:%Y-%m-%dT%H:%M:%SZ}",
        **manual,
    }
    token = {"CI_JOB_TOKEN": Variable("CI_JOB_TOKEN", job.token, masked=True, raw=True)}
    return _raw(known) | token


def _of_environment(job: Job, values: Mapping[str, str]) -> Variables:
    plan = job.plan.environment
    if plan is None:
        return {}
    name = expand(plan.name, values)
    known = {
        "CI_ENVIRONMENT_NAME": name,
        "CI_ENVIRONMENT_SLUG": environment_slug(name),
        "CI_ENVIRONMENT_ACTION": plan.action,
        "CI_ENVIRONMENT_TIER": plan.tier or tier_of(name),
    }
    return _raw(known | {"CI_ENVIRONMENT_URL": expand(plan.url, {**values, **known})})
