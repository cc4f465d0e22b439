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
from registrar.repository.lease import REF, Holder
from registrar.sandbox.faults import Answered, Spot
from registrar.serverless.reconciling import Outcome, reconcile
from registrar.serverless.round import Failure, Limits, Told
from stories.checkouts import git
from stories.places import REGISTRY
from stories.test_deploy import PROMOTED
from stories.town import Town

APP = "registrar[bot]"
HELD = "https://ci.example.org/job/3 works on this registry since 2026-03-01T12:00:00+00:00"


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
    return refs_of(town.sandbox.store.repository(REGISTRY).path)


def refs_of(repository: Path) -> str:
    return git(repository, "for-each-ref")


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
        "dry_run": False,
        "had_its_turn": True,
        "held_by": None,
        "looked_at": [f"SweepDue of {REGISTRY}~", f"PullRequestChanged of {REGISTRY}#{number}"],
        "written": [],
        "would_write": [],
        "not_foretold": [],
        "left": [],
        "failed": [],
        "ended_early": "",
    }
    assert everything_written(here) == before
    assert list(here.root.glob("registrar-*")) == []


def _held(here: Town, said: str) -> None:
    here.commit({}, by="leo", branch="holds", message=said)
    path = here.sandbox.store.repository(REGISTRY).path
    subprocess.run(["git", "-C", str(path), "update-ref", REF, "holds"], check=True)


@pytest.mark.parametrize(
    ("said", "told", "held_by"),
    [
        pytest.param(
            HELD,
            f"https://ci.example.org/job/3 works on {REGISTRY} since 2026-03-01 12:00 UTC",
            {"name": "https://ci.example.org/job/3", "since": "2026-03-01T12:00:00+00:00"},
            id="a job",
        ),
        pytest.param("hello", f"another run works on {REGISTRY}", None, id="nobody says who"),
    ],
)
def test_who_does_not_want_to_wait_leaves_without_a_fault_and_says_for_whom(
    here: Town, said: str, told: str, held_by: object, capsys: pytest.CaptureFixture[str]
) -> None:
    _held(here, said)

    code = main(["reconcile", "--no-wait", "--json"])

    printed = capsys.readouterr()
    assert (code, printed.err) == (0, f"{told}; nothing was done here\n")
    assert json.loads(printed.out)["held_by"] == held_by


def test_who_waits_in_vain_says_so_and_for_whom(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    _held(here, HELD)

    code = main(["reconcile", "--give-up-after", "1s"])

    who = f"https://ci.example.org/job/3 works on {REGISTRY} since 2026-03-01 12:00 UTC"
    vain = "and no turn came in the time that --give-up-after gives; nothing was done here"
    assert (code, capsys.readouterr().err) == (1, f"registrar: error: {who}, {vain}\n")


def test_what_cannot_be_done_is_named_and_the_exit_code_says_so(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    here.sandbox.grant(REGISTRY, "registrar-bot", "read")

    code = main(["reconcile"])

    assert code == 1
    assert capsys.readouterr().err.startswith("registrar: error: ")


@pytest.mark.parametrize("stream", ["a job's log", "a pipe"])
def test_who_waits_says_for_whom_where_people_look_on(
    here: Town, stream: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    variable = {"github": "GITHUB_ACTIONS", "gitlab": "GITLAB_CI"}[here.side.dialect]
    monkeypatch.setenv(variable, "true" if stream == "a job's log" else "")
    _held(here, HELD)

    limits, stopping = Limits(follow=0.0, give_up_after=60.0), threading.Event()

    def told(whose: Holder | None) -> None:
        reconciled.say_waiting(whose)
        stopping.set()

    reconcile(replace(wanted(here), limits=limits), stopping, waiting=told)

    waiting = "waiting for a turn: https://ci.example.org/job/3 works on the registry since 2026-03-01 12:00 UTC\n"
    assert (waiting in capsys.readouterr().err) == (stream == "a job's log")


def test_a_right_that_the_token_lacks_is_named_at_once_and_the_rest_is_done(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    number = here.side.open("mei", branch=_pushed(here), base="main", draft=False)
    here.commit({"notes.txt": "hello\n"}, by="leo", branch="notes")
    other = here.side.open("leo", branch="notes", base="main", draft=False)
    head = here.pull_request(number).head
    refusal = b'{"message": "403 Forbidden"}'
    here.faults.begin(Spot("POST", f"/statuses/{head}"), Answered(acts=False, status=403, body=refusal))

    found = reconcile(wanted(here), threading.Event())

    assert reconciled.say_what_failed(found, waited=True) == 1
    assert here.status(other)[0] == "success"
    first, *more = capsys.readouterr().err.splitlines()
    assert first.startswith("registrar: error: not everything could be done, as the token lacks ")
    assert [line.partition(":")[0] for line in more] == [f"PullRequestChanged of {REGISTRY}#{number}"]


def test_a_dry_run_says_what_waits_to_be_written_and_writes_nothing(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    number = here.side.open("mei", branch=_pushed(here), base="main", draft=False)
    here.side.comment("mei", number, "/registrar promote digits@1.1.0 to Production")
    head = here.pull_request(number).head
    before, requests = everything_written(here), here.faults.begin(Spot(by="registrar-bot", is_write=True))

    code = main(["reconcile", "--dry-run", "--json"])

    said = json.loads(capsys.readouterr().out)
    assert (code, said["dry_run"], said["written"], said["failed"]) == (1, True, [], [])
    assert f"set the status 'registrar: main' on {head}" in said["would_write"]
    assert any(each.startswith("push refs/heads/registrar/promote/digits-1.1.0") for each in said["would_write"])
    assert [each.partition(" ")[0] for each in said["not_foretold"]] == ["CommentWritten"]
    assert (everything_written(here), requests.met) == (before, 0)


def test_a_dry_run_after_a_run_has_nothing_to_say(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    here.side.open("mei", branch=_pushed(here), base="main", draft=False)
    reconcile(wanted(here), threading.Event())

    code = main(["reconcile", "--dry-run"])

    assert (code, capsys.readouterr().out.splitlines()[1:]) == (0, ["Looked twice, wrote nothing, would write nothing"])


@only_on("github", because="Whose mirror a folder keeps is not asked of any forge.")
def test_a_dry_run_leaves_what_the_mirror_remembers(here: Town) -> None:
    run = wanted(here)
    reconcile(run, threading.Event())
    before = refs_of(run.state / "mirror.git")
    here.commit({"notes.txt": "hello\n"}, by="mei", branch="change")

    assert main(["reconcile", "--dry-run", "--state", str(run.state)]) == 0

    assert refs_of(run.state / "mirror.git") == before


@only_on("github", because="How a folder is copied is not asked of any forge.")
def test_a_dry_run_says_when_the_mirror_changes_under_its_hands(
    here: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del here
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "packed-refs").symlink_to("packed-refs.lock")  # as a file that is listed, and gone

    assert main(["reconcile", "--dry-run", "--state", str(tmp_path / "state")]) == 1

    assert "cannot be copied, as where a run works with it meanwhile" in capsys.readouterr().err


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
