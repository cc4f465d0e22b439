"""Knows what an evaluation of a pull request rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registrar.core.approval_facts import ApprovalFacts
from registrar.core.changes import transitions
from registrar.core.immutability import FileChange
from registrar.core.interventions import Intervention
from registrar.core.ledger import BrokenGlass
from registrar.core.lifecycle import Transition
from registrar.core.overtaken import Overtaking
from registry_schema import Holdings, Model, Problem, Registry, Version


@dataclass(frozen=True, slots=True)
class ModelChange:
    """One model that the pull request touches: where the branch began, at its head, and on the base now."""

    name: str
    status_path: str
    model: Model  # as the base has it, the head's only for a new model: a change may not redefine what is better
    before: Holdings  # at the merge base
    after: Holdings  # at the head
    tip: Holdings  # on the base now: what a candidate is measured against
    before_blob: str | None  # blob id of the status file at the merge base; None: there is none
    tip_blob: str | None  # and at the tip of the base: when they differ, the base has moved
    versions: tuple[str, ...]  # every version that exists at the head, ascending
    registered: tuple[str, ...] = ()  # those of them that the merge base lacks
    facts: Mapping[str, Version] = field(
        default_factory=dict
    )  # of the registered ones and those that a status file names
    overtaken: Overtaking | None = None  # what changed the status file on the base since

    def transitions(self, registry: Registry) -> tuple[Transition, ...]:
        """What changes in the status of its versions."""
        return transitions(self.name, self.before, self.after, initial=registry.initial)


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """Everything that bears on a pull request, gathered before it is judged."""

    registry: Registry  # of the base
    approvals: ApprovalFacts
    now: datetime  # the moment to judge by: of the merge, by the forge's clock, once there is one
    models: tuple[ModelChange, ...] = ()
    files: tuple[FileChange, ...] = ()  # every file that differs between the merge base and the head
    held_before: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    # (model, version): the statuses it has held, by the history of the base
    problems: tuple[Problem, ...] = ()  # of the registry's files at the head
    draft: bool = False
    glass: BrokenGlass | None = None  # somebody whom the rules name lets this very head pass in an emergency
    hold: Intervention | None = None  # what was last said of one; it may have been let go
    rejection: Intervention | None = None  # the same; it may have been taken back
    entered: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    # (model, version): since when it holds its status, as the forge shows it; missing: it cannot be shown

    restored: Mapping[str, str] = field(default_factory=dict)
    # by path, the commit that nobody approved, when the head puts back what the base held before it

    tampered: Mapping[str, str] = field(default_factory=dict)
    # by path of the rules, the commit that left it as nobody approved; of a head that only puts back, none

    moved: tuple[str, ...] = ()
    # paths of rules and jobs that the base has changed since the branch began, and does not hold as the head does

    unapproved: Mapping[tuple[str, str], str] = field(default_factory=dict)
    # (model, version): the commit that gave it its status, which nobody approved

    def transitions(self) -> tuple[Transition, ...]:
        """What changes in the status of every version of every model."""
        return tuple(transition for change in self.models for transition in change.transitions(self.registry))

    def held(self, transition: Transition) -> frozenset[str]:
        """The statuses that the version has held before."""
        return self.held_before.get((transition.model, transition.version), frozenset())
