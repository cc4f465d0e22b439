"""What docs/adopt.md and docs/migration.md tell people to run can be run, in that order, and comes to what they say."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from cli.checkouts import PINNED
from cli.old_registry import an_old_registry
from cli.places import Place, a_place
from registrar.sandbox import Sandbox
from registrar.sandbox.forge import DialectName
from waiting import until
from web.test_server import a_free_port, answers

DOCS = Path(__file__).parents[1] / "docs"


def commands_below(page: str, heading: str) -> list[str]:
    """The blocks of commands of one part of a page."""
    part = re.split(r"\n##+ ", (DOCS / page).read_text().partition(f"{heading}\n")[2])[0]
    return [re.sub(r"(?m)^pip install .*\n", "", block) for block in re.findall(r"```sh\n(.*?)```", part, re.DOTALL)]


def environment_in(folder: Path, **settings: str) -> dict[str, str]:
    """What a person's shell has there."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REGISTRAR_", "GIT_"))}
    environment |= {"HOME": str(folder), "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}"}
    return environment | PINNED | settings


def run(words: str, folder: Path, **settings: str) -> str:
    done = subprocess.run(
        ["bash", "-euc", words],
        cwd=folder,
        env=environment_in(folder, **settings),
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


@pytest.mark.parametrize("dialect", ["github", "gitlab"])
def test_a_registry_begins_gets_its_first_version_and_is_asked_for_a_promotion(
    dialect: DialectName, tmp_path: Path
) -> None:
    (tmp_path / "model.joblib").write_bytes(b"weights")
    (tmp_path / "metrics.json").write_text('{"accuracy": 0.97}')
    with Sandbox.serve(tmp_path / "forge", dialect=dialect) as sandbox:
        sandbox.add_organization("acme")
        token = sandbox.add_user("ana").token
        bare = sandbox.add_repository("acme/registry").path
        sandbox.grant("acme/registry", "ana", "admin")
        speaking = {**_speaking_as(sandbox.url, token), "REGISTRAR_FORGE": dialect}
        (begin,) = commands_below("adopt.md", "## 1. Begin the registry")
        (register,) = commands_below("adopt.md", "## 2. Register a version")
        (promote,) = commands_below("adopt.md", "## 5. Promote")
        words = (begin + register).replace("https://github.com", sandbox.url).replace("TOKEN=…", f"TOKEN={token}")
        words = words.replace("s3://acme-models", "storage").replace("--admins", f"--forge {dialect} --admins")

        registered = run(words, tmp_path, **speaking)
        run("git update-ref refs/heads/main refs/heads/registrar/register/digits-1.0.0", bare)
        promoted = run(promote, tmp_path / "registry", REGISTRAR_TOKEN=token, **speaking)

    assert "Register digits 1.0.0: opened at " in registered
    assert "Promote digits 1.0.0 to Staging: opened at " in promoted


@pytest.mark.parametrize("place", ["github"], indirect=True)  # the page shows one forge
def test_a_server_starts_by_what_the_page_says(place: Place) -> None:
    (words,) = commands_below("adopt.md", "### A server on either")
    settings, port = place.environment(), a_free_port()
    words = words.replace("https://github.com", place.sandbox.url).replace(
        "acme/registry", settings["REGISTRAR_REPOSITORY"]
    )
    words = words.replace("SECRET=…", "SECRET=hook").replace("TOKEN=…", f"TOKEN={settings['REGISTRAR_TOKEN']}")
    own = {"REGISTRAR_FORGE": settings["REGISTRAR_FORGE"], "REGISTRAR_PORT": str(port)}
    where = environment_in(place.folder, REGISTRAR_STATE_DIR=f"{place.folder}/state", **own)

    with subprocess.Popen(["bash", "-euc", words.replace("registrar serve", "exec registrar serve")], env=where) as bot:
        try:
            until(lambda: answers(f"http://127.0.0.1:{port}/readyz"))
        finally:
            bot.terminate()

    assert bot.returncode == 0


def test_the_names_that_people_give_to_secrets_are_those_that_the_jobs_read(tmp_path: Path) -> None:
    part = (DOCS / "adopt.md").read_text().partition("## 3. Start the bot\n")[2].partition("\n## ")[0]
    for forge in ("github", "gitlab"):
        run(f"registrar init {forge} --forge {forge} --admins @ana", tmp_path)
    workflow = yaml.safe_load((tmp_path / "github/.github/workflows/registrar-bot.yml").read_text())
    pipeline = (tmp_path / "gitlab/.gitlab-ci.yml").read_text()

    environment = workflow["jobs"]["reconcile"]["environment"]
    read = re.findall(r"(?:secrets|vars)\.(\w+)", json.dumps(workflow))

    assert set(re.findall(r"gh (?:secret|variable) set (\w+)", part)) == set(read)
    assert {*re.findall(r"environments/([\w-]+)", part), *re.findall(r"--env (\S+)", part)} == {environment}
    assert f"Run *{workflow['name']}* once" in part
    assert workflow[True]["schedule"] == [{"cron": cron} for cron in re.findall(r"`(\*/10 [^`]+)`", part)]
    assert "*Settings, CI/CD, Variables*: `REGISTRAR_TOKEN`" in part
    assert "$REGISTRAR_TOKEN" in pipeline


def test_what_guards_the_base_is_set_up_and_the_doctor_is_content(place: Place) -> None:
    dialect = place.sandbox.forge.dialect.name
    run(f"registrar init made --forge {dialect}", place.folder)
    jobs = ".gitlab-ci.yml" if dialect == "gitlab" else ".github/workflows/registrar-bot.yml"
    place.land({jobs: (place.folder / "made" / jobs).read_text()})
    place.start_jobs()
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
