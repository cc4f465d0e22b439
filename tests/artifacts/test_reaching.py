"""Claims about looking whether a DVC remote is there before anything is in it."""

from pathlib import Path

import pytest

from artifacts.test_tracking import served
from registrar.artifacts.reaching import holds, look_into
from registrar.artifacts.remotes import DvcRemote, remote_of_config
from registrar.errors import ArtifactUnavailable
from registry_schema import Artifact

WEIGHTS = Artifact(path="model.bin", hash="md5:" + "0" * 32, size=1)


def a_remote(url: str) -> DvcRemote:
    return remote_of_config(f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {url}\n".encode())


def test_a_folder_that_is_empty_is_there(tmp_path: Path) -> None:
    look_into(a_remote(str(tmp_path)))

    with pytest.raises(ArtifactUnavailable, match="is a folder that is not there; make it, or mount"):
        look_into(a_remote(str(tmp_path / "not mounted")))


def test_a_web_server_is_asked_though_it_has_no_lists(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        look_into(a_remote(f"{url}/empty"))

        assert not holds(a_remote(url), WEIGHTS)

    with pytest.raises(ArtifactUnavailable, match="failed while listing what it holds"):
        look_into(a_remote(url))
    with pytest.raises(ArtifactUnavailable, match=r"failed while looking for model\.bin"):
        holds(a_remote(url), WEIGHTS)
