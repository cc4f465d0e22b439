"""What the adapter makes of GitLab's own ways to be busy, to say no, and to lead elsewhere."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from forges.gitlab_replies import BOT, PROJECT, REGISTRY, TOKEN, a_note, a_project, a_request, asking
from forges.replies import Reply, found, serving
from registrar.core.pipelines import Passing, Target
from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed, RegistrarError, TokenRefused, Unknown
from registrar.forges.gitlab import connect
from registrar.observing.numbers import NUMBERS

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)
MOVED = Reply(302, {"message": "moved"}, {"Location": "https://elsewhere.example/api/v4/projects/4/notes?x=1"})
RENAMED = found(a_project(path_with_namespace="acme/models"))


def test_a_limit_says_when_it_ends() -> None:
    reply = Reply(429, {"message": "Too Many Requests"}, {"RateLimit-Reset": str(int(SOON.timestamp()))})

    with asking(reply) as (forge, _), pytest.raises(ForgeUnavailable) as refused:
        forge.default_branch()

    assert refused.value.retry_at == SOON


def test_what_is_left_of_the_minute_is_counted() -> None:
    reply = Reply(429, {"message": "Too Many Requests"}, {"RateLimit-Remaining": "123"})

    with asking(reply) as (forge, _), pytest.raises(ForgeUnavailable):
        forge.default_branch()

    assert NUMBERS.budgets()["gitlab"] == 123


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        pytest.param(
            Reply(401, {"error": "invalid_token", "error_description": "Token is expired. You can either do re-auth"}),
            TokenRefused,
            "neither expired nor revoked .* Token is expired",
            id="a token that expired",
        ),
        pytest.param(
            Reply(400, {"message": {"note": ["is too long"], "base": ["no", "never"]}}),
            ForgeRefused,
            "comment on !7: note is too long; no, never",
            id="an error for each field",
        ),
        pytest.param(Reply(422, {"error": "body is empty"}), ForgeRefused, "body is empty", id="422"),
        pytest.param(Reply(405, {"message": "405 Method Not Allowed"}), ForgeRefused, "Not Allowed", id="405"),
        pytest.param(
            Reply(409, {"message": "409 Conflict: Resource lock"}), ForgeUnavailable, "busy", id="somebody is at it"
        ),
    ],
)
def test_a_no_is_said_with_every_reason(reply: Reply, error: type[RegistrarError], words: str) -> None:
    with asking(found(BOT), found([]), reply) as (forge, _), pytest.raises(error, match=words):
        forge.keep_comment(7, "metrics", "better")


@pytest.mark.parametrize(
    ("project", "words"),
    [
        pytest.param(found(a_project()), "needs the Reporter role and the scope api.*insufficient_scope", id="a right"),
        pytest.param(found(a_project(archived=True)), f"{REGISTRY} is archived", id="an archived project"),
        pytest.param(Reply(502, {}), "needs the Reporter role", id="that cannot be told"),
    ],
)
def test_a_refused_write_says_what_is_missing(project: Reply, words: str) -> None:
    forbidden = Reply(403, {"error": "insufficient_scope", "scope": "api"})

    with asking(found(BOT), found([]), forbidden, project) as (forge, _), pytest.raises(NotAllowed, match=words):
        forge.keep_comment(7, "metrics", "better")


def test_a_project_that_moved_is_named_and_the_way_there_not_followed() -> None:
    with asking(MOVED, RENAMED) as (forge, server):
        with pytest.raises(Unknown, match=f"{REGISTRY} is now acme/models; write the new name into the settings"):
            forge.pull_request(7)

        assert server.asked[1:] == ["GET /projects/4"]


def test_a_project_that_moved_is_named_when_it_is_written_to() -> None:
    refused = Reply(405, {"message": "Non GET methods are not allowed for moved projects"})

    with asking(found(BOT), found([]), refused, MOVED, RENAMED) as (forge, server):
        with pytest.raises(Unknown, match="is now acme/models"):
            forge.keep_comment(7, "metrics", "better")

        assert server.asked[3:] == [f"GET {PROJECT}", "GET /projects/4"]


def test_a_project_that_moved_out_of_sight_is_said_to_have_moved() -> None:
    with (
        asking(MOVED, Reply(404, {"message": "404 Project Not Found"})) as (forge, _),
        pytest.raises(Unknown, match="has moved"),
    ):
        forge.pull_request(7)


def test_a_project_that_answers_under_its_old_name_is_named() -> None:
    with asking(RENAMED) as (forge, _), pytest.raises(Unknown, match="is now acme/models"):
        forge.default_branch()


def test_an_empty_project_has_no_branch() -> None:
    with asking(found(a_project(default_branch=None))) as (forge, _), pytest.raises(Unknown, match="is empty"):
        forge.default_branch()


def test_a_redirection_to_no_project_is_a_wrong_address() -> None:
    with (
        asking(Reply(301, b"", {"Location": "https://gitlab.example/"})) as (forge, server),
        pytest.raises(ForgeUnavailable, match="write the forge's address"),
    ):
        forge.default_branch()

    assert len(server.asked) == 1


def test_a_page_that_asks_to_sign_in_is_not_gitlab() -> None:
    with asking(Reply(200, b"<html>Sign in</html>")) as (forge, _), pytest.raises(ForgeUnavailable, match="documented"):
        forge.default_branch()


def test_of_a_link_only_the_parameters_are_read() -> None:
    link = {"Link": '<https://elsewhere.example/round?id_after=42&per_page=100>; rel="next", <x?a=b>; rel="first"'}

    with asking(Reply(200, [a_request(1)], link), found([a_request(2)])) as (forge, server):
        assert forge.open_pull_requests("main") == (1, 2)

        assert server.asked == [f"GET {PROJECT}/merge_requests"] * 2
        assert server.queries[1]["id_after"] == "42"
        assert server.queries[1]["target_branch"] == "main"


def test_a_forge_under_a_path_is_asked_there() -> None:
    with serving(found(a_project())) as server:
        forge = connect(f"{server.url}/gitlab/", REGISTRY, token=TOKEN)
        forge.default_branch()
        forge.close()

        assert server.asked == ["GET /gitlab/api/v4/projects/acme%2Fml%2Fregistry"]


def test_a_trigger_token_is_in_no_address() -> None:
    target = Target("acme/digits-ui", "deploy", passing=Passing.VARIABLES, trigger_token="glptt-secret")
    refused = Reply(404, {"message": "404 Not Found"})

    with asking(refused) as (forge, server):
        with pytest.raises(Unknown) as refusal:
            forge.start_pipeline(target, {"model": "digits"})

        assert server.asked == ["POST /projects/acme%2Fdigits-ui/trigger/pipeline"]
        assert server.queries == [{}]
        assert "glptt" not in f"{refusal.value!r} {refusal.value.__cause__!r} {target!r}"
        assert json.loads(server.sent[0])["token"] == "glptt-secret"


def test_what_graphql_cannot_answer_is_refused() -> None:
    errors = {"errors": [{"message": "Query has complexity of 300"}]}
    replies = (found(a_request()), found([]), found(errors))

    with asking(*replies) as (forge, _), pytest.raises(ForgeRefused, match="complexity of 300"):
        forge.contributors(7)


def test_a_note_that_says_less_than_it_must_is_no_note() -> None:
    with (
        asking(found(BOT), found([]), Reply(202, {"commands_changes": {}, "summary": []})) as (forge, _),
        pytest.raises(ForgeUnavailable, match="documented"),
    ):
        forge.keep_comment(7, "metrics", "better")


def test_a_note_of_another_merge_request_is_not_this_ones() -> None:
    with asking(found(a_note(5, "hello", noteable_iid=8))) as (forge, _):
        assert forge.comment(7, 5) is None
