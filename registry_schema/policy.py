"""What else the rules say of a change: when it may not be made, who may pass in an emergency, who is told."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from registry_schema.approvals import RuleApprovals
from registry_schema.texts import Cron, Description, ModelGlob, Moment, PersonWord, SecretName, StatusName, TimeZone

NoticeEvent = Literal[
    "break-glass", "unapproved-change", "rejected", "deploy-failed", "hook-disabled", "work-parked", "work-paused"
]


@dataclass(frozen=True, slots=True)
class Freeze:
    """A time in which no version gets certain statuses; a return to a status once held is exempt."""

    reason: Annotated[Description, Field(description="Why, as people will read it while they wait.")]
    from_: Annotated[
        Moment | Cron,
        Field(validation_alias="from", description="When it begins: a moment, or a cron expression for every time."),
    ]
    until: Annotated[Moment | Cron, Field(description="When it ends: a moment, or a cron expression, as `from` is.")]
    timezone: Annotated[
        TimeZone | None, Field(description="Whose clock the cron expressions mean, such as Europe/Berlin; else UTC.")
    ] = None
    statuses: Annotated[
        tuple[StatusName, ...] | None,
        Field(
            description="The statuses that no version gets; every one but the first when left out.",
            json_schema_extra={"minItems": 1},
        ),
    ] = None
    models: Annotated[
        tuple[ModelGlob, ...],
        Field(
            description="The models it holds: * within a part of the name, ** across parts.",
            json_schema_extra={"minItems": 1},
        ),
    ] = ("**",)

    @property
    def moments(self) -> tuple[datetime, datetime] | None:
        """From when to when, for a freeze that comes once; None for one that returns."""
        if isinstance(self.from_, datetime) and isinstance(self.until, datetime):
            return self.from_, self.until
        return None


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Who may let a change pass in an emergency, with a written reason, and into which statuses."""

    people: Annotated[
        tuple[PersonWord, ...],
        Field(description="Accounts and teams, as CODEOWNERS names them.", json_schema_extra={"minItems": 1}),
    ]
    statuses: Annotated[
        tuple[StatusName, ...] | None,
        Field(
            description="The statuses that a version may get so; every one when left out.",
            json_schema_extra={"minItems": 1},
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a change of the rules themselves needs."""

    approvals: Annotated[
        RuleApprovals,
        Field(
            description="Who must approve a change of registry.yaml, CODEOWNERS, .dvc/config, allowed_signers, or what "
            "the registry's jobs run."
        ),
    ] = field(default_factory=RuleApprovals)


@dataclass(frozen=True, slots=True)
class Requests:
    """What becomes of a request that the bot opened for somebody."""

    overtaken: Annotated[
        Literal["update", "close"], Field(description="When another change of the same status was merged first.")
    ] = "update"
    changes_requested: Annotated[
        Literal["close", "hold"], Field(description="When an owner answers it with a request for changes.")
    ] = "close"


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told of what."""

    events: Annotated[tuple[NoticeEvent, ...], Field(description="What is told.", json_schema_extra={"minItems": 1})]
    channel: Annotated[
        SecretName,
        Field(description="Which variable of the bot's environment holds the address: an Apprise URL."),
    ]
