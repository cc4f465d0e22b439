"""What GitLab makes of a commit status: a job of an external pipeline, which cannot move to any state from any other.

https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
"""

from dataclasses import dataclass, replace

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.standing import settle
from registrar.sandbox.gitlab.refusals import Refused, missing
from registrar.sandbox.happenings import StatusSet
from registrar.sandbox.pipelines import Pipeline
from registrar.sandbox.store import Repository, Status, now

LONGEST_DESCRIPTION = 255
LONGEST_NAME = 255
DEFAULT_NAME = "default"
_NEW = "created"
_MOVES = {  # state asked for: how GitLab calls the move, and where it may begin
    "pending": ("enqueue", {_NEW}),
    "running": ("run", {_NEW, "pending"}),
    "success": ("success", {_NEW, "pending", "running"}),
    "failed": ("drop", {_NEW, "pending", "running"}),
    "canceled": ("cancel", {_NEW, "pending", "running"}),
    "skipped": ("skip", {_NEW, "pending"}),
}
_SHOWN = {"pending": "pending", "running": "pending", "success": "success", "failed": "failure", "skipped": "success"}
_GOING_ON = {"pending", "running"}


@dataclass(frozen=True, slots=True)
class Report:
    """What shall stand under a commit; None leaves what a status said before."""

    state: str
    name: str = DEFAULT_NAME
    ref: str | None = None
    description: str | None = None
    url: str | None = None
    pipeline: int | None = None  # by id


def set_status(forge: Forge, repository: Repository, sha: str, *, actor: Account, report: Report) -> Status:
    """Move the status of this name that goes on in the actor's name, or begin one. Raises `Refused` as GitLab does."""
    with forge.store.lock:
        _check_words(report)
        if git.resolve(repository.path, sha) != sha:
            raise missing("Commit")
        pipeline = _pipeline(forge, repository, sha, actor, report)
        _check_rights(forge, repository, pipeline, actor)
        status = _moved(forge, repository, pipeline, actor, report)
        forge.publish(repository, StatusSet(repository, actor, status))
        settle(forge, repository, pipeline, actor=actor)
        return status


def _check_words(report: Report) -> None:
    for field, text, longest in (
        ("description", report.description, LONGEST_DESCRIPTION),
        ("name", report.name, LONGEST_NAME),
    ):
        if text is not None and len(text) > longest:
            raise Refused(400, {field: [f"is too long (maximum is {longest} characters)"]})
    if report.url and not report.url.startswith(("http://", "https://")):
        raise Refused(400, {"target_url": ["is blocked: Only allowed schemes are http, https"]})


def _check_rights(forge: Forge, repository: Repository, pipeline: Pipeline, actor: Account) -> None:
    """On a protected branch, only who may push to it or merge into it changes its pipelines."""
    rule, role = repository.protections.get(pipeline.ref), forge.store.role_of(actor, repository)
    if rule is not None and role < min(rule.merge_role, rule.push_role or Role.ADMIN):
        raise Refused(403, "403 Forbidden")


def _pipeline(forge: Forge, repository: Repository, sha: str, actor: Account, report: Report) -> Pipeline:
    """The newest of the commit, on the ref if one is named, or the one of that id; a new one where there is none.

    So it can be one that no merge request looks at: a tag's, or that of another branch.
    """
    named = (each for each in repository.ci.pipelines if report.pipeline in {None, each.id})
    found = [each for each in named if each.sha == sha and report.ref in {None, each.ref}]
    if found:
        return max(found, key=lambda each: each.id)
    if report.pipeline is not None:
        raise missing("Pipeline for pipeline_id, sha and ref")
    containing = (
        name for name, tip in git.branches(repository.path).items() if git.is_ancestor(repository.path, sha, tip)
    )
    ref = report.ref or next(containing, None)
    if ref is None:
        raise missing("References for commit")
    pipeline = Pipeline(
        id=forge.store.new_id("pipeline"),
        iid=repository.ci.next_iid,
        ref=ref,
        tag=False,
        sha=sha,
        source="external",
        user=actor,
        created_at=now(),
        updated_at=now(),
    )
    repository.ci.pipelines.append(pipeline)
    return pipeline


def _moved(forge: Forge, repository: Repository, pipeline: Pipeline, actor: Account, report: Report) -> Status:
    ref = report.ref or pipeline.ref
    before = next(
        (
            each
            for each in repository.statuses
            if (each.pipeline, each.context, each.ref, each.creator) == (pipeline.id, report.name, ref, actor)
            and each.stage in _GOING_ON
        ),
        None,
    )
    move, beginnings = _MOVES[report.state]
    stage = _NEW if before is None else before.stage
    if stage not in beginnings:
        reason = f'Status cannot transition via "{move}"'
        raise Refused(400, f"Cannot transition status via :{move} from :{stage} (Reason(s): {reason})")
    if before is None:
        status = _begun(forge, pipeline, ref, actor, report)
        repository.statuses.append(status)
        return status
    status = replace(
        before,
        state=_SHOWN.get(report.state, "error"),
        stage=report.state,
        description=before.description if report.description is None else report.description,
        url=before.url if report.url is None else report.url,
        updated_at=now(),
    )
    repository.statuses[repository.statuses.index(before)] = status
    return status


def _begun(forge: Forge, pipeline: Pipeline, ref: str, actor: Account, report: Report) -> Status:
    return Status(
        id=forge.store.new_id("job"),  # a status is a job to GitLab, and is counted with them
        sha=pipeline.sha,
        context=report.name,
        state=_SHOWN.get(report.state, "error"),
        description=report.description or "",
        url=report.url or "",
        creator=actor,
        created_at=now(),
        stage=report.state,
        ref=ref,
        pipeline=pipeline.id,
        updated_at=now(),
    )
