"""Knows the part of GitLab's GraphQL API that we speak, and tells where a query or its answer departs from it."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema, graphql_sync

from forges.conformance_traffic import Exchange, Violation

_SCHEMA = Path(__file__).parent / "schemas" / "gitlab.graphql"


def violations(exchange: Exchange) -> Iterator[Violation]:
    """What a query asks for that GitLab does not have, and what an answer holds that it would not."""
    asked, answered = json.loads(exchange.sent), json.loads(exchange.answered)
    what = f"POST graphql -> {exchange.status}"
    if exchange.status != 200 or not answered.get("data"):
        return  # a query that was refused is checked where it is written
    # The answer itself is what the query is asked of: all that it brings must come out again, and nothing else.
    told = graphql_sync(
        _schema(), asked["query"], root_value=answered.get("data"), variable_values=asked.get("variables")
    )
    for error in told.errors or ():
        yield Violation(what, "$", error.message)
    if not told.errors and told.data != answered.get("data"):
        yield Violation(what, "$.data", "holds what was not asked for")


@cache
def _schema() -> GraphQLSchema:
    return build_schema(_SCHEMA.read_text())
