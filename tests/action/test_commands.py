"""Every command, run as GitHub runs the action: what the job's next steps, the author and the reviewer see."""

import re

import pytest

from action.places import JOB, READER, Place
from stories.registries import a_version

STATUS = "models/digits/status.yaml"
COMPARE = {"command": "compare", "comment": "true"}


def test_check_shows_each_problem_at_its_line(place: Place) -> None:
    number = place.propose({STATUS: "Production: 1.0.0\nProduktion: 1.1.0\n"}, branch="misspelt")

    ran = place.on_pull_request(number, {"command": "check"})

    assert (ran.code, ran.outputs["verdict"]) == (1, "failed")
    [annotation] = ran.annotations
    assert re.fullmatch(rf"::error file={STATUS},line=2,title=Registrar::.*Produktion.*", annotation)
    assert f"| {STATUS} | 2 |" in ran.summary.replace("\u2060", "").replace("\\", "")


def test_check_tells_what_a_push_did_in_the_words_of_gto(place: Place) -> None:
    place.town.commit({STATUS: "Production: 1.1.0\nArchived: [0.9.0, 1.0.0]\n"}, by="ana", branch="pushed")

    ran = place.on_push({"command": "check"}, ref="refs/heads/pushed", depth=2, base="pushed")

    said = {name: ran.outputs[name] for name in ("event", "name", "version", "stage", "type", "path", "verdict")}
    assert (ran.code, said) == (
        0,
        {
            "event": "assignment",
            "name": "digits",
            "version": "1.1.0",
            "stage": "Production",
            "type": "model",
            "path": "models/digits/versions/1.1.0/model.joblib",
            "verdict": "passed",
        },
    )


def test_check_tells_no_event_of_what_is_only_proposed(place: Place) -> None:
    number = place.propose({STATUS: "Production: 1.1.0\nArchived: [0.9.0, 1.0.0]\n"}, branch="proposed")

    ran = [
        place.on_pull_request(number, {"command": "check"}, depth=2),
        place.on_push({"command": "check"}, ref="refs/heads/proposed", depth=2, base="main"),
    ]

    assert [(each.code, each.outputs["verdict"]) for each in ran] == [(0, "passed")] * 2, ran[0].log
    assert [(each.outputs["event"], each.outputs["version"], each.outputs["stage"]) for each in ran] == [("",) * 3] * 2


def test_compare_keeps_one_comment_on_a_pull_request(place: Place) -> None:
    number = place.propose(a_version("1.3.0", accuracy=0.97), branch="better")

    first = place.on_pull_request(number, COMPARE)
    again = place.on_pull_request(number, COMPARE)

    [comment] = place.comments(number)
    assert (first.code, again.code) == (0, 0), first.log + again.log
    assert first.outputs["comment-id"] == again.outputs["comment-id"] != ""
    assert [first.outputs[name] for name in ("event", "name", "version", "verdict", "pull-request")] == [
        "registration",
        "digits",
        "1.3.0",
        "passed",
        str(number),
    ]
    assert "0.97" in comment
    assert "better" in comment


def test_a_job_compares_the_head_it_was_started_for_and_leaves_the_comment_to_that_of_a_newer_one(
    place: Place,
) -> None:
    number = place.propose(a_version("1.6.0", accuracy=0.97), branch="moves-on")
    former = place.town.pull_request(number).head
    place.town.commit(a_version("1.6.0", accuracy=0.12), by="mei", branch="moves-on")  # by force: from main again

    ran = place.on_pull_request(number, COMPARE, head=former)

    assert (ran.code, ran.outputs["verdict"], ran.outputs["comment-id"]) == (0, "passed", ""), ran.log
    assert "0.97" in ran.summary
    assert f"Left out: a comment: this is of {former[:7]}, and pull request " in ran.summary
    assert place.comments(number) == []


def test_compare_fails_the_job_for_what_cannot_pass(place: Place) -> None:
    number = place.propose({STATUS: "Production: 1.2.0\nArchived: [0.9.0, 1.0.0]\n"}, branch="worse")

    ran = place.on_pull_request(number, COMPARE)

    assert (ran.code, ran.outputs["verdict"], ran.outputs["stage"]) == (1, "failed", "Production")
    assert "worse than the 0.9 of 1.0.0" in place.comments(number)[0].replace("\u2060", "")


def test_compare_of_a_fork_says_in_the_summary_what_it_left_out(place: Place) -> None:
    number = place.propose(a_version("1.4.0", accuracy=0.96), branch="of-a-fork")

    ran = place.on_pull_request(number, COMPARE, by=READER)

    assert (ran.code, ran.outputs["verdict"], ran.outputs["comment-id"]) == (0, "passed", "")
    assert place.comments(number) == []
    assert "0.96" in ran.summary
    assert re.findall(r"Left out: (\S+ \S+)", ran.summary) == ["who must", "a comment:"]


def test_a_pull_request_of_another_repository_is_none_of_the_registrys(place: Place) -> None:
    number = place.propose(a_version("1.5.0", accuracy=0.96), branch="same-number")

    ran = place.on_pull_request(number, COMPARE, of="acme/digits-training")

    assert ran.code == 2, ran.log
    assert "--comment needs a pull request to write on" in ran.annotations[0]
    assert place.comments(number) == []


def test_rollback_tells_which_version_comes_back(place: Place) -> None:
    ran = place.on_push({"command": "rollback", "model": "digits"})

    opened = place.town.pull_request(int(ran.outputs["pull-request"]))
    assert (ran.code, opened.title) == (0, "Roll digits back to 0.9.0 in Production")
    assert [ran.outputs[name] for name in ("event", "version", "stage")] == ["assignment", "0.9.0", "Production"]


def test_promote_tells_which_pull_request_it_opened(place: Place) -> None:
    ran = place.on_push({"command": "promote", "selector": "digits@1.1.0", "to": "production"})

    opened = place.town.pull_request(int(ran.outputs["pull-request"]))
    assert (ran.code, opened.title) == (0, "Promote digits 1.1.0 to Production")
    assert [ran.outputs[name] for name in ("event", "name", "version", "stage")] == [
        "assignment",
        "digits",
        "1.1.0",
        "Production",
    ]


def test_register_tracks_the_weights_and_opens_a_pull_request(place: Place) -> None:
    made = place.runner.folder / "made"
    made.mkdir()
    (made / "model.joblib").write_bytes(b"weights of 2.0.0")
    (made / "metrics.json").write_text('{"accuracy": 0.98, "latency": 4.0}')

    ran = place.on_push(
        {
            "command": "register",
            "model": "digits",
            "version": "2.0.0",
            "weights": str(made / "model.joblib"),
            "metrics": str(made / "metrics.json"),
            "description": "Twice as\ngood",
        }
    )

    assert ran.code == 0, ran.log
    assert [ran.outputs[name] for name in ("event", "name", "version", "path", "description")] == [
        "registration",
        "digits",
        "2.0.0",
        "models/digits/versions/2.0.0/model.joblib",
        "Twice as\ngood",
    ]
    assert place.town.pull_request(int(ran.outputs["pull-request"])).title == "Register digits 2.0.0"


def test_audit_names_what_breaks_the_proof(place: Place) -> None:
    ran = place.on_push({"command": "audit", "verify": "true", "unsigned": "true"}, depth=50)

    assert (ran.code, ran.outputs["verdict"]) == (1, "failed"), ran.log
    assert "there is no ledger" in ran.summary


def test_reconcile_is_not_done_with_the_token_of_every_job(place: Place) -> None:
    ran = place.on_push({"command": "reconcile"})

    assert ran.code == 1, ran.log
    assert JOB in ran.annotations[0]


@pytest.mark.parametrize(
    ("inputs", "line"),
    [
        pytest.param({"command": "serve"}, "command is 'serve': it must be one of check, compare", id="command"),
        pytest.param({"command": "check", "selector": "x"}, "check takes no input 'selector'", id="input"),
        pytest.param(
            {"command": "rollback"}, "the following arguments are required: MODEL", id="nothing where it must"
        ),
        pytest.param({"command": "audit", "format": "tabel"}, "argument --format: 'tabel' is not one of", id="choice"),
    ],
)
def test_an_input_that_cannot_be_fails_the_step_and_says_why(inputs: dict[str, str], line: str, place: Place) -> None:
    ran = place.on_push(inputs)

    assert (ran.code, len(ran.annotations)) == (2, 1)
    assert ran.annotations[0].startswith(f"::error title=Registrar::{line}")
    assert line.partition(":")[0] in ran.summary


def test_reconcile_does_the_bots_work_with_a_token_of_its_own(place: Place) -> None:
    number = place.propose({STATUS: "Production: 1.1.0\nArchived: [0.9.0, 1.0.0]\n"}, branch="asked")

    ran = place.on_push({"command": "reconcile", "token": place.town.tokens["registrar-bot"]})

    assert ran.code == 0, ran.log
    assert "acme/registry into main" in ran.summary
    assert "waiting for ana" in place.town.verdict(number)
