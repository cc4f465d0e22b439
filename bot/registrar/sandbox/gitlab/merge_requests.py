"""How GitLab writes merge requests, their approvals, reviewers and versions."""

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.describing import basic_pipeline, pipeline
from registrar.sandbox.gitlab.commits import commit, diff
from registrar.sandbox.gitlab.following import approvals
from registrar.sandbox.gitlab.heads import head_pipeline
from registrar.sandbox.gitlab.mergeability import approvals_left, detailed_merge_status
from registrar.sandbox.gitlab.people import Json, moment, optional_moment, optional_user, user
from registrar.sandbox.gitlab.projects import page
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest, PullRequestState, Review, ReviewState, Version

DRAFT = "Draft: "
STATES = {PullRequestState.OPEN: "opened", PullRequestState.CLOSED: "closed", PullRequestState.MERGED: "merged"}
_REVIEWER_STATES = {ReviewState.APPROVED: "approved", ReviewState.CHANGES_REQUESTED: "requested_changes"}


def merge_request_page(forge: Forge, where: Repository, found: PullRequest) -> str:
    """Where a person reads it."""
    return page(forge, where, f"/-/merge_requests/{found.number}")


def title(found: PullRequest) -> str:
    """Its title, in which GitLab keeps that it is a draft."""
    return f"{DRAFT if found.draft else ''}{found.title}"


def merge_request(forge: Forge, where: Repository, found: PullRequest) -> Json:
    """A merge request in a list."""
    return {
        **_head(where, found),
        "target_branch": found.target_branch,
        "source_branch": found.source_branch,
        "source_project_id": None if found.source_is_gone else where.id,
        "target_project_id": where.id,
        "author": user(forge, found.author),
        "reviewers": [user(forge, each) for each in found.reviewers],
        "draft": found.draft,
        "work_in_progress": found.draft,
        "sha": found.head_sha,
        "squash": bool(found.squash),
        "squash_on_merge": bool(found.squash),
        "prepared_at": moment(found.versions[0].created_at) if found.versions else None,
        "reference": f"!{found.number}",
        "references": {
            "short": f"!{found.number}",
            "relative": f"!{found.number}",
            "full": f"{where.full_name}!{found.number}",
        },
        "web_url": merge_request_page(forge, where, found),
        "user_notes_count": len(found.comments),
        **_merged(forge, found),
        **_mergeability(forge, where, found),
        **_lacking(),
    }


def _head(where: Repository, found: PullRequest) -> Json:
    """What it is wherever it is told."""
    return {
        "id": found.id,
        "iid": found.number,
        "project_id": where.id,
        "title": title(found),
        "description": found.body or None,
        "state": STATES[found.state],
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }


def _merged(forge: Forge, found: PullRequest) -> Json:
    """How it ended; one whose commits came by another way shows no commit, nor does a branch that moved forward."""
    is_closed = found.state is PullRequestState.CLOSED
    merger = optional_user(forge, found.merged_by)
    return {
        "merged_by": merger,
        "merge_user": merger,
        "merged_at": optional_moment(found.merged_at),
        "closed_by": optional_user(forge, found.closed_by) if is_closed else None,
        "closed_at": optional_moment(found.closed_at) if is_closed else None,
        "merge_commit_sha": found.merge_commit if found.landed_by == "merge" else None,
        "squash_commit_sha": found.squash_commit,
    }


def _mergeability(forge: Forge, where: Repository, found: PullRequest) -> Json:
    status = detailed_merge_status(forge, where, found)
    in_transit = {"preparing": "preparing", "checking": "checking"}
    mergeable = in_transit.get(status, "cannot_be_merged" if status == "conflict" else "can_be_merged")
    return {
        "detailed_merge_status": status,
        "merge_status": mergeable,
        "has_conflicts": status == "conflict",
        "blocking_discussions_resolved": True,
        "merge_when_pipeline_succeeds": False,
    }


def _lacking() -> Json:
    """What a merge request on the sandbox forge never has."""
    return {
        "upvotes": 0,
        "downvotes": 0,
        "assignee": None,
        "assignees": [],
        "labels": [],
        "milestone": None,
        "imported": False,
        "imported_from": "none",
        "merge_after": None,
        "discussion_locked": None,
        "should_remove_source_branch": None,
        "force_remove_source_branch": None,
        "approvals_before_merge": None,
        "task_completion_status": {"count": 0, "completed_count": 0},
        "time_stats": {
            "time_estimate": 0,
            "total_time_spent": 0,
            "human_time_estimate": None,
            "human_total_time_spent": None,
        },
    }


def full_merge_request(forge: Forge, where: Repository, found: PullRequest, viewer: Account | None) -> Json:
    """A merge request by itself. While it is prepared, nobody knows what it changes."""
    newest = head_pipeline(where, found)
    role = forge.store.role_of(viewer, where)
    return merge_request(forge, where, found) | {
        "subscribed": viewer is found.author,
        "changes_count": str(len(changes(where, found))) if found.versions else None,
        "latest_build_started_at": None,
        "latest_build_finished_at": None,
        "first_deployed_to_production_at": None,
        "first_contribution": False,
        "pipeline": None if newest is None else basic_pipeline(forge, where, newest),
        "head_pipeline": None if newest is None else pipeline(forge, where, newest),
        "diff_refs": diff_refs(found.versions[-1]) if found.versions else None,
        "merge_error": None,
        "user": {"can_merge": role >= Role.WRITE},
    }


def diff_refs(version: Version) -> Json:
    """What its newest difference is between, and where the target branch stood."""
    return {"base_sha": version.base_sha, "head_sha": version.head_sha, "start_sha": version.start_sha}


def changes(where: Repository, found: PullRequest) -> tuple[git.ChangedFile, ...]:
    """What its newest difference holds."""
    newest = found.versions[-1] if found.versions else None
    return () if newest is None else git.changed_files(where.path, newest.base_sha, newest.head_sha)


def commits(where: Repository, found: PullRequest) -> tuple[git.Commit, ...]:
    """What it brings, newest first; none while it is prepared."""
    newest = found.versions[-1] if found.versions else None
    return () if newest is None else git.commits_between(where.path, newest.start_sha, newest.head_sha)[::-1]


def merge_request_approvals(forge: Forge, where: Repository, found: PullRequest, viewer: Account | None) -> Json:
    """Who approves. On the Free tier nothing is left to approve, and `approved` is true before anyone has."""
    standing = approvals(found)
    approvers = [each.reviewer for each in standing]
    left = approvals_left(forge, where, found)
    may = found.is_open and forge.store.role_of(viewer, where) >= Role.WRITE and viewer not in approvers
    return {
        **_head(where, found),
        "merge_status": _mergeability(forge, where, found)["merge_status"],
        "approved": left == 0,
        "approvals_required": where.settings.approvals_required if where.settings.is_premium else 0,
        "approvals_left": left,
        "require_password_to_approve": False,
        "approved_by": [_approval(forge, each) for each in standing],
        "suggested_approvers": [],
        "approvers": [],
        "approver_groups": [],
        "user_has_approved": viewer in approvers,
        "user_can_approve": may,
        "approval_rules_left": [],
        "has_approval_rules": where.settings.is_premium,
        "merge_request_approvers_available": where.settings.is_premium,
        "multiple_approval_rules_available": where.settings.is_premium,
        "invalid_approvers_rules": [],
    }


def _approval(forge: Forge, found: Review) -> Json:
    return {"user": user(forge, found.reviewer), "approved_at": moment(found.submitted_at)}


def approval_state(forge: Forge, where: Repository, found: PullRequest) -> Json:
    """The rules, and whether each is met. On the Free tier there are none."""
    if not where.settings.is_premium:
        return {"approval_rules_overwritten": False, "rules": []}
    approvers = [user(forge, each.reviewer) for each in approvals(found)]
    required, rule = where.settings.approvals_required, where.protections.get(found.target_branch)
    rules = [_rule("All Members", "any_approver", required, approvers, approved=len(approvers) >= required)]
    if rule is not None and rule.code_owner_review:
        is_met = approvals_left(forge, where, found) == 0
        rules.append(_rule("*", "code_owner", 1, approvers, approved=is_met) | {"section": "codeowners"})
    return {"approval_rules_overwritten": False, "rules": rules}


def _rule(name: str, kind: str, required: int, approvers: list[Json], *, approved: bool) -> Json:
    return {
        "id": {"any_approver": 1, "code_owner": 2}[kind],
        "name": name,
        "rule_type": kind,
        "report_type": None,
        "eligible_approvers": [],
        "approvals_required": required,
        "users": [],
        "groups": [],
        "contains_hidden_groups": False,
        "section": None,
        "source_rule": None,
        "overridden": False,
        "code_owner": kind == "code_owner",
        "approved_by": approvers,
        "approved": approved,
    }


def reviewer(forge: Forge, found: PullRequest, account: Account) -> Json:
    """Who was asked for a review, and what they said last."""
    held = found.votes().get(account)
    return {
        "user": user(forge, account),
        "state": "unreviewed" if held is None else _REVIEWER_STATES.get(held.state, "unapproved"),
        "created_at": moment(found.created_at),
    }


def version(where: Repository, found: PullRequest, each: Version) -> Json:
    """A version of its difference, in a list."""
    return {
        "id": each.id,
        "head_commit_sha": each.head_sha,
        "base_commit_sha": each.base_sha,
        "start_commit_sha": each.start_sha,
        "created_at": moment(each.created_at),
        "merge_request_id": found.id,
        "state": "collected",
        "real_size": str(len(git.changed_files(where.path, each.base_sha, each.head_sha))),
        "patch_id_sha": each.head_sha[::-1],
    }


def full_version(forge: Forge, where: Repository, found: PullRequest, each: Version) -> Json:
    """A version of its difference with what it holds."""
    brought = git.commits_between(where.path, each.start_sha, each.head_sha)[::-1]
    held = git.changed_files(where.path, each.base_sha, each.head_sha)
    return version(where, found, each) | {
        "commits": [commit(forge, where, one) for one in brought],
        "diffs": [diff(one) for one in held],
    }
