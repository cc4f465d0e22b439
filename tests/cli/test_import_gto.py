"""`registrar import gto` brings along what GTO shows, once, and says what it leaves behind."""

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.conftest import FORGES
from cli.forge import REGISTRY, Town, a_town
from cli.old_registry import ADDRESS, OldRegistry, an_old_registry
from registrar.cli.program import main
from registrar.core.effects import RememberedEffects
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.forges.connecting import forge_of
from registrar.migration.foreign import without_secrets
from registry_schema import read_model, read_version

AS_HERE = {"prod": "Production", "staging": "Staging"}
FOLDER = "models/churn/versions/1.0.0"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    an_old_registry(root)
    return root


@pytest.fixture
def old(made: Path, tmp_path: Path) -> OldRegistry:
    """A copy of it for each test."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return OldRegistry(tmp_path / "old")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A registry that was begun and not committed yet; commands run inside it."""
    folder = tmp_path / "registry"
    assert main(["init", str(folder), "--remote", str(tmp_path / "storage"), "--admins", "@ana"]) == 0
    monkeypatch.chdir(folder)
    capsys.readouterr()
    return folder


@pytest.fixture(params=FORGES)
def town(
    request: pytest.FixtureRequest, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    """The same on each forge; commands run in mei's clone."""
    files = {str(path.relative_to(registry)): path for path in registry.rglob("*") if path.is_file()}
    texts = {name: path.read_text() for name, path in files.items() if not name.startswith(".git/")}
    with a_town(tmp_path, texts, dialect=request.param) as town:
        monkeypatch.setenv("REGISTRAR_FORGE", request.param)
        monkeypatch.setenv("REGISTRAR_TOKEN", town.tokens["mei"])
        monkeypatch.chdir(town.checkout.folder)
        yield town


def moved(*options: str) -> int:
    return main(["import", "gto", "--from", "../old", *options])


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


def committed() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "Start")


def shown(capsys: pytest.CaptureFixture[str]) -> Mapping[str, str]:
    capsys.readouterr()
    assert main(["show", "churn", "--json"]) == 0
    return {each["version"]: each["status"] for each in json.loads(capsys.readouterr().out)["versions"]}


@pytest.mark.usefixtures("registry")
def test_the_registry_shows_what_gto_shows(old: OldRegistry, capsys: pytest.CaptureFixture[str]) -> None:
    code = moved("--here", "--yes")

    committed()
    assert code == 0
    assert old.stages("churn") == {"v1.1.0": ("staging",), "v1.0.0": ("prod",)}
    assert shown(capsys) == {
        version.removeprefix("v"): AS_HERE[stage] for version, (stage,) in old.stages("churn").items()
    }
    assert main(["check"]) == 0


@pytest.mark.usefixtures("registry", "old")
def test_what_stands_in_the_first_commit_is_taken_as_given(capsys: pytest.CaptureFixture[str]) -> None:
    moved("--here", "--yes")
    committed()

    code = main(["audit", "--verify", "--unsigned"])

    assert code == 0, capsys.readouterr()


def test_what_is_known_of_a_version_comes_along(old: OldRegistry, registry: Path) -> None:
    moved("--here", "--yes")

    version = read_version((registry / FOLDER / "version.yaml").read_bytes(), "version.yaml")
    model = read_model((registry / "models/churn/model.yaml").read_bytes(), "model.yaml")
    assert version.source is not None
    assert version.created is not None
    assert (version.source.repository, version.source.commit) == (ADDRESS, old.git("rev-parse", "churn@v1.0.0^{}"))
    assert version.created.isoformat() == "2026-03-01T12:01:00+00:00"
    assert version.description == ("Say churn@v1.0.0\n\nRegistered in GTO by ana <ana@example.org>, as churn@v1.0.0.")
    assert (model.description, model.notes) == ("Says who will leave", "Labels in GTO: risk")


@pytest.mark.usefixtures("old")
def test_the_weights_of_dvc_and_of_git_can_be_pulled(registry: Path, tmp_path: Path) -> None:
    moved("--here", "--yes")
    committed()

    pulled = [main(["pull", each, "-o", str(tmp_path / "out")]) for each in ("churn@Production", "notes@latest")]

    assert pulled == [0, 0]
    assert (tmp_path / "out/churn.pkl").read_text() == "weights of 1.0.0\n"
    assert (tmp_path / "out/notes.txt").read_text() == "weights that git keeps\n"
    assert not (registry / FOLDER / "churn.pkl").exists()


@pytest.mark.usefixtures("registry", "old")
def test_an_artifact_of_a_dvc_yaml_comes_with_its_folder_and_a_folder_as_an_archive(tmp_path: Path) -> None:
    moved("--here", "--yes", "--model", "risk:fraud", "--model", "net")
    committed()

    pulled = [main(["pull", each, "-o", str(tmp_path / "out")]) for each in ("risk/fraud@latest", "net@latest")]

    assert pulled == [0, 0]
    assert "description: Says what is none of ours\n" in Path("models/risk/fraud/model.yaml").read_text()
    assert (tmp_path / "out/fraud.bin").read_text() == "weights beside their dvc.yaml\n"
    with tarfile.open(tmp_path / "out/nets.tar") as archive:
        assert archive.getnames() == ["a.bin", "b.bin"]


@pytest.mark.usefixtures("registry", "old")
def test_what_stays_behind_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    code = moved("--here", "--dry-run", "--status", "staging=QA")

    said = capsys.readouterr().out
    assert code == 0
    assert "left out    older: it is deprecated\n" in said
    assert "left out    rows: it is a dataset" in said
    assert re.search(r"(?m)^churn +1\.1\.0 +QA +churn@v1\.1\.0 +models/churn\.pkl at ", said)
    assert "1.2.0" not in said
    assert not Path("models").exists()


@pytest.mark.usefixtures("registry", "old")
def test_weights_can_stay_where_they_are(tmp_path: Path) -> None:
    moved("--here", "--yes", "--no-weights", "--model", "churn=risk/churn")

    version = read_version(Path("models/risk/churn/versions/1.0.0/version.yaml").read_bytes(), "version.yaml")
    assert version.artifacts == {}
    assert "Its weights stayed at models/churn.pkl at " in version.description
    assert sorted(path.name for path in Path("models").iterdir()) == ["risk"]
    assert not list((tmp_path / "storage").rglob("*"))


@pytest.mark.usefixtures("registry", "old")
def test_weights_that_nobody_has_keep_their_version_out_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = [path for path in (tmp_path / "old-storage").rglob("*") if path.is_file()]
    next(path for path in stored if "1.0.0" in path.read_text()).unlink()

    code = moved("--here", "--yes")

    committed()
    said = capsys.readouterr().out
    assert code == 1
    assert "left out    churn@v1.0.0: models/churn.pkl at " in said
    assert "dvc fetch --all-tags" in said
    assert shown(capsys) == {"1.1.0": "Staging"}


@pytest.mark.usefixtures("registry")
def test_what_a_hostile_repository_says_reaches_nothing_beside_it(
    old: OldRegistry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lfs = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9\n"
    said_of = {"big": "path: big.bin", "churn": "path: models/..", "net": "path: ./"}
    said_of["notes"] = f"path: notes.txt, description: {'x' * 10_001}"
    index = "".join(f"{name}: {{{words}}}\n" for name, words in said_of.items())
    sha = old.commit({"artifacts.yaml": index, "big.bin": lfs, f"{tmp_path.parent.name}-{tmp_path.name}": "beside"})
    for name in ("big@v1.0.0", "churn@v2.0.0", "net@v2.0.0"):
        old.tag(name, sha)
    old.tag("churn@v3.0.0", old.git("rev-parse", f"{sha}:notes.txt"))

    code = moved("--here", "--yes")

    said = capsys.readouterr().out
    assert code == 1
    assert not (Path(tempfile.gettempdir()) / f"{tmp_path.parent.name}-{tmp_path.name}").exists()
    assert re.search(r"(?m)^left out    churn@v2\.0\.0: models/\.\. at \w{7} names nothing in the repository", said)
    assert re.search(r"(?m)^left out    net@v2\.0\.0: .* names nothing in the repository", said)
    assert re.search(r"(?m)^left out    big@v1\.0\.0: .* is kept by Git LFS", said)
    assert re.search(r"(?m)^left out    notes: models/notes/model\.yaml:1: ", said)
    assert sorted(path.name for path in Path("models/churn/versions").iterdir()) == ["1.0.0", "1.1.0"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("https://mei:pw@host/x", "https://host/x", id="a password"),
        pytest.param("https://mei:p@w@host/x", "https://host/x", id="with an @ in it"),
        pytest.param("postgresql://mei:p/w@host/x", "postgresql://host/x", id="with a / in it"),
        pytest.param("redis://:p?w@host", "redis://host", id="without a user"),
        pytest.param("https://host/x?sig=abc#d: gone", "https://host/x gone", id="a signature"),
        pytest.param("at 'https://host:8080/x@2' and http://[::1]:5/x@2", None, id="what is none"),
        pytest.param("git@host:acme/x", None, id="an address of SSH"),
    ],
)
def test_no_address_that_is_told_holds_a_secret(text: str, shown: str | None) -> None:
    assert without_secrets(text) == (text if shown is None else shown)


@pytest.mark.usefixtures("old")
def test_each_model_is_a_pull_request_that_is_opened_once(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    first = moved("--yes", "--json", "--model", "churn", "--model", "notes")
    opened = json.loads(capsys.readouterr().out)
    tip = town.log("registrar/import/churn")

    second = moved("--yes", "--model", "churn")

    assert (first, second) == (0, 0)
    assert [model["pull_request"]["number"] for model in opened["models"]] == [1, 2]
    assert "Import churn: open already at " in capsys.readouterr().out
    assert town.log("registrar/import/churn") == tip
    assert "Requested-by: mei" in tip
    assert town.read("registrar/import/churn", "models/churn/status.yaml") == "Staging: 1.1.0\nProduction: 1.0.0\n"
    assert town.changed("registrar/import/notes") == [
        "models/notes/model.yaml",
        "models/notes/versions/0.1.0/notes.txt.dvc",
        "models/notes/versions/0.1.0/version.yaml",
    ]


@pytest.mark.usefixtures("old")
def test_once_a_bot_looks_after_the_base_no_status_goes_past_its_rules(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    forge = forge_of(
        town.sandbox.forge.dialect.name,
        town.sandbox.url,
        repository=REGISTRY,
        token=town.tokens["ana"],
        effects=RememberedEffects(lambda: datetime.now(UTC)),
    )
    tip = town.checkout.git("rev-parse", "HEAD")
    forge.set_status(tip, CommitStatus("registrar: looks after main", Outcome.SUCCESS, "from here on"))

    moved("--yes", "--model", "churn")

    said = capsys.readouterr().out
    assert "registrar promote churn@1.0.0 to Production" in said
    assert "models/churn/status.yaml" not in town.changed("registrar/import/churn")


@pytest.mark.usefixtures("old")
def test_what_was_merged_before_a_bot_is_trusted_and_the_registry_proved_from_there_on(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    moved("--yes", "--model", "churn")
    town.checkout.git("fetch", "--quiet", "origin")
    town.checkout.git("merge", "--quiet", "--no-ff", "-m", "Import churn", "origin/registrar/import/churn")
    town.land({"README.md": "Moved here from GTO.\n"})
    imported = town.checkout.git("rev-parse", "HEAD")

    from_the_first = main(["audit", "--verify", "--unsigned"])
    from_there_on = main(["audit", "--verify", "--unsigned", "--since", imported])
    said = capsys.readouterr().out
    town.land({"models/churn/status.yaml": "Production: 1.1.0\n"})
    by_nobody = main(["audit", "--verify", "--unsigned", "--since", imported])

    assert (from_the_first, from_there_on, by_nobody) == (1, 0, 1), said
    assert "Import churn" in said


@pytest.mark.usefixtures("registry", "old")
def test_what_is_merged_is_not_brought_along_again(capsys: pytest.CaptureFixture[str]) -> None:
    moved("--here", "--yes")
    capsys.readouterr()

    code = moved("--here", "--yes")

    assert code == 0
    assert capsys.readouterr().out.startswith("nothing to bring along: whatever can be is here already\n")


@pytest.mark.usefixtures("registry", "old")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["gto"], "registrar import gto needs --from REPO", id="from nowhere"),
        pytest.param(
            ["mlflow", "--from", "x"], "registrar import mlflow needs --tracking-uri", id="the other's option"
        ),
        pytest.param(["gto", "--from", "../old", "--json"], "--json is for programs", id="nobody to ask"),
        pytest.param(
            ["gto", "--from", "../old", "--here", "--status", "prod"], "write it as STAGE=STATUS", id="half a status"
        ),
        pytest.param(["gto", "--from", "../old", "--here"], "nobody is here to agree", id="no one agrees"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["import", *words])

    assert code == 2
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("registry", "old")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--status", "prod=Live"], "registry.yaml has no status Live", id="no such status"),
        pytest.param(["--model", "chur"], "there is no such model; did you mean churn?", id="no such model"),
        pytest.param(["--from", "../elsewhere"], "is in no git repository", id="no such repository"),
    ],
)
def test_what_does_not_exist_is_named(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = moved("--here", "--dry-run", *options)

    assert code == 1
    assert said in capsys.readouterr().err
