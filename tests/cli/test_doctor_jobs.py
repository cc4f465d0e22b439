"""The doctor looks at the jobs that are the bot where no server is."""

import json
from collections.abc import Callable, Mapping

import pytest

from cli.places import REGISTRY, Place
from registrar.cli.program import main

Said = Mapping[str, list[tuple[str, str]]]
Look = Callable[[], Said]

BOT = "registrar: {script: registrar reconcile}\n"

on_gitlab = pytest.mark.parametrize("place", ["gitlab"], indirect=True)


@pytest.fixture
def look(ready: Place, capsys: pytest.CaptureFixture[str]) -> Look:
    """How each check of jobs stands, and what is said of it."""

    def looked() -> Said:
        ready.sandbox.drain()
        capsys.readouterr()
        main(["doctor", "--json", "--without-server"])
        found: dict[str, list[tuple[str, str]]] = {}
        for each in json.loads(capsys.readouterr().out)["findings"]:
            found.setdefault(each["check"], []).append((each["standing"], each["says"]))
        return found

    return looked


@on_gitlab
def test_the_pipeline_is_the_file_that_the_project_names(ready: Place, look: Look) -> None:
    ready.sandbox.store.repository(REGISTRY).settings.ci_config_path = "ci/bot.yml"
    before = look()["jobs"]
    ready.land({".gitlab-ci.yml": BOT, "ci/bot.yml": "include: .gitlab/ci/*.yml\n", ".gitlab/ci/own.yml": BOT})

    said = look()

    assert before == [("problem", "ci/bot.yml is not on main, so no job there runs registrar reconcile")]
    assert said["jobs"] == [("ok", ".gitlab/ci/own.yml on main runs registrar reconcile")]
    [(standing, says)] = said["jobs, file"]
    assert standing == "problem"
    assert says.startswith("the pipeline's file is ci/bot.yml, where the bot's token is, and Registrar guards")


@on_gitlab
def test_a_pipeline_of_another_project_is_that_projects(ready: Place, look: Look) -> None:
    ready.sandbox.store.repository(REGISTRY).settings.ci_config_path = "bot.yml@acme/pipelines:stable"

    said = look()

    assert [standing for standing, _ in (*said["jobs"], *said["jobs, file"])] == ["cannot be told"] * 2
    assert said["jobs, file"][0][1] == (
        "the pipeline's file is bot.yml of acme/pipelines: whoever may change stable there has the bot's token"
    )


WORKFLOW = """
on: {schedule: [{cron: "*/10 * * * *"}]}
jobs:
  bot:
    steps:
      - uses: actions/checkout@v5
      - run: ./tools/before.sh && cat notes.txt
      - uses: acme/registry/.github/actions/own@next
      - run: registrar reconcile
"""
PIPELINE = """
include: {project: acme/registry, file: .github/actions/own, ref: next}
bot: {script: [./tools/before.sh, cat notes.txt, registrar reconcile]}
"""


def test_what_the_bots_job_takes_from_the_registry_is_looked_at(ready: Place, look: Look) -> None:
    is_github = ready.sandbox.forge.dialect.name == "github"
    path, text = (".github/workflows/bot.yml", WORKFLOW) if is_github else (".gitlab-ci.yml", PIPELINE)
    ready.land({path: text, "tools/before.sh": "true\n", "notes.txt": "hello\n"})

    said = look()["jobs, files"]

    asked = "where the bot's token is, and nobody is asked"
    may = "and may run it beside the bot's token; nobody is asked who changes it"
    assert set(said) == {
        ("problem", f"{path} runs tools/before.sh, {asked} who may change that"),
        ("problem", f"{path} runs .github/actions/own as it is at next, {asked} what that is"),
        ("cannot be told", f"{path} names notes.txt, {may}"),
    }


@pytest.mark.usefixtures("place")
def test_where_jobs_are_the_bot_setup_is_named_as_it_works_there(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--without-server"])

    mends = [line for line in capsys.readouterr().out.splitlines() if "registrar setup" in line]
    assert mends
    assert [line for line in mends if "run registrar setup --without-server, or " not in line] == []


@pytest.mark.usefixtures("place")
def test_who_has_jobs_is_told_how_to_look_at_them(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    assert any(line.endswith("where jobs are the bot, look with --without-server") for line in lines)


@pytest.mark.parametrize("place", ["github"], indirect=True)
def test_what_is_mended_at_once_is_told_once(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    mend = f"run registrar setup, or set it at {place.sandbox.url}/{REGISTRY}/settings/rules"
    [at] = [number for number, line in enumerate(lines) if line.strip() == mend]
    assert [line.split()[0] for line in lines[at - 6 : at + 2]] == [*["problem"] * 6, "run", "ok"]


@on_gitlab
def test_a_name_that_no_file_can_have_is_none(ready: Place, look: Look) -> None:
    pipeline = 'include: "\\ud800.yml"\nbot: {script: [registrar reconcile, "./\\ud800 ./a\\0b"]}\n'
    ready.land({".gitlab-ci.yml": pipeline})

    said = look()

    assert said["jobs"] == [("ok", ".gitlab-ci.yml on main runs registrar reconcile")]
    assert len(said["jobs, files"]) == 1
