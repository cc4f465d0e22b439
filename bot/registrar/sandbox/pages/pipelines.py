"""Knows the pages about GitLab's pipelines: what can be started, how a pipeline goes, and what a job says."""

from itertools import groupby

from starlette.responses import Response

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.gitlab.ci.configuration import PATH, declared_inputs
from registrar.sandbox.gitlab.ci.creation import Wish, create_pipeline
from registrar.sandbox.gitlab.ci.inputs import Input
from registrar.sandbox.gitlab.ci.interpolation import as_text
from registrar.sandbox.gitlab.ci.progress import Progress
from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline
from registrar.sandbox.pages.listing import SHORT, STATES, runs_of, title_of
from registrar.sandbox.pages.starting import Question, Starter, answers
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.store import Repository


def pipelines(visit: Visit) -> Response:
    """Every pipeline, newest first, and the form that starts one."""
    repository = visit.repository()
    starter = _starter(repository)
    return visit.page(
        "runs.html",
        repository=repository,
        runs=runs_of(visit.face, repository),
        starters=[starter] if starter else [],
        may_start=visit.forge.store.role_of(visit.viewer, repository) >= Role.WRITE,
    )


def _starter(repository: Repository) -> Starter | None:
    sha = git.branch(repository.path, repository.default_branch)
    found = git.read(repository.path, sha, PATH) if sha else None
    if found is None:
        return None
    try:
        declared = declared_inputs(found[1].decode(errors="replace"))
    except InvalidPipeline as error:
        return Starter("", "New pipeline", PATH, refusal=str(error))
    return Starter("", "New pipeline", PATH, tuple(_question(each) for each in declared.values()))


def _question(declared: Input) -> Question:
    options = ("true", "false") if declared.type == "boolean" else tuple(as_text(each) for each in declared.options)
    default = "" if declared.default is None else as_text(declared.default)
    return Question(declared.name, declared.name, default, options, is_required=declared.required)


def pipeline(visit: Visit) -> Response:
    """One pipeline: its jobs, stage by stage."""
    repository = visit.repository()
    found = repository.ci.pipeline(visit.number())
    stages = [(stage, list(jobs)) for stage, jobs in groupby(found.latest_jobs, key=lambda job: job.plan.stage)]
    return visit.page(
        "pipeline.html",
        repository=repository,
        pipeline=found,
        title=title_of(found),
        stages=stages,
        states=STATES,
        is_short=sum(piece.count("\n") for each in found.jobs for piece in each.trace) <= SHORT,
        may_play=visit.forge.store.role_of(visit.viewer, repository) >= Role.WRITE,
    )


def job(visit: Visit) -> Response:
    """One job: all that it said."""
    repository = visit.repository()
    found = repository.ci.job(visit.number())
    return visit.page(
        "job.html",
        repository=repository,
        job=found,
        title=title_of(found.pipeline),
        log="".join(found.trace),
        states=STATES,
        may_play=visit.forge.store.role_of(visit.viewer, repository) >= Role.WRITE,
    )


def play(visit: Visit) -> str:
    """Start a job that waits for a person."""
    repository = visit.repository()
    actor = visit.forge.require(visit.actor(), repository, Role.WRITE)
    progress = Progress(visit.forge, visit.runner, repository)
    return visit.to.job(repository, progress.play(repository.ci.job(visit.number()), actor=actor))


def begin(visit: Visit) -> str:
    """Start a pipeline on the default branch."""
    repository = visit.repository()
    wish = Wish(repository.default_branch, "web", inputs=answers(visit))
    return visit.to.run(
        repository, create_pipeline(visit.forge, visit.runner, repository, actor=visit.actor(), wish=wish)
    )
