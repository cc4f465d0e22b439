"""Knows which DVC remote a registry keeps its data in, by DVC's own reading of its configuration."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from registrar.artifacts.dvc_settings import dvc_reading, refuse_foreign, settings_of, shown
from registrar.core.spelling import did_you_mean
from registrar.errors import ArtifactUnavailable, NotAllowed, RegistrarError, Unknown

if TYPE_CHECKING:
    from dvc_data.hashfile.db import HashFileDB

_ADD_ONE = "add one with dvc remote add --default NAME URL, and commit .dvc/config"


@dataclass(frozen=True, slots=True)
class DvcRemote:
    """A place that holds data by its hash; the address as a message may show it."""

    name: str
    url: str
    store: "HashFileDB"
    older_store: "HashFileDB"  # as DVC kept its data before its third version

    def __str__(self) -> str:
        return f"DVC remote {self.name} ({self.url})"


def remote_of_checkout(checkout: Path, name: str | None = None) -> DvcRemote:
    """The default remote of a checkout, or the one named, with what `.dvc/config.local` adds to it."""
    folder = checkout / ".dvc"
    if not (folder / "config").is_file():
        raise Unknown(f"{checkout} has no .dvc/config; run dvc init there, and {_ADD_ONE}")
    return _remote(settings_of(folder), name)


def remote_of_config(config: bytes, name: str | None = None) -> DvcRemote:
    """The remote that a `.dvc/config` read from git names; an address relative to a checkout leads nowhere then."""
    with tempfile.TemporaryDirectory() as nowhere:
        folder = Path(nowhere).resolve() / ".dvc"
        folder.mkdir()
        (folder / "config").write_bytes(config)
        settings = settings_of(folder)
        name = name or settings["core"].get("remote")
        if name is not None:
            refuse_foreign(folder, name)
        remote = _remote(settings, name)
        if _is_relative(settings["remote"], remote.name):
            message = f"DVC remote {remote.name} has an address relative to the checkout"
            raise NotAllowed(f"{message}; run this inside a checkout, or give the remote an absolute address")
        return remote


def _is_relative(remotes: dict[str, Any], name: str) -> bool:
    from dvc.config_schema import RelPath

    url = remotes[name.lower()]["url"]
    reference = urlsplit(url)
    if reference.scheme == "remote":
        return _is_relative(remotes, reference.netloc)
    return isinstance(url, RelPath)


@contextmanager
def explained(remote: DvcRemote, doing: str) -> Iterator[None]:
    """Every way a storage can fail, as one line about the remote."""
    try:
        yield
    except RegistrarError:
        raise
    except Exception as error:  # each storage's library raises what it likes
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ArtifactUnavailable(f"{remote} failed while {doing}: {shown(reason)}; see whether it is up") from error


def _remote(configuration: dict[str, Any], name: str | None) -> DvcRemote:
    from dvc.data_cloud import Remote
    from dvc.fs import get_cloud_fs

    known = configuration["remote"]
    name = name or configuration["core"].get("remote")
    if name is None:
        raise Unknown(f"the registry has no default DVC remote; {_ADD_ONE}")
    if name.lower() not in known:
        raise Unknown(f"the registry has no DVC remote {name}{did_you_mean(name, known)}; {_ADD_ONE}")
    with _opening(name, str(known[name.lower()]["url"])):
        with dvc_reading():
            kind, settings, path = get_cloud_fs(configuration, name=name)
        if settings.get("version_aware") or settings.get("worktree"):
            raise NotAllowed(f"DVC remote {name} is version-aware, which keeps no data by its hash; use a plain remote")
        if kind.protocol == "ssh":
            settings["agent_forwarding"] = False  # which DVC would ask for: with it a storage could sign in elsewhere
        remote = Remote(name, path, kind(**settings), **settings)
        store, older_store = remote.odb, remote.legacy_odb
    return DvcRemote(name, shown(str(store.fs.unstrip_protocol(path))), store, older_store)


@contextmanager
def _opening(name: str, url: str) -> Iterator[None]:
    from dvc.fs import RemoteMissingDepsError

    try:
        yield
    except RegistrarError:
        raise
    except (ImportError, RemoteMissingDepsError) as error:
        message = f"DVC remote {name} needs a part of DVC that is not installed"
        raise RegistrarError(f"{message}; run pip install 'dvc[{url.partition('://')[0]}]'") from error
    except Exception as error:  # each storage's library raises what it likes
        reason = shown(" ".join(str(error).split())) or type(error).__name__
        mend = "see its settings, also those of your own: dvc remote modify --help"
        raise RegistrarError(f"DVC remote {name} cannot be opened: {reason}; {mend}") from error
