"""The shape of a registry: its files as strict values, and every problem found in them."""

from registry_schema.dataset import Dataset
from registry_schema.document import InvalidFile
from registry_schema.model import Direction, Metric, Model
from registry_schema.problems import Problem
from registry_schema.registry import Approvals, Deploy, Gate, Holders, Registry, Status
from registry_schema.status import Holder, Holdings
from registry_schema.version import Artifact, Source, Version

__all__ = [
    "Approvals",
    "Artifact",
    "Dataset",
    "Deploy",
    "Direction",
    "Gate",
    "Holder",
    "Holders",
    "Holdings",
    "InvalidFile",
    "Metric",
    "Model",
    "Problem",
    "Registry",
    "Source",
    "Status",
    "Version",
]
