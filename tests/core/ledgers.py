"""Entries of a ledger with every default, so that a test shows only what matters."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from core.builders import ANA, BOT, HEAD, MEI, NOON, STATUS_PATH
from registrar.core.ledger import Check, Counted, Deployed, Measured, Merged, Pushed, Rejected
from registrar.core.ledger_text import EVENTS
from registrar.core.lifecycle import Transition
from registrar.core.people import Permission
from registrar.core.pull_requests import Outcome

LANDED = "c0ffee1" + 33 * "0"
BEFORE = "b4d5f00" + 33 * "0"
MOVE = Transition("digits", "1.1.0", "Staging", "Production")


def counted(**changes: Any) -> Counted:
    said: dict[str, Any] = {
        "person": ANA,
        "permission": Permission.ADMIN,
        "path": STATUS_PATH,
        "rule": "CODEOWNERS:3",
        "word": "@ana",
        "review": 12,
        "sha": HEAD,
        "at": NOON,
    }
    return Counted(**said | changes)


def merged(**changes: Any) -> Merged:
    """What mei asked for, ana approved and somebody merged a minute later."""
    said: dict[str, Any] = {
        "number": 7,
        "url": "https://forge.example/acme/registry/pull/7",
        "at": NOON + timedelta(minutes=1),
        "commit": LANDED,
        "before": BEFORE,
        "head": HEAD,
        "author": BOT,
        "requester": MEI,
        "contributors": (BOT,),
        "ruling": "approved",
        "reason": "approved by ana (CODEOWNERS:3)",
        "transitions": (MOVE,),
        "registrations": (),
        "approvals": (counted(),),
        "checks": (Check("approval of models/digits/status.yaml", "passed", "approved by ana (CODEOWNERS:3)"),),
        "measured": (Measured("digits", "1.1.0", "accuracy", 0.97, "1.0.0", "Production", 0.95, "better"),),
        "content": ((STATUS_PATH, 40 * "e"),),
    }
    return Merged(**said | changes)


def deployed(outcome: Outcome = Outcome.PENDING, *, at: datetime = NOON) -> Deployed:
    return Deployed(
        operation="deploy-7-0123456789abcdef",
        number=7,
        at=at,
        model="digits",
        version="1.1.0",
        status="Production",
        repository="acme/digits-ui",
        pipeline="deploy.yml",
        outcome=outcome,
        detail="queued",
        url="https://forge.example/acme/digits-ui/actions/runs/3",
    )


def pushed(**changes: Any) -> Pushed:
    said: dict[str, Any] = {
        "commit": LANDED,
        "before": BEFORE,
        "at": NOON,
        "transitions": (MOVE,),
        "paths": (STATUS_PATH,),
        "revert": 8,
    }
    return Pushed(**said | changes)


def rejected(**changes: Any) -> Rejected:
    said: dict[str, Any] = {
        "number": 7,
        "url": "https://forge.example/acme/registry/pull/7",
        "head": HEAD,
        "by": ANA,
        "reason": "not before the audit",
        "at": NOON,
        "requester": MEI,
        "transitions": (MOVE,),
    }
    return Rejected(**said | changes)


_LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(st.characters(exclude_categories=["Cs"])),
    datetime: st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5))])),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Every value of a kind."""
    origin, kinds = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: anything(hints[field.name]) for field in fields(kind)})
    if origin is UnionType:
        return st.one_of(*map(anything, kinds))
    if origin is tuple and kinds[-1] is Ellipsis:
        return st.lists(anything(kinds[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(anything, kinds))
    return _LEAVES[kind] if kind in _LEAVES else st.from_type(kind)


entries = st.one_of(*(anything(kind) for kind in EVENTS.values()))
