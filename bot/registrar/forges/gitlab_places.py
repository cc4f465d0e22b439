"""Where a status must be said on GitLab: in the pipeline that a merge waits for, as it is part of one pipeline alone.

GitLab lists the pipelines of a merge request in the order in which it chooses: those of the request's own before those
of its branch, each kind newest first; the first one at the head decides. Left to itself, it would put a status into
whichever pipeline of the commit is newest, of another branch or of a tag.
https://docs.gitlab.com/api/merge_requests/#list-merge-request-pipelines
https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import CommitAnswer, MergeRequestAnswer
from registrar.forges.gitlab_api import GitLabApi

_READ = "the Reporter role"
_MERGED = ("merge", "train")  # what the ref of a pipeline of merged results ends in, and of a merge train


@dataclass(frozen=True, slots=True)
class Place:
    """A pipeline by its id, or the newest of a commit: of a ref if one is named."""

    sha: str
    pipeline: int = 0
    ref: str = ""
    first: str = ""  # the ref that the commit's first pipeline begins on

    def where(self, *, is_first: bool) -> dict[str, object]:
        """How GitLab is told, where the commit has no pipeline yet, or has some."""
        ref = self.ref or (self.first if is_first else "")
        return ({"pipeline_id": self.pipeline} if self.pipeline else {}) | ({"ref": ref} if ref else {})


@dataclass(frozen=True, slots=True)
class PipelineOfRequestAnswer:
    """A pipeline of a merge request; that of a fork's may be the fork's."""

    id: int
    sha: str
    ref: str
    project_id: int | None = None  # since 14.2


def places(api: GitLabApi, path: str, sha: str, *, context: str) -> tuple[Place, ...]:
    """Every place where a context is said of a commit, for each open merge request that the commit is the head of.

    A context ends in the branch that it is about, so that the same branch on its way into another is left alone. What
    is about no open merge request, such as what became of a merge, stands in the newest pipeline of the commit.
    """
    found = _headed_by(api, path, sha)
    aimed = [request for request in found if context.endswith(f" {request.target_branch}")]
    if not aimed:
        return (Place(sha, first=_ref(found[0]) if found else ""),)
    return tuple(place for request in aimed for place in _of_request(api, path, request, sha))


def _headed_by(api: GitLabApi, path: str, sha: str) -> Sequence[MergeRequestAnswer]:
    wish = Wish(f"tell which merge requests brought {sha}", _READ)
    asked = f"{path}/repository/commits/{segment(sha)}/merge_requests"
    found = api.pages(MergeRequestAnswer, asked, wish=wish)
    return [request for request in found if request.state == "opened" and request.sha == sha]


def _ref(request: MergeRequestAnswer) -> str:
    """GitLab would take the first branch by name that holds the commit; of a commit of a fork it finds none at all."""
    is_here = request.source_project_id == request.target_project_id
    return request.source_branch if is_here else f"refs/merge-requests/{request.iid}/head"


def _of_request(api: GitLabApi, path: str, request: MergeRequestAnswer, sha: str) -> tuple[Place, ...]:
    """The first pipeline of ours at the head; where there is none, one begins on the branch.

    A pipeline of merged results is at a commit of its own, that merges the head into the target: a status is said of
    that commit then, and of the head too, where whoever asks what we said of it looks. Only the newest one can be at
    this head.
    """
    wish = Wish(f"list the pipelines of merge request !{request.iid}", _READ)
    asked = f"{path}/merge_requests/{request.iid}/pipelines"
    on_branch, is_newest = Place(sha, ref=_ref(request)), True
    for pipeline in api.each(PipelineOfRequestAnswer, asked, wish=wish):
        if pipeline.project_id not in {None, request.target_project_id}:
            continue
        if pipeline.sha == sha:
            return (Place(sha, pipeline.id),)
        if is_newest and pipeline.ref in [f"refs/merge-requests/{request.iid}/{kind}" for kind in _MERGED]:
            is_newest = False
            if sha in _parents(api, path, pipeline.sha):
                return Place(pipeline.sha, pipeline.id), on_branch
    return (on_branch,)


def _parents(api: GitLabApi, path: str, sha: str) -> tuple[str, ...]:
    wish = Wish(f"read the commit {sha}", _READ)
    return api.get(CommitAnswer, f"{path}/repository/commits/{segment(sha)}", wish=wish).parent_ids
