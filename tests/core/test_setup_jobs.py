"""What the jobs must be that are the bot where no server is."""

import pytest

from registrar.core.setup import Standing
from registrar.core.setup_jobs import job_findings

SOUND = """\
on: {schedule: [{cron: "*/10 * * * *"}], pull_request_target: {}}
jobs:
  reconcile:
    steps:
      - uses: model-registrar/registrar@v0.1.0
        with: {command: reconcile}
"""


def found(text: str, *, tells: bool = True, is_everybodys: bool = False) -> list[tuple[str, Standing]]:
    looked = job_findings({"bot.yml": text}, base="main", tells=tells, is_everybodys=is_everybodys)
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
        pytest.param(
            SOUND + "      - uses: ./.github/actions/own\n",
            [("jobs", Standing.OK), ("jobs, schedule", Standing.OK)],
            id="uses an action that is guarded",
        ),
        pytest.param(
            SOUND + "      - uses: ./tools/own # ours\n",
            [("jobs", Standing.OK), ("jobs, schedule", Standing.OK), ("jobs, files", Standing.PROBLEM)],
            id="uses an action that anybody may change",
        ),
        pytest.param(
            SOUND + "      - uses: ./\n",
            [("jobs", Standing.OK), ("jobs, schedule", Standing.OK), ("jobs, files", Standing.PROBLEM)],
            id="uses the registry itself as an action",
        ),
        pytest.param(
            SOUND + "      - uses: ./.github/actions/../../tools\n",
            [("jobs", Standing.OK), ("jobs, schedule", Standing.OK), ("jobs, files", Standing.PROBLEM)],
            id="leaves the folder that is guarded",
        ),
    ],
)
def test_a_job_that_is_the_bot_is_looked_at(text: str, expected: list[tuple[str, Standing]]) -> None:
    assert found(text) == expected


def test_what_its_pipeline_includes_must_be_guarded_too() -> None:
    included = (".gitlab/ci/own.yml", "ci/own.yml", "ci/own.yml")
    looked = job_findings({".gitlab-ci.yml": SOUND}, base="main", tells=True, is_everybodys=False, included=included)

    (finding,) = (each for each in looked if each.standing is Standing.PROBLEM)
    assert finding.says.startswith(".gitlab-ci.yml runs ci/own.yml, where the bot's token is")
    assert ".gitlab/ci" in finding.mend


@pytest.mark.parametrize(
    ("texts", "standing", "says"),
    [
        pytest.param({}, "problem", "none on main runs", id="no workflow"),
        pytest.param({"ci/bot.yml": ""}, "problem", "ci/bot.yml is not on main, so no job there runs", id="no file"),
        pytest.param({"bot.yml@acme/ours": ""}, "cannot be told", "bot.yml@acme/ours runs", id="another project's"),
    ],
)
def test_where_no_job_is_the_bot_it_is_said_why(texts: dict[str, str], standing: str, says: str) -> None:
    (finding,) = job_findings(texts, base="main", tells=False, is_everybodys=False)

    assert (finding.standing, says in finding.says) == (standing, True)


def test_where_the_file_does_not_say_when_it_starts_that_cannot_be_told() -> None:
    assert found(SOUND, tells=False) == [("jobs", Standing.OK), ("jobs, schedule", Standing.UNTOLD)]


def test_an_account_of_every_workflow_is_none() -> None:
    assert found(SOUND, is_everybodys=True)[0] == ("account", Standing.PROBLEM)
