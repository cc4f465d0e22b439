"""What a job is told of a command is what the command said, and no secret."""

import pytest

from registrar.ci.outcome import Figure, Remark
from registrar.ci.telling import refused, told
from registrar.errors import InvalidRegistry, NotAllowed
from registrar.observing.redaction import Redaction
from registry_schema import Problem

NOTHING = Redaction([])


def compared(**changes: object) -> dict[str, object]:
    said: dict[str, object] = {
        "pull_request": 7,
        "verdict": "passed",
        "candidates": [],
        "registrations": [],
        "transitions": [],
        "problems": [],
        "comment": "12",
        "left_out": ["a comment: no"],
        "markdown": "### fine\n",
    }
    return {**said, **changes}


def moved(version: str, after: str) -> dict[str, str]:
    return {"model": "digits", "version": version, "before": "Development", "after": after}


def a_candidate(version: str, *metrics: tuple[str, float | None]) -> dict[str, object]:
    measured = [{"metric": name, "candidate": value} for name, value in metrics]
    return {"model": "digits", "version": version, "status": "Production", "metrics": measured, "description": "better"}


def test_of_several_moves_the_strictest_is_told() -> None:
    candidates = [a_candidate("1.0.0"), a_candidate("1.1.0")]
    moves = [moved("1.0.0", "Staging"), moved("1.1.0", "Production")]

    outcome = told("compare", {}, code=0, said=compared(candidates=candidates, transitions=moves))

    assert (outcome.outputs["event"], outcome.outputs["version"]) == ("assignment", "1.1.0")
    assert (outcome.outputs["stage"], outcome.outputs["comment-id"]) == ("Production", "12")
    assert "Left out: a comment: no" in outcome.summary


def test_every_metric_that_was_measured_is_a_figure() -> None:
    candidates = [a_candidate("1.1.0", ("accuracy", 0.9), ("latency", None))]

    outcome = told("compare", {}, code=0, said=compared(candidates=candidates, registrations=[{"version": "1.1.0"}]))

    assert outcome.figures == (Figure("digits", "1.1.0", "accuracy", 0.9),)
    assert outcome.outputs["event"] == "registration"


def test_a_version_that_was_named_is_told() -> None:
    metrics = a_candidate("1.1.0", ("accuracy", 0.9))["metrics"]
    said = {"model": "digits", "candidate": "1.1.0", "baseline": "1.0.0", "metrics": metrics, "markdown": "fine"}

    outcome = told("compare", {"selector": "digits@latest"}, code=0, said=said)

    assert (outcome.outputs["event"], outcome.outputs["name"], outcome.outputs["version"]) == ("", "digits", "1.1.0")
    assert [figure.value for figure in outcome.figures] == [0.9]


def test_a_change_of_nothing_is_no_event() -> None:
    outcome = told("compare", {}, code=0, said=compared())

    assert (outcome.outputs["event"], outcome.outputs["name"], outcome.outputs["type"]) == ("", "", "")


def test_what_stops_a_command_is_told_at_its_place() -> None:
    error = InvalidRegistry([Problem("registry.yaml", 3, "is wrong", "mend it")])

    outcome = refused("compare", error, NOTHING)

    assert outcome.remarks == (Remark("is wrong; mend it", "registry.yaml", 3),)
    assert (outcome.code, outcome.outputs["verdict"]) == (1, "failed")


def test_no_secret_is_told() -> None:
    outcome = refused("promote", NotAllowed("the token s3cret-word may not"), Redaction(["s3cret-word"]))

    assert outcome.remarks == (Remark("the token *** may not"),)
    assert "s3cret" not in outcome.summary


def test_a_bug_of_ours_is_called_one() -> None:
    outcome = refused("check", ZeroDivisionError(), NOTHING)

    assert (outcome.code, outcome.remarks[0].message.startswith("this is a bug in Registrar")) == (3, True)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        pytest.param({}, "Nothing had to be written.", id="nothing to do"),
        pytest.param({"written": ["a comment"]}, "- a comment", id="something written"),
        pytest.param({"dry_run": True, "would_write": ["push x"]}, "- would push x", id="something to be written"),
        pytest.param({"failed": [{"what": "x", "why": "y"}]}, "- ❌ x: y", id="something failed"),
        pytest.param({"left": ["x"]}, "The next run goes on with x.", id="something left"),
        pytest.param({"had_its_turn": False}, "another run works on it, and nothing was done here", id="no turn"),
        pytest.param(
            {"had_its_turn": False, "held_by": {"name": "job 3", "since": "2026-03-01T12:00:00+00:00"}},
            "job 3 works on it since 2026-03-01T12:00:00+00:00, and nothing was done here",
            id="somebody's turn",
        ),
    ],
)
def test_a_summary_says_what_a_run_of_the_bot_did(said: dict[str, object], line: str) -> None:
    lists: dict[str, object] = {name: [] for name in ("written", "would_write", "not_foretold", "failed", "left")}
    run = {"repository": "acme/registry", "base": "main", "dry_run": False, "had_its_turn": True, "ended_early": None}
    run["held_by"] = None

    outcome = told("reconcile", {}, code=0, said={**lists, **run, **said})

    assert line in outcome.summary


def test_a_story_of_changes_is_a_table() -> None:
    record = {"at": "2026-03-01", "model": "digits", "version": "1.0.0", "before": "Staging", "after": "Production"}

    outcome = told("audit", {}, code=1, said={"records": [{**record, "ruling": "approved"}], "remarks": ["no ledger"]})

    assert "| 2026-03-01 | digits | 1.0.0 | Staging | Production | approved |" in outcome.summary
    assert outcome.remarks == (Remark("no ledger"),)
