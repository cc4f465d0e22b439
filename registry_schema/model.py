"""What a model is: what it is for, and which of its metrics are better high or low."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

from registry_schema.complaints import Complaint
from registry_schema.document import Document
from registry_schema.shape import STRICT, Shape
from registry_schema.texts import Description, MetricName


class Direction(StrEnum):
    """Which way a metric improves."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Metric:
    """How one metric is read."""

    direction: Annotated[Direction, Field(description="Whether higher or lower values are better.")]
    unit: Annotated[str, Field(description="What it is counted in, such as % or ms.")] = ""
    primary: Annotated[bool, Field(description="Whether this is the metric that counts most; at most one is.")] = False


@dataclass(frozen=True, slots=True)
class Model:
    """A model: what it is for and how its versions are compared."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    description: Annotated[Description, Field(description="What the model does, in a sentence or a few.")]
    task: Annotated[str, Field(description="The kind of task, such as image-classification.")] = ""
    metrics: Annotated[
        Mapping[MetricName, Metric], Field(description="The metrics by which versions are compared, by name.")
    ] = field(default_factory=dict)
    notes: Annotated[str, Field(description="Anything else that its owners want known.")] = ""


def read_model(text: bytes, path: str) -> Model:
    """The model that a model.yaml describes; InvalidFile with every problem of the file."""
    return shape().read(text, path)


@cache
def shape() -> Shape[Model]:
    """What a model.yaml must look like."""
    return Shape(TypeAdapter(Model), checks=[_primaries])


def _primaries(document: Document) -> Iterator[Complaint]:
    primaries = [keys for keys, value in document.find("metrics", "*", "primary") if value is True]
    for keys in primaries[1:]:
        yield Complaint(keys, f"{primaries[0][1]} is the primary metric already", "let one metric be primary")
