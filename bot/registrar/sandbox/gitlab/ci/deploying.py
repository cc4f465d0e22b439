"""Knows what a job with an `environment:` does to it: a deployment that goes where the job goes."""

from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.expansion import expand, expand_all
from registrar.sandbox.gitlab.ci.slugs import environment_slug, tier_of
from registrar.sandbox.gitlab.ci.variables import of_job
from registrar.sandbox.happenings import DeploymentMoved
from registrar.sandbox.pipelines import Deployment, Environment, EnvironmentPlan, Job, JobState
from registrar.sandbox.store import Repository, now

_FOLLOWED = {JobState.RUNNING, JobState.SUCCESS, JobState.FAILED, JobState.CANCELED, JobState.SKIPPED}
_TOLD = _FOLLOWED - {JobState.SKIPPED}


def plan_deployment(forge: Forge, repository: Repository, job: Job) -> None:
    """A deployment of a job that is about to run or to wait for a person; only `action: start` makes one."""
    plan = job.plan.environment
    if plan is None or plan.action != "start" or job.deployment is not None:
        return
    values = expand_all(of_job(forge, repository, job))
    environment = _environment(forge, repository, plan, expand(plan.name, values))
    job.deployment = Deployment(
        id=forge.store.new_id("deployment"),
        iid=1 + len(repository.ci.deployments),
        environment=environment,
        job=job,
        created_at=now(),
        updated_at=now(),
    )
    environment.url, environment.updated_at = values["CI_ENVIRONMENT_URL"], now()
    repository.ci.deployments.append(job.deployment)


def follow(forge: Forge, repository: Repository, job: Job) -> None:
    """Let the deployment of a job be where the job is."""
    deployment = job.deployment
    if deployment is None or job.state not in _FOLLOWED:
        return
    deployment.state, deployment.updated_at = job.state, now()
    if job.state in _TOLD:
        forge.publish(repository, DeploymentMoved(repository, job.user, deployment))


def _environment(forge: Forge, repository: Repository, plan: EnvironmentPlan, name: str) -> Environment:
    found = next((each for each in repository.ci.environments if each.name == name), None)
    if found is None:
        tier = plan.tier or tier_of(name)
        found = Environment(forge.store.new_id("environment"), name, environment_slug(name), tier, now(), now())
        repository.ci.environments.append(found)
    return found
