"""What the command takes, refuses and says."""

import json
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from parity import only_on
from reconcile.jobs import wanted
from registrar.cli import reconciled
from registrar.cli.program import main
from registrar.core.events import PullRequestChanged
from registrar.errors import NotAllowed
from registrar.repository.lease import REF
from registrar.serverless.reconciling import Outcome, reconcile
from registrar.serverless.round import Failure, Told
from stories.places import REGISTRY
from stories.test_deploy import PROMOTED
from stories.town import Town

APP = "registrar[bot]"


@pytest.fixture
def here(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The same town, from a folder in which nothing is, with the bot's settings."""
    for name, value in {
        "HOME": str(tmp_path),
        "RUNNER_TEMP": str(tmp_path),
        "REGISTRAR_FORGE": town.side.dialect,
        "REGISTRAR_FORGE_URL": town.sandbox.url,
        "REGISTRAR_REPOSITORY": REGISTRY,
        "REGISTRAR_TOKEN": town.tokens["registrar-bot"],
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI_JOB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return town


def everything_written(town: Town) -> str:
    refs = subprocess.run(
        ["git", "-C", str(town.sandbox.store.repository(REGISTRY).path), "for-each-ref"],
        check=True,
        capture_output=True,
        text=True,
    )
    return refs.stdout


def test_where_all_is_done_a_run_writes_nothing_and_leaves_nothing(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    number = here.propose(PROMOTED, by="mei")
    before = everything_written(here)

    code = main(["reconcile", "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out) == {
        "repository": REGISTRY,
        "base": "main",
        "account": "registrar-bot",
        "had_its_turn": True,
        "looked_at": [f"SweepDue of {REGISTRY}~", f"PullRequestChanged of {REGISTRY}#{number}"],
        "written": [],
        "left": [],
        "failed": [],
        "ended_early": "",
    }
    assert everything_written(here) == before
    assert list(here.root.glob("registrar-*")) == []


def test_who_does_not_want_to_wait_leaves_without_a_fault(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    path = here.sandbox.store.repository(REGISTRY).path
    subprocess.run(["git", "-C", str(path), "update-ref", REF, "main"], check=True)

    code = main(["reconcile", "--no-wait"])

    assert (code, capsys.readouterr().err) == (0, f"another run works on {REGISTRY}; nothing was done here\n")


def test_who_waits_in_vain_says_so(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    path = here.sandbox.store.repository(REGISTRY).path
    subprocess.run(["git", "-C", str(path), "update-ref", REF, "main"], check=True)

    code = main(["reconcile", "--give-up-after", "1s"])

    assert code == 1
    assert "other runs work on acme/registry for so long that nothing was done" in capsys.readouterr().err


def test_what_cannot_be_done_is_named_and_the_exit_code_says_so(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    here.sandbox.grant(REGISTRY, "registrar-bot", "read")

    code = main(["reconcile"])

    assert code == 1
    assert capsys.readouterr().err.startswith("registrar: error: ")


@pytest.mark.parametrize("words", [["--follow", "soon"], ["--give-up-after", "10"], ["--follow", "-1s"]])
@only_on("github", because="What is wrong with an option is found before any forge is asked.")
def test_what_is_no_time_is_refused(here: Town, words: list[str]) -> None:
    del here
    assert main(["reconcile", *words]) == 2


@only_on("github", because="On GitLab a job has a token of another kind, which is refused before it is used.")
def test_the_token_of_every_workflow_is_refused(here: Town) -> None:
    here.tokens["everybody"] = here.sandbox.add_bot("github-actions[bot]").token
    here.sandbox.grant(REGISTRY, "github-actions[bot]", "write")
    before = everything_written(here)

    with pytest.raises(NotAllowed, match="speaks for every workflow that a writer can push"):
        reconcile(wanted(here, by="everybody"), threading.Event())

    assert everything_written(here) == before


@only_on("gitlab", because="On GitHub a job's token is that of an account, which is asked for.")
def test_the_token_of_a_job_is_refused(
    here: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI_JOB_TOKEN", here.tokens["registrar-bot"])

    assert main(["reconcile"]) == 1
    assert "project access token in a variable that is masked and protected" in capsys.readouterr().err


@only_on("github", because="GitLab has no apps: whatever token it gives out is that of a user.")
def test_an_app_speaks_by_its_own_account(here: Town) -> None:
    here.tokens["app"] = here.sandbox.add_bot(APP).token
    here.sandbox.grant(REGISTRY, APP, "write")
    here.sandbox.grant("acme/app", APP, "write")
    number = here.side.open("mei", branch=_pushed(here), base="main", draft=False)

    found = reconcile(wanted(here, by="app"), threading.Event())

    assert (found.account, found.is_fine) == (APP, True)
    assert {each.author for each in here.discussion(number)} == {APP}
    assert any(deed.startswith("set the status 'registrar: main'") for deed in found.deeds)


def test_a_job_can_look_at_nothing_but_what_it_was_started_for(here: Town) -> None:
    number = here.side.open("mei", branch=_pushed(here), base="main", draft=False)
    hint = PullRequestChanged(REGISTRY, number)

    found = reconcile(replace(wanted(here, hint=hint), hint_alone=True), threading.Event())

    assert found.told is not None
    assert found.told.looked_at == [hint]
    assert here.side.discussion("mei", number)


@pytest.mark.parametrize("words", [[], ["--json"]])
@only_on("github", because="What is printed is the same whichever forge was asked.")
def test_no_secret_is_in_what_a_run_says(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_SECRET_CHAT", "hush-hush-hush")
    told = Told(failed=[Failure(PullRequestChanged(REGISTRY, 7), "the pipeline hush-hush-hush was not found")])
    outcome = Outcome(REGISTRY, "main", APP, told=told, deeds=["send hush-hush-hush"], lost="hush-hush-hush")

    reconciled.say(outcome, as_json=bool(words))
    reconciled.say_what_failed(outcome, waited=True)

    said = "".join(capsys.readouterr())
    assert "the pipeline *** was not found" in said
    assert "hush" not in said


def test_who_is_told_to_stop_before_its_turn_does_nothing(here: Town) -> None:
    path = here.sandbox.store.repository(REGISTRY).path
    subprocess.run(["git", "-C", str(path), "update-ref", REF, "main"], check=True)
    stopping = threading.Event()
    stopping.set()

    assert reconcile(wanted(here), stopping).told is None


def _pushed(town: Town) -> str:
    town.commit(PROMOTED, by="mei", branch="change")
    return "change"
