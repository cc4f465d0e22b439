"""The shape of a registry: its files as strict values, and every problem found in them."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry_schema.approvals import Approvals
    from registry_schema.dataset import Dataset, read_dataset
    from registry_schema.document import InvalidFile
    from registry_schema.model import Direction, Metric, Model, read_model
    from registry_schema.names import is_model_name, is_version_name
    from registry_schema.policy import BreakGlass, Freeze, Notice, Requests
    from registry_schema.problems import Problem
    from registry_schema.registry import Deploy, Gate, Holders, Registry, Status, read_registry
    from registry_schema.status import Holder, Holdings, read_status
    from registry_schema.version import Artifact, Source, Version, read_version

__all__ = [
    "Approvals",
    "Artifact",
    "BreakGlass",
    "Dataset",
    "Deploy",
    "Direction",
    "Freeze",
    "Gate",
    "Holder",
    "Holders",
    "Holdings",
    "InvalidFile",
    "Metric",
    "Model",
    "Notice",
    "Problem",
    "Registry",
    "Requests",
    "Source",
    "Status",
    "Version",
    "is_model_name",
    "is_version_name",
    "read_dataset",
    "read_model",
    "read_registry",
    "read_status",
    "read_version",
]

_HOMES = {
    "approvals": ("Approvals",),
    "dataset": ("Dataset", "read_dataset"),
    "document": ("InvalidFile",),
    "model": ("Direction", "Metric", "Model", "read_model"),
    "names": ("is_model_name", "is_version_name"),
    "policy": ("BreakGlass", "Freeze", "Notice", "Requests"),
    "problems": ("Problem",),
    "registry": ("Deploy", "Gate", "Holders", "Registry", "Status", "read_registry"),
    "status": ("Holder", "Holdings", "read_status"),
    "version": ("Artifact", "Source", "Version", "read_version"),
}


def __getattr__(name: str) -> object:
    """Import a name where it is first used: the command line must start without YAML and pydantic."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"registry_schema.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
