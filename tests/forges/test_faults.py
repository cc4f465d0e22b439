"""What every adapter makes of a forge that is unwell, busy, or says no."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from forges.replies import DROPPED, HELD, Reply, found, serving
from forges.sides import SIDES, Side
from registrar import settings
from registrar.core.pipelines import Target
from registrar.errors import (
    ForgeRefused,
    ForgeUnavailable,
    NotAllowed,
    RegistrarError,
    TokenRefused,
    Unknown,
    UsageError,
)
from registrar.forges.connecting import FORGES, forge_of

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    return SIDES[request.param]


@pytest.mark.fault(27, 28, because="Each adapter has a client of its own, which could try again by itself.")
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
def test_a_write_is_sent_once_whatever_comes_back(side: Side, reply: Reply) -> None:
    with side.asking(found(side.bot), found([]), reply) as (forge, server):
        with pytest.raises(ForgeUnavailable):
            forge.keep_comment(7, "metrics", "better")

        assert [asked for asked in server.asked if asked.startswith("POST")] == [f"POST {side.comments}"]


@pytest.mark.fault(27, 28, because="Each adapter has a client of its own, which could try again by itself.")
def test_a_pipeline_is_started_once_when_the_connection_drops(side: Side) -> None:
    with side.asking(DROPPED) as (forge, server):
        with pytest.raises(ForgeUnavailable, match="may still have been done"):
            forge.start_pipeline(Target("acme/digits-ui", "deploy.yml"), {})

        assert len(server.asked) == 1


@pytest.mark.fault(34, because="How long the adapter waits is its own, and a test does not wait for as long.")
def test_a_silent_server_is_given_up_and_asked_again_later(side: Side) -> None:
    with side.asking(HELD, HELD, timeout=1) as (forge, server):
        with pytest.raises(ForgeUnavailable, match="did not answer"):
            forge.default_branch()
        server.over.set()

        assert forge.default_branch() == "main"


def test_nobody_at_the_address_is_a_reason_to_try_again(side: Side) -> None:
    with serving() as server:
        url = server.url

    with pytest.raises(ForgeUnavailable, match="did not answer") as unanswered:
        side.connect(url, side.repository, token=side.token).default_branch()

    assert str(unanswered.value).endswith(f"; see that {url} can be reached from here, and try again")


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        pytest.param(429, {"Retry-After": "7"}, 7, id="429 that names a time"),
        pytest.param(429, {}, 60, id="429 that names none"),
        pytest.param(429, {"Retry-After": "soon"}, 60, id="429 that names nonsense"),
        pytest.param(503, {"Retry-After": "5"}, 5, id="503 that names a time"),
    ],
)
def test_a_rate_limit_says_when_to_come_back(side: Side, status: int, headers: dict[str, str], seconds: int) -> None:
    with side.asking(Reply(status, {"message": "slow down"}, headers)) as (forge, server):
        with pytest.raises(ForgeUnavailable) as refused:
            forge.default_branch()

        assert refused.value.retry_at is not None
        assert abs(refused.value.retry_at - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=5)
        assert len(server.asked) == 1


def test_a_date_in_retry_after_is_understood(side: Side) -> None:
    headers = {"Retry-After": format_datetime(SOON, usegmt=True)}

    with (
        side.asking(Reply(429, {"message": "slow down"}, headers)) as (forge, _),
        pytest.raises(ForgeUnavailable) as refused,
    ):
        forge.default_branch()

    assert refused.value.retry_at == SOON


def test_a_plain_server_error_names_no_time(side: Side) -> None:
    with side.asking(Reply(502, {})) as (forge, _), pytest.raises(ForgeUnavailable) as refused:
        forge.default_branch()

    assert refused.value.retry_at is None


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        pytest.param(Reply(401, {"message": "Bad credentials"}), TokenRefused, "token was refused", id="401"),
        pytest.param(Reply(404, {"message": "Not Found"}), Unknown, "may not see it", id="404"),
        pytest.param(Reply(410, {"message": "Gone"}), Unknown, "does not exist", id="410"),
        pytest.param(Reply(409, b"no"), ForgeRefused, "status 409, no reason", id="409"),
        pytest.param(Reply(400, {"message": "Validation\nFailed"}), ForgeRefused, "7: Validation Failed", id="400"),
    ],
)
def test_a_no_is_said_in_one_line_with_its_reason(
    side: Side, reply: Reply, error: type[RegistrarError], words: str
) -> None:
    with side.asking(found(side.bot), found([]), reply) as (forge, _), pytest.raises(error, match=words) as refused:
        forge.keep_comment(7, "metrics", "better")

    assert "\n" not in str(refused.value)
    assert side.token not in f"{refused.value!r} {refused.value.__cause__!r} {forge!r}"


@pytest.mark.parametrize("token", ["", " ", "a b", "tokén", "a\nb"])
def test_a_token_that_cannot_be_one_is_never_sent(side: Side, token: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        side.connect("https://forge.example", side.repository, token=token)

    assert not token.strip() or token not in str(refused.value)


@pytest.mark.parametrize("url", ["", "github.com", "ftp://github.com", "https://user:secret@github.com", "https://"])
def test_an_address_that_is_none_is_refused(side: Side, url: str) -> None:
    with pytest.raises(UsageError) as refused:
        side.connect(url, side.repository, token=side.token)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("version", ["/api/v3", "/api/v4", "/api/v4/"])
def test_the_address_of_an_api_is_not_the_forges(side: Side, version: str) -> None:
    with pytest.raises(UsageError, match="as the browser shows it"):
        side.connect(f"https://git.acme.example{version}", side.repository, token=side.token)


@pytest.mark.parametrize("repository", ["", "acme", "acme/..", "acme/a b", "/registry", "acme//registry", "acme/r?x=1"])
def test_a_repository_that_is_none_is_refused(side: Side, repository: str) -> None:
    with pytest.raises(UsageError):
        side.connect("https://forge.example", repository, token=side.token)


def test_a_forge_is_found_by_its_kind(side: Side) -> None:
    forge = forge_of(side.kind, "https://forge.example/", repository=side.repository, token=side.token)

    assert forge.clone_url() == f"https://forge.example/{side.repository}.git"
    assert forge.words.pull_request(7) == f"{side.sign}7"


def test_a_kind_without_an_adapter_is_refused() -> None:
    with pytest.raises(UsageError, match="one of github, gitlab"):
        forge_of("bitbucket", "https://forge.example", repository="acme/registry", token="a-token")


def test_the_settings_take_the_kinds_that_have_an_adapter() -> None:
    assert set(settings.FORGES) == set(FORGES)


@pytest.mark.fault(36, because="A forge that leaves out how many there are cannot be had from the sandbox.")
def test_every_page_is_read_to_the_end(side: Side) -> None:
    pages = [Reply(200, [side.pull(number)], side.next_page(number + 1)) for number in (1, 2, 3)]

    with side.asking(*pages, found([side.pull(4)])) as (forge, server):
        assert forge.open_pull_requests("main") == (1, 2, 3, 4)

        assert [query["page"] for query in server.queries[1:]] == ["2", "3", "4"]


def test_pages_that_go_round_in_a_circle_end(side: Side) -> None:
    pages = [Reply(200, [], side.next_page(number)) for number in (2, 3, 2)]

    with side.asking(*pages) as (forge, _), pytest.raises(ForgeUnavailable, match="circle"):
        forge.open_pull_requests("main")
