"""What is brought from a repository that is only known by its address runs nothing that it names."""

from pathlib import Path

import pytest

from cli.old_registry import an_old_registry
from registrar.errors import NotAllowed
from registrar.migration.gto_registry import gto_registry


@pytest.mark.parametrize("file", ["config", "config.local"])
def test_no_command_that_another_repository_names_is_run(file: str, tmp_path: Path) -> None:
    old = an_old_registry(tmp_path)
    harm = f"url = webdavs://127.0.0.1:1/x\n    bearer_token_command = touch {tmp_path}/harm\n"
    old.commit({f".dvc/{file}": f"[core]\n    remote = store\n['remote \"store\"']\n    {harm}"})

    with gto_registry(f"file://{old.folder}") as found:
        (versions,) = (each.versions for each in found.models()[0] if each.name == "churn")
        with pytest.raises(NotAllowed, match="DVC remote store names a command to be run"):
            found.fetch(versions[0], into=tmp_path)

    assert not (tmp_path / "harm").exists()
