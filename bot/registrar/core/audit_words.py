"""Knows how a line of the audit trail reads in words: who approved by which right, on which numbers."""

from datetime import UTC, datetime
from functools import lru_cache

from registrar.core.audit import NO_NOTE, Kind, Record
from registrar.core.audit_notes import Facts, login
from registrar.core.figures import figure, finite

_CALM = frozenset({"approved", "rejected", NO_NOTE})


def change(record: Record) -> str:
    """What became of it."""
    move = record.transition
    if move is None:
        return ", ".join(record.paths) or "-"
    if move.keeps_status:
        return f"{move.after}, {_share(move.traffic_before)} to {_share(move.traffic_after)}"
    return f"{move.before} to {move.after}"


def result(record: Record) -> str:
    """How it was judged, and what came of it."""
    if record.ruling != "approved":
        return ", ".join(filter(None, (ruling(record), deployed(record))))
    return deployed(record) or ("displaced" if record.makes_room else record.ruling)


def ruling(record: Record) -> str:
    """How it was judged, and where one person did, who."""
    return f"rejected by {record.rejected_by}" if record.kind is Kind.REJECTION else record.ruling


def deployed(record: Record) -> str:
    """How its deploys stand, in a word; nothing where there are none."""
    if not record.deploys:
        return ""
    outcomes = {deploy["outcome"] for deploy in record.deploys}
    if outcomes == {"success"}:
        return "deployed"
    return "deploy failed" if "failure" in outcomes else "deploying"


def is_alarming(record: Record) -> bool:
    """Whether whoever audits should look here first."""
    return record.ruling not in _CALM or deployed(record) == "deploy failed"


def authority(approval: Facts) -> str:
    """Who approved, with which right, by which line of CODEOWNERS, and what."""
    who, sha = login(approval["person"]), approval["sha"][:7]
    return (
        f"{who} ({approval['permission']}, {approval['rule']} {approval['word']}, review {approval['review']} of {sha})"
    )


def authorities(record: Record) -> list[str]:
    """Everybody who approved, by CODEOWNERS of before the change, and by that of when its branch began."""
    before = [f"{authority(approval)}, by CODEOWNERS of when its branch began" for approval in record.approvals_before]
    return [*map(authority, record.approvals), *before]


def check(requirement: Facts) -> str:
    """One requirement, and how it stood."""
    return f"{requirement['name']} {requirement['state']}: {requirement['reason']}"


def measured(metric: Facts) -> str:
    """A number, beside the one that it was measured against."""
    told = f"{metric['metric']} {_figure(metric.get('value'))}"
    against, status = _name(metric.get("against")), _name(metric.get("status"))
    if against is None:
        return told
    return f"{told} ({status} {against}: {_figure(metric.get('other'))}, {metric['judgement']})"


def numbers(metric: Facts) -> dict[str, object]:
    """A number, and the one that it was measured against, as JSON has them."""
    return {
        "value": _number(metric.get("value")),
        "against": _name(metric.get("against")),
        "status": _name(metric.get("status")),
        "other": _number(metric.get("other")),
    }


def deploy(event: Facts) -> str:
    """One deploy, and how it stood last."""
    told = dict.fromkeys((str(event["outcome"]), str(event["detail"])))  # many a run's detail is the outcome again
    return f"{event['repository']} {event['pipeline']}: {', '.join(told)}"


def glass(record: Record) -> str:
    """Who let it pass without its approvals, and why."""
    return f"{login(record.glass['person'])}: {record.glass['reason']}" if record.glass else ""


def moment(at: datetime) -> str:
    """A moment, to the minute, in UTC."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ")[:16]


def _share(traffic: int | None) -> str:
    return "all traffic" if traffic is None else f"{traffic} %"


def _figure(value: object) -> str:
    number = _number(value)
    return "-" if number is None else _told(number)


_told = lru_cache(maxsize=4_096)(
    figure
)  # a metric is told beside what it is measured against, and then beside the next


def _number(value: object) -> float | None:
    return finite(value) if isinstance(value, int | float) else None


def _name(value: object) -> str | None:
    return value if isinstance(value, str) else None
