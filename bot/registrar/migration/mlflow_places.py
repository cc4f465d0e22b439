"""Knows where a server of MLflow may say that weights lie: whoever may register a model there chooses it.

MLflow's client goes wherever it is sent, with whatever it has at hand: to a file of this machine, which would become
weights that others read, or to another server with the credentials that are meant for this one.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from registrar.errors import NotAllowed

_HTTP = {"http", "https"}
_DEEPEST = 5
_AZURE = re.compile(r".*\.dfs\.(core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|storage\.azure\.net)")
_INSTEAD = "bring the version along without its weights: --no-weights"


def place_of(address: str, server: str) -> str:
    """Where the weights lie that MLflow knows by an address. Raises `NotAllowed` for what the server may not say.

    A store that is no server is one's own, and may say whatever it likes.
    """
    from mlflow.store.artifact.models_artifact_repo import ModelsArtifactRepository
    from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository

    if urlsplit(server).scheme not in _HTTP:
        return address
    resolving: Mapping[str, Callable[..., object]] = {
        "models": ModelsArtifactRepository.get_underlying_uri,
        "runs": RunsArtifactRepository.get_underlying_uri,
    }
    for _ in range(_DEEPEST):
        scheme = urlsplit(address).scheme
        if scheme not in resolving:
            refuse_steered(address, server, has_secrets=_has_secrets(address))
            return address
        address = str(resolving[scheme](address))
    raise NotAllowed(f"they lie at {address} in a circle; {_INSTEAD}")


def refuse_steered(address: str, server: str, *, has_secrets: bool) -> None:
    """Raises `NotAllowed` for a file of this machine, and for who would get its secrets."""
    place, home = urlsplit(address), urlsplit(server)
    if place.scheme in {"", "file"} and not _is_this_machine(home.hostname or ""):
        raise NotAllowed(
            f"the server says that they lie in a folder of this machine, which is not its to say; {_INSTEAD}"
        )
    is_sent_on = place.scheme in _HTTP or (place.scheme == "mlflow-artifacts" and place.netloc)
    if is_sent_on and has_secrets and _origin(place, home.scheme) != _origin(home, home.scheme):
        message = f"they lie at {place.hostname}, which would get what signs in at {home.hostname}"
        raise NotAllowed(f"{message}; run this without those credentials, or {_INSTEAD}")
    if place.scheme == "abfss" and not _AZURE.fullmatch(place.hostname or ""):
        raise NotAllowed(f"they lie at {place.hostname}, which is no host of Azure's; {_INSTEAD}")


def _origin(place: SplitResult, scheme: str) -> tuple[str, str | None, int]:
    scheme = place.scheme if place.scheme in _HTTP else scheme
    return scheme, place.hostname, place.port or {"http": 80, "https": 443}[scheme]


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _has_secrets(address: str) -> bool:
    from mlflow.utils.credentials import get_default_host_creds

    said: Callable[..., Any] = get_default_host_creds
    found = said(address)
    return any((found.username, found.password, found.token, found.auth, found.aws_sigv4, found.client_cert_path))
