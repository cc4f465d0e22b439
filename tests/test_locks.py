"""What is installed is what was locked: every package by its hash, from whichever index the machine uses."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DECLARED = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["demo"]]
NOTICES = PROJECT["project"]["optional-dependencies"]["notices"]
MLFLOW = PROJECT["project"]["optional-dependencies"]["mlflow"]
SERVER = [*PROJECT["project"]["dependencies"], *NOTICES, *PROJECT["build-system"]["requires"]]
DEVELOPMENT = [*DECLARED, *MLFLOW, *NOTICES, *PROJECT["dependency-groups"]["dev"], *PROJECT["build-system"]["requires"]]
JOB = [line for line in (ROOT / "requirements" / "action.in").read_text().splitlines() if not line.startswith("#")]
STORAGES = {f"dvc-{storage}.txt": [*JOB, f"dvc-{storage}"] for storage in ("s3", "gs", "azure", "ssh")}
JOBS = {"action.txt": JOB, "action-notices.txt": [*JOB, *NOTICES], "dvc.txt": [*JOB, "dvc"]}
TRIED = {"demo.txt": DECLARED, "dev.txt": DEVELOPMENT, "server.txt": SERVER, **JOBS}
NEEDED = TRIED | STORAGES | {"mlflow-server.txt": ["mlflow"]}

_PINNED = re.compile(r"[a-z0-9-]+(?:\[[a-z0-9,-]+\])?==[^\s;]+(?: ; [^@]+)?(?: --hash=sha256:[0-9a-f]{64})+")


def locked(name: str) -> list[str]:
    """Each requirement of a lock on one line, without comments."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / "requirements" / name).read_text())
    return [re.sub(r"\s+", " ", line).strip() for line in text.replace("\\\n", " ").splitlines()]


def package(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[._-]+", "-", found[0]).lower()


def test_there_is_no_other_lock() -> None:
    assert {file.name for file in (ROOT / "requirements").glob("*.txt")} == set(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_every_line_is_one_version_with_its_hashes(name: str) -> None:
    lines = locked(name)

    assert lines
    assert [line for line in lines if not _PINNED.fullmatch(line)] == []  # an index or an address is none either


@pytest.mark.parametrize("name", NEEDED)
def test_whatever_the_project_asks_for_is_locked(name: str) -> None:
    missing = {package(requirement) for requirement in NEEDED[name]} - {package(line) for line in locked(name)}

    assert missing == set()


def test_a_job_needs_nothing_that_the_project_does_not() -> None:
    assert set(map(package, JOB)) <= set(map(package, PROJECT["project"]["dependencies"]))


@pytest.mark.parametrize("name", [name for name in NEEDED if name not in {"dev.txt", "demo.txt", "server.txt"}])
def test_a_job_installs_nothing_that_has_to_be_built(name: str) -> None:
    assert "antlr4-python3-runtime" not in {package(line) for line in locked(name)}


@pytest.mark.parametrize("name", TRIED)  # what the storages of others need makes DVC's own parts older
def test_everything_runs_on_what_development_runs_on(name: str) -> None:
    assert set(locked(name)) <= set(locked("dev.txt"))
