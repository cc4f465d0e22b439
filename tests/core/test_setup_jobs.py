"""What the jobs must be that are the bot where no server is."""

import pytest

from registrar.core.setup import Standing, Untold
from registrar.core.setup_jobs import Schedules, Used, job_findings

SOUND = """\
on: {schedule: [{cron: "*/10 * * * *"}], pull_request_target: {}}
jobs:
  reconcile:
    steps:
      - uses: model-registrar/registrar@v0.1.0
        with: {command: reconcile}
"""


def found(
    text: str, *, schedules: Schedules | Untold | None = None, is_everybodys: bool = False
) -> list[tuple[str, Standing]]:
    looked = job_findings({"bot.yml": text}, {}, base="main", schedules=schedules, is_everybodys=is_everybodys)
    return [(finding.check, finding.standing) for finding in looked]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SOUND, [("jobs", Standing.OK), ("jobs, schedule", Standing.OK)], id="sound"),
        pytest.param("script: registrar check # or reconcile", [("jobs", Standing.PROBLEM)], id="no bot"),
        pytest.param(
            "script: registrar reconcile",
            [("jobs", Standing.OK), ("jobs, schedule", Standing.PROBLEM)],
            id="started by events alone",
        ),
        pytest.param(
            SOUND + "      - with: {ref: ${{ github.event.pull_request.head.sha }}}\n",
            [("jobs", Standing.OK), ("jobs, schedule", Standing.OK), ("jobs, files", Standing.PROBLEM)],
            id="obeys what is proposed",
        ),
    ],
)
def test_a_job_that_is_the_bot_is_looked_at(text: str, expected: list[tuple[str, Standing]]) -> None:
    assert found(text) == expected


SHA = "1" * 40


@pytest.mark.parametrize(
    ("used", "said"),
    [
        pytest.param(Used(".github/actions/own"), [], id="an action that is guarded"),
        pytest.param(Used("tools/own"), ["problem: bot.yml runs tools/own, where"], id="one that anybody may change"),
        pytest.param(Used(".github/actions/../../tools"), ["problem: bot.yml runs tools, where"], id="by a detour"),
        pytest.param(
            Used(".github/workflows/x.yml", "next"),
            ["problem: bot.yml runs .github/workflows/x.yml as it is at next"],
            id="another branch's",
        ),
        pytest.param(Used("tools/own", SHA), [], id="at a commit that was looked at"),
        pytest.param(Used(".github/workflows/x.yml", "refs/heads/main"), [], id="the base's own"),
        pytest.param(Used("x.yml", "refs/heads/main"), ["problem: bot.yml runs x.yml, where"], id="and not guarded"),
        pytest.param(Used("x.yml", "main"), ["problem: bot.yml runs x.yml as it is at main"], id="or a tag's"),
        pytest.param(
            Used("tools/x.sh", is_run=False), ["cannot be told: bot.yml names tools/x.sh, and may run"], id="named"
        ),
        pytest.param(Used("models/digits/curve.csv", is_run=False), [], id="data of the registry, named"),
        pytest.param(Used("models/digits/own.py"), ["problem: bot.yml runs models/digits/own.py"], id="and run"),
        pytest.param(Used("registry.yaml", is_run=False), [], id="what is guarded, named"),
    ],
)
def test_what_the_bots_job_takes_from_the_registry_must_be_guarded(used: Used, said: list[str]) -> None:
    looked = job_findings({"bot.yml": SOUND}, {"bot.yml": [used]}, base="main", schedules=None, is_everybodys=False)

    found = [f"{each.standing}: {each.says}" for each in looked if each.check == "jobs, files"]

    assert len(found) == len(said)
    assert all(one.startswith(other) for one, other in zip(found, said, strict=True))


def test_where_no_job_is_the_bot_what_others_run_is_nobodys_business() -> None:
    looked = job_findings({}, {"ci.yml": [Used("x.sh")]}, base="main", schedules=None, is_everybodys=False)

    assert [each.check for each in looked] == ["jobs"]


@pytest.mark.parametrize(
    ("file", "folder"), [(".github/workflows/bot.yml", ".github/actions or"), (".gitlab-ci.yml", ".gitlab/ci")]
)
def test_it_is_said_where_it_would_be_guarded(file: str, folder: str) -> None:
    looked = job_findings(
        {file: SOUND}, {"tools/action.yml": [Used("ci/own.yml")]}, base="main", schedules=None, is_everybodys=False
    )

    (finding,) = (each for each in looked if each.standing is Standing.PROBLEM)
    assert finding.mend.startswith(f"move it below {folder}")


@pytest.mark.parametrize(
    ("texts", "standing", "says"),
    [
        pytest.param({}, "problem", "none on main runs", id="no workflow"),
        pytest.param({"ci/bot.yml": ""}, "problem", "ci/bot.yml is not on main, so no job there runs", id="no file"),
        pytest.param({"bot.yml@acme/ours": ""}, "cannot be told", "bot.yml@acme/ours runs", id="another project's"),
    ],
)
def test_where_no_job_is_the_bot_it_is_said_why(texts: dict[str, str], standing: str, says: str) -> None:
    (finding,) = job_findings(texts, {}, base="main", schedules=None, is_everybodys=False)

    assert (finding.standing, says in finding.says) == (standing, True)


def test_the_jobs_of_the_right_forge_are_advised() -> None:
    mends = [
        finding.mend
        for path in (".gitlab-ci.yml", ".github/workflows/ci.yml")
        for finding in job_findings({path: "x: 1"}, {}, base="main", schedules=None, is_everybodys=False)
    ]

    assert ["--forge gitlab" in mend for mend in mends] == [True, False]


@pytest.mark.parametrize(
    ("schedules", "standing"),
    [
        pytest.param(Schedules(("*/10 * * * *",), "page"), Standing.OK, id="one"),
        pytest.param(Schedules((), "page"), Standing.PROBLEM, id="none"),
        pytest.param(Untold("not told"), Standing.UNTOLD, id="not told"),
    ],
)
def test_where_the_forge_says_when_pipelines_begin_it_is_asked(
    schedules: Schedules | Untold, standing: Standing
) -> None:
    assert found("script: registrar reconcile", schedules=schedules) == [
        ("jobs", Standing.OK),
        ("jobs, schedule", standing),
    ]


def test_an_account_of_every_workflow_is_none() -> None:
    assert found(SOUND, is_everybodys=True)[0] == ("account", Standing.PROBLEM)
