"""What GitLab sends to webhooks: which event, with which payload, under which headers.

https://docs.gitlab.com/user/project/integrations/webhook_events/
"""

import base64
import hashlib
import hmac
import json
import uuid

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.webhooks import describe_pipelines
from registrar.sandbox.gitlab.happened import described_merge_request
from registrar.sandbox.gitlab.mentions import (
    hook_commit,
    hook_moment,
    hook_project_as_before,
    hook_repository,
    hook_repository_of_git,
    hook_user,
)
from registrar.sandbox.gitlab.merge_requests import merge_request_page
from registrar.sandbox.gitlab.people import Json
from registrar.sandbox.happenings import (
    Commented,
    CommentMove,
    ForgeHappening,
    Happening,
    Message,
    PipelineHappening,
    PullRequestMove,
    PullRequestMoved,
    Pushed,
    Reviewed,
)
from registrar.sandbox.hooks import SIGNING_TOKEN, Webhook
from registrar.sandbox.store import Push, Repository, now
from registrar.sandbox.threads import Comment, PullRequest, PullRequestState, ReviewState

VERSION = "18.11.0-ee"  # of which GitLab the sandbox speaks the dialect
_MOST_COMMITS = 20  # in one push
NAMES = {  # what a webhook asks for: how the header calls it
    "push": "Push Hook",
    "tag_push": "Tag Push Hook",
    "merge_requests": "Merge Request Hook",
    "note": "Note Hook",
    "confidential_note": "Confidential Note Hook",
    "pipeline": "Pipeline Hook",
    "job": "Job Hook",
    "deployment": "Deployment Hook",
}
_ACTIONS = {
    PullRequestMove.OPENED: "open",
    PullRequestMove.REOPENED: "reopen",
    PullRequestMove.CLOSED: "close",
    PullRequestMove.PUSHED: "update",
    PullRequestMove.EDITED: "update",
    PullRequestMove.READY: "update",
    PullRequestMove.DRAFTED: "update",
}
_OF_LINES = (
    "attachment",
    "change_position",
    "commit_id",
    "line_code",
    "original_position",
    "position",
    "resolved_at",
    "resolved_by_id",
    "resolved_by_push",
    "st_diff",
    "type",
    "updated_by_id",
)
_RESET = {"system": True, "system_action": "approvals_reset_on_push"}
_CHANGED = {"title": "title", "body": "description", "target_branch": "target_branch"}


def headers(forge: Forge, webhook: Webhook, message: Message, guid: str) -> dict[str, str]:
    """What goes above the body; whatever is sent again has the same id, and is signed anew."""
    written = {
        "Content-Type": "application/json",
        "User-Agent": f"GitLab/{VERSION}",
        "Idempotency-Key": guid,
        "X-Gitlab-Event": NAMES[message.event],
        "X-Gitlab-Webhook-UUID": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{forge.url}/hooks/{webhook.id}")),
        "X-Gitlab-Event-UUID": str(uuid.uuid5(uuid.NAMESPACE_URL, guid)),
        "X-Gitlab-Instance": forge.url,
    }
    if webhook.secret:
        written["X-Gitlab-Token"] = webhook.secret
    if webhook.signing_token:
        timestamp = str(int(now().timestamp()))
        written |= {"webhook-id": guid, "webhook-timestamp": timestamp}
        written["webhook-signature"] = _signature(webhook.signing_token, guid, timestamp, message.body)
    return written


def _signature(token: str, guid: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(token.removeprefix(SIGNING_TOKEN))
    digest = hmac.digest(key, f"{guid}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def describe(forge: Forge, happening: Happening) -> Message | None:
    """A happening as GitLab tells it; None where it tells nobody."""
    if isinstance(happening, PipelineHappening):
        return describe_pipelines(forge, happening)
    told = _told(forge, happening)
    if told is None:
        return None
    event, payload = told
    attributes = payload.get("object_attributes")
    action = attributes.get("action") if isinstance(attributes, dict) else None
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Message(event, None if action is None else str(action), body)


def _told(forge: Forge, happening: ForgeHappening) -> tuple[str, Json] | None:
    match happening:
        case Pushed():
            return _pushed(forge, happening)
        case PullRequestMoved():
            return "merge_requests", _moved(forge, happening)
        case Reviewed():
            return _reviewed(forge, happening)
        case Commented():
            return _commented(forge, happening)
        case _:
            return None  # of a status GitLab tells as of the pipeline that it is part of


def _pushed(forge: Forge, happening: Pushed) -> tuple[str, Json]:
    where, push, actor = happening.repository, happening.push, happening.actor
    is_tag = push.ref.startswith("refs/tags/")
    kind = "tag_push" if is_tag else "push"
    commits = _commits(where, push)
    payload: Json = {
        "object_kind": kind,
        "event_name": kind,
        "before": push.before,
        "after": push.after,
        "ref": push.ref,
        "ref_protected": push.ref.removeprefix("refs/heads/") in where.protections,
        "checkout_sha": None if push.after == git.ABSENT else push.after,
        "message": None,
        "user_id": actor.id,
        "user_name": actor.name,
        "user_username": actor.login,
        "user_email": "",
        "user_avatar": f"{forge.url}/avatars/{actor.id}",
        "project_id": where.id,
        "project": hook_project_as_before(forge, where),
        "commits": [hook_commit(forge, where, each) | _files(where, each) for each in commits[-_MOST_COMMITS:]],
        "total_commits_count": len(commits),
        "push_options": {},
        "repository": hook_repository_of_git(forge, where),
    }
    return kind, payload


def _commits(where: Repository, push: Push) -> tuple[git.Commit, ...]:
    """What a push brought; a new branch starts from the default branch."""
    if push.after == git.ABSENT:
        return ()
    before: str | None = push.before
    if before == git.ABSENT:
        is_default = push.ref == f"refs/heads/{where.default_branch}"
        before = None if is_default else git.branch(where.path, where.default_branch)
    return git.commits_between(where.path, before, push.after)


def _files(where: Repository, found: git.Commit) -> Json:
    paths: dict[str, list[str]] = {"added": [], "modified": [], "removed": []}
    for each in git.changed_files(where.path, found.parents[0] if found.parents else None, found.sha):
        if each.change == "R":
            paths["removed"].append(each.old_path)
            paths["added"].append(each.path)
        else:
            paths[{"A": "added", "D": "removed"}.get(each.change, "modified")].append(each.path)
    return dict(paths)


def _moved(forge: Forge, happening: PullRequestMoved) -> Json:
    found, move = happening.pull_request, happening.move
    action = "merge" if found.state is PullRequestState.MERGED else _ACTIONS[move]
    more: Json = {"oldrev": happening.before} if move is PullRequestMove.PUSHED else {}
    changes: Json = {
        _CHANGED[name]: {"previous": before, "current": getattr(found, name)}
        for name, before in happening.was.items()
        if name in _CHANGED
    }
    if move in {PullRequestMove.READY, PullRequestMove.DRAFTED}:
        changes["draft"] = {"previous": not found.draft, "current": found.draft}
    return _merge_request_event(forge, happening, action, more, changes)


def _merge_request_event(
    forge: Forge, happening: PullRequestMoved | Reviewed, action: str, more: Json, changes: Json
) -> Json:
    where, found = happening.repository, happening.pull_request
    attributes = described_merge_request(forge, where, found) | {"action": action} | more
    return {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": hook_user(forge, happening.actor),
        "project": hook_project_as_before(forge, where),
        "object_attributes": attributes,
        "labels": [],
        "changes": changes,
        "repository": hook_repository(forge, where),
        "reviewers": [
            hook_user(forge, each) | {"state": _reviewer_state(found, each.login), "re_requested": False}
            for each in found.reviewers
        ],
    }


def _reviewer_state(found: PullRequest, login: str) -> str:
    states = {reviewer.login: review.state for reviewer, review in found.votes().items()}
    names = {ReviewState.APPROVED: "approved", ReviewState.CHANGES_REQUESTED: "requested_changes"}
    return names.get(states.get(login, ReviewState.COMMENTED), "unreviewed")


def _reviewed(forge: Forge, happening: Reviewed) -> tuple[str, Json] | None:
    """An approval given or taken; of changes requested GitLab tells nobody.

    On the Free tier, every approval is the one that was needed: https://gitlab.com/gitlab-org/gitlab/-/issues/592358
    for those who wait for more.
    """
    if happening.review.state is ReviewState.APPROVED:
        action = "approved"
    elif happening.was is ReviewState.APPROVED:
        action = "unapproved"
    else:
        return None
    more: Json = dict(_RESET) if happening.by_system else {}
    return "merge_requests", _merge_request_event(forge, happening, action, more, {})


def _commented(forge: Forge, happening: Commented) -> tuple[str, Json] | None:
    """A note that came or changed; nobody is told of one that went."""
    where, thread, said = happening.repository, happening.thread, happening.comment
    if happening.move is CommentMove.DELETED or not isinstance(thread, PullRequest):
        return None
    action = "create" if happening.move is CommentMove.CREATED else "update"
    payload: Json = {
        "object_kind": "note",
        "event_type": "confidential_note" if said.internal else "note",
        "user": hook_user(forge, happening.actor),
        "project_id": where.id,
        "project": hook_project_as_before(forge, where),
        "object_attributes": _note(forge, where, thread, said) | {"action": action},
        "repository": hook_repository(forge, where),
        "merge_request": described_merge_request(forge, where, thread),
    }
    return "confidential_note" if said.internal else "note", payload


def _note(forge: Forge, where: Repository, thread: PullRequest, said: Comment) -> Json:
    """A note; none here is about a line or a commit."""
    return dict.fromkeys(_OF_LINES) | {
        "author_id": said.author.id,
        "created_at": hook_moment(said.created_at),
        "discussion_id": f"{said.id:040x}",
        "id": said.id,
        "internal": said.internal,
        "note": said.body,
        "noteable_id": thread.id,
        "noteable_type": "MergeRequest",
        "project_id": where.id,
        "system": False,
        "updated_at": hook_moment(said.updated_at),
        "description": said.body,
        "url": f"{merge_request_page(forge, where, thread)}#note_{said.id}",
    }
