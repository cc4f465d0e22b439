"""Which pipelines GitLab counts to a merge request, and the one of them that a merge waits for.

https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/
"""

from registrar.sandbox import git
from registrar.sandbox.pipelines import Pipeline
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest

OWN = "merge_request_event"  # how a merge request's own pipeline begins


def pipelines_of(repository: Repository, pull_request: PullRequest) -> list[Pipeline]:
    """Its own pipelines before those of its branch, whenever they began; else the newest first."""
    first = pull_request.versions[0].start_sha if pull_request.versions else pull_request.base_sha
    brought = {each.sha for each in git.commits_between(repository.path, first, pull_request.head_sha)}
    shas = brought | {each.head_sha for each in pull_request.versions} | {pull_request.head_sha}
    found = [each for each in repository.ci.pipelines if each.head_sha in shas and _counts(each, pull_request)]
    return sorted(found, key=lambda each: (each.source == OWN, each.id), reverse=True)


def _counts(pipeline: Pipeline, pull_request: PullRequest) -> bool:
    """A tag of the branch's name does not count, nor the pipeline of another merge request from the branch."""
    if pipeline.source == OWN:
        return pipeline.merge_request == pull_request.number
    return pipeline.ref == pull_request.source_branch and not pipeline.tag


def head_pipeline(repository: Repository, pull_request: PullRequest) -> Pipeline | None:
    """The first of them that is at the head."""
    at_head = (each for each in repository.ci.pipelines if each.head_sha == pull_request.head_sha)
    found = [each for each in at_head if _counts(each, pull_request)]
    return max(found, key=lambda each: (each.source == OWN, each.id), default=None)
