"""The action installs from its lock alone, with the real pip."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from action.lean import ROOT
from cli.checkouts import a_checkout
from registrar.ci.installing import LOCKS, main, parts_of, place_of
from stories.registries import a_registry

INSTALLER = ROOT / "bot/registrar/ci/installing.py"
NO_INDEX = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "0"}


def installing(folder: Path, *into: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The first step of the action; of the component's where there is an environment already."""
    known = {"RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(folder / "output"), "REGISTRAR_INPUT_COMMAND": "check"}
    words = [sys.executable, "-I", str(INSTALLER), *map(str, into)]
    variables = {**os.environ, **known, **environment}
    return subprocess.run(words, cwd=folder, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_what_is_locked_is_enough_and_is_installed_once(tmp_path: Path) -> None:
    registry = a_checkout(tmp_path, a_registry({"1.0.0": 0.9}))

    first = installing(tmp_path)
    again = installing(tmp_path, **NO_INDEX)

    said = (tmp_path / "output").read_text().splitlines()
    assert (first.returncode, again.returncode) == (0, 0), first.stdout + first.stderr + again.stdout
    assert said[0] == said[1]
    python = said[0].removeprefix("python=")
    environment = {"PATH": os.environ["PATH"], "REGISTRAR_INPUT_COMMAND": "check", "HOME": str(tmp_path)}
    words = [python, "-I", "-m", "registrar", "ci"]
    ran = subprocess.run(words, cwd=registry.folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


STORAGES = {"azure": "azure://container/x", "gs": "gs://bucket/x", "s3": "s3://bucket/x", "ssh": "ssh://ana@host/x"}
OPENS = """\
import sys
from registrar.artifacts.remotes import remote_of_config
remote = remote_of_config(f"[core]\\nremote = r\\n['remote \\"r\\"']\\nurl = {sys.argv[1]}\\n{sys.argv[2]}\\n".encode())
print(remote, remote.store.fs.fs_args.get("agent_forwarding", False))
"""


def test_every_storage_has_a_lock_that_names_what_opens_it() -> None:
    locks = {lock.stem.removeprefix("dvc-"): lock.read_text() for lock in LOCKS.glob("dvc-*.txt")}

    assert locks.keys() == STORAGES.keys()
    assert [kind for kind, text in locks.items() if not re.search(rf"(?m)^dvc-{kind}==", text)] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", STORAGES)
def test_a_storage_opens_with_what_its_lock_installs(kind: str, tmp_path: Path) -> None:
    wanted = {"REGISTRAR_INPUT_COMMAND": "pull", "REGISTRAR_INPUT_DVC": kind}

    done = installing(tmp_path, **wanted)

    assert done.returncode == 0, done.stdout + done.stderr
    python = (tmp_path / "output").read_text().strip().removeprefix("python=")
    more = "account_name = acme" if kind == "azure" else ""
    opened = subprocess.run(
        [python, "-I", "-c", OPENS, STORAGES[kind], more],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert opened.stdout.startswith(f"DVC remote r ({kind}://"), opened.stderr
    assert opened.stdout.endswith(" False\n")  # whoever runs a storage signs in nowhere else


def test_what_cannot_be_installed_is_an_error_of_the_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main({"REGISTRAR_INPUT_COMMAND": "pull", "REGISTRAR_INPUT_DVC": "100%\n::x", "RUNNER_TEMP": str(tmp_path)})

    assert code == 1
    assert capsys.readouterr().out == (
        "::error title=Registrar::dvc is '100%25\\n::x': it must be empty or one of azure, gs, s3, ssh\n"
    )


def test_into_an_environment_of_the_components_it_installs_likewise(tmp_path: Path) -> None:
    python = tmp_path / "job" / "bin" / "python"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", python.parents[1]], check=True)

    done = installing(tmp_path, python, **NO_INDEX)

    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        "registrar: error: pip ended with 1; the log says why",
    )
    assert "".join(file.read_text() for file in python.parents[1].glob("part-*.txt")).count("==") > 20


def test_no_file_of_the_workspace_is_run_to_install(tmp_path: Path) -> None:
    for name in ("venv", "pip", "runpy"):
        (tmp_path / f"{name}.py").write_text("print('eve was here')\n")

    done = installing(tmp_path, **NO_INDEX)

    assert "eve" not in done.stdout + done.stderr
    assert "::error title=Registrar::pip ended with 1" in done.stdout  # the real one, which finds nothing there


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.txt")), ids=lambda lock: lock.stem)
def test_what_is_installed_at_once_is_the_whole_lock_with_every_hash(lock: Path) -> None:
    text = lock.read_text()

    parts = parts_of(text, 4)

    said = [line for part in parts for line in _told(part)]
    assert sorted(said) == sorted(_told(text))
    assert all(re.match(r"\S+==\S+", part) for part in parts)


def test_two_releases_in_one_job_do_not_run_one_in_place_of_the_other(tmp_path: Path) -> None:
    places = {place_of(LOCKS / "action.txt", tmp_path, root=tmp_path / release) for release in ("v1", "v2")}

    assert len(places) == 2


def _told(lock: str) -> list[str]:
    return [line for line in lock.splitlines() if line and not line.lstrip().startswith("#")]
