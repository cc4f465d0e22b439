"""What the adapter makes of GitHub's own ways to be busy, to say no, and to lead elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest

from forges.github_replies import BOT, TOKEN, asking
from forges.replies import Reply, found
from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed, RegistrarError, UsageError
from registrar.forges.github import connect
from registrar.forges.github_api import address_of_api
from registrar.observing.numbers import NUMBERS

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        pytest.param({"Retry-After": "9"}, "Forbidden", 9, id="403 that names a time"),
        pytest.param({}, "You have exceeded a secondary rate limit", 60, id="403 that says so"),
        pytest.param({}, "Abuse detected. Please retry your request again later.", 60, id="403 in older words"),
    ],
)
def test_a_rate_limit_can_be_a_403(headers: dict[str, str], message: str, seconds: int) -> None:
    with asking(Reply(403, {"message": message}, headers)) as (forge, server):
        with pytest.raises(ForgeUnavailable) as refused:
            forge.default_branch()

        assert refused.value.retry_at is not None
        assert abs(refused.value.retry_at - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=5)
        assert len(server.asked) == 1


def test_a_used_up_hour_says_when_it_is_over() -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(SOON.timestamp()))}

    with (
        asking(Reply(403, {"message": "API rate limit exceeded"}, headers)) as (forge, _),
        pytest.raises(ForgeUnavailable) as refused,
    ):
        forge.default_branch()

    assert refused.value.retry_at == SOON


def test_what_is_left_of_the_hour_is_counted() -> None:
    headers = {"X-RateLimit-Remaining": "4321", "X-RateLimit-Limit": "5000"}

    with asking(Reply(404, {"message": "Not Found"}, headers)) as (forge, _), pytest.raises(RegistrarError):
        forge.default_branch()

    assert NUMBERS.budgets()["github"] == 4321


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        pytest.param(
            Reply(403, {"message": "Resource not accessible"}, {"X-Accepted-GitHub-Permissions": "issues=write"}),
            NotAllowed,
            r"needs Issues: write and Pull requests: write \(issues=write\)",
            id="403",
        ),
        pytest.param(
            Reply(422, {"message": "Validation\nFailed", "errors": [{"field": "body", "code": "too_long"}]}),
            ForgeRefused,
            "comment on #7: Validation Failed; body too_long",
            id="422",
        ),
    ],
)
def test_a_no_is_said_with_every_reason(reply: Reply, error: type[RegistrarError], words: str) -> None:
    with asking(found(BOT), found([]), reply) as (forge, _), pytest.raises(error, match=words):
        forge.keep_comment(7, "metrics", "better")


def test_the_address_of_githubs_api_is_not_githubs() -> None:
    with pytest.raises(UsageError):
        connect("https://api.github.com", "acme/registry", token=TOKEN)


def test_a_repository_has_one_owner() -> None:
    with pytest.raises(UsageError):
        connect("https://github.com", "acme/registry/more", token=TOKEN)


@pytest.mark.parametrize("link", ["https://elsewhere.example/api/v3/round", "URL/admin"])
def test_pages_that_lead_elsewhere_are_not_followed(link: str) -> None:
    with asking(Reply(200, [], {"Link": f'<{link}>; rel="next"'})) as (forge, server):
        with pytest.raises(ForgeUnavailable):
            forge.open_pull_requests("main")

        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://github.com", "https://api.github.com"),
        ("https://acme.ghe.com", "https://api.acme.ghe.com"),
        ("https://git.acme.example/", "https://git.acme.example/api/v3"),
        ("http://localhost:8080", "http://localhost:8080/api/v3"),
    ],
)
def test_the_address_of_the_api_follows_from_the_forges(url: str, api: str) -> None:
    assert address_of_api(url) == api
