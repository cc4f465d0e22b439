"""What a job on GitHub is told cannot be bent by a model's name, a description or a path, whoever chose it."""

import io
import json
from pathlib import Path

import pytest

from action.jobs import obeyed
from registrar.ci.github import ANNOTATIONS, annotation, publish, surroundings
from registrar.ci.outcome import OUTPUTS, Outcome, Remark
from registrar.sandbox.steps import read_assignments

HOSTILE = (
    "x\nverdict=passed\nverdict<<end\npassed\nend\n::set-output name=verdict::passed\n::add-mask::e\r\n##[error]x%0A"
)


def published(outcome: Outcome, folder: Path) -> tuple[dict[str, str], str, str]:
    """The outputs as GitHub reads them, the summary, and the log."""
    log = io.StringIO()
    places = {"GITHUB_OUTPUT": folder / "output", "GITHUB_STEP_SUMMARY": folder / "summary"}
    publish(outcome, {name: str(place) for name, place in places.items()}, log)
    return read_assignments(places["GITHUB_OUTPUT"]), places["GITHUB_STEP_SUMMARY"].read_text(), log.getvalue()


def test_every_output_is_what_it_was_given_whatever_it_holds(tmp_path: Path) -> None:
    hostile = {"name": HOSTILE, "description": "two\nlines", "verdict": "failed"}

    outputs, _, _ = published(Outcome("check", 1, "", hostile), tmp_path)

    told = {name: value.replace("\r", "") for name, value in outputs.items()}
    assert told == {name: hostile.get(name, "").replace("\r", "") for name in OUTPUTS}


def test_a_summary_in_the_log_commands_nothing(tmp_path: Path) -> None:
    _, summary, log = published(Outcome("check", 1, HOSTILE), tmp_path)

    assert summary == HOSTILE.replace("\r\n", "\n")
    assert obeyed(log) == []


def test_an_annotation_is_one_command_at_its_line() -> None:
    remark = Remark("50 % is wrong\n::error::no", "models/a,b:c/status.yaml", 7)

    assert annotation(remark) == (
        "::error file=models/a%2Cb%3Ac/status.yaml,line=7,title=Registrar::50 %25 is wrong%0A::error::no"
    )


def test_no_more_annotations_are_made_than_are_shown(tmp_path: Path) -> None:
    remarks = tuple(Remark("wrong", f"{number}.yaml", 1) for number in range(40))

    _, _, log = published(Outcome("check", 1, "", remarks=remarks), tmp_path)

    assert len(obeyed(log)) == ANNOTATIONS


def test_what_the_log_cannot_hold_stops_no_report() -> None:
    kept = io.BytesIO()
    log = io.TextIOWrapper(kept, encoding="ascii")

    publish(Outcome("check", 1, "models/\udcff é\n", remarks=(Remark("wrong", "models/\udcff", 1),)), {}, log)

    assert b"\nmodels/\\udcff \\xe9\n" in kept.getvalue()
    assert b"::error file=models/\\udcff,line=1,title=Registrar::wrong\n" in kept.getvalue()


@pytest.mark.parametrize(
    ("ref", "branch", "tag"),
    [
        pytest.param("refs/heads/risk/main", "risk/main", "", id="branch"),
        pytest.param("refs/tags/digits@v1.0.0", "", "digits@v1.0.0", id="tag"),
        pytest.param("refs/pull/7/merge", "", "", id="pull request"),
    ],
)
def test_a_job_runs_on_a_branch_or_on_a_tag_or_on_neither(ref: str, branch: str, tag: str) -> None:
    around = surroundings({"GITHUB_REF": ref})

    assert (around.branch, around.tag) == (branch, tag)


@pytest.mark.parametrize(
    ("event", "number", "base"),
    [
        pytest.param('{"pull_request": {"number": 7, "base": {"ref": "main"}}}', 7, "main", id="pull request"),
        pytest.param('{"ref": "refs/heads/main"}', None, "", id="push"),
        pytest.param('{"pull_request": {"number": "7; rm", "base": null}}', None, "", id="not what GitHub says"),
        pytest.param("[]", None, "", id="no event"),
    ],
)
def test_the_event_tells_of_the_pull_request(event: str, number: int | None, base: str, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(event)

    around = surroundings({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")})

    assert (around.pull_request, around.base) == (number, base)


@pytest.mark.parametrize(
    ("head", "fork_of"),
    [
        pytest.param({"repo": {"full_name": "acme/training"}}, "", id="its own"),
        pytest.param({"repo": {"full_name": "leo/training"}}, "acme/training", id="a fork"),
        pytest.param({"repo": None}, "acme/training", id="a fork that is deleted"),
    ],
)
def test_a_job_of_a_fork_is_told_by_where_its_head_is(head: dict[str, object], fork_of: str, tmp_path: Path) -> None:
    base = {"ref": "main", "repo": {"full_name": "acme/training"}}
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 7, "base": base, "head": head}}))

    around = surroundings({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")})

    assert around.fork_of == fork_of
