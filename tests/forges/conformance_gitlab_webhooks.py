"""Knows what is published about GitLab's webhooks, and tells where one departs from it."""

from collections.abc import Iterator, Mapping
from typing import Any

from forges.conformance_gitlab_published import departures, published, without
from forges.conformance_schemas import unknown_keys
from forges.conformance_traffic import Violation

# What a hook asks for, and of which kind the published example is.
# https://docs.gitlab.com/user/project/integrations/webhook_events/
_KINDS = {
    "push": "push",
    "tag_push": "tag_push",
    "merge_requests": "merge_request",
    "note": "note_merge_request",
    "pipeline": "pipeline",
    "job": "build",
    "deployment": "deployment",
}
_KIND_IN_BODY = {"note_merge_request": "note"}


def webhook_violations(event: str, payload: Mapping[str, Any]) -> Iterator[Violation]:
    """What a webhook's payload holds that GitLab's does not, or lacks that GitLab's has."""
    kind = _KINDS.get(event)
    what = f"webhook {event}"
    if kind is None:
        yield Violation(what, "$", "no webhook of GitLab's is described under this name")
        return
    known, newer = published()["webhooks"][kind], published()["newer"]["webhooks"].get(kind, {})
    if payload.get("object_kind") != _KIND_IN_BODY.get(kind, kind):
        yield Violation(what, "$.object_kind", f"{payload.get('object_kind')!r} is another event's")
    holds = without(known["holds"], newer.get("but_not", {}))
    for schema in (known["schema"], holds):
        for error in departures(schema, payload):
            yield Violation(what, error.json_path, error.message[:300])
    for where in unknown_keys(published(), known["schema"], payload):
        yield Violation(what, where, "GitLab has no such key")
