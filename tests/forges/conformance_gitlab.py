"""Tells where traffic departs from what is published about GitLab's REST API, GraphQL API and webhooks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp

from forges import conformance_gitlab_graphql as graphql
from forges.conformance_gitlab_published import Route, departures, published, route_of
from forges.conformance_gitlab_webhooks import webhook_violations
from forges.conformance_schemas import alternatives, unknown_keys
from forges.conformance_traffic import Exchange, Violation, listened, once, once_told, told

_REST, _GRAPHQL = "/api/v4/", "/api/graphql"
_PAGES = ("x-page", "x-per-page", "x-next-page", "x-prev-page", "link")
_COUNTS = ("x-total", "x-total-pages")
# https://docs.gitlab.com/api/rest/troubleshooting/#status-codes
_REFUSALS = {400, 401, 403, 404, 405, 406, 409, 412, 413, 422, 429}
_SERVER_FAULT = 500


@dataclass(slots=True)
class GitLabConformance:
    """Listens to a sandbox and keeps every violation; `around` its application, before it is served."""

    violations: list[Violation] = field(default_factory=list)
    checked: int = 0

    def around(self, application: ASGIApp) -> ASGIApp:
        """The same application, listened to."""
        return listened(application, self.check_exchange)

    def check_exchange(self, exchange: Exchange) -> None:
        """Check one request and its answer, when it is one to an API; the forge may stand under a path."""
        if exchange.status >= _SERVER_FAULT:
            return
        if exchange.path.endswith(_GRAPHQL):
            self.checked += 1
            self.violations += once(exchange, lambda: graphql.violations(exchange))
        elif _REST in exchange.path:
            self.checked += 1
            self.violations += once(exchange, lambda: _violations(exchange))

    def check_webhook(self, event: str, payload: Mapping[str, Any]) -> None:
        """Check what a webhook was sent; the event as its header names it, `Merge Request Hook`."""
        self.checked += 1
        self.violations += once_told(event, payload, lambda: webhook_violations(event, payload))

    def report(self) -> str:
        """Every violation once, one a line; empty when there is none."""
        return told(self.violations)


def _violations(exchange: Exchange) -> Iterator[Violation]:
    path = exchange.path.partition(_REST)[2]
    route = route_of(exchange.method, path)
    if route is None:
        if exchange.status != 404:
            what = f"{exchange.method} {path} -> {exchange.status}"
            yield Violation(what, "$", "no published client of GitLab's asks this")
    elif exchange.status >= 400:
        yield from _refusal_violations(route, exchange)
    elif exchange.status >= 300:
        if exchange.method != "GET" or "location" not in exchange.headers:
            yield Violation(f"{route.name} -> {exchange.status}", "$", "GitLab sends on who reads, and says where to")
    else:
        yield from _request_violations(route, exchange)
        yield from _answer_violations(route, exchange)


def _refusal_violations(route: Route, exchange: Exchange) -> Iterator[Violation]:
    """GitLab says why under `message`, or of parameters under `error`."""
    what = f"{route.name} -> {exchange.status}"
    if exchange.status not in _REFUSALS:
        yield Violation(what, "$", "GitLab does not refuse so")
    said = _read(exchange.answered)
    if not isinstance(said, dict) or not {"message", "error"} & said.keys():
        yield Violation(what, "$", "GitLab says why under message or error")


def _request_violations(route: Route, exchange: Exchange) -> Iterator[Violation]:
    known = {name for each in alternatives(published(), route.takes) for name in each.get("properties", ())}
    body = _read(exchange.sent)
    asked = [name for name, _ in parse_qsl(exchange.target.partition("?")[2], keep_blank_values=True)]
    for name in asked if body is not None else [*asked, *_fields(exchange.sent.decode())]:
        if not {name, name.partition("[")[0]} & known:
            yield Violation(route.name, f"?{name}", "GitLab takes no such parameter")
    if body:
        yield from _departures(route.name, route.takes, body, "GitLab takes no such parameter")


def _fields(form: str) -> list[str]:
    """The names in a form, in either way to send one."""
    if form.startswith("--"):
        return re.findall(r'form-data; name="([^"]+)"', form)
    return [name for name, _ in parse_qsl(form, keep_blank_values=True)]


def _answer_violations(route: Route, exchange: Exchange) -> Iterator[Violation]:
    what = f"{route.name} -> {exchange.status}"
    if exchange.status not in route.statuses:
        yield Violation(what, "$", f"GitLab answers {' or '.join(map(str, route.statuses))}")
    if route.answers is None:
        return
    answer = _read(exchange.answered)
    yield from _departures(what, route.answers, answer, "GitLab has no such key")
    for error in departures(route.holds, answer):
        yield Violation(what, error.json_path, error.message[:300])
    if route.is_paged:
        is_keyset = ("pagination", "keyset") in parse_qsl(exchange.target.partition("?")[2])
        yield from _page_violations(what, exchange.headers, is_keyset=is_keyset)


def _departures(what: str, schema: Mapping[str, Any], value: object, why: str) -> Iterator[Violation]:
    for error in departures(dict(schema), value):
        yield Violation(what, error.json_path, error.message[:300])
    for where in unknown_keys(published(), schema, value):
        yield Violation(what, where, why)


def _page_violations(what: str, headers: Mapping[str, str], *, is_keyset: bool) -> Iterator[Violation]:
    """What a list tells of its pages: https://docs.gitlab.com/api/rest/#pagination ."""
    if is_keyset:
        if headers.keys() & {*_PAGES, *_COUNTS} - {"link"}:
            yield Violation(what, "link", "GitLab tells of a list by key no more than where the next page is")
        return
    for name in _PAGES:
        if name not in headers:
            yield Violation(what, name, "GitLab tells it of every list")
    if len({name in headers for name in _COUNTS}) > 1:
        yield Violation(what, _COUNTS[0], "GitLab counts both things and pages, or neither")


def _read(text: bytes) -> object:
    """What was said in JSON; None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None
