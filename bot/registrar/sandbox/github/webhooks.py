"""What GitHub sends to webhooks: which event, with which payload, under which headers."""

import json
from typing import assert_never

from registrar.sandbox import git
from registrar.sandbox.accounts import AccountKind
from registrar.sandbox.deliveries import signature
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.commits import UNSIGNED, commit, pushed_commit, simple_status
from registrar.sandbox.github.hooks import hook
from registrar.sandbox.github.people import Json, moment, organization, simple_user
from registrar.sandbox.github.repositories import repository, short_branch
from registrar.sandbox.github.runs import workflow, workflow_of, workflow_run
from registrar.sandbox.github.threads import comment, issue, pull_request, review, simple_pull_request
from registrar.sandbox.happenings import (
    Commented,
    ForgeHappening,
    Happening,
    Message,
    PipelineHappening,
    PullRequestMove,
    PullRequestMoved,
    Pushed,
    Reviewed,
    RunMoved,
    StatusSet,
    WebhookAdded,
)
from registrar.sandbox.hooks import Webhook
from registrar.sandbox.runs import RunState
from registrar.sandbox.store import Push, Repository
from registrar.sandbox.threads import ReviewState

_MOST_COMMITS = 2048  # in one push
_PULL_REQUEST_ACTIONS = {
    PullRequestMove.OPENED: "opened",
    PullRequestMove.PUSHED: "synchronize",
    PullRequestMove.EDITED: "edited",
    PullRequestMove.READY: "ready_for_review",
    PullRequestMove.DRAFTED: "converted_to_draft",
    PullRequestMove.CLOSED: "closed",
    PullRequestMove.REOPENED: "reopened",
}
_RUN_ACTIONS = {
    RunState.QUEUED: "requested",
    RunState.RUNNING: "in_progress",
    RunState.SUCCEEDED: "completed",
    RunState.FAILED: "completed",
}


def headers(_forge: Forge, webhook: Webhook, message: Message, guid: str) -> dict[str, str]:
    """What goes above the body."""
    signed = {"X-Hub-Signature-256": f"sha256={signature(webhook.secret, message.body)}"} if webhook.secret else {}
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/sandbox",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": message.event,
        "X-GitHub-Hook-ID": str(webhook.id),
        "X-GitHub-Hook-Installation-Target-ID": str(webhook.repository),
        "X-GitHub-Hook-Installation-Target-Type": "repository",
        **signed,
    }


def describe(forge: Forge, happening: Happening) -> Message | None:
    """A happening as GitHub tells it; of pipelines it knows nothing."""
    if isinstance(happening, PipelineHappening):
        return None
    event, payload = _payload(forge, happening)
    owner = happening.repository.owner
    payload["repository"] = _repository(forge, happening.repository)
    payload["sender"] = simple_user(forge, happening.actor)
    if owner.kind is AccountKind.ORGANIZATION:
        payload["organization"] = organization(forge, owner)
    action = payload.get("action")
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Message(event, None if action is None else str(action), body)


def _repository(forge: Forge, where: Repository) -> Json:
    """Webhooks know a repository's custom properties, of which there are none."""
    return repository(forge, where) | {"custom_properties": {}}


def _with_ends(forge: Forge, where: Repository, written: Json) -> Json:
    """A pull request whose two repositories are written as webhooks write them."""
    repo = {"repo": _repository(forge, where)}
    return written | {end: _object(written[end]) | repo for end in ("head", "base")}


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no object")
    return value


def _payload(forge: Forge, happening: ForgeHappening) -> tuple[str, Json]:
    match happening:
        case WebhookAdded():
            told = "ping", _ping(forge, happening)
        case Pushed():
            told = "push", _push(forge, happening)
        case PullRequestMoved():
            told = "pull_request", _pull_request(forge, happening)
        case Reviewed():
            told = "pull_request_review", _review(forge, happening)
        case Commented():
            told = "issue_comment", _comment(forge, happening)
        case StatusSet():
            told = "status", _status(forge, happening)
        case RunMoved():
            told = "workflow_run", _run(forge, happening)
        case _:
            assert_never(happening)
    return told


def _ping(forge: Forge, happening: WebhookAdded) -> Json:
    webhook = happening.webhook
    described = hook(forge, happening.repository, webhook)
    return {"zen": "Keep it logically awesome.", "hook_id": webhook.id, "hook": described}


def _review(forge: Forge, happening: Reviewed) -> Json:
    where, found = happening.repository, happening.pull_request
    written = review(forge, where, found, happening.review)
    written["state"] = str(written["state"]).lower()
    action = "dismissed" if happening.review.state is ReviewState.DISMISSED else "submitted"
    simple = _with_ends(forge, where, simple_pull_request(forge, where, found))
    return {"action": action, "review": written, "pull_request": simple}


def _run(forge: Forge, happening: RunMoved) -> Json:
    where, run = happening.repository, happening.run
    return {
        "action": _RUN_ACTIONS[run.state],
        "workflow": workflow(forge, where, workflow_of(where, run)),
        "workflow_run": workflow_run(forge, where, run),
    }


def _push(forge: Forge, happening: Pushed) -> Json:
    where, push = happening.repository, happening.push
    deleted, created = push.after == git.ABSENT, push.before == git.ABSENT
    commits = () if deleted else git.commits_between(where.path, _known(where, push), push.after)
    page = f"{forge.url}/{where.full_name}"
    head = None if deleted else pushed_commit(forge, where, git.commit(where.path, push.after))
    return {
        "ref": push.ref,
        "before": push.before,
        "after": push.after,
        "created": created,
        "deleted": deleted,
        "forced": push.kind == "forced",
        "base_ref": None,
        "compare": f"{page}/compare/{push.before[:12]}...{push.after[:12]}",
        "commits": [pushed_commit(forge, where, each) for each in commits[-_MOST_COMMITS:]],
        "head_commit": head,
        "pusher": {"name": push.actor.login, "email": push.actor.email},
    }


def _known(where: Repository, push: Push) -> str | None:
    """What was there before; a new branch starts from the default branch."""
    if push.before != git.ABSENT:
        return push.before
    is_default = push.ref == f"refs/heads/{where.default_branch}"
    return None if is_default else git.branch(where.path, where.default_branch)


def _pull_request(forge: Forge, happening: PullRequestMoved) -> Json:
    where, found = happening.repository, happening.pull_request
    payload: Json = {
        "action": _PULL_REQUEST_ACTIONS[happening.move],
        "number": found.number,
        "pull_request": _with_ends(forge, where, pull_request(forge, where, found)),
    }
    if happening.move is PullRequestMove.PUSHED:
        payload |= {"before": happening.before, "after": found.head_sha}
    if happening.move is PullRequestMove.EDITED:
        payload["changes"] = _changes(happening.was)
    return payload


def _changes(was: dict[str, str]) -> Json:
    changes: Json = {name: {"from": was[name]} for name in ("title", "body") if name in was}
    if "target_branch" in was:
        changes["base"] = {"ref": {"from": was["target_branch"]}, "sha": {"from": was["base_sha"]}}
    return changes


def _comment(forge: Forge, happening: Commented) -> Json:
    where, thread = happening.repository, happening.thread
    payload: Json = {
        "action": happening.move.value,
        "issue": issue(forge, where, thread),
        "comment": comment(forge, where, thread, happening.comment),
    }
    if happening.was:
        payload["changes"] = {"body": {"from": happening.was}}
    return payload


def _status(forge: Forge, happening: StatusSet) -> Json:
    where, status = happening.repository, happening.status
    branches = [
        short_branch(forge, where, name, sha)
        for name, sha in git.branches(where.path).items()
        if git.is_ancestor(where.path, status.sha, sha)
    ]
    written = commit(forge, where, git.commit(where.path, status.sha))
    written["commit"] = _object(written["commit"]) | {"verification": UNSIGNED}
    named: Json = {name: value for name, value in simple_status(forge, where, status).items() if name in _STATUS_KEYS}
    return named | {
        "sha": status.sha,
        "name": where.full_name,
        "commit": written,
        "branches": branches[:10],
        "created_at": moment(status.created_at),
    }


_STATUS_KEYS = {"id", "avatar_url", "target_url", "context", "description", "state", "created_at", "updated_at"}
