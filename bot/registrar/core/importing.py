"""Knows what becomes of the models of another registry here: which are added, with which status, and what cannot be."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from registrar.core.standing import status_of
from registrar.core.status_edits import StatusEdit
from registry_schema import Holders, Holdings, Registry, Source, is_model_name, is_version_name
from registry_schema.scalars import Scalar

_ALIKE = {  # what teams call the statuses of a registry that says nothing else
    "dev": "development",
    "prod": "production",
    "champion": "production",
    "stage": "staging",
    "challenger": "staging",
    "archive": "archived",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignVersion:
    """One version as another registry knows it."""

    version: str  # as it will be called here
    called: str  # as it is called there: `churn@v1.0.0`, `churn version 3`
    description: str = ""
    created: datetime | None = None
    source: Source | None = None
    metrics: Mapping[str, float | int] = field(default_factory=dict)
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    stages: tuple[str, ...] = ()  # or aliases, the one given last first


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignModel:
    """One model as another registry knows it."""

    name: str
    description: str = ""
    task: str = ""
    notes: str = ""
    versions: tuple[ForeignVersion, ...] = ()  # the oldest first


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not brought along, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWishes:
    """What a person says of an import."""

    names: Mapping[str, str] = field(default_factory=dict)  # of models: as there, and as here; empty: all, as there
    statuses: Mapping[str, str] = field(default_factory=dict)  # of stages in small letters, as here
    may_give_statuses: bool = True  # not where a bot judges every one by the rules


@dataclass(frozen=True, slots=True)
class Present:
    """What the registry holds of a model."""

    versions: tuple[str, ...]
    holdings: Holdings


@dataclass(frozen=True, slots=True)
class PlannedModel:
    """What is added to one model."""

    name: str  # here
    foreign: ForeignModel
    is_new: bool
    versions: tuple[ForeignVersion, ...]  # that are not here yet; never empty
    statuses: Mapping[str, str]  # of those versions that get one, beside the first
    left_out: tuple[LeftOut, ...] = ()

    def edits(self, rules: Registry, *, besides: Collection[str] = ()) -> tuple[StatusEdit, ...]:
        """What is edited in the model's status file, without the versions that could not be brought along."""
        given = {version: status for version, status in self.statuses.items() if version not in besides}
        return tuple(
            StatusEdit(status, version, "replace" if rules.statuses[status].holders is Holders.ONE else "add")
            for version, status in given.items()
        )


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything that is added, by model, and what is left out of all others."""

    models: tuple[PlannedModel, ...]
    left_out: tuple[LeftOut, ...]


def plan_import(
    foreign: Iterable[ForeignModel], wishes: ImportWishes, *, rules: Registry, present: Mapping[str, Present]
) -> ImportPlan:
    """Decide on every model that is wished for; what is here already stays as it is."""
    planned: dict[str, PlannedModel] = {}
    left_out: list[LeftOut] = []
    for model in foreign:
        if wishes.names and model.name not in wishes.names:
            continue
        name = wishes.names.get(model.name) or name_here(model.name)
        refusal = _refusal(model, name, planned)
        if refusal is not None:
            left_out.append(LeftOut(model.name, refusal))
            continue
        here, lacking = present.get(name), list[LeftOut]()
        added = tuple(_added(model, here, lacking))
        statuses = dict(_statuses(name, added, wishes, rules, here, lacking))
        if added:
            planned[name] = PlannedModel(name, model, here is None, added, statuses, tuple(lacking))
        else:
            left_out += lacking
    return ImportPlan(tuple(planned.values()), tuple(left_out))


def name_here(name: str) -> str:
    """What a model is called here, unless somebody says otherwise."""
    return name.lower().replace(":", "/").replace(" ", "-")


def _refusal(model: ForeignModel, name: str, planned: Mapping[str, PlannedModel]) -> str | None:
    mend = f"name it with --model '{model.name}=NAME'"
    if not is_model_name(name):
        return f"no model can be called {name!r} here; {mend}"
    if name in planned:
        return f"{planned[name].foreign.name} is called {name} here, too; {mend}"
    return None


def _added(model: ForeignModel, here: Present | None, left_out: list[LeftOut]) -> Iterator[ForeignVersion]:
    for version in model.versions:
        if not is_version_name(version.version):
            left_out.append(LeftOut(version.called, f"{version.version!r} is no version by Semantic Versioning"))
        elif here is None or version.version not in here.versions:
            yield version


def _statuses(
    name: str,
    added: Sequence[ForeignVersion],
    wishes: ImportWishes,
    rules: Registry,
    here: Present | None,
    left_out: list[LeftOut],
) -> Iterator[tuple[str, str]]:
    """Each version that gets a status, beside the first of all."""
    taken = {status: holders for status, holders in _held(here, rules).items() if holders}
    for version in reversed(added):  # where several have one that is for a single version, the newest is meant
        status = _status(version, wishes, rules, left_out)
        if status is None or status == rules.initial:
            continue
        ask = f"ask for it when it is merged: registrar promote {name}@{version.version} to {status}"
        if not wishes.may_give_statuses:
            left_out.append(LeftOut(f"{status} of {version.called}", f"a bot judges every status here; {ask}"))
        elif status in taken:
            left_out.append(LeftOut(f"{status} of {version.called}", f"{taken[status]} holds it here; {ask}"))
        else:
            if rules.statuses[status].holders is Holders.ONE:
                taken[status] = version.version
            yield version.version, status


def _held(here: Present | None, rules: Registry) -> dict[str, str]:
    """Who holds each status for one version alone."""
    if here is None:
        return {}
    sole = [status for status, rule in rules.statuses.items() if rule.holders is Holders.ONE]
    return {
        status: version
        for version in here.versions
        for status in [status_of(here.holdings, version, initial=rules.initial)]
        if status in sole
    }


def _status(version: ForeignVersion, wishes: ImportWishes, rules: Registry, left_out: list[LeftOut]) -> str | None:
    """The one status of a version: one that is for a single version before others, else what was given last."""
    known: dict[str, str] = {}
    for stage in version.stages:
        status = status_meant(stage, wishes, rules)
        if status is None:
            why = f"no status here is called so; say which it is with --status {stage}=STATUS"
            left_out.append(LeftOut(f"{stage} of {version.called}", why))
        else:
            known.setdefault(status, stage)
    if not known:
        return None
    chosen = next((status for status in known if rules.statuses[status].holders is Holders.ONE), next(iter(known)))
    for status, stage in known.items():
        if status not in {chosen, rules.initial}:
            why = f"a version holds one status here, and keeps {chosen}"
            left_out.append(LeftOut(f"{stage} of {version.called}", why))
    return chosen


def status_meant(stage: str, wishes: ImportWishes, rules: Registry) -> str | None:
    """The status that a stage of theirs is here: as somebody said, else of the same name; None: nobody knows."""
    said = wishes.statuses.get(stage.lower())
    if said is not None:
        return said
    by_name = {status.lower(): status for status in rules.statuses}
    return by_name.get(stage.lower()) or by_name.get(_ALIKE.get(stage.lower(), ""))
