"""What is known of one version of a dataset."""

from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

from registry_schema.shape import STRICT, Shape
from registry_schema.texts import Description
from registry_schema.version import Artifacts


@dataclass(frozen=True, slots=True)
class Dataset:
    """One version of a dataset."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    description: Annotated[Description, Field(description="What the data is and where it comes from.")]
    artifacts: Annotated[Artifacts, Field(description="Its files, tracked by DVC.")] = field(default_factory=dict)
    rows: Annotated[int | None, Field(description="How many examples it holds.", ge=0)] = None


def read_dataset(text: bytes, path: str) -> Dataset:
    """The facts that a dataset.yaml records; InvalidFile with every problem of the file."""
    return shape().read(text, path)


@cache
def shape() -> Shape[Dataset]:
    """What a dataset.yaml must look like."""
    return Shape(TypeAdapter(Dataset))
