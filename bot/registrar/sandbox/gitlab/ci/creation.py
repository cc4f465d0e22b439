"""Knows how a pipeline comes to be: who may start one with what, and what its configuration makes of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.configuration import Configuration, read_configuration
from registrar.sandbox.gitlab.ci.expansion import expand, expand_all
from registrar.sandbox.gitlab.ci.progress import Progress, new_job
from registrar.sandbox.gitlab.ci.refusals import FilteredOut, InvalidPipeline
from registrar.sandbox.gitlab.ci.rights import may_run_on
from registrar.sandbox.gitlab.ci.rules import first_that_holds
from registrar.sandbox.gitlab.ci.variables import of_pipeline, of_plan
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.happenings import PipelineMoved
from registrar.sandbox.pipelines import JobPlan, JobState, Pipeline, Variable
from registrar.sandbox.runner import Runner
from registrar.sandbox.store import Repository, now
from registrar.sandbox.threads import PullRequest

LONGEST_NAME = 255  # of a pipeline
_ROLES = {"developer": Role.WRITE, "maintainer": Role.MAINTAIN, "owner": Role.ADMIN}  # no_one_allowed: nobody
_NO_JOBS = (
    "Pipeline will not run for the selected trigger. "
    "The rules configuration prevented any jobs from being added to the pipeline."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone asks for when starting a pipeline."""

    ref: str
    source: str = "api"
    variables: tuple[Variable, ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict)
    merge_request: PullRequest | None = None  # whose own it shall be; then the ref is that of its head


def create_pipeline(forge: Forge, runner: Runner, repository: Repository, *, actor: Account, wish: Wish) -> Pipeline:
    """A pipeline that is under way. Raises `Refused` as GitLab does: 400, and what is wrong under `base`."""
    with forge.store.lock:
        try:
            pipeline, plans = _planned(forge, repository, actor, wish)
        except InvalidPipeline as error:
            raise Refused(400, {"base": [str(error)]}) from error
        _begin(forge, runner, repository, pipeline, plans)
        return pipeline


def begin_by_itself(forge: Forge, repository: Repository, *, actor: Account, wish: Wish) -> None:
    """The pipeline that a push asks for, if any; a failed one where the configuration cannot be read."""
    with forge.store.lock:
        try:
            pipeline, plans = _planned(forge, repository, actor, wish)
        except FilteredOut:
            return
        except InvalidPipeline as error:
            pipeline, plans = _empty(forge, repository, actor, wish), ()
            pipeline.state, pipeline.yaml_errors = JobState.FAILED, str(error)
        _begin(forge, forge.runner, repository, pipeline, plans)


def _begin(forge: Forge, runner: Runner, repository: Repository, pipeline: Pipeline, plans: Sequence[JobPlan]) -> None:
    for plan in plans:
        new_job(forge, pipeline, plan, user=pipeline.user)
    repository.ci.pipelines.append(pipeline)
    if plans:
        Progress(forge, runner, repository).begin(pipeline)
    else:
        forge.publish(repository, PipelineMoved(repository, pipeline.user, pipeline))


def _planned(forge: Forge, repository: Repository, actor: Account, wish: Wish) -> tuple[Pipeline, tuple[JobPlan, ...]]:
    pipeline = _empty(forge, repository, actor, wish)
    path = repository.settings.pipeline_file
    found = git.read(repository.path, pipeline.sha, path)
    if found is None:
        raise FilteredOut("Missing CI config file")
    configuration = read_configuration(found[1].decode(errors="replace"), wish.inputs, path=path)
    pipeline.stages, pipeline.yaml_variables = configuration.stages, configuration.variables
    _apply_workflow(forge, repository, pipeline, configuration)
    pipeline.name = _name(forge, repository, pipeline, configuration)
    return pipeline, _plans(forge, repository, pipeline, configuration)


def _empty(forge: Forge, repository: Repository, actor: Account, wish: Wish) -> Pipeline:
    """A pipeline of nothing yet, which the account may begin. Raises `InvalidPipeline`."""
    _check_variables(forge, repository, actor, wish)
    if forge.store.role_of(actor, repository) < Role.WRITE:
        raise FilteredOut("Insufficient permissions to create a new pipeline")
    ref, is_tag, sha = _resolved(repository, wish)
    branch = wish.merge_request.source_branch if wish.merge_request else ref
    if not may_run_on(forge.store, repository, actor, branch):
        raise FilteredOut(
            f"You do not have sufficient permission to run a pipeline on '{branch}'. "
            "Please select a different branch or contact your administrator for assistance."
        )
    at = now()
    return Pipeline(
        id=forge.store.new_id("pipeline"),
        iid=repository.ci.next_iid,
        ref=ref,
        tag=is_tag,
        sha=sha,
        source=wish.source,
        user=actor,
        created_at=at,
        updated_at=at,
        variables=wish.variables,
        merge_request=wish.merge_request.number if wish.merge_request else 0,
    )


def _check_variables(forge: Forge, repository: Repository, actor: Account, wish: Wish) -> None:
    """Raises `InvalidPipeline` when the project does not let the account set any, or one is set twice."""
    least: Role | None = Role.WRITE
    if repository.settings.restrict_user_defined_variables:
        least = _ROLES.get(repository.settings.ci_pipeline_variables_minimum_override_role)
    if wish.variables and (least is None or forge.store.role_of(actor, repository) < least):
        raise InvalidPipeline("Insufficient permissions to set pipeline variables")
    keys = [each.key for each in wish.variables]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise InvalidPipeline(f"Duplicate variable name{'s' if len(twice) > 1 else ''}: {', '.join(twice)}")


def _resolved(repository: Repository, wish: Wish) -> tuple[str, bool, str]:
    """The short name, whether it is a tag, and the commit of a branch or a tag: a commit by itself is no ref."""
    name = wish.ref
    if wish.merge_request is not None:
        return name, False, wish.merge_request.head_sha
    branch, tag = name.removeprefix("refs/heads/"), name.removeprefix("refs/tags/")
    if branch == tag and git.branch(repository.path, name) and git.resolve(repository.path, f"refs/tags/{name}"):
        raise InvalidPipeline("Ref is ambiguous")
    if (sha := git.branch(repository.path, branch)) is not None:
        return branch, False, sha
    if (sha := git.resolve(repository.path, f"refs/tags/{tag}")) is not None:
        return tag, True, sha
    raise InvalidPipeline("Reference not found")


def _apply_workflow(forge: Forge, repository: Repository, pipeline: Pipeline, configuration: Configuration) -> None:
    """Ask the rules whether there is a pipeline at all, and take in the variables they set."""
    if configuration.rules is None:
        return
    rule = first_that_holds(configuration.rules, expand_all(of_pipeline(forge, repository, pipeline)))
    if rule is None or rule.when == "never":
        raise FilteredOut("Pipeline filtered out by workflow rules.")
    pipeline.yaml_variables = {**configuration.variables, **rule.variables}


def _name(forge: Forge, repository: Repository, pipeline: Pipeline, configuration: Configuration) -> str:
    name = expand(configuration.name, expand_all(of_pipeline(forge, repository, pipeline))).strip()
    if len(name) > LONGEST_NAME:
        raise InvalidPipeline(
            f"Failed to build pipeline metadata! Name is too long (maximum is {LONGEST_NAME} characters)"
        )
    return name


def _plans(
    forge: Forge, repository: Repository, pipeline: Pipeline, configuration: Configuration
) -> tuple[JobPlan, ...]:
    """The jobs that this pipeline has, in order of their stages."""
    plans: dict[str, JobPlan] = {}
    for job in configuration.jobs:
        if pipeline.merge_request and job.rules is None and configuration.rules is None:
            continue  # GitLab takes no rules at all for: in the pipelines of branches and tags alone
        plan = job.in_pipeline(expand_all(of_plan(forge, repository, pipeline, job.plan)))
        if plan is not None:
            plans[plan.name] = plan
    if not plans:
        raise FilteredOut(_NO_JOBS)
    optional = {job.plan.name: job.optional_needs for job in configuration.jobs}
    kept = [_with_needs(plan, plans, optional[plan.name]) for plan in plans.values()]
    return tuple(sorted(kept, key=lambda plan: pipeline.stages.index(plan.stage)))


def _with_needs(plan: JobPlan, plans: Mapping[str, JobPlan], optional: frozenset[str]) -> JobPlan:
    missing = [need for need in plan.needs or () if need not in plans]
    for need in missing:
        if need not in optional:
            raise InvalidPipeline(
                f"'{plan.name}' job needs '{need}' job, but '{need}' does not exist in the pipeline. "
                "This might be because of the only, except, or rules keywords. To need a job that sometimes does not "
                "exist in the pipeline, use needs:optional."
            )
    return replace(plan, needs=tuple(need for need in plan.needs if need in plans)) if plan.needs else plan
