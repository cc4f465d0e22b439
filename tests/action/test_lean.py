"""The commands of a job run in a Python that has nothing but what the action installs for them."""

import subprocess
from pathlib import Path

import pytest

from action.lean import make_python
from registrar.ci.installing import LOCKS, CannotInstall, lock_of


@pytest.mark.parametrize(
    ("lock", "missing"),
    [pytest.param("action.txt", ["fastapi", "dvc"], id="most"), pytest.param("dvc.txt", ["dbos"], id="with DVC")],
)
def test_what_no_lock_names_cannot_be_imported(lock: str, missing: list[str], tmp_path: Path) -> None:
    make_python(tmp_path / "python", LOCKS / lock)
    tried = "\n".join(f"try: import {name}\nexcept ModuleNotFoundError: print('no {name}')" for name in missing)

    program = f"import registrar, pydantic, github\n{tried}"
    done = subprocess.run([tmp_path / "python" / "bin" / "python", "-c", program], capture_output=True, check=True)

    assert done.stdout.decode().splitlines() == [f"no {name}" for name in missing]


@pytest.mark.parametrize(
    ("command", "storage", "lock"),
    [
        ("check", "s3", "action.txt"),
        ("reconcile", "", "action-notices.txt"),
        ("register", "", "dvc.txt"),
        ("pull", "s3", "dvc-s3.txt"),
    ],
)
def test_only_what_moves_weights_or_tells_people_needs_more(command: str, storage: str, lock: str) -> None:
    assert lock_of({"REGISTRAR_INPUT_COMMAND": command, "REGISTRAR_INPUT_DVC": storage}).name == lock


def test_a_storage_without_a_lock_is_refused() -> None:
    with pytest.raises(CannotInstall, match=r"dvc is 'floppy': it must be empty or one of azure, gs, s3, ssh"):
        lock_of({"REGISTRAR_INPUT_COMMAND": "pull", "REGISTRAR_INPUT_DVC": "floppy"})
