"""What is known of one version: where it came from, what it weighs, how well it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

from registry_schema.scalars import Scalar
from registry_schema.shape import STRICT, Shape
from registry_schema.texts import ArtifactName, CommitSha, DatasetVersion, FilePath, Hash, MetricName, Moment, Origin


@dataclass(frozen=True, slots=True)
class Source:
    """The code that made a version."""

    repository: Annotated[Origin, Field(description="The repository of the code.")]
    commit: Annotated[CommitSha, Field(description="The commit that was checked out.")]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file tracked by DVC beside this one."""

    path: Annotated[FilePath, Field(description="The name of the file in this folder, without .dvc.")]
    hash: Annotated[Hash, Field(description="The hash of its content, as DVC computes it.")]
    size: Annotated[int, Field(description="Its size in bytes.", ge=0)]


Artifacts = Mapping[ArtifactName, Artifact]


@dataclass(frozen=True, slots=True)
class Version:
    """The facts of one version of a model; never edited once merged."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    description: Annotated[str, Field(description="What is new in this version.")] = ""
    created: Annotated[Moment | None, Field(description="When it was made.")] = None
    source: Annotated[Source | None, Field(description="The code that made it.")] = None
    artifacts: Annotated[Artifacts, Field(description='Its files; the one called "weights" is what is deployed.')] = (
        field(default_factory=dict)
    )
    dataset: Annotated[DatasetVersion | None, Field(description="The dataset it was trained on, as name@version.")] = (
        None
    )
    metrics: Annotated[
        Mapping[MetricName, float | int], Field(description="How well it did, by the name of the metric.")
    ] = field(default_factory=dict)
    parameters: Annotated[Mapping[str, Scalar], Field(description="What it was trained with.")] = field(
        default_factory=dict
    )


def read_version(text: bytes, path: str) -> Version:
    """The facts that a version.yaml records; InvalidFile with every problem of the file."""
    return shape().read(text, path)


@cache
def shape() -> Shape[Version]:
    """What a version.yaml must look like."""
    return Shape(TypeAdapter(Version), may_be_null=[("parameters", "*")])
