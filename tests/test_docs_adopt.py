"""What docs/adopt.md and docs/migration.md tell people to run can be run, in that order, and comes to what they say."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cli.checkouts import PINNED
from cli.old_registry import an_old_registry
from cli.places import Place, a_place
from registrar.sandbox import Sandbox
from registrar.sandbox.forge import DialectName

DOCS = Path(__file__).parents[1] / "docs"


def commands_below(page: str, heading: str) -> list[str]:
    """The blocks of commands of one part of a page."""
    part = (DOCS / page).read_text().partition(f"{heading}\n")[2].partition("\n## ")[0]
    return [re.sub(r"(?m)^pip install .*\n", "", block) for block in re.findall(r"```sh\n(.*?)```", part, re.DOTALL)]


def run(words: str, folder: Path, **settings: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REGISTRAR_", "GIT_"))}
    environment |= {"HOME": str(folder), "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}"}
    done = subprocess.run(
        ["bash", "-euc", words],
        cwd=folder,
        env=environment | PINNED | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(params=["github", "gitlab"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    dialect: DialectName = request.param
    with a_place(tmp_path, dialect) as found:
        yield found


def test_a_registry_begins_and_gets_its_first_version(tmp_path: Path) -> None:
    (tmp_path / "model.joblib").write_bytes(b"weights")
    (tmp_path / "metrics.json").write_text('{"accuracy": 0.97}')
    with Sandbox.serve(tmp_path / "forge") as sandbox:
        sandbox.add_organization("acme")
        token = sandbox.add_user("ana").token
        sandbox.add_repository("acme/registry")
        sandbox.grant("acme/registry", "ana", "admin")
        (begin,) = commands_below("adopt.md", "## 1. Begin the registry")
        (register,) = commands_below("adopt.md", "## 2. Register a version")
        words = (begin + register).replace("https://github.com", sandbox.url).replace("TOKEN=…", f"TOKEN={token}")

        said = run(words.replace("s3://acme-models", "storage"), tmp_path, **_speaking_as(sandbox.url, token))

    assert "Register digits 1.0.0: opened at " in said


def test_what_guards_the_base_is_set_up_and_the_doctor_is_content(place: Place) -> None:
    dialect = place.sandbox.forge.dialect.name
    run(f"registrar init made --forge {dialect}", place.folder)
    jobs = ".gitlab-ci.yml" if dialect == "gitlab" else ".github/workflows/registrar-bot.yml"
    place.land({jobs: (place.folder / "made" / jobs).read_text()})
    clone = place.clone("ana", place.folder / "clone")
    (guard,) = commands_below("adopt.md", "## 4. Guard the base branch, and look at all of it")
    settings = place.environment()
    words = guard.replace("ADMIN_TOKEN=…", f"ADMIN_TOKEN={settings['REGISTRAR_ADMIN_TOKEN']}")

    said = run(words.replace("TOKEN=… ", f"TOKEN={settings['REGISTRAR_TOKEN']} "), clone, **_of_forge(settings))

    assert said.splitlines()[-1].startswith("no problems, ")
    assert "webhook" not in said


def test_models_of_gto_come_into_a_registry_that_begins(tmp_path: Path) -> None:
    old = an_old_registry(tmp_path)
    old.folder.rename(tmp_path / "churn")
    (words, *_) = commands_below("migration.md", "# Moving here from GTO or MLflow")

    said = run(words.replace("s3://acme-models", "storage"), tmp_path)

    assert re.search(r"(?m)^churn +1\.0\.0 +Production +churn@v1\.0\.0 ", said)
    assert said.splitlines()[-1] == "proven"


def _of_forge(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: settings[name] for name in ("REGISTRAR_FORGE", "REGISTRAR_FORGE_URL")}


def _speaking_as(url: str, token: str) -> dict[str, str]:
    """The environment in which git asks nobody for a password."""
    address = url.replace("://", f"://ana:{token}@")
    return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{address}.insteadOf", "GIT_CONFIG_VALUE_0": url}
