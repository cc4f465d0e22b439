"""Who must agree before something changes: how many, and what the repository must let them do."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from registry_schema.names import matches
from registry_schema.texts import ModelGlob

Count = Annotated[int, Field(description="How many people must approve.", ge=1, le=100)]
From = Annotated[
    Literal["codeowners"],
    Field(validation_alias="from", description="Who they are: the code owners of the file that changes."),
]
NeededPermission = Annotated[
    Literal["write", "maintain", "admin"], Field(description="What the repository must at least let them do.")
]


@dataclass(frozen=True, slots=True)
class ModelApprovals:
    """Who must agree for some models, in place of what holds for the others."""

    models: Annotated[
        tuple[ModelGlob, ...],
        Field(
            description="The models: * within a part of the name, ** across parts.", json_schema_extra={"minItems": 1}
        ),
    ]
    count: Count = 1
    from_: From = "codeowners"
    permission: NeededPermission = "admin"


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who must agree before a version gets the status."""

    count: Count = 1
    from_: From = "codeowners"
    permission: NeededPermission = "admin"
    for_models: Annotated[
        tuple[ModelApprovals, ...],
        Field(description="What some models need instead: the first entry that means a model decides for it."),
    ] = ()

    def of(self, model: str) -> "Approvals":
        """What this model needs."""
        for entry in self.for_models:
            if any(matches(glob, model) for glob in entry.models):
                return Approvals(entry.count, entry.from_, entry.permission)
        return Approvals(self.count, self.from_, self.permission)


@dataclass(frozen=True, slots=True)
class RuleApprovals:
    """Who must agree before the rules themselves change."""

    count: Count = 1
    from_: From = "codeowners"
    permission: NeededPermission = "admin"

    @property
    def demand(self) -> Approvals:
        """The same, as what any guarded file may ask for."""
        return Approvals(self.count, self.from_, self.permission)
