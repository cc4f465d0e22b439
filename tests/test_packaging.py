"""The wheel holds everything: it works in an environment of its own, from a folder that is not the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel, and sees what it depends on but not the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *options, wheel], check=True)
    [packages] = folder.glob("lib/python*/site-packages")
    # What a .pth file names is searched, but the .pth files in it, an editable install's among them, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run_in(environment: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(environment / "bin" / words[0]), *words[1:]]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)


def test_the_wheel_holds_data_and_types_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0].split("-")[0] for name in names} == {"registrar", "registry_schema", "model_registrar"}
    assert {"registrar/py.typed", "registry_schema/py.typed", "registrar/templates/registry/registry.yaml"} <= set(
        names
    )
    assert {
        f"registrar/examples/application/{name}"
        for name in (".github/workflows/deploy.yml", ".gitlab-ci.yml", ".gitignore")
    } <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_holds_the_locks_of_jobs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    locks = {file.name for kind in ("action*.txt", "dvc*.txt") for file in (ROOT / "requirements").glob(kind)}

    assert {name.rpartition("/")[2] for name in names if name.startswith("registrar/requirements/")} == locks


def test_the_code_that_runs_is_the_wheels(environment: Path, tmp_path: Path) -> None:
    script = "import registrar, registry_schema; print(registrar.__file__, registry_schema.__file__)"

    done = run_in(environment, tmp_path, "python", "-c", script)

    assert all(path.startswith(str(environment)) for path in done.stdout.split()), done.stderr


@pytest.mark.parametrize("words", [("registrar",), ("python", "-m", "registrar")], ids=["command", "module"])
def test_the_command_runs(words: tuple[str, ...], environment: Path, tmp_path: Path) -> None:
    done = run_in(environment, tmp_path, *words, "--help")

    assert done.returncode == 0, done.stderr
    assert "registrar demo" in done.stdout


def test_a_comment_is_rendered(environment: Path, tmp_path: Path) -> None:
    script = "from registrar import rendering; print(rendering.help_comment(noun='pull request'))"

    done = run_in(environment, tmp_path, "python", "-c", script)

    assert done.returncode == 0, done.stderr
    assert "/registrar promote" in done.stdout


def test_a_registry_is_scaffolded(environment: Path, tmp_path: Path) -> None:
    done = run_in(environment, tmp_path, "registrar", "init", "registry", "--remote", "s3://acme-models")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "registry/.dvc/config").is_file()


def test_the_schemas_for_editors_are_there(environment: Path, tmp_path: Path) -> None:
    script = "from importlib.resources import files; "
    script += "print(*sorted(found.name for found in (files('registry_schema') / 'schemas').iterdir()))"

    done = run_in(environment, tmp_path, "python", "-c", script)

    assert done.stdout.split() == [
        f"{name}.schema.json" for name in ("dataset", "model", "registry", "status", "version")
    ]


def test_a_database_gets_its_shape(environment: Path, tmp_path: Path) -> None:
    script = "from registrar.database.connecting import connected; from registrar.database.migrating import *; "
    script += "database = connected('sqlite:///inbox.sqlite'); migrate(database); print(shape_of(database) == newest())"

    done = run_in(environment, tmp_path, "python", "-c", script)

    assert done.stdout == "True\n", done.stderr
