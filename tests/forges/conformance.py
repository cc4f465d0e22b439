"""Knows what GitHub publishes about its API and webhooks, and tells where traffic departs from it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from jsonschema import Draft7Validator
from jsonschema.protocols import Validator
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4, DRAFT7
from starlette.types import ASGIApp

from forges.conformance_schemas import flattened, pointed_at, unknown_keys
from forges.conformance_traffic import Exchange, Violation, listened, once, once_told, told

SCHEMAS = Path(__file__).parent / "schemas"
PREFIX = "/api/v3"  # where GitHub Enterprise Server has it
_UNDOCUMENTED = {
    "/repositories/{repository_id}": "/repos/{owner}/{repo}",  # what GitHub's own links point at
    "/repos/{owner}/{repo}/statuses/{ref}": "/repos/{owner}/{repo}/commits/{ref}/statuses",  # PyGithub asks there
}
# What the description denies and GitHub does: nobody is the author of a commit whose address belongs to no account.
_NOBODY = re.compile(r"\$(\[\d+\])?\.(author|committer)")
_DEEP = {"path", "ref", "branch", "basehead"}  # may hold slashes
_SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as GitHub describes it."""

    name: str
    place: str  # of its description in the document, as a reference
    described: Mapping[str, Any]


@dataclass(slots=True)
class Conformance:
    """Listens to a sandbox and keeps every violation; `around` its application, before it is served."""

    violations: list[Violation] = field(default_factory=list)
    checked: int = 0

    def around(self, application: ASGIApp) -> ASGIApp:
        """The same application, listened to."""
        return listened(application, self._heard)

    def _heard(self, exchange: Exchange) -> None:
        if exchange.path.startswith(f"{PREFIX}/"):
            self.checked += 1
            self.violations += once(exchange, lambda: _violations(exchange))

    def check_exchange(self, method: str, target: str, *, sent: bytes, status: int, answered: bytes) -> None:
        """Check one request and its answer."""
        self.checked += 1
        self.violations += _violations(Exchange(method, target, sent=sent, status=status, answered=answered))

    def check_webhook(self, event: str, payload: Mapping[str, Any]) -> None:
        """Check what a webhook was sent."""
        self.checked += 1
        self.violations += once_told(event, payload, lambda: webhook_violations(event, payload))

    def report(self) -> str:
        """Every violation once, one a line; empty when there is none."""
        return told(self.violations)


def _violations(exchange: Exchange) -> Iterator[Violation]:
    path, _, query = exchange.target.partition("?")
    operation = operation_of(exchange.method, path.removeprefix(PREFIX))
    if operation is None:
        if exchange.status != 404:
            what = f"{exchange.method} {path} -> {exchange.status}"
            yield Violation(what, "$", "GitHub publishes no such route")
    elif exchange.status < _SERVER_FAULT:
        if exchange.status < 400:
            yield from request_violations(operation, query, exchange.sent)
        yield from answer_violations(operation, exchange.status, exchange.answered)


def operation_of(method: str, path: str) -> Operation | None:
    """What GitHub describes for a request; None when it describes nothing."""
    plain = unquote(path).rstrip("/") or "/"
    for pattern, template in _routes():
        if pattern.fullmatch(plain) and method.lower() in _api()["paths"][template]:
            place = "#/paths/" + template.replace("~", "~0").replace("/", "~1") + f"/{method.lower()}"
            return Operation(f"{method.upper()} {template}", place, _api()["paths"][template][method.lower()])
    return None


def request_violations(operation: Operation, query: str, sent: bytes) -> Iterator[Violation]:
    """What a request holds that GitHub does not take."""
    known = {_pointed(parameter)["name"] for parameter in operation.described.get("parameters", ())}
    for name, _ in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            yield Violation(operation.name, f"?{name}", "GitHub takes no such parameter")
    body = _pointed(operation.described.get("requestBody", {}))
    if not sent:
        if body.get("required"):
            yield Violation(operation.name, "$", "GitHub needs a body")
        return
    if not body:
        if json.loads(sent):
            yield Violation(operation.name, "$", "GitHub takes no body")
        return
    yield from _departures(operation.name, f"{operation.place}/requestBody/content/application~1json/schema", sent)


def answer_violations(operation: Operation, status: int, answered: bytes) -> Iterator[Violation]:
    """What an answer holds that GitHub's does not, or lacks that GitHub's has."""
    what = f"{operation.name} -> {status}"
    described = operation.described["responses"].get(str(status))
    if described is None and status < 400:
        yield Violation(what, "$", f"GitHub answers {', '.join(operation.described['responses'])}")
    elif described is None:
        yield from _departures(what, "#/components/schemas/basic-error", answered)
    elif not _pointed(described).get("content"):
        if answered and status < 400:
            yield Violation(what, "$", "GitHub answers without a body")
    else:
        place = described.get("$ref") or f"{operation.place}/responses/{status}"
        yield from _departures(what, f"{place}/content/application~1json/schema", answered)


def webhook_violations(event: str, payload: Mapping[str, Any]) -> Iterator[Violation]:
    """What a webhook's payload holds that GitHub's does not, or lacks that GitHub's has."""
    action = payload.get("action")
    what = f"webhook {event}" + (f".{action}" if action else "")
    names = [f"{event}${action}"] if action else [f"{event}$event", f"{event}_event"]
    name = next((each for each in names if each in _webhooks()["definitions"]), None)
    if name is None:
        yield Violation(what, "$", "GitHub publishes no such webhook")
        return
    for error in flattened(_webhook_validator(name).iter_errors(payload)):
        yield Violation(what, error.json_path, error.message[:300])
    for where in unknown_keys(_webhooks(), {"$ref": f"#/definitions/{name}"}, payload):
        yield Violation(what, where, "GitHub has no such key")


def _departures(what: str, place: str, text: bytes) -> Iterator[Violation]:
    try:
        value = json.loads(text)
    except ValueError as reason:
        yield Violation(what, "$", f"not JSON: {reason}")
        return
    for error in flattened(_api_validator(place).iter_errors(value)):
        if error.instance is None and _NOBODY.fullmatch(error.json_path):
            continue
        yield Violation(what, error.json_path, error.message[:300])
    for where in unknown_keys(_api(), {"$ref": place}, value):
        yield Violation(what, where, "GitHub has no such key")


@cache
def _api() -> Any:
    return json.loads((SCHEMAS / "github-openapi.json").read_bytes())


@cache
def _webhooks() -> Any:
    return json.loads((SCHEMAS / "github-webhooks.json").read_bytes())


def _pointed(node: Mapping[str, Any]) -> Any:
    return pointed_at(_api(), node["$ref"]) if "$ref" in node else node


@cache
def _api_registry() -> Registry[Any]:
    empty: Registry[Any] = Registry()
    filled: Registry[Any] = empty.with_resource("urn:api", DRAFT4.create_resource(_api()))
    return filled


@cache
def _webhook_registry() -> Registry[Any]:
    empty: Registry[Any] = Registry()
    filled: Registry[Any] = empty.with_resource("urn:webhooks", DRAFT7.create_resource(_webhooks()))
    return filled


@cache
def _api_validator(place: str) -> Validator:
    schema = {"$ref": f"urn:api{place}"}
    validator: Validator = OAS30Validator(schema, registry=_api_registry(), format_checker=oas30_format_checker)
    return validator


@cache
def _webhook_validator(name: str) -> Validator:
    return Draft7Validator({"$ref": f"urn:webhooks#/definitions/{name}"}, registry=_webhook_registry())


@cache
def _routes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Every path as a pattern, the most literal first."""
    aliases = {**{path: path for path in _api()["paths"]}, **_UNDOCUMENTED}
    ordered = sorted(aliases, key=lambda path: (-path.count("/"), path.count("{")))
    return tuple((re.compile(_pattern(path)), aliases[path]) for path in ordered)


def _pattern(template: str) -> str:
    def hole(found: re.Match[str]) -> str:
        return ".+" if found[1] in _DEEP else "[^/]+"

    return re.sub(r"\{(\w+)\}", hole, template)
