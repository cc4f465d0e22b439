"""Every command runs under a pinned identity and home, with no setting of the host's."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cli.checkouts import PINNED, Checkout, a_checkout
from cli.forge import Town, a_town
from cli.places import Place, a_place
from cli.registering import WEIGHTS
from registrar.cli.program import main
from registrar.sandbox.forge import DialectName
from stories.registries import a_registry

FORGES: tuple[DialectName, ...] = ("github", "gitlab")


@pytest.fixture(autouse=True)
def _nothing_of_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("GIT_", "REGISTRAR_", "GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    settings: Mapping[str, str] = PINNED | {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A clone of a registry in which 1.0.0 holds Production and 1.1.0 is better; commands run inside it."""
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    made = a_checkout(tmp_path, files)
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture(params=FORGES)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A registry on each forge that nobody has set up yet; commands run outside of any checkout."""
    with a_place(tmp_path, request.param) as found:
        for name, value in found.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield found


@pytest.fixture
def ready(place: Place, capsys: pytest.CaptureFixture[str]) -> Place:
    """The same once it is set up."""
    code = main(["setup", "--yes", "--url", place.url])
    assert code == 0, capsys.readouterr()
    place.sandbox.drain()
    return place


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Town]:
    """A registry as `registrar init` makes it, without a model yet; what mei made lies beside the checkout."""
    scaffold = tmp_path / "scaffold"
    assert main(["init", str(scaffold), "--remote", str(tmp_path / "storage"), "--admins", "@ana"]) == 0
    capsys.readouterr()
    files = {str(path.relative_to(scaffold)): path.read_text() for path in scaffold.rglob("*") if path.is_file()}
    (tmp_path / "model.joblib").write_bytes(WEIGHTS)
    (tmp_path / "digits.csv").write_text("1,2\n3,4\n")
    (tmp_path / "metrics.json").write_text('{"accuracy": 0.97, "latency": 4.2}')
    (tmp_path / "parameters.json").write_text('{"solver": "lbfgs"}')
    with a_town(tmp_path, {path: text for path, text in files.items() if not path.startswith(".git/")}) as town:
        monkeypatch.setenv("REGISTRAR_TOKEN", town.tokens["mei"])
        monkeypatch.chdir(tmp_path)
        yield town
