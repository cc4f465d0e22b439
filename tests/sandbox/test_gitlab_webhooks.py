"""What GitLab's side of the sandbox forge tells webhooks, under which headers, and when it stops to tell them."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from gitlab import GitlabCreateError

from registrar.sandbox.gitlab.health import health
from registrar.sandbox.hooks import Delivery, Webhook
from sandbox.gitlab_scene import REGISTRY, GitLabScene
from sandbox.scene import Receiver, receiving

KEY = bytes(range(32))
SIGNING_TOKEN = "whsec_" + base64.b64encode(KEY).decode()


def events(scene: GitLabScene, told: Receiver) -> list[tuple[str, str | None]]:
    scene.sandbox.drain()
    return [
        (each.payload["object_kind"], each.payload.get("object_attributes", {}).get("action")) for each in told.received
    ]


def last(told: Receiver, kind: str) -> Any:
    return next(each.payload for each in reversed(told.received) if each.payload["object_kind"] == kind)


def test_the_life_of_a_merge_request_is_told(gitlab_scene: GitLabScene, told: Receiver) -> None:
    merge_request = gitlab_scene.merge_request()
    of_ana = gitlab_scene.registry("ana").mergerequests.get(1)
    of_ana.approve()
    gitlab_scene.registry("ana").mergerequests.get(1).unapprove()
    for event in ("close", "reopen"):
        merge_request.state_event = event
        merge_request.save()
    merge_request.merge(sha=merge_request.sha)

    told_of = events(gitlab_scene, told)

    of_it = [action for kind, action in told_of if kind == "merge_request"]
    assert of_it == ["open", "approved", "unapproved", "close", "reopen", "merge"]
    attributes = last(told, "merge_request")["object_attributes"]
    assert (attributes["iid"], attributes["state"], attributes["last_commit"]["id"]) == (1, "merged", merge_request.sha)
    assert told_of[-1] == ("push", None)


def test_a_push_to_a_merge_request_tells_where_it_was(gitlab_scene: GitLabScene, told: Receiver) -> None:
    merge_request = gitlab_scene.merge_request()

    sha = gitlab_scene.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})

    assert events(gitlab_scene, told)[-2:] == [("push", None), ("merge_request", "update")]
    attributes = last(told, "merge_request")["object_attributes"]
    assert (attributes["oldrev"], attributes["last_commit"]["id"]) == (merge_request.sha, sha)
    push = last(told, "push")
    assert (push["ref"], push["before"], push["after"]) == ("refs/heads/promote", merge_request.sha, sha)
    assert (push["user_username"], push["commits"][0]["modified"]) == ("raj", ["status.yaml"])


def test_another_target_branch_is_told_as_a_change(gitlab_scene: GitLabScene, told: Receiver) -> None:
    merge_request = gitlab_scene.merge_request()
    gitlab_scene.push("raj", "dev", {"other": "1\n"})

    merge_request.target_branch = "dev"
    merge_request.save()

    gitlab_scene.sandbox.drain()
    payload = last(told, "merge_request")
    assert payload["changes"] == {"target_branch": {"previous": "main", "current": "dev"}}
    assert "oldrev" not in payload["object_attributes"]


def test_approvals_that_the_forge_takes_back_are_told_in_the_name_of_who_pushed(
    gitlab_scene: GitLabScene, told: Receiver
) -> None:
    gitlab_scene.merge_request()
    gitlab_scene.sandbox.store.repository(REGISTRY).settings.reset_approvals_on_push = True
    gitlab_scene.registry("ana").mergerequests.get(1).approve()

    gitlab_scene.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})

    gitlab_scene.sandbox.drain()
    payloads = [each.payload for each in told.received if each.payload["object_kind"] == "merge_request"]
    [reset] = [each for each in payloads if each["object_attributes"]["action"] == "unapproved"]
    attributes = reset["object_attributes"]
    assert (attributes["system"], attributes["system_action"]) == (True, "approvals_reset_on_push")
    assert reset["user"]["username"] == "raj"


def test_changes_requested_are_told_to_nobody(gitlab_scene: GitLabScene, told: Receiver) -> None:
    gitlab_scene.merge_request()
    before = events(gitlab_scene, told)

    gitlab_scene.registry("ana").mergerequests.get(1).notes.create({"body": "/request_changes"})

    assert events(gitlab_scene, told) == before


def test_notes_are_told_when_they_come_and_change(gitlab_scene: GitLabScene, told: Receiver) -> None:
    merge_request = gitlab_scene.merge_request()
    note = merge_request.notes.create({"body": "/registrar help"})
    note.body = "/registrar status"
    note.save()
    note.delete()

    assert [each for each in events(gitlab_scene, told) if each[0] == "note"] == [
        ("note", "create"),
        ("note", "update"),
    ]
    payload = last(told, "note")
    assert (payload["object_attributes"]["note"], payload["object_attributes"]["id"]) == ("/registrar status", note.id)
    assert (payload["merge_request"]["iid"], payload["user"]["username"]) == (1, "raj")
    assert payload["object_attributes"]["url"].endswith(f"/-/merge_requests/1#note_{note.id}")


def test_the_headers_name_event_delivery_and_secret(gitlab_scene: GitLabScene, told: Receiver) -> None:
    gitlab_scene.merge_request().notes.create({"body": "Hello"})
    gitlab_scene.sandbox.drain()

    headers = told.received[-1].headers

    assert (headers["X-Gitlab-Event"], headers["X-Gitlab-Token"]) == ("Note Hook", "s3cret")
    assert headers["X-Gitlab-Instance"] == gitlab_scene.sandbox.url
    keys = [each.headers["Idempotency-Key"] for each in told.received]
    assert len(set(keys)) == len(keys)
    assert "webhook-signature" not in {name.lower() for name in headers}


def test_a_signing_token_signs_what_is_sent(gitlab_scene: GitLabScene) -> None:
    with receiving() as receiver:
        gitlab_scene.sandbox.add_webhook(REGISTRY, receiver.url, SIGNING_TOKEN)
        gitlab_scene.merge_request()
        gitlab_scene.sandbox.drain()

    for each in receiver.received:
        name, at = each.headers["webhook-id"], each.headers["webhook-timestamp"]
        digest = hmac.digest(KEY, f"{name}.{at}.".encode() + each.body, hashlib.sha256)
        assert each.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
        assert (each.headers["Idempotency-Key"], "X-Gitlab-Token" in each.headers) == (name, False)
    assert receiver.received


def test_what_is_sent_again_has_the_same_key(gitlab_scene: GitLabScene, told: Receiver) -> None:
    gitlab_scene.merge_request()
    gitlab_scene.sandbox.drain()
    [hook] = gitlab_scene.registry("ana").hooks.list()
    [newest, *_] = gitlab_scene.answer("ana", "GET", f"/projects/1/hooks/{hook.id}/events").json()

    gitlab_scene.answer("ana", "POST", f"/projects/1/hooks/{hook.id}/events/{newest['id']}/resend").raise_for_status()

    gitlab_scene.sandbox.drain()
    again, before = told.received[-1], told.received[-2]
    assert (again.headers["Idempotency-Key"], again.body) == (before.headers["Idempotency-Key"], before.body)
    assert newest["request_headers"]["X-Gitlab-Token"] == "[REDACTED]"
    assert (newest["trigger"], newest["response_status"]) == ("merge_request_hooks", "202")


def test_a_webhook_is_asked_for_kept_and_never_tells_its_secrets(gitlab_scene: GitLabScene) -> None:
    hooks = gitlab_scene.registry("ana").hooks
    wish = {"url": "http://localhost:1/hook", "token": "s3cret", "merge_requests_events": True, "push_events": False}

    hook = hooks.create(wish | {"signing_token": SIGNING_TOKEN})

    found = hooks.get(hook.id)
    assert (found.merge_requests_events, found.push_events, found.note_events) == (True, False, False)
    assert (found.token_present, found.signing_token_present) == (True, True)
    assert not {"token", "signing_token"} & set(found.attributes)
    found.note_events, found.token = True, ""
    found.save()
    assert (hooks.get(hook.id).note_events, hooks.get(hook.id).token_present) == (True, False)
    found.delete()
    assert hooks.list() == []


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"url": "ftp://localhost/"}, id="no address"),
        pytest.param({"url": "http://localhost:1", "signing_token": "whsec_c2hvcnQ="}, id="a short key"),
        pytest.param({"url": "http://localhost:1", "signing_token": "s3cret"}, id="no signing token"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(gitlab_scene: GitLabScene, wish: dict[str, str]) -> None:
    with pytest.raises(GitlabCreateError) as refused:
        gitlab_scene.registry("ana").hooks.create(wish)

    assert refused.value.response_code in {400, 422}


def said_by(scene: GitLabScene, answers: Sequence[int], *, merge_request: Any) -> tuple[Any, int]:
    """The webhook after these answers, and how many it was told."""
    with receiving() as receiver:
        scene.sandbox.add_webhook(REGISTRY, receiver.url, "s3cret")
        for status_code in answers:
            receiver.status_code = status_code
            merge_request.notes.create({"body": "Hello"})
            scene.sandbox.drain()
        [hook] = scene.registry("ana").hooks.list()
        return hook, len(receiver.received)


def test_a_webhook_that_fails_four_times_waits_for_a_minute(gitlab_scene: GitLabScene) -> None:
    hook, told = said_by(gitlab_scene, [500, 404, 502, 500, 200], merge_request=gitlab_scene.merge_request())

    assert (hook.alert_status, told) == ("temporarily_disabled", 4)
    assert hook.disabled_until > hook.created_at


def test_a_webhook_that_answers_now_and_then_is_told_on(gitlab_scene: GitLabScene) -> None:
    answers = [500, 500, 500, 200, 500, 500, 500]

    hook, told = said_by(gitlab_scene, answers, merge_request=gitlab_scene.merge_request())

    assert (hook.alert_status, hook.disabled_until, told) == ("executable", None, 7)


@pytest.mark.parametrize(
    ("failures", "status", "minutes"),
    [
        pytest.param(3, "executable", None, id="three"),
        pytest.param(4, "temporarily_disabled", 1, id="four"),
        pytest.param(7, "temporarily_disabled", 8, id="seven: twice as long each time"),
        pytest.param(39, "temporarily_disabled", 24 * 60, id="thirty-nine: a day at most"),
        pytest.param(40, "disabled", None, id="forty: until somebody looks"),
    ],
)
def test_the_more_a_webhook_fails_the_longer_it_waits(failures: int, status: str, minutes: int | None) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    failed = Delivery(1, "", "push", None, {}, b"{}", 500, {}, "", 0.1, delivered_at=at)
    webhook = Webhook(1, "http://localhost:1", 1, "", ("*",), at, deliveries=[failed] * failures)

    found = health(webhook, at=at)

    until = None if minutes is None else at + timedelta(minutes=minutes)
    assert (found.alert_status, found.disabled_until) == (status, until)


def test_a_tag_is_told_as_a_push_of_its_own_kind(gitlab_scene: GitLabScene, told: Receiver) -> None:
    gitlab_scene.merge_request()
    tree = gitlab_scene.work_tree("raj", name="tagging")
    tree.git("fetch", "--quiet", "origin", "main")
    tree.git("tag", "digits@v1.0.0", "FETCH_HEAD")

    tree.git("push", "--quiet", "origin", "digits@v1.0.0")

    gitlab_scene.sandbox.drain()
    assert last(told, "tag_push")["ref"] == "refs/tags/digits@v1.0.0"
    assert told.received[-1].headers["X-Gitlab-Event"] == "Tag Push Hook"


def test_a_webhook_that_was_given_up_is_well_again_after_a_test(gitlab_scene: GitLabScene) -> None:
    merge_request = gitlab_scene.merge_request()
    with receiving(status_code=500) as receiver:
        gitlab_scene.sandbox.add_webhook(REGISTRY, receiver.url, "s3cret")
        for _ in range(4):
            merge_request.notes.create({"body": "Hello"})
        gitlab_scene.sandbox.drain()
        [hook] = gitlab_scene.registry("ana").hooks.list()
        receiver.status_code = 200

        hook.test("push_events")
        gitlab_scene.sandbox.drain()

    assert hook.alert_status == "temporarily_disabled"
    assert gitlab_scene.registry("ana").hooks.get(hook.id).alert_status == "executable"
