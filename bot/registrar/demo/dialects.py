"""Knows on which forges the demo is told, and what is different there: who acts, and what pipelines are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registrar.demo.colleague import Colleague
from registrar.demo.colleague_github import GitHubColleague
from registrar.demo.colleague_gitlab import GitLabColleague
from registrar.sandbox import Sandbox
from registrar.sandbox.forge import DialectName
from registrar.sandbox.store import Repository


@dataclass(frozen=True, slots=True)
class Dialect:
    """One forge, as far as the demo's people and their registry are concerned."""

    name: DialectName
    colleague: Callable[[str, str, int, str], Colleague]  # of the forge's address, login, id and token
    pipeline: str  # what the application's pipeline is called
    events: tuple[str, ...]  # that the bot is told of
    log: Callable[[Repository, int], str]  # all that a run said
    hold: Callable[[Sandbox, str, str], None]  # let nothing into the main branch of a repository before a status agrees


def _said_by_steps(repository: Repository, run: int) -> str:
    return "\n".join(piece.text for piece in repository.run(run).logs)


def _said_by_jobs(repository: Repository, pipeline: int) -> str:
    return "\n".join("".join(job.trace) for job in repository.ci.pipeline(pipeline).jobs)


def _held_by_rule(sandbox: Sandbox, repository: str, status: str) -> None:
    sandbox.protect(repository, "main", required_statuses=(status,))


def _held_by_pipeline(sandbox: Sandbox, repository: str, _status: str) -> None:
    """On the Free tier: "pipelines must succeed", and a status is a job of one."""
    sandbox.protect(repository, "main")
    settings = sandbox.store.repository(repository).settings
    settings.only_allow_merge_if_pipeline_succeeds = True
    settings.begins_pipelines = False  # its own check installs Registrar from an index, and the demo needs no network


DIALECTS: Mapping[DialectName, Dialect] = {
    "github": Dialect(
        "github",
        GitHubColleague,
        "deploy.yml",
        ("push", "pull_request", "pull_request_review", "issue_comment", "workflow_run"),
        _said_by_steps,
        _held_by_rule,
    ),
    "gitlab": Dialect(
        "gitlab",
        GitLabColleague,
        ".gitlab-ci.yml",
        ("push", "merge_requests", "note", "pipeline", "job"),
        _said_by_jobs,
        _held_by_pipeline,
    ),
}
