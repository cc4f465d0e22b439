"""Knows how the forge's own descriptions beside this file are made: cut down to what we speak, nothing altered.

Get the packages, unpack each, then give the three unpacked folders:

    npm pack @octokit/openapi@23.0.2 @octokit/webhooks-schemas@7.6.1 @octokit/webhooks-examples@7.6.1
    for archive in octokit-*.tgz; do mkdir "${archive%.tgz}" && tar -xzf "$archive" -C "${archive%.tgz}"; done
    python tests/forges/schemas/refresh.py octokit-openapi-23.0.2/package \
        octokit-webhooks-schemas-7.6.1/package octokit-webhooks-examples-7.6.1/package
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPOSITORY = "/repos/{owner}/{repo}"
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "/": ("get",),
    "/rate_limit": ("get",),
    "/user": ("get",),
    "/user/repos": ("get",),
    "/users/{username}": ("get",),
    "/user/{account_id}": ("get",),
    "/orgs/{org}": ("get",),
    "/orgs/{org}/members/{username}": ("get",),
    "/orgs/{org}/memberships/{username}": ("get",),
    "/orgs/{org}/teams": ("get",),
    "/orgs/{org}/teams/{team_slug}": ("get",),
    "/orgs/{org}/teams/{team_slug}/members": ("get",),
    "/orgs/{org}/teams/{team_slug}/memberships/{username}": ("get",),
    "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": ("get",),
    REPOSITORY: ("get",),
    f"{REPOSITORY}/activity": ("get",),
    f"{REPOSITORY}/branches": ("get",),
    f"{REPOSITORY}/branches/{{branch}}": ("get",),
    f"{REPOSITORY}/branches/{{branch}}/protection": ("get", "put", "delete"),
    f"{REPOSITORY}/codeowners/errors": ("get",),
    f"{REPOSITORY}/collaborators": ("get",),
    f"{REPOSITORY}/collaborators/{{username}}": ("get",),
    f"{REPOSITORY}/collaborators/{{username}}/permission": ("get",),
    f"{REPOSITORY}/commits": ("get",),
    f"{REPOSITORY}/commits/{{ref}}": ("get",),
    f"{REPOSITORY}/commits/{{ref}}/status": ("get",),
    f"{REPOSITORY}/commits/{{ref}}/statuses": ("get",),
    f"{REPOSITORY}/commits/{{commit_sha}}/pulls": ("get",),
    f"{REPOSITORY}/compare/{{basehead}}": ("get",),
    f"{REPOSITORY}/contents/{{path}}": ("get", "put", "delete"),
    f"{REPOSITORY}/environments/{{environment_name}}": ("get", "put"),
    f"{REPOSITORY}/environments/{{environment_name}}/deployment-branch-policies": ("get", "post"),
    f"{REPOSITORY}/git/ref/{{ref}}": ("get",),
    f"{REPOSITORY}/git/refs": ("post",),
    f"{REPOSITORY}/git/refs/{{ref}}": ("patch", "delete"),
    f"{REPOSITORY}/git/matching-refs/{{ref}}": ("get",),
    f"{REPOSITORY}/hooks": ("get", "post"),
    f"{REPOSITORY}/hooks/{{hook_id}}": ("get", "patch", "delete"),
    f"{REPOSITORY}/hooks/{{hook_id}}/pings": ("post",),
    f"{REPOSITORY}/hooks/{{hook_id}}/deliveries": ("get",),
    f"{REPOSITORY}/hooks/{{hook_id}}/deliveries/{{delivery_id}}": ("get",),
    f"{REPOSITORY}/hooks/{{hook_id}}/deliveries/{{delivery_id}}/attempts": ("post",),
    f"{REPOSITORY}/issues": ("get", "post"),
    f"{REPOSITORY}/issues/{{issue_number}}": ("get", "patch"),
    f"{REPOSITORY}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{REPOSITORY}/issues/{{issue_number}}/events": ("get",),
    f"{REPOSITORY}/issues/{{issue_number}}/labels": ("get", "post"),
    f"{REPOSITORY}/issues/comments": ("get",),
    f"{REPOSITORY}/issues/comments/{{comment_id}}": ("get", "patch", "delete"),
    f"{REPOSITORY}/pulls": ("get", "post"),
    f"{REPOSITORY}/pulls/{{pull_number}}": ("get", "patch"),
    f"{REPOSITORY}/pulls/{{pull_number}}/commits": ("get",),
    f"{REPOSITORY}/pulls/{{pull_number}}/files": ("get",),
    f"{REPOSITORY}/pulls/{{pull_number}}/merge": ("get", "put"),
    f"{REPOSITORY}/pulls/{{pull_number}}/requested_reviewers": ("get", "post"),
    f"{REPOSITORY}/pulls/{{pull_number}}/reviews": ("get", "post"),
    f"{REPOSITORY}/pulls/{{pull_number}}/reviews/{{review_id}}": ("get",),
    f"{REPOSITORY}/pulls/{{pull_number}}/reviews/{{review_id}}/dismissals": ("put",),
    f"{REPOSITORY}/rules/branches/{{branch}}": ("get",),
    f"{REPOSITORY}/rulesets": ("get", "post"),
    f"{REPOSITORY}/rulesets/{{ruleset_id}}": ("get", "put", "delete"),
    f"{REPOSITORY}/statuses/{{sha}}": ("post",),
    f"{REPOSITORY}/actions/workflows": ("get",),
    f"{REPOSITORY}/actions/workflows/{{workflow_id}}": ("get",),
    f"{REPOSITORY}/actions/workflows/{{workflow_id}}/dispatches": ("post",),
    f"{REPOSITORY}/actions/workflows/{{workflow_id}}/runs": ("get",),
    f"{REPOSITORY}/actions/runs": ("get",),
    f"{REPOSITORY}/actions/runs/{{run_id}}": ("get",),
    f"{REPOSITORY}/actions/runs/{{run_id}}/jobs": ("get",),
}
EVENTS = (
    "create",
    "delete",
    "issue_comment",
    "issues",
    "ping",
    "pull_request",
    "pull_request_review",
    "push",
    "status",
    "workflow_run",
)
_PROSE = {"description", "summary", "title", "example", "examples", "externalDocs", "default", "tags", "deprecated"}
_PROSE |= {"tsAdditionalProperties", "operationId", "readOnly"}
_NAMED = {"properties", "patternProperties", "definitions"}  # their keys are names, not words of the schema language


def without_prose(node: object, *, keys_are_names: bool = False) -> Any:
    """The same rules without what only a person reads."""
    if isinstance(node, list):
        return [without_prose(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_prose(value, keys_are_names=key in _NAMED and not keys_are_names)
        for key, value in node.items()
        if keys_are_names or (key not in _PROSE and not key.startswith("x-"))
    }


def references(node: object) -> Iterator[str]:
    """Every part of the document that this part leans on."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def pointed(document: Mapping[str, Any], reference: str) -> Any:
    """What a reference inside the document points at."""
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def closure(document: Mapping[str, Any], start: object) -> dict[str, Any]:
    """Everything that the start leans on, directly or not, by reference."""
    found: dict[str, Any] = {}
    waiting = list(references(start))
    while waiting:
        reference = waiting.pop()
        if reference not in found:
            found[reference] = without_prose(pointed(document, reference))
            waiting += references(found[reference])
    return found


def grown(paths: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """A document in which every part stands where references look for it."""
    document = dict(paths)
    for reference, part in sorted(parts.items()):
        node = document
        *folders, name = reference.removeprefix("#/").split("/")
        for folder in folders:
            node = node.setdefault(folder, {})
        node[name] = part
    return document


def operation(described: Mapping[str, Any]) -> dict[str, Any]:
    """What an operation takes and answers, as far as it is JSON."""
    kept = without_prose(
        {key: described[key] for key in ("parameters", "requestBody", "responses") if key in described}
    )
    for part in [kept.get("requestBody", {}), *kept["responses"].values()]:
        part.pop("headers", None)
        if "content" in part:
            part["content"] = {kind: body for kind, body in part["content"].items() if kind == "application/json"}
    return dict(kept)


def openapi(package: Path) -> dict[str, Any]:
    """GitHub's description of its REST API, of our operations alone."""
    document = json.loads((package / "generated" / "api.github.com.json").read_bytes())
    paths = {
        path: {method: operation(document["paths"][path][method]) for method in methods}
        for path, methods in sorted(OPERATIONS.items())
    }
    start = [paths, {"$ref": "#/components/schemas/basic-error"}]
    return grown({"openapi": document["openapi"], "paths": paths}, closure(document, start))


def webhooks(package: Path) -> dict[str, Any]:
    """The shapes of GitHub's webhooks, of our events alone."""
    document = json.loads((package / "schema.json").read_bytes())
    names = [
        name for event in EVENTS for name in (f"{event}_event", f"{event}$event") if name in document["definitions"]
    ]
    start = [{"$ref": f"#/definitions/{name}"} for name in names]
    return grown({"$schema": document["$schema"]}, closure(document, start))


def examples(package: Path) -> list[list[Any]]:
    """Every example of a webhook, as [event, payload]."""
    events = json.loads((package / "api.github.com" / "index.json").read_bytes())
    return [[event["name"], example] for event in events for example in event["examples"]]


def save(name: str, document: object) -> None:
    """Write it in one line, the same bytes every time; compressed when the name says so."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()
    (HERE / name).write_bytes(gzip.compress(text, compresslevel=9, mtime=0) if name.endswith(".gz") else text + b"\n")


def main(arguments: list[str]) -> int:
    """Make the three files anew."""
    if len(arguments) != 3:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    api, shapes, samples = map(Path, arguments)
    save("github-openapi.json", openapi(api))
    save("github-webhooks.json", webhooks(shapes))
    save("github-webhook-examples.json.gz", examples(samples))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
