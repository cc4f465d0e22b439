"""What the adapter makes of a GitHub that is unwell, busy, or says no."""

from datetime import UTC, datetime, timedelta

import pytest

from forges.github_replies import BOT, DROPPED, HELD, TOKEN, Reply, a_pull, asking, found, serving
from registrar import settings
from registrar.core.pipelines import Target
from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed, RegistrarError, Unknown, UsageError
from registrar.forges.connecting import FORGES, forge_of
from registrar.forges.github import connect
from registrar.forges.github_api import address_of_api

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(502, {"message": "Bad gateway"}), id="a 502"),
        pytest.param(Reply(500, b"<html>down</html>"), id="a page instead of JSON"),
        pytest.param(DROPPED, id="a dropped connection"),
        pytest.param(Reply(429, {"message": "slow down"}, {"Retry-After": "7"}), id="a rate limit"),
        pytest.param(Reply(201, b'{"id": 1'), id="half an answer"),
        pytest.param(Reply(201, {}), id="an answer that says nothing"),
        pytest.param(Reply(307, {"message": "Moved"}, {"Location": "URL/elsewhere"}), id="a redirection"),
    ],
)
def test_a_write_is_sent_once_whatever_comes_back(reply: Reply) -> None:
    with asking(found(BOT), found([]), reply) as (forge, server):
        with pytest.raises(ForgeUnavailable):
            forge.keep_comment(7, "metrics", "better")

        assert [asked for asked in server.asked if asked.startswith("POST")] == [
            "POST /repos/acme/registry/issues/7/comments"
        ]


def test_a_dispatch_is_sent_once_when_the_connection_drops() -> None:
    with asking(DROPPED) as (forge, server):
        with pytest.raises(ForgeUnavailable, match="may still have been done"):
            forge.start_pipeline(Target("acme/digits-ui", "deploy.yml"), {})

        assert len(server.asked) == 1


def test_a_silent_server_is_given_up() -> None:
    with asking(HELD, timeout=1) as (forge, _), pytest.raises(ForgeUnavailable, match="did not answer"):
        forge.default_branch()


def test_nobody_at_the_address_is_a_reason_to_try_again() -> None:
    with serving() as server:
        url = server.url

    with pytest.raises(ForgeUnavailable, match="did not answer"):
        connect(url, "acme/registry", token=TOKEN).default_branch()


@pytest.mark.parametrize(
    ("status", "headers", "message", "seconds"),
    [
        pytest.param(429, {"Retry-After": "7"}, "slow down", 7, id="429 that names a time"),
        pytest.param(429, {}, "slow down", 60, id="429 that names none"),
        pytest.param(429, {"Retry-After": "soon"}, "slow down", 60, id="429 that names nonsense"),
        pytest.param(403, {"Retry-After": "9"}, "Forbidden", 9, id="403 that names a time"),
        pytest.param(403, {}, "You have exceeded a secondary rate limit", 60, id="403 that says so"),
        pytest.param(403, {}, "Abuse detected. Please retry your request again later.", 60, id="403 in older words"),
        pytest.param(503, {"Retry-After": "5"}, "maintenance", 5, id="503 that names a time"),
    ],
)
def test_a_rate_limit_says_when_to_come_back(status: int, headers: dict[str, str], message: str, seconds: int) -> None:
    with asking(Reply(status, {"message": message}, headers)) as (forge, server):
        with pytest.raises(ForgeUnavailable) as refused:
            forge.default_branch()

        assert refused.value.retry_at is not None
        assert abs(refused.value.retry_at - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=5)
        assert len(server.asked) == 1


def test_a_used_up_hour_says_when_it_is_over() -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(EPOCH.timestamp()))}

    with (
        asking(Reply(403, {"message": "API rate limit exceeded"}, headers)) as (forge, _),
        pytest.raises(ForgeUnavailable) as refused,
    ):
        forge.default_branch()

    assert refused.value.retry_at == EPOCH


def test_a_date_in_retry_after_is_understood() -> None:
    headers = {"Retry-After": "Thu, 01 Jan 2026 00:00:00 GMT"}

    with (
        asking(Reply(429, {"message": "slow down"}, headers)) as (forge, _),
        pytest.raises(ForgeUnavailable) as refused,
    ):
        forge.default_branch()

    assert refused.value.retry_at == EPOCH


def test_a_plain_server_error_names_no_time() -> None:
    with asking(Reply(502, {})) as (forge, _), pytest.raises(ForgeUnavailable) as refused:
        forge.default_branch()

    assert refused.value.retry_at is None


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        pytest.param(Reply(401, {"message": "Bad credentials"}), NotAllowed, "token was refused", id="401"),
        pytest.param(
            Reply(403, {"message": "Resource not accessible"}, {"X-Accepted-GitHub-Permissions": "issues=write"}),
            NotAllowed,
            r"needs Issues: write and Pull requests: write \(issues=write\)",
            id="403",
        ),
        pytest.param(Reply(404, {"message": "Not Found"}), Unknown, "may not see it", id="404"),
        pytest.param(Reply(410, {"message": "Gone"}), Unknown, "does not exist", id="410"),
        pytest.param(
            Reply(422, {"message": "Validation\nFailed", "errors": [{"field": "body", "code": "too_long"}]}),
            ForgeRefused,
            "comment on #7: Validation Failed; body too_long",
            id="422",
        ),
        pytest.param(Reply(409, b"no"), ForgeRefused, "status 409, no reason", id="409"),
    ],
)
def test_a_no_is_said_in_one_line_with_its_reason(reply: Reply, error: type[RegistrarError], words: str) -> None:
    with asking(found(BOT), found([]), reply) as (forge, _), pytest.raises(error, match=words) as refused:
        forge.keep_comment(7, "metrics", "better")

    assert "\n" not in str(refused.value)
    assert TOKEN not in f"{refused.value!r} {refused.value.__cause__!r} {forge!r}"


@pytest.mark.parametrize("token", ["", " ", "a b", "tokén", "a\nb"])
def test_a_token_that_cannot_be_one_is_never_sent(token: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        connect("https://github.com", "acme/registry", token=token)

    assert not token.strip() or token not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "github.com",
        "ftp://github.com",
        "https://user:secret@github.com",
        "https://",
        "https://api.github.com",
        "https://git.acme.example/api/v3",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        connect(url, "acme/registry", token=TOKEN)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("repository", ["", "acme", "acme/registry/more", "acme/..", "acme/a b", "/registry"])
def test_a_repository_that_is_none_is_refused(repository: str) -> None:
    with pytest.raises(UsageError):
        connect("https://github.com", repository, token=TOKEN)


def test_a_forge_is_found_by_its_kind() -> None:
    forge = forge_of("github", "https://github.com/", repository="acme/registry", token=TOKEN)

    assert forge.clone_url() == "https://github.com/acme/registry.git"
    assert forge.words.pull_request(7) == "#7"


def test_a_kind_without_an_adapter_is_refused() -> None:
    with pytest.raises(UsageError, match="one of github"):
        forge_of("bitbucket", "https://forge.example", repository="acme/registry", token=TOKEN)


def test_the_settings_take_the_kinds_that_have_an_adapter() -> None:
    assert set(settings.FORGES) == set(FORGES)


def test_every_page_is_read_to_the_end() -> None:
    link = {"Link": '<URL/api/v3/repositories/1/pulls?page=2>; rel="next", <URL/api/v3/x?page=2>; rel="last"'}

    with asking(Reply(200, [a_pull(1)], link), found([a_pull(2)])) as (forge, _):
        assert forge.open_pull_requests("main") == (1, 2)


def test_pages_that_go_round_in_a_circle_end() -> None:
    link = {"Link": '<URL/api/v3/round>; rel="next"'}

    with (
        asking(Reply(200, [], link), Reply(200, [], link)) as (forge, _),
        pytest.raises(ForgeUnavailable, match="circle"),
    ):
        forge.open_pull_requests("main")


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
