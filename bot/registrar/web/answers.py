"""What the door answers: a status that the forge draws the right conclusion from, and a sentence for a person."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to one webhook."""

    name: str  # by which it is counted
    status: int
    message: str


ACCEPTED: Final = Answer("accepted", 202, "accepted")
KNOWN: Final = Answer("known", 202, "known already")
TOO_LARGE: Final = Answer("too large", 413, "the body is larger than 25 MB")
TOO_SLOW: Final = Answer("too slow", 408, "the body did not come to its end")
NOT_KEPT: Final = Answer("not kept", 503, "the event could not be kept; redeliver it later")


def refused(why: str) -> Answer:
    """To whom nothing is believed."""
    return Answer("refused", 401, why)


def ignored(why: str) -> Answer:
    """To what is authentic and not for us: a forge must not take that for a failure."""
    return Answer("ignored", 200, f"ignored: {why}")


def not_understood(status: int, why: str) -> Answer:
    """To what is authentic, and nothing that the forge documents."""
    return Answer("not understood", status, f"not understood: {why}")


_MEANINGS: Final = {
    200: "authentic, and not for us",
    202: "the event is on disk",
    400: "authentic, and not what the forge documents",
    401: "not proved by a secret of the repository that it tells of, or sent to the route of another forge",
    408: "the body did not come to its end in time",
    413: "larger than 25 MB",
    503: "the event could not be kept: redeliver it",
}
_TEXT: Final = {"text/plain": {"schema": {"type": "string"}}}

DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": meaning, "content": _TEXT} for status, meaning in _MEANINGS.items()
}
_HEADERS: Final = (
    "X-GitHub-Event",
    "X-GitHub-Delivery",
    "X-Hub-Signature-256",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "X-Gitlab-Token",
    "Idempotency-Key",
)
REQUEST: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
    "parameters": [{"name": name, "in": "header", "schema": {"type": "string"}} for name in _HEADERS],
}
