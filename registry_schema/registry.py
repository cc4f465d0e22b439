"""The rules of a registry: its statuses, who approves, which gates hold, what a status deploys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from registry_schema import lifecycle, schedules
from registry_schema.approvals import Approvals
from registry_schema.document import load
from registry_schema.policy import BreakGlass, Freeze, Notice, Requests, Rules
from registry_schema.problems import InvalidFile, Problem
from registry_schema.shape import STRICT, Shape
from registry_schema.texts import (
    Duration,
    MetricName,
    ModelGlob,
    PipelineName,
    RefName,
    RepositoryName,
    SecretName,
    StatusName,
)

NEWEST_SCHEMA = 1


class Holders(StrEnum):
    """How many versions of a model a status holds."""

    ONE = "one"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Gate:
    """A bar that one metric must clear, by at least one criterion."""

    metric: Annotated[MetricName, Field(description="The metric, as version.yaml names it.")]
    at_least: Annotated[float | None, Field(description="The lowest value that passes.")] = None
    at_most: Annotated[float | None, Field(description="The highest value that passes.")] = None
    not_worse_than: Annotated[
        StatusName | None, Field(description="A status whose version must not be better, by the metric's direction.")
    ] = None
    tolerance: Annotated[
        float, Field(description="How much worse is still not worse, in the metric's own unit.", ge=0)
    ] = 0.0


@dataclass(frozen=True, slots=True)
class Status:
    """One status of the lifecycle."""

    promotes_from: Annotated[
        tuple[StatusName, ...], Field(description="The statuses from which a version can get this one.")
    ] = ()
    holders: Annotated[Holders, Field(description="How many versions of a model hold it at once.")] = Holders.MANY
    displaced_to: Annotated[
        StatusName | None, Field(description="The status that a version gets when another takes its place.")
    ] = None
    approvals: Annotated[Approvals | None, Field(description="Who must approve; nobody when left out.")] = None
    gates: Annotated[tuple[Gate, ...], Field(description="The bars that a version's metrics must clear.")] = ()
    soak: Annotated[
        Duration | None,
        Field(description="How long a version must have held its status before it is promoted into this one."),
    ] = None


@dataclass(frozen=True, slots=True)
class Deploy:
    """A pipeline that starts when a version gets the status."""

    status: Annotated[StatusName, Field(description="The status that starts it.")]
    repository: Annotated[RepositoryName, Field(description="The repository in which it runs, as owner/name.")]
    pipeline: Annotated[
        PipelineName,
        Field(description="Its file on GitHub, such as deploy.yml; on GitLab, where a project has one, a name for it."),
    ]
    ref: Annotated[RefName, Field(description="The branch or tag on which it runs.")] = "main"
    models: Annotated[
        tuple[ModelGlob, ...], Field(description="The models it deploys: * within a part of the name, ** across parts.")
    ] = ("**",)
    manual: Annotated[bool, Field(description="Whether it waits until a person writes /registrar deploy.")] = False
    parameters: Annotated[
        Literal["inputs", "variables"],
        Field(
            description="How it is told what to deploy: by inputs that it declares, or on GitLab by CI/CD variables."
        ),
    ] = "inputs"
    trigger_token: Annotated[
        SecretName | None,
        Field(
            description="On GitLab: which variable of the bot's environment holds the trigger token that starts it, "
            "in place of the bot's own token."
        ),
    ] = None


def default_statuses() -> Mapping[str, Status]:
    """The lifecycle of a registry that states none."""
    return {
        "Development": Status(),
        "QA": Status(promotes_from=("Development",)),
        "Staging": Status(promotes_from=("Development", "QA")),
        "Production": Status(
            promotes_from=("Staging",), holders=Holders.ONE, displaced_to="Archived", approvals=Approvals()
        ),
        "Archived": Status(promotes_from=("Development", "QA", "Staging", "Production")),
    }


@dataclass(frozen=True, slots=True)
class Registry:
    """The rules of a registry; every key has a default."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema: Annotated[int, Field(description="The edition of these rules.", ge=1, le=NEWEST_SCHEMA)] = NEWEST_SCHEMA
    statuses: Annotated[
        Mapping[StatusName, Status],
        Field(
            description="The lifecycle; the first status is the one a new version has.",
            json_schema_extra={"minProperties": 1},
        ),
    ] = field(default_factory=default_statuses)
    deploys: Annotated[tuple[Deploy, ...], Field(description="What starts when a version gets a status.")] = ()
    rules: Annotated[Rules, Field(description="What these rules themselves need, and CODEOWNERS, to be changed.")] = (
        field(default_factory=Rules)
    )
    freezes: Annotated[tuple[Freeze, ...], Field(description="When no version gets which status.")] = ()
    break_glass: Annotated[
        BreakGlass | None, Field(description="Who may let a change pass in an emergency; nobody when left out.")
    ] = None
    requests: Annotated[Requests, Field(description="What becomes of a request of the bot's.")] = field(
        default_factory=Requests
    )
    tags: Annotated[Literal["gto", "none"], Field(description="Which git tags tell of what was merged.")] = "none"
    notices: Annotated[tuple[Notice, ...], Field(description="Who is told of what.")] = ()

    @property
    def initial(self) -> str:
        """The status of a version that status.yaml does not name."""
        return next(iter(self.statuses))


def read_registry(text: bytes, path: str) -> Registry:
    """The rules that a registry.yaml states; InvalidFile with every problem of the file."""
    document = load(text, path)
    for keys, edition in document.find("schema"):
        if isinstance(edition, int) and edition > NEWEST_SCHEMA:
            # Nothing else is said of it: what looks wrong here may be right in the newer edition.
            message = f"this registry is written for schema {edition}, and this Registrar knows {NEWEST_SCHEMA}"
            raise InvalidFile([Problem(path, document.line(keys), message, "upgrade Registrar")])
    return shape().of(document)


@cache
def shape() -> Shape[Registry]:
    """What a registry.yaml must look like."""
    return Shape(TypeAdapter(Registry), checks=(*lifecycle.CHECKS, *schedules.CHECKS), may_be_empty=True)
