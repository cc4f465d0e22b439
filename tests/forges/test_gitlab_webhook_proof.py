"""Whom GitLab's door believes: who knows the signing token, or the plain secret where there is no other."""

import base64
from datetime import UTC, datetime

import pytest

from forges.gitlab_examples import SIGNING_TOKEN, signature, signed
from registrar.errors import BadSignature
from registrar.forges.gitlab_webhook import delivery_id, verify

SECRET = "a secret of the tests"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
NEXT_KEY = bytes(range(32, 64))
NEXT_TOKEN = "whsec_" + base64.b64encode(NEXT_KEY).decode()
SIGNED = signed(b"{}", at=AT)


def believed(headers: dict[str, str], secrets: list[str], *, body: bytes = b"{}") -> bool:
    try:
        verify(headers, body, secrets, now=NOW)
    except BadSignature:
        return False
    return True


def test_whoever_knows_the_secret_is_believed() -> None:
    assert believed({"X-Gitlab-Token": SECRET}, [SECRET])


def test_either_secret_is_believed_while_one_replaces_the_other() -> None:
    assert believed({"x-gitlab-token": "old"}, ["old", "new"])
    assert believed({"x-gitlab-token": "new"}, ["old", "new"])


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no token"),
        pytest.param({"X-Gitlab-Token": ""}, id="empty"),
        pytest.param({"X-Gitlab-Token": "another"}, id="another secret"),
        pytest.param({"X-Gitlab-Token": SECRET[:-1]}, id="truncated"),
        pytest.param({"X-Gitlab-Token": SECRET.upper()}, id="upper case"),
        pytest.param({"X-Gitlab-Token": "é"}, id="not ASCII"),
        pytest.param({"X-Gitlab-Token": "\ud800"}, id="half a surrogate pair"),
        pytest.param({"X-Gitlab-Token": SECRET, "x-gitlab-token": SECRET}, id="two tokens"),
        pytest.param({"X-Hub-Signature-256": "sha256=" + "0" * 64}, id="GitHub's signature"),
    ],
)
def test_anybody_else_is_refused(headers: dict[str, str]) -> None:
    assert not believed(headers, [SECRET])


@pytest.mark.parametrize("secrets", [[], [""], ["  "]], ids=["no secret", "an empty one", "a blank one"])
@pytest.mark.parametrize(
    "headers", [{}, {"X-Gitlab-Token": ""}, {"X-Gitlab-Token": "  "}], ids=["none", "empty", "blank"]
)
def test_without_a_secret_nobody_is_believed(headers: dict[str, str], secrets: list[str]) -> None:
    assert not believed(headers, secrets)


def test_a_body_signed_with_the_token_is_believed() -> None:
    assert believed(SIGNED, [SIGNING_TOKEN])


def test_either_signing_token_is_believed_while_one_replaces_the_other() -> None:
    assert believed(SIGNED, [SIGNING_TOKEN, NEXT_TOKEN])
    assert believed(signed(b"{}", key=NEXT_KEY, at=AT), [SIGNING_TOKEN, NEXT_TOKEN])
    assert not believed(signed(b"{}", key=NEXT_KEY, at=AT), [SIGNING_TOKEN])


def test_one_right_signature_of_several_is_enough() -> None:
    wrong, right = signature(b"{}", key=NEXT_KEY, at=AT), SIGNED["webhook-signature"]

    assert believed(SIGNED | {"webhook-signature": f"{wrong} v1a,AAAA {right}"}, [SIGNING_TOKEN])


@pytest.mark.parametrize("seconds", [-300, -1, 1, 300])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    assert believed(signed(b"{}", at=AT + seconds), [SIGNING_TOKEN])


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param(SIGNED, b"{} ", id="another body"),
        pytest.param(SIGNED | {"webhook-id": "another"}, b"{}", id="another id"),
        pytest.param(SIGNED | {"webhook-timestamp": str(AT - 1)}, b"{}", id="another time"),
        pytest.param(signed(b"{}", at=AT - 301), b"{}", id="too old"),
        pytest.param(signed(b"{}", at=AT + 301), b"{}", id="of the future"),
        pytest.param(signed(b"{}", key=NEXT_KEY, at=AT), b"{}", id="another key"),
        pytest.param(SIGNED | {"webhook-signature": SIGNED["webhook-signature"][3:]}, b"{}", id="no version"),
        pytest.param(
            SIGNED | {"webhook-signature": "v2" + SIGNED["webhook-signature"][2:]}, b"{}", id="another version"
        ),
        pytest.param(SIGNED | {"webhook-signature": SIGNED["webhook-signature"][:-1]}, b"{}", id="truncated"),
        pytest.param(SIGNED | {"webhook-signature": SIGNED["webhook-signature"].lower()}, b"{}", id="lower case"),
        pytest.param(SIGNED | {"webhook-signature": "v1,é"}, b"{}", id="not ASCII"),
        pytest.param(SIGNED | {"webhook-signature": ""}, b"{}", id="an empty signature"),
        pytest.param(SIGNED | {"webhook-signature": "v1,"}, b"{}", id="an empty value"),
        pytest.param({k: v for k, v in SIGNED.items() if k != "webhook-id"}, b"{}", id="no id"),
        pytest.param({k: v for k, v in SIGNED.items() if k != "webhook-timestamp"}, b"{}", id="no time"),
        pytest.param(SIGNED | {"Webhook-Timestamp": str(AT)}, b"{}", id="two times"),
        pytest.param(SIGNED | {"webhook-timestamp": "now"}, b"{}", id="a time that is none"),
        pytest.param(SIGNED | {"webhook-timestamp": "9" * 400}, b"{}", id="a time beyond all"),
        pytest.param(signed(b"{}", name="an\u00a0id", at=AT), b"{}", id="an id that is none"),
    ],
)
def test_a_signature_that_does_not_hold_is_refused_whatever_the_plain_secret(
    headers: dict[str, str], body: bytes
) -> None:
    with_the_secret = headers | {"X-Gitlab-Token": SECRET}

    assert not believed(headers, [SIGNING_TOKEN], body=body)
    assert not believed(with_the_secret, [SIGNING_TOKEN, SECRET], body=body)
    assert not believed(with_the_secret, [SECRET], body=body)


def test_where_a_signing_token_is_set_the_plain_secret_alone_proves_nothing() -> None:
    assert not believed({"X-Gitlab-Token": SECRET}, [SIGNING_TOKEN, SECRET])


def test_the_signing_token_itself_is_no_plain_secret() -> None:
    assert not believed({"X-Gitlab-Token": SIGNING_TOKEN}, [SIGNING_TOKEN])


def test_a_signature_that_nobody_can_check_is_not_passed_over() -> None:
    assert not believed(SIGNED | {"X-Gitlab-Token": SECRET}, [SECRET])


@pytest.mark.parametrize(
    ("token", "key"),
    [
        pytest.param("whsec_", b"", id="empty"),
        pytest.param("whsec_AAAA", b"\0\0\0", id="too short"),
        pytest.param("whsec_not base64!", b"", id="not base64"),
    ],
)
def test_a_signing_token_that_is_none_opens_nothing(token: str, key: bytes) -> None:
    assert not believed(signed(b"{}", key=key, at=AT), [token])
    assert not believed({"X-Gitlab-Token": token}, [token])


def test_a_delivery_is_named_by_gitlab() -> None:
    assert delivery_id({"idempotency-key": "8ac6b13b-fc90"}, b"{}") == "8ac6b13b-fc90"
    assert delivery_id({"Idempotency-Key": "unsigned", "webhook-id": "signed"}, b"{}") == "signed"


def test_before_gitlab_named_deliveries_a_copy_is_known_by_what_it_holds() -> None:
    deed = {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Event-UUID": "one-deed"}

    names = {delivery_id(deed, b"{}"), delivery_id(dict(deed), b"{}")}

    assert len(names) == 1
    assert delivery_id(deed, b"[]") not in names
    assert delivery_id({"X-Gitlab-Event-UUID": "another-deed"}, b"{}") not in names


@pytest.mark.parametrize("name", ["", "a b", "é", "a" * 101], ids=["empty", "blank", "not ASCII", "long"])
def test_a_name_that_is_none_is_not_taken(name: str) -> None:
    assert delivery_id({"Idempotency-Key": name}, b"{}").startswith("digest-")


def test_of_two_names_none_is_taken() -> None:
    assert delivery_id({"Idempotency-Key": "one", "idempotency-key": "another"}, b"{}").startswith("digest-")
