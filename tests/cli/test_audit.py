"""`registrar audit` tells from git alone who changed what, by whose approval, and is harmless to whoever reads it."""

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

from cli.checkouts import Checkout
from core.ledgers import deployed, merged, rejected
from registrar.cli.audit_formats import harmless
from registrar.cli.program import main
from registrar.core.ledger import BrokenGlass, Entry
from registrar.core.ledger_text import written
from registrar.core.lifecycle import Transition
from registrar.core.people import Person
from registrar.core.pull_requests import Outcome

STATUS = "models/digits/status.yaml"
PRODUCTION_1_1_0 = {STATUS: "Production: 1.1.0\nArchived: 1.0.0\n"}
MOVES = (
    Transition("digits", "1.1.0", "Development", "Production"),
    Transition("digits", "1.0.0", "Production", "Archived"),
)
EVIL = '=HYPERLINK("https://eve.example","<script>alert(1)</script>")'

pytestmark = pytest.mark.usefixtures("checkout")


def noted(checkout: Checkout, sha: str, *entries: Entry) -> None:
    note = checkout.folder.parent / "note"
    note.write_text(written(entries), encoding="utf-8")
    blob = checkout.git("hash-object", "-w", str(note))
    checkout.git("notes", "--ref=registrar", "add", "--force", "-C", blob, sha)


@pytest.fixture
def landed(checkout: Checkout) -> str:
    """A promotion that mei asked for and ana approved, by the ledger."""
    before = checkout.git("rev-parse", "HEAD")
    sha = checkout.land(PRODUCTION_1_1_0, "Promote digits 1.1.0")
    promoted = merged(commit=sha, before=before, transitions=MOVES)
    noted(checkout, sha, promoted, deployed(Outcome.SUCCESS))
    return sha


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    ended = main(["audit", *words])
    captured = capsys.readouterr()
    assert ended == code, captured.err
    return captured.out


@pytest.mark.usefixtures("landed")
def test_a_table_tells_the_newest_first(capsys: pytest.CaptureFixture[str]) -> None:
    heading, *lines = printed(capsys).splitlines()

    assert heading.split() == ["WHEN", "MODEL", "VERSION", "CHANGE", "ASKED", "APPROVED", "RESULT", "COMMIT"]
    assert [line[:-7].rstrip() for line in lines[:2]] == [
        "2026-03-01 12:01  digits  1.1.0    Development to Production  mei    ana       deployed",
        "2026-03-01 12:01  digits  1.0.0    Production to Archived     mei    ana       displaced",
    ]
    assert [line[18:-7].rstrip() for line in lines[2:]] == [
        "digits  1.0.0    Development to Production  (mei)  -         no note",
        "-       -        CODEOWNERS, registry.yaml  (mei)  -         no note",
    ]


def test_json_tells_the_authority_behind_every_approval(landed: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(printed(capsys, "--json"))

    newest = told["records"][0]
    assert (told["base"], told["remarks"], len(told["records"])) == (landed, [], 4)
    assert newest["approvals"][0]["rule"] == "CODEOWNERS:3"
    assert (newest["approvals"][0]["by"], newest["approvals"][0]["id"]) == ("ana", 1)
    assert (newest["deploys"][0]["outcome"], newest["measured"][0]["value"]) == ("success", 0.97)


@pytest.mark.usefixtures("landed")
@pytest.mark.parametrize(
    ("words", "versions"),
    [
        (["--model", "digits"], ["1.1.0", "1.0.0", "1.0.0"]),
        (["--model", "risk/**"], []),
        (["--status", "archived"], ["1.0.0"]),
        (["--person", "@ana"], ["1.1.0", "1.0.0"]),
        (["--until", "2026-03-01"], ["1.1.0", "1.0.0"]),
        (["--until", "2026-03-01T12:00:00Z"], []),
        (["--since", "2026-03-02", "--model", "digits"], ["1.0.0"]),
    ],
)
def test_only_what_was_asked_for_is_told(
    words: list[str], versions: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(printed(capsys, "--format", "json", *words))

    assert [record["version"] for record in told["records"]] == versions


def test_without_the_ledger_it_says_how_to_fetch_it(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["audit"])

    said = capsys.readouterr()
    assert code == 1
    assert "fetch it: git fetch origin refs/notes/registrar:refs/notes/registrar" in said.err
    assert "digits  1.0.0    Development to Production" in said.out


def test_a_forged_note_is_named_and_changes_nothing(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    sha = checkout.land(PRODUCTION_1_1_0)
    checkout.git("notes", "--ref=registrar", "add", "-m", "event: merged\nruling: approved", sha)

    code = main(["audit"])

    said = capsys.readouterr()
    assert code == 1
    assert f"{sha[:7]}: its note says what the ledger never says: note" in said.err
    assert said.out.splitlines()[1].split()[-3:-1] == ["no", "note"]


def test_a_clone_by_plain_git_is_all_that_it_needs(
    landed: str, checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.git("push", "--quiet", "origin", "refs/notes/registrar")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--branch=main", checkout.origin, clone], check=True)
    fetch = ["fetch", "--quiet", "origin", "refs/notes/registrar:refs/notes/registrar"]
    subprocess.run(["git", "-C", clone, *fetch], check=True)
    monkeypatch.chdir(clone)

    assert landed[:7] in printed(capsys, "--person", "ana")


def test_a_spreadsheet_computes_nothing_of_it(
    checkout: Checkout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = checkout.git("rev-parse", "HEAD")
    sha = checkout.land(PRODUCTION_1_1_0)
    eve = Person(666, "=cmd|' /C calc'!A0")
    evil = merged(commit=sha, before=before, transitions=MOVES, requester=eve, reason=f"\t\n {EVIL}")
    noted(checkout, sha, evil, rejected(reason="@SUM(1)"))
    file = tmp_path / "audit.csv"

    assert printed(capsys, "--format", "csv", "--output", str(file)) == ""

    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.lstrip(" \t\r\n'\"")[:1] in {"=", "+", "-", "@"} and cell[0] != "'"] == []
    assert (rows[0]["ruling"], rows[0]["reason"], rows[1]["requested_by"]) == ("rejected", "'@SUM(1)", f"'{eve.login}")


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@x", " =1", "\uff1d1", "'=1", '"=1"'],
)
def test_what_begins_like_a_formula_is_text(cell: str) -> None:
    assert harmless(cell).startswith("'")


@pytest.mark.parametrize("cell", ["", "ana", "1.0.0", "a=b", "2026-03-01"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_page_holds_no_word_as_markup(checkout: Checkout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = checkout.git("rev-parse", "HEAD")
    sha = checkout.land(PRODUCTION_1_1_0)
    glass = BrokenGlass(Person(2, "raj"), f"down \u202e {EVIL}", "https://forge.example/7")
    noted(checkout, sha, merged(commit=sha, before=before, transitions=MOVES, ruling="glass broken", glass=glass))
    file = tmp_path / "audit.html"

    printed(capsys, "--format", "html", "--output", str(file))

    page = file.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    assert [word for word in ("href=", "src=", "url(", "@import") if word in page] == []
    assert '<tr class="alarm">' in page
    assert f"<code>{sha}</code>" in page


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--since", "yesterday"], "'yesterday' is no date and no moment; write it as 2026-03-01"),
        (["--json", "--format", "csv"], "--json and --format csv are two formats"),
        (["--output", "nowhere/audit.csv"], "name a file in a folder that exists"),
        (["--format", "xml"], "'xml' is not one of table, csv, json, html"),
    ],
)
@pytest.mark.usefixtures("landed")
def test_what_cannot_be_meant_is_one_line(words: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", *words]) == 2

    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


@pytest.mark.usefixtures("landed")
def test_what_nobody_did_is_no_line_and_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--model", "digts", "--person", "nobody"]) == 0

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "no change of this registry is of models digts, person nobody; did you mean digits?\n"
