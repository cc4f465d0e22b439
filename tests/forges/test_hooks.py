"""What each forge tells of a webhook and of its deliveries, in our words."""

from datetime import UTC, datetime

import pytest

from forges.replies import found, serving
from registrar.core.deliveries import Hook, HookState
from registrar.errors import ForgeRefused
from registrar.forges import github_hooks, gitlab_hooks
from registrar.forges.github_hooks import ResponseAnswer
from registrar.forges.github_setup_answers import HookConfig
from registrar.forges.gitlab_hooks import EventAnswer
from registrar.forges.hook_connecting import hook_forge_of

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("active", "last", "state", "says"),
    [
        pytest.param(True, ResponseAnswer(None, "unused", None), HookState.ACTIVE, "", id="new"),
        pytest.param(True, ResponseAnswer(202, "active", "OK"), HookState.ACTIVE, "", id="well"),
        pytest.param(True, ResponseAnswer(None, "timeout", "timed out"), HookState.FAILING, "timed out", id="slow"),
        pytest.param(True, ResponseAnswer(502, "failed", None), HookState.FAILING, "the answer was 502", id="no words"),
        pytest.param(False, ResponseAnswer(), HookState.DISABLED, "somebody has switched it off", id="off"),
    ],
)
def test_github_tells_how_a_webhook_fares(*, active: bool, last: ResponseAnswer, state: HookState, says: str) -> None:
    found = github_hooks.hook_of(github_hooks.HookAnswer(3, active, HookConfig(), last), page="")

    assert (found.state, found.says) == (state, says)


@pytest.mark.parametrize(
    ("status", "until", "state", "says"),
    [
        pytest.param("executable", None, HookState.ACTIVE, "", id="well"),
        pytest.param(
            "temporarily_disabled",
            AT,
            HookState.DISABLED,
            "GitLab has switched it off until 2026-03-01 12:30 UTC, as it failed too often",
            id="for a while",
        ),
        pytest.param(
            "disabled",
            AT,
            HookState.DISABLED,
            "GitLab has switched it off for good, as it failed too often",
            id="for good",
        ),
    ],
)
def test_gitlab_tells_how_a_webhook_fares(status: str, until: datetime | None, state: HookState, says: str) -> None:
    found = gitlab_hooks.hook_of(gitlab_hooks.HookAnswer(3, "", status, until), page="")

    assert (found.state, found.says) == (state, says)


@pytest.mark.parametrize(
    ("event", "action", "is_found"),
    [
        pytest.param("issue_comment", "created", False, id="comment"),
        pytest.param("pull_request", "closed", False, id="closed"),
        pytest.param("pull_request", "opened", True, id="opened"),
        pytest.param("push", None, True, id="push"),
    ],
)
def test_github_tells_what_a_delivery_is_about(event: str, action: str | None, *, is_found: bool) -> None:
    found = github_hooks.delivery_of(github_hooks.DeliveryAnswer(3, "guid", event, 502, action))

    assert (found.name, found.arrived, found.is_found) == ("guid", False, is_found)


@pytest.mark.parametrize(
    ("event", "name", "status", "is_found"),
    [
        pytest.param(EventAnswer(3, "note_hooks", "202", {"Idempotency-Key": "k"}), "k", 202, False, id="comment"),
        pytest.param(EventAnswer(3, "note_hooks", "internal error", {}), "", 0, True, id="without a key"),
        pytest.param(EventAnswer(3, "push_hooks", "502", {"idempotency-key": "k"}), "k", 502, True, id="push"),
        pytest.param(
            EventAnswer(
                3, "merge_request_hooks", None, {"Idempotency-Key": "k"}, {"object_attributes": {"action": "close"}}
            ),
            "k",
            0,
            False,
            id="closed",
        ),
        pytest.param(
            EventAnswer(
                3, "merge_request_hooks", "500", {"Idempotency-Key": "k"}, {"object_attributes": {"action": "open"}}
            ),
            "k",
            500,
            True,
            id="opened",
        ),
    ],
)
def test_gitlab_tells_what_an_event_is_about(event: EventAnswer, name: str, status: int, *, is_found: bool) -> None:
    found = gitlab_hooks.delivery_of(event)

    assert (found.name, found.status, found.is_found) == (name, status, is_found)


@pytest.mark.parametrize(("kind", "answer"), [("github", {"id": 3, "active": False, "config": {}}), ("gitlab", {})])
def test_a_webhook_that_stays_off_all_the_same_is_told_of(kind: str, answer: dict[str, object]) -> None:
    still_off = {"id": 3, "url": "https://bot.example.org", "alert_status": "disabled"}
    with serving(found(answer), found(still_off)) as server:
        hooks = hook_forge_of(kind, server.url, repository="acme/registry", token="tok")

        with pytest.raises(ForgeRefused):
            hooks.switch_on(Hook(3, "", HookState.DISABLED))


def test_gitlab_is_asked_for_no_more_events_at_once_than_it_tells() -> None:
    with serving(found([])) as server:
        hooks = hook_forge_of("gitlab", server.url, repository="acme/registry", token="tok")

        assert list(hooks.deliveries(Hook(3, "", HookState.ACTIVE))) == []

        assert server.queries == [{"per_page": "20"}]
