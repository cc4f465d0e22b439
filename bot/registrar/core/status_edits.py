"""Knows the words in which a change of a status file is told."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class StatusEdit:
    """One step: put a version under a status, take it away, or make it the status's only holder."""

    status: str
    version: str
    action: Literal["add", "remove", "replace"]
