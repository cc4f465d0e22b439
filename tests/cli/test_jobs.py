"""An operator sees what a server gave up and why, and lets it wait again or drops it, on the command line."""

import json
import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from database.happenings import REASON, Server, a_pull_request
from registrar.cli.program import main
from registrar.database.connecting import address_of, connected

SEVEN, EIGHT, NINE = map(a_pull_request, (7, 8, 9))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("REGISTRAR_STATE_DIR", str(tmp_path))
    engine = connected(address_of("", tmp_path))
    yield Server(engine)
    engine.dispose()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> "Said":
    return Said(capsys)


class Said:
    """What a command printed, and that it ended as expected."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def by(self, *words: str, code: int = 0) -> str:
        assert main(["jobs", *words]) == code
        shown = self._capsys.readouterr()
        return shown.out if code == 0 else shown.err

    def as_json(self, *words: str) -> Any:
        return json.loads(self.by(*words, "--json"))


def test_the_list_shows_what_is_parked_with_its_reason_and_leaves_out_what_is_done(server: Server, said: Said) -> None:
    server.finishes(SEVEN)
    parked = server.parks(EIGHT)
    server.hears(NINE)

    lines = said.by("list").splitlines()

    assert [line.split()[:5] for line in lines] == [
        ["ID", "STATE", "WORK", "EVENT", "TRIED"],
        [str(parked), "parked", "acme/registry#8", "PullRequestChanged", "1"],
        ["3", "waiting", "acme/registry#9", "PullRequestChanged", "0"],
    ]
    assert lines[1].endswith(REASON)


def test_the_list_is_narrowed_by_state_and_by_repository(server: Server, said: Said) -> None:
    server.finishes(NINE)
    server.hears(SEVEN, a_pull_request(1, "acme/other"))

    assert [job["work_key"] for job in said.as_json("list", "--repository", "acme/other")["jobs"]] == ["acme/other#1"]
    assert [job["work_key"] for job in said.as_json("list", "--state", "done")["jobs"]] == ["acme/registry#9"]


def test_of_what_is_done_the_newest_comes_first(server: Server, said: Said) -> None:
    server.finishes(SEVEN)
    server.finishes(EIGHT)

    done = said.as_json("list", "--state", "done")["jobs"]

    assert [job["work_key"] for job in done] == ["acme/registry#8", "acme/registry#7"]


def test_a_long_list_says_that_there_is_more(server: Server, said: Said) -> None:
    server.hears(SEVEN, EIGHT, NINE)

    found = said.as_json("list", "--limit", "2")

    assert (len(found["jobs"]), found["more"]) == (2, True)


def test_a_job_is_shown_whole_with_what_to_do_next(server: Server, said: Said) -> None:
    number = server.parks(SEVEN, SEVEN, reason="the ledger was rewritten:\nput it back")

    page = said.by("show", str(number))

    assert "PullRequestChanged: number 7, repository acme/registry" in page
    assert "2 times" in page
    assert "the ledger was rewritten: put it back" in page
    assert f"mend the reason, then `registrar jobs retry {number}`" in page


def test_a_reason_commands_no_terminal(server: Server, said: Said) -> None:
    number = server.parks(SEVEN, reason="no such branch: \x1b[2J")

    assert "\x1b" not in said.by("show", str(number)) + said.by("list")


def test_what_is_retried_waits_again_and_tells_who_said_so(server: Server, said: Said) -> None:
    number = server.parks(SEVEN)

    done = said.by("retry", str(number))

    assert done == f"retried {number}: PullRequestChanged of acme/registry#7\n"
    [job] = said.as_json("show", str(number))["jobs"]
    assert (job["state"], job["decision"]) == ("waiting", "retried")
    assert job["decided_by"].startswith(pwd.getpwuid(os.getuid()).pw_name + "@")


def test_everything_parked_of_one_repository_is_dropped_at_once(server: Server, said: Said) -> None:
    mine, other = server.parks(SEVEN), server.parks(a_pull_request(1, "acme/other"))

    dropped = said.as_json("drop", "--all-parked", "--repository", "acme/registry")

    assert dropped == {"dropped": [mine]}
    assert [job["id"] for job in said.as_json("list", "--state", "parked")["jobs"]] == [other]


def test_nothing_parked_is_nothing_to_retry(server: Server, said: Said) -> None:
    server.hears(SEVEN)

    assert said.as_json("retry", "--all-parked") == {"retried": []}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(["list", "7"], "takes no jobs", id="list one"),
        pytest.param(["show"], "say which jobs to show", id="show none"),
        pytest.param(["retry"], "--all-parked", id="retry none"),
        pytest.param(["drop", "7", "--all-parked"], "--all-parked", id="drop one and all"),
        pytest.param(["show", "7", "--state", "done"], "--state says what to list", id="show a state"),
        pytest.param(["list", "--limit", "0"], "at least 1", id="list nothing"),
        pytest.param(["purge"], "is not one of list, show, retry, drop", id="another deed"),
        pytest.param(["retry", "seven"], "is no whole number", id="no number"),
    ],
)
def test_what_makes_no_sense_is_refused(words: list[str], complaint: str, server: Server, said: Said) -> None:
    server.hears(SEVEN)

    assert complaint in said.by(*words, code=2)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(["show", "12"], "there is no job 12; registrar jobs list shows what there is", id="unknown"),
        pytest.param(["drop", "1"], "job 1 is waiting: only what is parked waits for a decision", id="not parked"),
    ],
)
def test_a_job_that_cannot_be_decided_is_said(words: list[str], complaint: str, server: Server, said: Said) -> None:
    server.hears(SEVEN)

    assert complaint in said.by(*words, code=1)


def test_to_look_for_a_database_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Said) -> None:
    monkeypatch.setenv("REGISTRAR_STATE_DIR", str(tmp_path / "state"))

    assert "no server keeps its work in" in said.by("list", code=2)
    assert not (tmp_path / "state").exists()


def test_a_database_that_cannot_be_reached_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    monkeypatch.setenv("REGISTRAR_DATABASE_URL", "postgresql://registrar:pa55@127.0.0.1:9/registrar")

    complaint = said.by("list", code=1)

    assert "cannot be reached" in complaint
    assert "pa55" not in complaint


def test_an_older_database_is_left_to_the_server(server: Server, said: Said) -> None:
    with server.database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))

    assert "start the server, which brings it up to date" in said.by("list", code=2)
