"""How the adapter starts pipelines on GitLab, finds them again, and lets them go on."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from forges.gitlab_replies import ANA, BOT, a_pipeline, asking
from forges.replies import Reply, found
from registrar.core.pipelines import Passing, Target
from registrar.core.pull_requests import Outcome, Run
from registrar.errors import ForgeRefused, NotAllowed

APPLICATION = "/projects/acme%2Fml%2Fdigits-ui"
OPERATION = "deploy-7-0123456789abcdef"
SINCE = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
INPUTS = {"model": "digits", "pull_request": "7"}
VARIABLES = {"REGISTRAR_MODEL": "digits", "REGISTRAR_PULL_REQUEST": "7"}
NAMED = a_pipeline(name=f"Deploy digits@2.1.0 ({OPERATION})")
REFUSED = Reply(403, {"message": "403 Forbidden"})


def a_target(passing: Passing = Passing.INPUTS, trigger_token: str = "") -> Target:
    return Target("acme/ml/digits-ui", "deploy", ref="v1", passing=passing, trigger_token=trigger_token)


def a_run(**changes: object) -> Run:
    fields: dict[str, object] = {
        "id": 3,
        "title": OPERATION,
        "url": "https://forge.example/3",
        "outcome": Outcome.PENDING,
        "detail": "manual",
        "created_at": SINCE,
        "waits": True,
    }
    return Run(**(fields | changes))  # type: ignore[arg-type]  # a test names the fields that matter to it


def a_job(number: int, status: str = "manual", *, allow_failure: bool = False) -> dict[str, object]:
    return {"id": number, "status": status, "allow_failure": allow_failure, "pipeline": {"id": 3}}


@pytest.mark.parametrize(
    ("target", "path", "body"),
    [
        pytest.param(a_target(), "pipeline", {"ref": "refs/heads/v1", "inputs": INPUTS}, id="inputs"),
        pytest.param(
            a_target(Passing.VARIABLES),
            "pipeline",
            {"ref": "refs/heads/v1", "variables": [{"key": key, "value": value} for key, value in VARIABLES.items()]},
            id="variables",
        ),
        pytest.param(
            a_target(trigger_token="t"),
            "trigger/pipeline",
            {"ref": "refs/heads/v1", "inputs": INPUTS, "token": "t"},
            id="a trigger and inputs",
        ),
        pytest.param(
            a_target(Passing.VARIABLES, trigger_token="t"),
            "trigger/pipeline",
            {"ref": "refs/heads/v1", "variables": VARIABLES, "token": "t"},
            id="a trigger and variables",
        ),
    ],
)
def test_a_pipeline_is_told_what_to_deploy(target: Target, path: str, body: Mapping[str, object]) -> None:
    with asking(Reply(201, a_pipeline(status="created"))) as (forge, server):
        run = forge.start_pipeline(target, INPUTS)

        assert server.asked == [f"POST {APPLICATION}/{path}"]
        assert json.loads(server.sent[0]) == body
        assert run is not None
        assert (run.id, run.outcome, run.waits) == (3, Outcome.PENDING, False)


def test_a_tag_is_named_as_such_where_no_branch_has_the_name() -> None:
    refusal = Reply(400, {"message": {"base": ["Reference not found"]}})

    with asking(refusal, Reply(201, a_pipeline())) as (forge, server):
        forge.start_pipeline(a_target(), INPUTS)

        assert [json.loads(sent)["ref"] for sent in server.sent] == ["refs/heads/v1", "refs/tags/v1"]


def test_a_project_that_takes_no_variables_says_so() -> None:
    refusal = Reply(400, {"message": {"base": ["Insufficient permissions to set pipeline variables"]}})

    with (
        asking(refusal) as (forge, _),
        pytest.raises(ForgeRefused, match="acme/ml/digits-ui on v1: Insufficient permissions"),
    ):
        forge.start_pipeline(a_target(Passing.VARIABLES), INPUTS)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("created", Outcome.PENDING),
        ("waiting_for_resource", Outcome.PENDING),
        ("running", Outcome.PENDING),
        ("manual", Outcome.PENDING),
        ("scheduled", Outcome.PENDING),
        ("success", Outcome.SUCCESS),
        ("failed", Outcome.FAILURE),
        ("canceled", Outcome.FAILURE),
        ("skipped", Outcome.FAILURE),
    ],
)
def test_a_pipeline_stands_as_its_status_says(status: str, outcome: Outcome) -> None:
    with asking(found(BOT), found([NAMED | {"status": status}]), found(NAMED | {"user": BOT})) as (forge, _):
        run = forge.find_run(a_target(), OPERATION, since=SINCE)

    assert run is not None
    assert (run.outcome, run.waits, run.detail) == (outcome, status == "manual", status)


@pytest.mark.parametrize(
    ("pipelines", "number"),
    [
        pytest.param([NAMED], 3, id="by its name"),
        pytest.param([NAMED | {"id": 9}, NAMED | {"id": 8}], 8, id="the first of two"),
        pytest.param([a_pipeline(name="Deploy")], None, id="one without a key"),
        pytest.param([NAMED | {"name": f"{OPERATION}0"}], None, id="one of a longer key"),
        pytest.param([NAMED | {"source": "push"}], None, id="a push's that is named so"),
        pytest.param([NAMED | {"source": "trigger"}], None, id="a trigger's that is named so"),
        pytest.param([NAMED | {"ref": "eve"}], None, id="one of another branch"),
        pytest.param([NAMED | {"created_at": "2026-01-01T11:50:00Z"}], None, id="one from before"),
        pytest.param([], None, id="none"),
    ],
)
def test_a_pipeline_is_found_by_its_operation(pipelines: Sequence[object], number: int | None) -> None:
    by_itself = [found(NAMED | {"user": BOT})] if number else []
    with asking(found(BOT), found(pipelines), *by_itself) as (forge, server):
        run = forge.find_run(a_target(), OPERATION, since=SINCE)

        assert (run.id if run else None) == number
        narrowed = {"updated_after": "2026-01-01T11:55:00Z", "username": BOT["username"], "ref": "v1", "source": "api"}
        assert narrowed.items() <= server.queries[1].items()
        assert server.replies == []


@pytest.mark.parametrize(
    ("variables", "number"),
    [
        pytest.param([{"key": "REGISTRAR_OPERATION", "value": OPERATION}], 5, id="told by its variable"),
        pytest.param([{"key": "REGISTRAR_OPERATION", "value": f"x {OPERATION}"}], None, id="one that only holds it"),
        pytest.param([{"key": "X", "value": OPERATION}], None, id="another variable"),
        pytest.param([{"key": "REGISTRAR_OPERATION", "value": None}], None, id="a variable without a value"),
    ],
)
def test_a_pipeline_is_found_by_the_very_key_that_it_was_told(variables: object, number: int | None) -> None:
    by_itself = [found(a_pipeline(5, user=BOT))] if number else []
    with asking(found(BOT), found([a_pipeline(5)]), found(variables), *by_itself) as (forge, server):
        run = forge.find_run(a_target(Passing.VARIABLES), OPERATION, since=SINCE)

        assert (run.id if run else None) == number
        assert server.replies == []


@pytest.mark.parametrize("changes", [{"user": ANA}, {"user": None}, {"user": BOT, "ref": "eve"}])
def test_a_pipeline_of_somebody_else_is_not_ours_whatever_its_name(changes: dict[str, object]) -> None:
    with asking(found(BOT), found([NAMED]), found(NAMED | changes)) as (forge, _):
        assert forge.find_run(a_target(), OPERATION, since=SINCE) is None


def test_a_pipeline_of_a_trigger_token_belongs_to_who_made_the_token() -> None:
    theirs = a_pipeline(status="created", source="trigger", user=ANA)
    named = NAMED | {"source": "trigger"}

    with asking(Reply(201, theirs), found([named]), found(named | {"user": ANA})) as (forge, server):
        forge.start_pipeline(a_target(trigger_token="t"), INPUTS)
        run = forge.find_run(a_target(trigger_token="t"), OPERATION, since=SINCE)

        assert run is not None
        assert run.id == 3
        assert server.queries[1]["username"] == "ana"


def test_a_pipeline_of_a_trigger_token_that_nobody_is_known_to_have_made_is_not_ours() -> None:
    named = NAMED | {"source": "trigger"}

    with asking(found(BOT), found([named]), found(named | {"user": ANA})) as (forge, _):
        assert forge.find_run(a_target(trigger_token="t"), OPERATION, since=SINCE) is None


def test_variables_that_may_not_be_read_tell_nothing() -> None:
    with asking(found(BOT), found([a_pipeline()]), REFUSED, found({})) as (forge, _):
        assert forge.find_run(a_target(Passing.VARIABLES), OPERATION, since=SINCE) is None


def test_what_a_pipeline_waits_for_is_played() -> None:
    jobs = found([a_job(1), a_job(2, allow_failure=True), a_job(4, "success"), a_job(5)])
    played = Reply(200, {"id": 1})

    with asking(jobs, played, played, found(a_pipeline(status="running"))) as (forge, server):
        run = forge.resume_run(a_target(), a_run())

        assert [asked for asked in server.asked if asked.startswith("POST")] == [
            f"POST {APPLICATION}/jobs/1/play",
            f"POST {APPLICATION}/jobs/5/play",
        ]
        assert (run.detail, run.waits, run.title) == ("running", False, OPERATION)


def test_what_somebody_else_played_is_not_played_again() -> None:
    unplayable = Reply(400, {"message": "400 Bad request - Unplayable Job"})

    with asking(found([a_job(1)]), unplayable, found(a_pipeline())) as (forge, _):
        assert forge.resume_run(a_target(), a_run()).detail == "running"


def test_a_job_that_cannot_be_played_for_another_reason_is_told() -> None:
    refusal = Reply(400, {"message": "400 Bad request - Frozen"})

    with asking(found([a_job(1)]), refusal) as (forge, _), pytest.raises(ForgeRefused, match="Frozen"):
        forge.resume_run(a_target(), a_run())


def test_a_job_of_a_protected_environment_is_left_to_who_may_play_it() -> None:
    with (
        asking(found([a_job(1)]), REFUSED, found({"id": 5, "path_with_namespace": "acme/ml/digits-ui"})) as (forge, _),
        pytest.raises(NotAllowed, match=r"by hand: https://forge\.example/3"),
    ):
        forge.resume_run(a_target(), a_run())


@pytest.mark.parametrize(
    ("replies", "title"),
    [
        pytest.param((found(a_job(1)), found(NAMED)), NAMED["name"], id="a pipeline with a name"),
        pytest.param(
            (found(a_job(1)), found(a_pipeline()), found([{"key": "REGISTRAR_OPERATION", "value": OPERATION}])),
            OPERATION,
            id="a pipeline with our variables",
        ),
        pytest.param((found(a_job(1)), found(a_pipeline()), found([])), "", id="a pipeline of others"),
        pytest.param((Reply(404, {"message": "404"}),), None, id="no such job"),
    ],
)
def test_a_job_tells_the_title_of_its_pipeline(replies: Sequence[Reply], title: str | None) -> None:
    with asking(*replies) as (forge, _):
        assert forge.title_of_job("acme/ml/digits-ui", 1) == title
