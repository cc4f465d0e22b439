"""How GitLab's webhooks write a merge request, which the API writes otherwise."""

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.mentions import hook_commit, hook_moment, hook_project_as_before
from registrar.sandbox.gitlab.merge_requests import STATES, merge_request, merge_request_page, title
from registrar.sandbox.gitlab.mergeability import head_pipeline
from registrar.sandbox.gitlab.people import Json
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest

_STATE_IDS = {"opened": 1, "closed": 2, "merged": 3}
_SHARED = ("merge_status", "detailed_merge_status", "blocking_discussions_resolved", "merge_commit_sha", "prepared_at")


def described_merge_request(forge: Forge, where: Repository, found: PullRequest) -> Json:
    """A merge request as it is now."""
    state, pipeline = STATES[found.state], head_pipeline(where, found)
    written = merge_request(forge, where, found)
    project = hook_project_as_before(forge, where)
    return {name: written[name] for name in _SHARED} | {
        "assignee_id": None,
        "assignee_ids": [],
        "author_id": found.author.id,
        "created_at": hook_moment(found.created_at),
        "description": found.body,
        "draft": found.draft,
        "work_in_progress": found.draft,
        "first_contribution": False,
        "head_pipeline_id": None if pipeline is None else pipeline.id,
        "human_time_change": None,
        "human_time_estimate": None,
        "human_total_time_spent": None,
        "id": found.id,
        "iid": found.number,
        "labels": [],
        "last_commit": hook_commit(forge, where, git.commit(where.path, found.head_sha)),
        "last_edited_at": None,
        "last_edited_by_id": None,
        "merge_error": None,
        "merge_params": {},
        "merge_user_id": None if found.merged_by is None else found.merged_by.id,
        "merge_when_pipeline_succeeds": False,
        "milestone_id": None,
        "reviewer_ids": [each.id for each in found.reviewers],
        "source": None if found.source_is_gone else project,
        "source_branch": found.source_branch,
        "source_project_id": None if found.source_is_gone else where.id,
        "state": state,
        "state_id": _STATE_IDS[state],
        "target": project,
        "target_branch": found.target_branch,
        "target_project_id": where.id,
        "time_change": 0,
        "time_estimate": 0,
        "title": title(found),
        "total_time_spent": 0,
        "updated_at": hook_moment(found.updated_at),
        "updated_by_id": None,
        "url": merge_request_page(forge, where, found),
    }
