"""Knows whether the DVC remote of a registry can be reached, by whoever looks."""

from collections.abc import Iterator
from pathlib import Path

from registrar.artifacts.dvc_settings import CONFIG
from registrar.artifacts.reaching import holds, look_into, try_writing
from registrar.artifacts.remotes import DvcRemote, remote_of_checkout, remote_of_config
from registrar.core.setup import Finding, Untold, ok, problem, untold
from registrar.errors import InvalidRegistry, NotAllowed, RegistrarError, Unknown
from registrar.repository.snapshot import Snapshot
from registry_schema import Artifact

_CHECK = "DVC remote"


def storage_findings(registry: Snapshot, *, checkout: Path | None, write: bool) -> Iterator[Finding]:
    """Whether it can be read, holds what the registry says, and takes something when that is wanted."""
    try:
        remote = _remote(registry, checkout)
    except NotAllowed as error:
        yield untold(_CHECK, Untold(str(error)))
        return
    except RegistrarError as error:
        yield problem(_CHECK, str(error), f"see {CONFIG} on the base branch")
        return
    try:
        yield _reading(registry, remote)
        if write:
            try_writing(remote)
            yield ok(f"{_CHECK}, writing", f"{remote} took a few bytes, which were deleted again")
    except RegistrarError as error:
        yield problem(_CHECK, str(error), "see that it is up, and that the credentials for it are at hand here")


def _remote(registry: Snapshot, checkout: Path | None) -> DvcRemote:
    if checkout is not None:
        return remote_of_checkout(checkout)
    config = registry.text(CONFIG)
    if config is None:
        raise Unknown(f"the registry has no {CONFIG}; run dvc init, and dvc remote add --default NAME URL")
    return remote_of_config(config)


def _reading(registry: Snapshot, remote: DvcRemote) -> Finding:
    newest = _newest(registry)
    if newest is None:
        look_into(remote)
        return ok(_CHECK, f"{remote} can be read; the registry holds nothing yet")
    version, artifact = newest
    if holds(remote, artifact):
        return ok(_CHECK, f"{remote} holds {artifact.path} of {version}")
    mend = "run dvc push where it was made, or see whether .dvc/config names the right remote"
    return problem(_CHECK, f"{remote} does not hold {artifact.path} of {version}", mend)


def _newest(registry: Snapshot) -> tuple[str, Artifact] | None:
    """Something that the remote must hold: an artifact of a model's newest version."""
    for model in registry.models():
        for version in reversed(registry.versions(model)):
            try:
                artifacts = registry.version(model, version).artifacts
            except (InvalidRegistry, Unknown):  # that is said where the files are looked at
                continue
            for artifact in artifacts.values():
                return f"{model} {version}", artifact
    return None
