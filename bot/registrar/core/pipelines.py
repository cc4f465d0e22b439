"""Knows what names a pipeline of an application, and how it is told what to deploy."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PREFIX: Final = "REGISTRAR_"  # of every variable that a pipeline is told something by
OPERATION: Final = f"{PREFIX}OPERATION"  # the variable that holds the operation key


class Passing(StrEnum):
    """How a pipeline is told what to deploy."""

    INPUTS = "inputs"  # that it declares itself
    VARIABLES = "variables"  # that every pipeline takes, unless its project forbids it


@dataclass(frozen=True, slots=True)
class Target:
    """A pipeline in the repository of an application."""

    repository: str
    pipeline: str
    ref: str = "main"
    passing: Passing = Passing.INPUTS
    trigger_token: str = field(default="", repr=False)  # starts it in place of our own token, where a forge has such
