import hashlib
import hmac
import json

import pytest
from github.PullRequest import PullRequest

from registrar.sandbox.pull_requests import Edit, edit_pull_request
from registrar.sandbox.refusals import Invalid
from sandbox.scene import REGISTRY, Receiver, Scene, receiving


def test_a_new_webhook_is_pinged(scene: Scene, receiver: Receiver) -> None:
    scene.sandbox.drain()

    assert receiver.names == ["ping"]
    assert receiver.payload("ping")["hook"]["config"]["url"] == receiver.url


def test_every_delivery_is_signed_with_the_secret(scene: Scene, receiver: Receiver) -> None:
    scene.work_tree().push({"a": "a"}, "Start")
    scene.sandbox.drain()

    told = receiver.received[-1]

    expected = hmac.new(b"s3cret", told.body, hashlib.sha256).hexdigest()
    assert told.headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert told.headers["X-GitHub-Event"] == "push"
    assert told.headers["X-GitHub-Hook-Installation-Target-ID"] == "1"


def test_a_push_tells_who_moved_which_branch_from_where_to_where(scene: Scene, receiver: Receiver) -> None:
    tree = scene.work_tree("raj")
    first = tree.push({"a": "a", "b": "b"}, "Start")
    second = tree.push({"a": "b"}, "Go on")
    scene.sandbox.drain()

    told = receiver.payload("push")

    assert (told["ref"], told["before"], told["after"]) == ("refs/heads/main", first, second)
    assert told["pusher"]["name"] == told["sender"]["login"] == "raj"
    assert [(each["id"], each["modified"]) for each in told["commits"]] == [(second, ["a"])]


def test_a_branch_that_goes_is_told_without_a_commit(scene: Scene, receiver: Receiver) -> None:
    tree = scene.work_tree()
    tree.push({"a": "a"}, "Start")
    tree.push({"a": "b"}, "Try", branch="topic")
    tree.git("push", "origin", ":topic")
    scene.sandbox.drain()

    told = receiver.payload("push")

    assert (told["deleted"], told["head_commit"], told["commits"]) == (True, None, [])


def test_the_life_of_a_pull_request_is_told_in_its_order(scene: Scene, receiver: Receiver) -> None:
    found = scene.pull_request(author="raj")
    found.edit(title="Promote digits 1.0.0")
    found.edit(state="closed")
    found.edit(state="open")
    scene.registry("ana").get_pull(1).create_review(event="APPROVE", body="Good.")
    scene.registry("ana").get_pull(1).merge()
    scene.sandbox.drain()

    assert receiver.names[3:] == [
        "pull_request.opened",
        "pull_request.edited",
        "pull_request.closed",
        "pull_request.reopened",
        "pull_request_review.submitted",
        "pull_request.closed",
        "push",
    ]
    assert receiver.payload("pull_request.closed")["pull_request"]["merged_by"]["login"] == "ana"
    assert receiver.payload("pull_request_review.submitted")["review"]["state"] == "approved"


def test_a_push_to_its_branch_synchronizes_a_pull_request(scene: Scene, receiver: Receiver) -> None:
    before = scene.pull_request().head.sha
    other = scene.work_tree("ana", name="other")
    other.git("pull", "--quiet", "origin", "promote")

    after = other.push({"status.yaml": "Production: 1.1.0\n"}, "Another", branch="promote")

    scene.sandbox.drain()
    told = receiver.payload("pull_request.synchronize")
    assert (told["before"], told["after"], told["pull_request"]["head"]["sha"]) == (before, after, after)
    assert told["sender"]["login"] == "ana"


def test_an_edit_tells_what_it_replaced(scene: Scene, receiver: Receiver) -> None:
    found = scene.pull_request()
    scene.work_tree("ana", name="other").push({"x": "x"}, "Elsewhere", branch="dev")
    found.edit(body="Pretty please.", base="dev")
    scene.sandbox.drain()

    changes = receiver.payload("pull_request.edited")["changes"]

    assert (changes["body"], changes["base"]["ref"]) == ({"from": "Please."}, {"from": "main"})


def test_comments_and_statuses_are_told(scene: Scene, receiver: Receiver) -> None:
    found = scene.pull_request()
    written = found.create_issue_comment("/registrar help")
    written.edit("/registrar promote")
    written.delete()
    scene.registry("registrar-bot").get_commit(found.head.sha).create_status("success", context="registrar: main")
    scene.sandbox.drain()

    assert receiver.names[-4:] == ["issue_comment.created", "issue_comment.edited", "issue_comment.deleted", "status"]
    assert receiver.payload("issue_comment.created")["issue"]["pull_request"]["url"] == found.url
    assert receiver.payload("issue_comment.edited")["changes"] == {"body": {"from": "/registrar help"}}
    assert receiver.payload("status")["branches"][0]["name"] == "promote"


def test_a_dismissed_review_is_told(scene: Scene, receiver: Receiver) -> None:
    scene.pull_request()
    scene.registry("ana").get_pull(1).create_review(event="APPROVE").dismiss("Too soon.")
    scene.sandbox.drain()

    assert receiver.payload("pull_request_review.dismissed")["review"]["state"] == "dismissed"


def test_a_webhook_hears_only_what_it_asked_for(scene: Scene) -> None:
    with receiving() as receiver:
        scene.sandbox.add_webhook(REGISTRY, receiver.url, "s3cret", events=["pull_request"])
        scene.pull_request().create_issue_comment("Hello.")
        scene.sandbox.drain()

    assert receiver.names == ["ping", "pull_request.opened"]


@pytest.mark.parametrize("status_code", [pytest.param(500, id="an error"), pytest.param(401, id="a refusal")])
def test_what_was_not_taken_is_not_sent_again(scene: Scene, status_code: int) -> None:
    with receiving(status_code=status_code) as receiver:
        scene.sandbox.add_webhook(REGISTRY, receiver.url, "s3cret")
        scene.work_tree().push({"a": "a"}, "Start")
        scene.sandbox.drain()

    assert receiver.names == ["ping", "push"]
    assert [each.status_code for each in scene.sandbox.deliveries] == [status_code, status_code]


def test_a_receiver_that_is_gone_is_on_record(scene: Scene) -> None:
    with receiving() as receiver:
        pass
    scene.sandbox.add_webhook(REGISTRY, receiver.url, "s3cret")
    scene.sandbox.drain()

    answer = scene.answer("ana", "GET", f"/repos/{REGISTRY}/hooks/1/deliveries").json()

    assert [(each["event"], each["status"]) for each in answer] == [("ping", "failed to connect to host")]


def test_a_lost_delivery_can_be_had_again_under_its_guid(scene: Scene) -> None:
    with receiving(status_code=500) as receiver:
        scene.sandbox.add_webhook(REGISTRY, receiver.url, "s3cret")
        scene.sandbox.drain()
        receiver.status_code = 202
        (lost,) = scene.answer("ana", "GET", f"/repos/{REGISTRY}/hooks/1/deliveries").json()
        path = f"/repos/{REGISTRY}/hooks/1/deliveries/{lost['id']}"

        attempt = scene.answer("ana", "POST", f"{path}/attempts")

        scene.sandbox.drain()
    assert attempt.status_code == 202
    first, second = receiver.received
    assert first.headers["X-GitHub-Delivery"] == second.headers["X-GitHub-Delivery"] == lost["guid"]
    assert first.body == second.body
    sent = scene.answer("ana", "GET", path).json()["request"]
    assert sent["payload"] == json.loads(first.body)


def test_only_an_admin_sees_and_makes_webhooks(scene: Scene) -> None:
    hook = {"config": {"url": "http://localhost:1/hook", "secret": "s3cret"}, "events": ["push"]}
    path = f"/repos/{REGISTRY}/hooks"

    refused, made = scene.answer("raj", "POST", path, hook), scene.answer("ana", "POST", path, hook)

    assert (refused.status_code, made.status_code) == (403, 201)
    assert made.json()["config"]["secret"] == "********"
    assert scene.registry("ana").get_hooks()[0].events == ["push"]


def test_what_a_payload_says_stays_true_of_its_moment(scene: Scene, receiver: Receiver) -> None:
    found: PullRequest = scene.pull_request()
    found.edit(title="Another title")
    scene.sandbox.drain()

    assert receiver.payload("pull_request.opened")["pull_request"]["title"] == "Promote 1.0.0"


def test_a_tag_with_a_message_is_told_with_the_commit_it_names(scene: Scene, receiver: Receiver) -> None:
    tree = scene.work_tree()
    sha = tree.push({"a": "a"}, "Start")
    tree.git("tag", "-a", "digits@v1.0.0", "-m", "Registered")
    tree.git("push", "--quiet", "origin", "digits@v1.0.0")
    scene.sandbox.drain()

    told = receiver.payload("push")

    assert (told["ref"], told["created"], told["head_commit"]["id"]) == ("refs/tags/digits@v1.0.0", True, sha)
    assert scene.registry("mei").get_commit("digits@v1.0.0").sha == sha


def test_a_push_of_notes_is_told_to_nobody(scene: Scene, receiver: Receiver) -> None:
    tree = scene.work_tree()
    tree.push({"a": "a"}, "Start")
    tree.git("notes", "--ref=registrar", "add", "-m", "who: ana", "HEAD")
    tree.git("push", "--quiet", "origin", "refs/notes/registrar")
    scene.sandbox.drain()

    assert receiver.names == ["ping", "push"]


def test_the_first_push_tells_all_it_brings(scene: Scene, receiver: Receiver) -> None:
    tree = scene.work_tree()
    first = tree.commit({"a": "a"}, "One")
    second = tree.push({"a": "b"}, "Two")
    scene.sandbox.drain()

    told = receiver.payload("push")

    assert [each["id"] for each in told["commits"]] == [first, second]
    assert told["commits"][0]["added"] == ["a"]


def test_a_draft_that_is_ready_is_told(scene: Scene, receiver: Receiver) -> None:
    found = scene.pull_request()
    store = scene.sandbox.store
    where = store.repository(REGISTRY)
    where.pull_request(1).draft = True
    assert found.update()
    assert found.mergeable_state == "draft"

    edit_pull_request(
        scene.sandbox.forge, where, where.pull_request(1), actor=store.account("raj"), edit=Edit(draft=False)
    )

    scene.sandbox.drain()
    assert receiver.names[-1] == "pull_request.ready_for_review"


def test_a_webhook_that_leads_nowhere_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid, match="http address"):
        scene.sandbox.add_webhook(REGISTRY, "file:///etc/passwd", "s3cret")


def test_an_address_that_makes_no_sense_stops_nobody(scene: Scene, receiver: Receiver) -> None:
    scene.sandbox.add_webhook(REGISTRY, f"http://{'x' * 70}.invalid:99999/", "s3cret")
    scene.work_tree().push({"a": "a"}, "Start")
    scene.sandbox.drain()

    assert receiver.names == ["ping", "push"]
