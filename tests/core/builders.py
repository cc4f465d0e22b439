"""Values with every default, so that a test shows only what matters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from registrar.core.approval_facts import ApprovalFacts, Owner, Rule
from registrar.core.evaluation_facts import EvaluationFacts, ModelChange
from registrar.core.ledger import BrokenGlass
from registrar.core.overtaken import Overtaking
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Contributors, Review, ReviewState
from registrar.core.versions import ascending
from registry_schema import (
    Approvals,
    Artifact,
    BreakGlass,
    Deploy,
    Direction,
    Freeze,
    Gate,
    Holder,
    Holders,
    Holdings,
    Metric,
    Model,
    Problem,
    Registry,
    Status,
    Version,
)
from registry_schema.registry import default_statuses

HEAD = "3f2a91c" + 33 * "0"
BASE = "b45e000" + 33 * "0"
OTHER = "8d1e77a" + 33 * "0"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATUS_PATH = "models/digits/status.yaml"

ANA, RAJ, MEI, ZOE, LEO = Person(1, "ana"), Person(2, "raj"), Person(3, "mei"), Person(4, "zoe"), Person(5, "leo")
BOT = Person(99, "registrar", is_bot=True)


def a_registry(
    *,
    gates: Mapping[str, tuple[Gate, ...]] | None = None,
    deploys: tuple[Deploy, ...] = (),
    freezes: tuple[Freeze, ...] = (),
    break_glass: BreakGlass | None = None,
    **statuses: Status,
) -> Registry:
    """The default lifecycle, with gates on some statuses and others added or replaced."""
    every = {**default_statuses(), **statuses}
    for name, bars in (gates or {}).items():
        every[name] = replace(every[name], gates=bars)
    return Registry(statuses=every, deploys=deploys, freezes=freezes, break_glass=break_glass)


def a_status(
    *promotes_from: str,
    holders: Holders = Holders.MANY,
    displaced_to: str | None = None,
    approvals: Approvals | None = None,
) -> Status:
    return Status(promotes_from=promotes_from, holders=holders, displaced_to=displaced_to, approvals=approvals)


def holding(**statuses: str | tuple[str, ...]) -> Holdings:
    """`holding(Production="1.0.0", QA=("2.0.0", "2.1.0"))`."""
    listed = {status: (held,) if isinstance(held, str) else held for status, held in statuses.items()}
    return Holdings({status: tuple(Holder(version) for version in held) for status, held in listed.items()})


def a_model(**directions: Direction) -> Model:
    """A model of which accuracy is the primary metric, unless others are named; the first named is then the primary."""
    metrics = directions or {"accuracy": Direction.HIGHER}
    primary = next(iter(metrics))
    return Model("reads digits", metrics={name: Metric(way, primary=name == primary) for name, way in metrics.items()})


WEIGHTS = {"weights": Artifact("model.joblib", "md5:" + 32 * "0", 10)}


def a_version(**metrics: float) -> Version:
    return Version(metrics=metrics, artifacts=WEIGHTS)


def a_review(
    reviewer: Person | None,
    state: ReviewState = ReviewState.APPROVED,
    *,
    sha: str = HEAD,
    minute: int = 0,
) -> Review:
    return Review(id=minute + 1, reviewer=reviewer, state=state, sha=sha, submitted_at=NOON + timedelta(minutes=minute))


def an_owner(person: Person, *, permission: Permission = Permission.ADMIN) -> Owner:
    return Owner(person, permission)


def a_rule(*owners: Owner | Person, section: str = "", count: int = 1, line: int = 3, lapses: bool = False) -> Rule:
    """A line of CODEOWNERS that these people own by."""
    owning = tuple(owner if isinstance(owner, Owner) else an_owner(owner) for owner in owners)
    return Rule(f"CODEOWNERS:{line}", owning, section, count, lapses=lapses)


def approval_facts(  # noqa: PLR0913 -- a builder holds every default
    *,
    owners: tuple[Owner | Person, ...] = (ANA, RAJ),
    rules: tuple[Rule, ...] | None = None,
    reviews: tuple[Review, ...] = (),
    requester: Person | None = MEI,
    author: Person | None = BOT,
    wrote: tuple[Person, ...] = (BOT,),
    unknown: tuple[str, ...] = (),
    path: str = STATUS_PATH,
    unowned: Mapping[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
    merged_at: datetime | None = None,
    before: Mapping[str, tuple[Rule, ...]] | None = None,
) -> ApprovalFacts:
    """Mei asked the bot for a change that ana and raj own, unless other rules say who does."""
    return ApprovalFacts(
        head_sha=HEAD,
        base_ref="main",
        base_sha=BASE,
        requester=requester,
        author=author,
        contributors=Contributors(wrote, unknown),
        bot=BOT,
        owners={path: (a_rule(*owners),) if rules is None else rules},
        unowned=unowned or {},
        reviews=reviews,
        problems=problems,
        merged_at=merged_at,
        owners_before=before or {},
    )


@dataclass(frozen=True, slots=True)
class AFile:
    """One path that differs, as git tells it."""

    path: str
    kind: str = "M"
    new_mode: str | None = "100644"


def a_change(  # noqa: PLR0913 -- a builder holds every default
    *,
    before: Holdings | None = None,
    after: Holdings | None = None,
    registered: tuple[str, ...] = (),
    facts: Mapping[str, Version] | None = None,
    versions: tuple[str, ...] = ("1.0.0", "1.1.0"),
    moved: bool = False,
    tip: Holdings | None = None,
    model: Model | None = None,
    overtaken: Overtaking | None = None,
) -> ModelChange:
    """A change of the model digits, whose status file nobody else has touched."""
    before = before if before is not None else holding(Production="1.0.0", Staging="1.1.0")
    return ModelChange(
        name="digits",
        status_path=STATUS_PATH,
        model=model or a_model(),
        before=before,
        after=after if after is not None else before,
        tip=tip if tip is not None else before,
        before_blob="a",
        tip_blob="b" if moved else "a",
        versions=ascending({*versions, *registered}),
        registered=registered,
        facts=facts if facts is not None else {"1.0.0": a_version(accuracy=0.95), "1.1.0": a_version(accuracy=0.97)},
        overtaken=overtaken,
    )


PROMOTED = holding(Production="1.1.0", Archived="1.0.0")


def evaluation_facts(  # noqa: PLR0913 -- a builder holds every default
    *changes: ModelChange,
    registry: Registry | None = None,
    approvals: ApprovalFacts | None = None,
    files: tuple[AFile, ...] = (),
    held_before: Mapping[tuple[str, str], frozenset[str]] | None = None,
    problems: tuple[Problem, ...] = (),
    draft: bool = False,
    now: datetime = NOON,
    glass: BrokenGlass | None = None,
    entered: Mapping[tuple[str, str], datetime] | None = None,
    restored: Mapping[str, str] | None = None,
    unapproved: Mapping[tuple[str, str], str] | None = None,
    tampered: Mapping[str, str] | None = None,
) -> EvaluationFacts:
    return EvaluationFacts(
        registry=registry or a_registry(),
        approvals=approvals or approval_facts(),
        models=changes,
        files=files,
        held_before=held_before or {},
        problems=problems,
        draft=draft,
        now=now,
        glass=glass,
        entered=entered or {},
        restored=restored or {},
        unapproved=unapproved or {},
        tampered=tampered or {},
    )
