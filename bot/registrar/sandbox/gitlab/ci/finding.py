"""Knows how lists of pipelines, jobs and deployments are narrowed and put in order, as a request asks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from registrar.sandbox.gitlab.refusals import Unreadable
from registrar.sandbox.pipelines import Deployment, Job, JobState, Pipeline

_Item = TypeVar("_Item")
_SCOPES: Mapping[str, Callable[[Pipeline], bool]] = {
    "running": lambda each: each.state is JobState.RUNNING,
    "pending": lambda each: each.state is JobState.PENDING,
    "finished": lambda each: each.state.finished,
    "branches": lambda each: not each.tag,
    "tags": lambda each: each.tag,
}
_ORDERS: Mapping[str, Callable[[Pipeline], tuple[object, ...]]] = {
    "id": lambda each: (each.id,),
    "status": lambda each: (each.state, each.id),
    "ref": lambda each: (each.ref, each.id),
    "updated_at": lambda each: (each.updated_at, each.id),
    "user_id": lambda each: (each.user.id, each.id),
}
_DEPLOYMENT_ORDERS: Mapping[str, Callable[[Deployment], tuple[object, ...]]] = {
    "id": lambda each: (each.id,),
    "iid": lambda each: (each.iid,),
    "created_at": lambda each: (each.created_at, each.id),
    "updated_at": lambda each: (each.updated_at, each.id),
    "ref": lambda each: (each.job.pipeline.ref, each.id),
}


def pipelines(found: Sequence[Pipeline], query: Mapping[str, object]) -> list[Pipeline]:
    """The pipelines that a list asks for, newest first unless it asks otherwise. Raises `Unreadable`."""
    wanted = [each for each in found if _is_wanted(each, query)]
    wanted = within(wanted, query, "updated", lambda each: each.updated_at)
    wanted = within(wanted, query, "created", lambda each: each.created_at)
    order = one_of(query, "order_by", _ORDERS, "id")
    return sorted(wanted, key=_ORDERS[order], reverse=one_of(query, "sort", ("asc", "desc"), "desc") == "desc")


def _is_wanted(each: Pipeline, query: Mapping[str, object]) -> bool:
    known = {
        "ref": each.ref,
        "sha": each.sha,
        "status": str(each.state),
        "source": each.source,
        "username": each.user.login,
        "name": each.name,
    }
    scope = query.get("scope")
    return (
        all(query[key] == value for key, value in known.items() if query.get(key))
        and (scope is None or _SCOPES[one_of(query, "scope", _SCOPES, "")](each))
        and not is_true(query.get("yaml_errors"))
    )


def jobs(found: Sequence[Job], query: Mapping[str, object], *, retried: bool) -> list[Job]:
    """The jobs that a list asks for, newest first. Raises `Unreadable`."""
    asked = query.get("scope", ())
    states = [asked] if isinstance(asked, str) else list(asked) if isinstance(asked, list | tuple) else []
    if not {str(each) for each in states} <= set(JobState):
        raise Unreadable("scope does not have a valid value")
    wanted = (each for each in found if (retried or not each.retried) and (not states or each.state in states))
    return sorted(wanted, key=lambda each: each.id, reverse=True)


def deployments(found: Sequence[Deployment], query: Mapping[str, object]) -> list[Deployment]:
    """The deployments that a list asks for, oldest first unless it asks otherwise. Raises `Unreadable`."""
    known: Mapping[str, Callable[[Deployment], str]] = {
        "environment": lambda each: each.environment.name,
        "status": lambda each: each.state,
    }
    wanted = [each for each in found if all(query[key] == of(each) for key, of in known.items() if query.get(key))]
    wanted = within(wanted, query, "updated", lambda each: each.updated_at)
    order = one_of(query, "order_by", _DEPLOYMENT_ORDERS, "id")
    descending = one_of(query, "sort", ("asc", "desc"), "asc") == "desc"
    return sorted(wanted, key=_DEPLOYMENT_ORDERS[order], reverse=descending)


def within(
    found: list[_Item], query: Mapping[str, object], what: str, moment: Callable[[_Item], datetime]
) -> list[_Item]:
    """Those of which something happened after and before the moments that the request names. Raises `Unreadable`."""
    after, before = _moment(query, f"{what}_after"), _moment(query, f"{what}_before")
    return [
        each for each in found if (after is None or moment(each) > after) and (before is None or moment(each) < before)
    ]


def is_true(value: object) -> bool:
    """Whether a parameter says yes, in one of the ways that GitLab takes."""
    return str(value).lower() in {"true", "t", "1", "on"}


def one_of(
    query: Mapping[str, object], name: str, known: "Sequence[str] | Mapping[str, object]", otherwise: str
) -> str:
    """A parameter that may have few values. Raises `Unreadable` for others."""
    value = query.get(name) or otherwise
    if value not in known:
        raise Unreadable(f"{name} does not have a valid value")
    return str(value)


def _moment(query: Mapping[str, object], name: str) -> datetime | None:
    text = query.get(name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Unreadable(f"{name} is invalid") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
