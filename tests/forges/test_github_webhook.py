"""What the parser of GitHub's webhooks believes, and what it refuses."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forges.examples import webhook_examples
from registrar.core.events import BranchPushed, CommentWritten, Event, PullRequestChanged, RunChanged
from registrar.errors import BadPayload, BadSignature
from registrar.forges.github_webhook import delivery_id, parse, verify
from registrar.forges.payloads import Ignored

SECRET = "a secret of the tests"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE, AFTER, NONE = "a" * 40, "b" * 40, "0" * 40
REPOSITORY: dict[str, object] = {"repository": {"full_name": "acme/registry"}}


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(event: str = "ping") -> dict[str, str]:
    return {"X-GitHub-Event": event, "X-GitHub-Delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516"}


def parsed(event: str, **fields: object) -> Event | Ignored:
    return parse(headers(event), json.dumps(REPOSITORY | fields).encode())


def test_a_body_signed_with_the_secret_is_believed() -> None:
    verify({"X-Hub-Signature-256": signature(b"{}")}, b"{}", [SECRET], now=NOW)


def test_either_secret_is_believed_while_one_replaces_the_other() -> None:
    for secret in ("old", "new"):
        verify({"x-hub-signature-256": signature(b"{}", secret)}, b"{}", ["old", "new"], now=NOW)


@pytest.mark.parametrize(
    "given_headers",
    [
        pytest.param({}, id="no signature"),
        pytest.param({"X-Hub-Signature-256": ""}, id="empty"),
        pytest.param({"X-Hub-Signature-256": signature(b"{}", "another")}, id="another secret"),
        pytest.param({"X-Hub-Signature-256": signature(b"{} ")}, id="another body"),
        pytest.param({"X-Hub-Signature-256": signature(b"{}")[:-1]}, id="truncated"),
        pytest.param({"X-Hub-Signature-256": signature(b"{}") + "\n"}, id="a newline after it"),
        pytest.param({"X-Hub-Signature-256": signature(b"{}").upper()}, id="upper case"),
        pytest.param({"X-Hub-Signature-256": signature(b"{}").replace("sha256=", "sha512=")}, id="another algorithm"),
        pytest.param({"X-Hub-Signature-256": signature(b"{}").removeprefix("sha256=")}, id="no algorithm"),
        pytest.param({"X-Hub-Signature-256": "sha256=" + "é" * 64}, id="not ASCII"),
        pytest.param(
            {"X-Hub-Signature-256": "sha256=" + "\N{ARABIC-INDIC DIGIT ONE}" * 64}, id="digits of another script"
        ),
        pytest.param(
            {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), b"{}", hashlib.sha1).hexdigest()}, id="SHA-1 alone"
        ),
        pytest.param(
            {"X-Hub-Signature-256": signature(b"{}"), "x-hub-signature-256": signature(b"{}")}, id="two signatures"
        ),
        pytest.param({"X-Gitlab-Token": SECRET}, id="GitLab's token"),
    ],
)
def test_anything_else_is_refused(given_headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify(given_headers, b"{}", [SECRET], now=NOW)


@pytest.mark.parametrize("secrets", [[], [""], ["  "]], ids=["no secret", "an empty one", "a blank one"])
def test_without_a_secret_nothing_is_believed(secrets: list[str]) -> None:
    signed_with_nothing = signature(b"{}", secrets[0] if secrets else "")

    with pytest.raises(BadSignature):
        verify({"X-Hub-Signature-256": signed_with_nothing}, b"{}", secrets, now=NOW)


@pytest.mark.parametrize(
    "action", ["opened", "reopened", "synchronize", "closed", "edited", "ready_for_review", "converted_to_draft"]
)
def test_a_changed_pull_request_is_looked_at(action: str) -> None:
    event = parsed("pull_request", action=action, pull_request={"number": 7})

    assert event == PullRequestChanged("acme/registry", 7)


@pytest.mark.parametrize("action", ["submitted", "edited", "dismissed"])
def test_a_review_is_a_hint_to_look_at_its_pull_request(action: str) -> None:
    event = parsed("pull_request_review", action=action, pull_request={"number": 7}, review={"state": "approved"})

    assert event == PullRequestChanged("acme/registry", 7)


@pytest.mark.parametrize("body", ["/registrar help", "/Registrar help"])
def test_a_comment_with_a_command_is_looked_at(body: str) -> None:
    event = parsed("issue_comment", action="created", issue={"number": 7}, comment={"id": 3, "body": body})

    assert event == CommentWritten("acme/registry", 7, 3)


@pytest.mark.parametrize("before", [BEFORE, NONE], ids=["moved", "created"])
def test_a_push_to_a_branch_is_looked_at(before: str) -> None:
    event = parsed("push", ref="refs/heads/release/1", before=before, after=AFTER, deleted=False)

    assert event == BranchPushed("acme/registry", "release/1", before=before, after=AFTER)


@pytest.mark.parametrize("action", ["requested", "in_progress", "completed"])
def test_a_run_that_moves_on_is_looked_at(action: str) -> None:
    run = {"id": 9, "display_title": "deploy-7-0123456789abcdef", "event": "workflow_dispatch"}

    event = parsed("workflow_run", action=action, workflow_run=run)

    assert event == RunChanged("acme/registry", 9, "deploy-7-0123456789abcdef")


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        pytest.param("ping", {"zen": "Keep it logically awesome."}, id="ping"),
        pytest.param("star", {"action": "created"}, id="an event that is not for us"),
        pytest.param("", {}, id="no event"),
        pytest.param("pull_request", {"action": "labeled", "pull_request": {"number": 7}}, id="an action not for us"),
        pytest.param(
            "pull_request", {"action": ["opened"], "pull_request": {"number": 7}}, id="an action of another type"
        ),
        pytest.param("pull_request", {"action": "opened"}, id="no pull request"),
        pytest.param("pull_request", {"action": "opened", "pull_request": {"number": "7"}}, id="a number that is text"),
        pytest.param(
            "pull_request", {"action": "opened", "pull_request": {"number": True}}, id="a number that is true"
        ),
        pytest.param("pull_request", {"action": "opened", "pull_request": {"number": -7}}, id="a negative number"),
        pytest.param("pull_request", {"action": "opened", "pull_request": 7}, id="a pull request of another type"),
        pytest.param(
            "pull_request",
            {"action": "opened", "pull_request": {"number": 7}, "repository": {"full_name": "../../etc"}},
            id="a repository that is a path",
        ),
        pytest.param(
            "pull_request", {"action": "opened", "pull_request": {"number": 7}, "repository": None}, id="no repository"
        ),
        pytest.param(
            "issue_comment",
            {"action": "created", "issue": {"number": 7}, "comment": {"id": 3, "body": "well done"}},
            id="a comment without a command",
        ),
        pytest.param(
            "issue_comment",
            {"action": "edited", "issue": {"number": 7}, "comment": {"id": 3, "body": "/registrar help"}},
            id="an edited comment",
        ),
        pytest.param("issue_comment", {"action": "created", "issue": {"number": 7}}, id="no comment"),
        pytest.param("push", {"ref": "refs/tags/v1", "before": NONE, "after": AFTER}, id="a tag"),
        pytest.param("push", {"ref": "refs/heads/", "before": BEFORE, "after": AFTER}, id="a branch without a name"),
        pytest.param("push", {"ref": "main", "before": BEFORE, "after": AFTER}, id="a bare name"),
        pytest.param("push", {"ref": "refs/heads/main", "before": BEFORE, "after": NONE}, id="a deletion"),
        pytest.param(
            "push", {"ref": "refs/heads/main", "before": BEFORE, "after": AFTER, "deleted": True}, id="deleted"
        ),
        pytest.param("push", {"ref": "refs/heads/main", "before": "HEAD", "after": AFTER}, id="not a commit"),
        pytest.param("workflow_run", {"action": "completed", "workflow_run": {"id": 9}}, id="a run without a title"),
        pytest.param(
            "workflow_run",
            {"action": "completed", "workflow_run": {"id": 9, "display_title": "Tests", "event": "push"}},
            id="a run that no deploy started",
        ),
    ],
)
def test_what_is_not_for_us_is_ignored_and_says_why(event: str, fields: dict[str, object]) -> None:
    result = parsed(event, **fields)

    assert isinstance(result, Ignored)
    assert result.reason


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"payload=%7B%7D", id="a form"),
        pytest.param(b"[]", id="an array"),
        pytest.param(b'"ping"', id="a text"),
        pytest.param(b'{"a": 1, "a": 2}', id="a key twice"),
        pytest.param(b'{"a": {"b": 1, "b": 2}}', id="a key twice, deeper"),
        pytest.param(b'{"a": "\\u0000"}', id="a NUL"),
        pytest.param(b'{"a": ["\\ud800"]}', id="half a surrogate pair"),
        pytest.param(b'{"\\udfff": 1}', id="half a surrogate pair in a key"),
        pytest.param(b'{"a": NaN}', id="not a number"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", id="a number of 5,000 digits"),
        pytest.param(b'{"a": "\xff"}', id="not UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param(b'{"a": ' + b"[" * 80 + b"]" * 80 + b"}", id="deep"),
        pytest.param(b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", id="abysmal"),
        pytest.param(b'{"a": ' + b'{"b":' * 100_000 + b"1" + b"}" * 100_000 + b"}", id="abysmal objects"),
    ],
)
def test_a_body_that_github_cannot_have_sent_is_refused(body: bytes) -> None:
    with pytest.raises(BadPayload) as refused:
        parse(headers(), body)

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "delivery", [None, "", "a b", "é", "a" * 101], ids=["none", "empty", "blank", "not ASCII", "long"]
)
def test_a_delivery_that_has_no_name_is_refused(delivery: str | None) -> None:
    nameless = {"X-GitHub-Event": "ping"} | ({} if delivery is None else {"X-GitHub-Delivery": delivery})

    with pytest.raises(BadPayload, match="X-GitHub-Delivery"):
        parse(nameless, b"{}")


def test_a_delivery_is_named_whatever_the_case_of_the_header() -> None:
    assert delivery_id({"x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958"}, b"").startswith("72d3162e")


EVENTS = st.sampled_from(["pull_request", "pull_request_review", "issue_comment", "push", "workflow_run", "ping", ""])
NAMES = st.sampled_from(
    ["action", "pull_request", "number", "repository", "full_name", "issue", "comment", "ref", "before", "workflow_run"]
)
TEXTS = st.sampled_from(
    ["opened", "created", "acme/registry", "refs/heads/main", BEFORE, "", "\0", "\ud800", "é\U0001f680"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(EVENTS, st.binary() | st.dictionaries(NAMES, VALUES).map(lambda value: json.dumps(value).encode()))
def test_whatever_is_signed_is_understood_ignored_or_refused(event: str, body: bytes) -> None:
    verify({"X-Hub-Signature-256": signature(body)}, body, [SECRET], now=NOW)

    try:
        result = parse(headers(event), body)
    except BadPayload:
        return

    assert isinstance(result, Event | Ignored)


@pytest.mark.parametrize(("event", "payload"), [pytest.param(e, p, id=name) for e, name, p in webhook_examples()])
def test_whatever_github_publishes_is_understood_or_ignored(event: str, payload: dict[str, object]) -> None:
    result = parse(headers(event), json.dumps(payload).encode())

    assert isinstance(result, Event | Ignored)


def test_the_examples_of_what_we_look_at_are_not_ignored() -> None:
    seen = {
        type(parse(headers(event), json.dumps(payload).encode()))
        for event, _, payload in webhook_examples()
        if event in {"pull_request", "pull_request_review", "push"}
    }

    assert seen == {PullRequestChanged, BranchPushed, Ignored}
