"""Knows how `gitlab-api.json` is made: what GitLab's clients publish of its REST API, cut down to what we speak.

Get go-gitlab from Debian and python-gitlab's sources, unpack both, then give the two unpacked folders:

    apt-get download golang-github-xanzy-go-gitlab-dev=0.73.1-2
    dpkg-deb --extract golang-github-xanzy-go-gitlab-dev_0.73.1-2_all.deb go-gitlab
    pip download --no-deps --no-binary :all: python-gitlab==8.6.0 && tar -xzf python_gitlab-8.6.0.tar.gz
    PYTHONPATH=tests python -m forges.schemas.gitlab_api go-gitlab python_gitlab-8.6.0
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from forges.schemas.gitlab_go import Route, Schema, or_null, routes, shapes
from forges.schemas.gitlab_recordings import Recording, always, nulls, of_go_gitlab, of_python_gitlab
from forges.schemas.refresh import references

HERE = Path(__file__).parent
GO = "usr/share/gocode/src/github.com/xanzy/go-gitlab"
PROJECT, GROUP = "projects/{}", "groups/{}"
REQUEST = f"{PROJECT}/merge_requests/{{}}"
SPOKEN: Mapping[str, Sequence[str]] = {
    "user": ("GET",),
    "users": ("GET",),
    "users/{}": ("GET",),
    "version": ("GET",),
    GROUP: ("GET",),
    f"{GROUP}/members": ("GET",),
    f"{GROUP}/members/all": ("GET",),
    f"{GROUP}/members/{{}}": ("GET",),
    "projects": ("GET",),
    PROJECT: ("GET", "PUT"),
    f"{PROJECT}/approvals": ("GET", "POST"),
    f"{PROJECT}/archive": ("POST",),
    f"{PROJECT}/unarchive": ("POST",),
    f"{PROJECT}/events": ("GET",),
    f"{PROJECT}/members": ("GET",),
    f"{PROJECT}/members/{{}}": ("GET",),
    f"{PROJECT}/members/all": ("GET",),
    f"{PROJECT}/members/all/{{}}": ("GET",),
    f"{PROJECT}/protected_branches": ("GET", "POST"),
    f"{PROJECT}/protected_branches/{{}}": ("GET", "PATCH", "DELETE"),
    f"{PROJECT}/protected_tags": ("GET", "POST"),
    f"{PROJECT}/protected_tags/{{}}": ("DELETE",),
    f"{PROJECT}/variables": ("GET", "POST"),
    f"{PROJECT}/variables/{{}}": ("GET", "PUT", "DELETE"),
    f"{PROJECT}/hooks": ("GET", "POST"),
    f"{PROJECT}/hooks/{{}}": ("GET", "PUT", "DELETE"),
    f"{PROJECT}/repository/branches": ("GET", "POST"),
    f"{PROJECT}/repository/branches/{{}}": ("GET", "DELETE"),
    f"{PROJECT}/repository/commits": ("GET",),
    f"{PROJECT}/repository/commits/{{}}": ("GET",),
    f"{PROJECT}/repository/commits/{{}}/diff": ("GET",),
    f"{PROJECT}/repository/commits/{{}}/merge_requests": ("GET",),
    f"{PROJECT}/repository/commits/{{}}/statuses": ("GET",),
    f"{PROJECT}/repository/compare": ("GET",),
    f"{PROJECT}/repository/files/{{}}": ("GET",),
    f"{PROJECT}/repository/files/{{}}/raw": ("GET",),
    f"{PROJECT}/statuses/{{}}": ("POST",),
    f"{PROJECT}/merge_requests": ("GET", "POST"),
    REQUEST: ("GET", "PUT"),
    f"{REQUEST}/approvals": ("GET",),
    f"{REQUEST}/approval_state": ("GET",),
    f"{REQUEST}/approve": ("POST",),
    f"{REQUEST}/unapprove": ("POST",),
    f"{REQUEST}/changes": ("GET",),
    f"{REQUEST}/commits": ("GET",),
    f"{REQUEST}/merge": ("PUT",),
    f"{REQUEST}/rebase": ("PUT",),
    f"{REQUEST}/versions": ("GET",),
    f"{REQUEST}/versions/{{}}": ("GET",),
    f"{REQUEST}/notes": ("GET", "POST"),
    f"{REQUEST}/notes/{{}}": ("GET", "PUT", "DELETE"),
    f"{REQUEST}/pipelines": ("GET",),
    f"{PROJECT}/pipeline": ("POST",),
    f"{PROJECT}/pipeline_schedules": ("GET", "POST"),
    f"{PROJECT}/pipelines": ("GET",),
    f"{PROJECT}/pipelines/{{}}": ("GET", "DELETE"),
    f"{PROJECT}/pipelines/{{}}/bridges": ("GET",),
    f"{PROJECT}/pipelines/{{}}/cancel": ("POST",),
    f"{PROJECT}/pipelines/{{}}/jobs": ("GET",),
    f"{PROJECT}/pipelines/{{}}/retry": ("POST",),
    f"{PROJECT}/pipelines/{{}}/variables": ("GET",),
    f"{PROJECT}/jobs": ("GET",),
    f"{PROJECT}/jobs/{{}}": ("GET",),
    f"{PROJECT}/jobs/{{}}/cancel": ("POST",),
    f"{PROJECT}/jobs/{{}}/play": ("POST",),
    f"{PROJECT}/jobs/{{}}/retry": ("POST",),
    f"{PROJECT}/jobs/{{}}/trace": ("GET",),
    f"{PROJECT}/trigger/pipeline": ("POST",),
    f"{PROJECT}/triggers": ("GET", "POST"),
    f"{PROJECT}/triggers/{{}}": ("GET", "PUT", "DELETE"),
    f"{PROJECT}/deployments": ("GET",),
    f"{PROJECT}/deployments/{{}}": ("GET",),
    f"{PROJECT}/environments": ("GET",),
    f"{PROJECT}/environments/{{}}": ("GET",),
}
EVENTS: Mapping[str, str] = {
    "push": "PushEvent",
    "tag_push": "TagEvent",
    "merge_request": "MergeEvent",
    "note_merge_request": "MergeCommentEvent",
    "pipeline": "PipelineEvent",
    "build": "BuildEvent",
    "deployment": "DeploymentEvent",
}
# Shapes of answers that no request above gets by itself.
OTHERS = ("PersonalAccessToken", "Runner")
_REFERENCE = "#/shapes/"


def described(found: Iterable[Route], recorded: Sequence[Recording]) -> dict[str, Schema]:
    """Each request that we speak: what it takes, what comes back, what recordings of that hold."""
    kept: dict[str, Schema] = {}
    for route in found:
        name = f"{route.method} {route.path}"
        if route.method not in SPOKEN.get(route.path, ()) or name in kept:
            continue
        kept[name] = {
            "takes": None if route.takes is None else {"$ref": f"{_REFERENCE}{route.takes}"},
            "answers": route.answers,
            "holds": always([each.answer for each in recorded if is_of(each, route)], cut=True),
        }
    wanted = {f"{method} {path}" for path, methods in SPOKEN.items() for method in methods}
    for name in sorted(wanted - set(kept)):
        sys.stderr.write(f"go-gitlab asks for no {name}: it is to be described by hand\n")
    return kept


def is_of(recording: Recording, route: Route) -> bool:
    """Whether it was recorded of this request. The full path of a project may hold slashes there."""
    pattern = re.escape(route.path).replace(r"\{\}", "[^/]+")
    alternative = re.sub(r"^projects/\[\^/\]\+", "projects/namespace/name", pattern)
    return recording.method == route.method and re.fullmatch(f"{pattern}|{alternative}", recording.path) is not None


def learn_nulls(known: Mapping[str, Schema], schema: Schema | None, place: Sequence[str]) -> None:
    """Let a place hold nothing, where a recording did: Go does not tell nothing from an empty text."""
    if not schema or not place:
        return
    schema = known[schema["$ref"].removeprefix(_REFERENCE)] if "$ref" in schema else schema
    for part in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        learn_nulls(known, part, place)
    step, *rest = place
    parent = schema if step == "*" else schema.get("properties", {})
    key = "items" if step == "*" else step
    if key not in parent:
        return
    if rest:
        learn_nulls(known, parent[key], rest)
    else:
        parent[key] = or_null(parent[key])


def closure(known: Mapping[str, Schema], start: object) -> dict[str, Schema]:
    """The shapes that the start leans on, directly or not."""
    found: dict[str, Schema] = {}
    waiting = list(references(start))
    while waiting:
        name = waiting.pop().removeprefix(_REFERENCE)
        if name not in found:
            found[name] = known[name]
            waiting += references(known[name])
    return found


def webhook(known: Mapping[str, Schema], file: Path) -> Schema:
    """What a webhook may hold, and what go-gitlab's example of it does."""
    shape, example = {"$ref": f"{_REFERENCE}{EVENTS[file.stem]}"}, json.loads(file.read_bytes())
    for place in nulls(example):
        learn_nulls(known, shape, place)
    return {"schema": shape, "holds": always([example], cut=False)}


def document(go: Path, python: Path) -> dict[str, Any]:
    """What is kept of both packages."""
    source = "\n".join(file.read_text() for file in sorted(go.glob("*.go")) if not file.name.endswith("_test.go"))
    known, found = shapes(source), list(routes(source))
    recorded = [*of_go_gitlab(go), *of_python_gitlab(python)]
    for recording in recorded:
        for route in found:
            if is_of(recording, route):
                for place in nulls(recording.answer):
                    learn_nulls(known, route.answers, place)
    kept = described(found, recorded)
    webhooks = {event: webhook(known, go / "testdata" / "webhooks" / f"{event}.json") for event in EVENTS}
    others = [{"$ref": f"{_REFERENCE}{name}"} for name in OTHERS]
    return {"routes": kept, "webhooks": webhooks, "shapes": closure(known, [kept, webhooks, others])}


def main(arguments: list[str]) -> int:
    """Make the file anew, the same bytes every time."""
    if len(arguments) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    go, python = map(Path, arguments)
    text = json.dumps(document(go / GO, python), separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    (HERE / "gitlab-api.json").write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
