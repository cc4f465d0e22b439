"""What GitLab reads of a job: a dotenv report without surprises, metrics, problems beside their lines."""

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from registrar.ci.gitlab import publish
from registrar.ci.gitlab_dotenv import LARGEST, dotenv
from registrar.ci.gitlab_reports import code_quality, metrics_report
from registrar.ci.gitlab_variables import with_variables
from registrar.ci.outcome import OUTPUTS, Figure, Outcome, Remark

# What GitLab's own validator asks of a problem: app/validators/json_schemas/codeclimate.json
DEGRADATIONS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string"},
                    "lines": {"type": "object", "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def as_gitlab_reads(report: str) -> dict[str, str]:
    """Line by line up to the first `=`, and nothing else may stand there."""
    found = [re.fullmatch(r"(.*?)=(.*)", line) for line in report.splitlines()]
    assert None not in found, report
    return {match[1].strip(): match[2].strip() for match in found if match}


def as_gitlab_expands(text: str, variables: dict[str, str]) -> str:
    """Once more, on the runner, and what is not known is nothing."""
    return re.sub(
        r"\$(\w)|\$\{(\w*)\}?|\$(\S)|%(\w+)%", lambda found: variables.get(found[1] or found[2] or found[4], ""), text
    )


@pytest.mark.parametrize(
    ("said", "read"),
    [
        pytest.param("reads digits", "reads digits", id="a plain text"),
        pytest.param("", "", id="nothing"),
        pytest.param('better = "more"', 'better = "more"', id="quotes and equals signs"),
        pytest.param("better\nREGISTRAR_TOKEN=of-eve", "better REGISTRAR_TOKEN=of-eve", id="another line"),
        pytest.param("better\u2028\x85\rEVE=1", "better EVE=1", id="what only some take for a line's end"),
        pytest.param(
            "costs $TOKEN and ${TOKEN} and %TOKEN%", "costs $ TOKEN and $ {TOKEN} and % TOKEN%", id="variables"
        ),
        pytest.param("$$TOKEN, $5 off, 5%", "$ $ TOKEN, $ 5 off, 5%", id="dollars and per cent"),
        pytest.param("# not a comment", "# not a comment", id="a comment elsewhere"),
    ],
)
def test_a_value_reaches_the_next_job_as_one_inert_line(said: str, read: str) -> None:
    report = dotenv({"description": said})

    assert as_gitlab_reads(report) == {"REGISTRAR_OUTPUT_DESCRIPTION": read}
    assert as_gitlab_expands(read, {"TOKEN": "s3cret", "T": "s3cret"}) == read


def test_every_output_has_a_name_that_gitlab_takes() -> None:
    names = as_gitlab_reads(dotenv(dict.fromkeys(OUTPUTS, "x")))

    assert len(names) == len(OUTPUTS)
    assert [name for name in names if not re.fullmatch(r"REGISTRAR_OUTPUT_[A-Z_]+", name)] == []


def test_the_report_is_never_larger_than_gitlab_takes() -> None:
    report = dotenv(dict.fromkeys(OUTPUTS, "é" * 100_000))

    assert len(report.encode()) <= LARGEST
    assert set(as_gitlab_reads(report).values()) != {""}


def families(report: str) -> list[Metric]:
    return list(text_string_to_metric_families(report))  # type: ignore[no-untyped-call] # it has no types


def test_metrics_are_openmetrics_whatever_they_are_called() -> None:
    figures = [Figure("risk/fraud", "1.0.0", 'a "odd\\\nname', 0.1 + 0.2), Figure("digits", "2.0.0", "latency", 5.0)]

    [family] = families(metrics_report(figures))

    assert [(each.labels["model"], each.labels["metric"], each.value) for each in family.samples] == [
        ("risk/fraud", 'a "odd\\\nname', 0.1 + 0.2),
        ("digits", "latency", 5.0),
    ]


def test_no_metrics_are_a_report_too() -> None:
    assert families(metrics_report([])) == []


def test_problems_stand_beside_their_lines() -> None:
    twice = Remark("status 'prod' is not one of Staging, Production", "models/digits/status.yaml", 4)

    report = json.loads(code_quality([twice, twice, Remark("unreadable", "registry.yaml"), Remark("no file's")]))

    jsonschema.validate(report, DEGRADATIONS)
    assert [(each["location"]["path"], each["location"]["lines"]["begin"]) for each in report] == [
        ("models/digits/status.yaml", 4),
        ("models/digits/status.yaml", 4),
        ("registry.yaml", 1),
    ]
    assert len({each["fingerprint"] for each in report}) == len(report)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("$CI_COMMIT_TAG", "1.2.0", id="a whole value"),
        pytest.param("digits@${CI_COMMIT_TAG}", "digits@1.2.0", id="in braces"),
        pytest.param("$TITLE", "takes $TOKEN", id="what a variable holds is left alone"),
        pytest.param("$$TITLE", "$TITLE", id="an escaped dollar sign"),
        pytest.param("costs $5 or $NOBODY", "costs $5 or $NOBODY", id="what is no variable"),
    ],
)
def test_an_input_names_variables_of_its_job_once(text: str, meant: str) -> None:
    environment = {"CI_COMMIT_TAG": "1.2.0", "TITLE": "takes $TOKEN", "TOKEN": "s3cret"}

    assert with_variables(text, environment) == meant


def test_nothing_that_is_said_commands_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    log = io.StringIO()

    publish(Outcome("audit", 0, "# digits\n\x1b[0Ksection_start:1:hidden[collapsed=true]\r\x1b[0K\n"), log)

    assert log.getvalue() == "# digits\n[0Ksection_start:1:hidden[collapsed=true][0K\n"
