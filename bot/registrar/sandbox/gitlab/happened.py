"""How GitLab's webhooks write a merge request, which the API writes otherwise."""

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.heads import head_pipeline
from registrar.sandbox.gitlab.mentions import hook_commit, hook_moment, hook_project_as_before
from registrar.sandbox.gitlab.merge_requests import STATES, merge_request, merge_request_page, title
from registrar.sandbox.gitlab.people import Json
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest

_STATE_IDS = {"opened": 1, "closed": 2, "merged": 3}
_SHARED = (  # what the API writes alike
    "id",
    "iid",
    "state",
    "draft",
    "work_in_progress",
    "source_branch",
    "source_project_id",
    "target_branch",
    "target_project_id",
    "merge_status",
    "detailed_merge_status",
    "merge_when_pipeline_succeeds",
    "blocking_discussions_resolved",
    "merge_commit_sha",
    "prepared_at",
)


def described_merge_request(forge: Forge, where: Repository, found: PullRequest) -> Json:
    """A merge request as it is now."""
    state, pipeline = STATES[found.state], head_pipeline(where, found)
    written, project = merge_request(forge, where, found), hook_project_as_before(forge, where)
    source = None if found.source_is_gone else project
    return (
        _lacking()
        | {name: written[name] for name in _SHARED}
        | {
            "author_id": found.author.id,
            "created_at": hook_moment(found.created_at),
            "description": found.body,
            "head_pipeline_id": None if pipeline is None else pipeline.id,
            "last_commit": hook_commit(forge, where, git.commit(where.path, found.head_sha)),
            "merge_user_id": None if found.merged_by is None else found.merged_by.id,
            "reviewer_ids": [each.id for each in found.reviewers],
            "source": source,
            "state_id": _STATE_IDS[state],
            "target": project,
            "title": title(found),
            "updated_at": hook_moment(found.updated_at),
            "url": merge_request_page(forge, where, found),
        }
    )


def _lacking() -> Json:
    """What a merge request on the sandbox forge never has."""
    nothing = ("assignee_id", "human_time_change", "human_time_estimate", "human_total_time_spent", "last_edited_at")
    nobody = ("last_edited_by_id", "merge_error", "milestone_id", "updated_by_id")
    return {
        **dict.fromkeys((*nothing, *nobody)),
        **dict.fromkeys(("time_change", "time_estimate", "total_time_spent"), 0),
        "assignee_ids": [],
        "labels": [],
        "merge_params": {},
        "first_contribution": False,
    }
