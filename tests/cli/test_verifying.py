"""`registrar audit --verify` says in words what is proven, and names what is not."""

import json
from pathlib import Path

import pytest

from registrar.cli.program import main
from registrar.core.ledger import BrokenGlass, Pushed
from repository.proven import ANA, BOT, PROMOTED, REF, STATUS, Registry, a_registry


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """1.1.0 came to Production by a request that ana approved; commands run in the clone."""
    made = a_registry(tmp_path)
    made.promote("1.1.0")
    monkeypatch.chdir(made.folder)
    return made


def test_a_proven_registry_is_said_to_be_with_what_that_rests_on(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    start = registry.git("rev-parse", "main^")

    code = main(["audit", "--verify"])

    first, second, last = capsys.readouterr().out.splitlines()
    assert code == 0
    assert (
        first == f"from {start[:12]} on, which is taken as given, to {registry.tip[:12]}: 1 change of what owners guard"
    )
    assert second.startswith("the ledger must be signed with SHA256:")
    assert last == "proven"


def test_every_breach_says_what_why_and_what_next(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    sha = registry.push({STATUS: "Production: 1.2.0\n"})

    code = main(["audit", "--verify"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert lines[0] == f"breach {sha[:12]}: a change that owners guard was approved by nobody"
    assert lines[1] == f"  why:  the ledger has no entry of it, and it changes {STATUS}"
    assert lines[2].startswith("  next: fetch the ledger again (git fetch origin refs/notes/registrar:")
    assert lines[-1] == "not proven: 1 breach"


def test_what_is_no_breach_is_counted_apart(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    before, text = registry.tip, registry.text(STATUS)
    pushed = registry.push({STATUS: text + "# hello\n"})
    registry.note(pushed, Pushed(pushed, before, registry.moment, (), (STATUS,), revert=8))
    registry.merge({STATUS: text}, requester=BOT)
    glass = BrokenGlass(ANA, "it burns", "https://forge.example/c/1")
    registry.promote("1.0.0", before="Archived", by=(), ruling="glass broken", glass=glass)

    code = main(["audit", "--verify"])

    said = capsys.readouterr().out
    assert code == 0
    assert "\n1 by broken glass, as the rules allow\n1 breach that was taken back\nproven\n" in said
    assert "broken glass " in said
    assert "resolved " in said


def test_a_program_reads_it_as_json(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    sha = registry.push({STATUS: "Production: 1.2.0\n"})

    main(["audit", "--verify", "--json"])

    said = json.loads(capsys.readouterr().out)
    assert (said["proven"], said["base"], said["changes"]) == (False, sha, 2)
    assert said["counted"] == {"breach": 1, "resolved": 0, "broken glass": 0}
    assert [(each["grade"], each["commit"]) for each in said["findings"]] == [("breach", sha)]
    assert set(said["findings"][0]) == {"grade", "commit", "what", "why", "next"}


def test_a_registry_without_keys_is_proven_where_that_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = a_registry(tmp_path, signs=False)
    registry.promote("1.1.0")
    monkeypatch.chdir(registry.folder)

    assert main(["audit", "--verify"]) == 1
    assert "docs/server.md" in capsys.readouterr().out
    assert main(["audit", "--verify", "--unsigned"]) == 0
    assert "signatures were not asked for" in capsys.readouterr().out


@pytest.mark.parametrize("since", ["main~1", "2026-03-02"])
def test_a_proof_begins_after_what_is_trusted(
    registry: Registry, since: str, capsys: pytest.CaptureFixture[str]
) -> None:
    trusted = registry.push({STATUS: PROMOTED})  # which nobody approved, at noon of the first of March
    registry.moment = registry.moment.replace(day=3)
    registry.promote("1.0.0", before="Archived")

    assert main(["audit", "--verify"]) == 1
    capsys.readouterr()
    assert main(["audit", "--verify", "--since", since]) == 0
    assert f"from {trusted[:12]} on" in capsys.readouterr().out


def test_what_gives_itself_an_old_date_is_not_trusted_for_it(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    pushed = registry.push({STATUS: "Production: 1.2.0\n"})
    registry.moment = registry.moment.replace(year=2020)
    registry.push({"README.md": "Hello\n"})

    assert main(["audit", "--verify", "--since", "2026-03-01T12:30:00Z"]) == 1
    assert f"breach {pushed[:12]}: a change that owners guard" in capsys.readouterr().out


def test_a_moment_before_everything_trusts_no_more_than_the_beginning(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "--verify", "--since", "2020-01-01T00:00:00Z"]) == 0
    assert f"from {registry.git('rev-parse', 'main^')[:12]} on" in capsys.readouterr().out


def test_a_clone_without_the_ledger_says_how_to_get_it(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.git("update-ref", "-d", REF)

    assert main(["audit", "--verify"]) == 1
    assert f"next: git fetch origin {REF}:{REF}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--verify", "--model", "digits"], "leave out --model"),
        (["--verify", "--format", "csv"], "leave out --format"),
        (["--unsigned"], "add --verify"),
    ],
)
def test_a_proof_is_of_the_whole_registry(
    registry: Registry, options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "--registry", str(registry.folder), *options]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_path_that_is_no_text_is_named(
    registry: Registry, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    blob = registry.clone.objects.create_blob(b"Production: 1.2.0\n")
    registry.git("read-tree", "main")
    path = b"models/dig\xffits/status.yaml".decode(errors="surrogateescape")
    registry.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    made = registry.git("commit-tree", "-m", "Change", "-p", "main", registry.git("write-tree"))
    registry.git("update-ref", "refs/heads/main", made)

    assert main(["audit", "--verify", *options]) == 1
    shown = "\\udcff" if options else "\\xdcff"
    said = capsys.readouterr().out
    assert f"it changes models/dig{shown}its/status.yaml" in said
    assert said.encode()


def test_what_others_wrote_commands_no_terminal(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.promote("1.0.0", before="Archived", ruling="refused", reason="\x1b[31mgreen\u202e")

    main(["audit", "--verify"])

    said = capsys.readouterr().out
    assert "\\x1b[31mgreen\\x202e" in said
    assert "\x1b" not in said
