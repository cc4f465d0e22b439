"""What GitHub's GraphQL API answers here: whose a token is, also that of an app, which its REST API does not say.

The names are GitHub's own: https://docs.github.com/graphql/reference/users#query-viewer .
"""

from fastapi import APIRouter, Response
from graphql import GraphQLResolveInfo, build_schema, graphql_sync
from pydantic import BaseModel

from registrar.sandbox.accounts import Account
from registrar.sandbox.calls import locked
from registrar.sandbox.github.requests import Calling, answer

router = APIRouter()
_SCHEMA = build_schema("""
type Query {
  viewer: User!
}
type User { id: ID! databaseId: Int login: String! name: String }
""")


class Question(BaseModel):
    """A query and what its variables stand for."""

    query: str
    variables: dict[str, object] | None = None


class _Root:
    """What a query begins with."""

    def __init__(self, actor: Account) -> None:
        self._actor = actor

    def viewer(self, _: GraphQLResolveInfo[object]) -> dict[str, object]:
        """The account of the token."""
        account = self._actor
        return {"id": f"U_{account.id}", "databaseId": account.id, "login": account.login, "name": account.name}


@router.post("/graphql")
@locked
def ask(call: Calling, question: Question) -> Response:
    """Whatever a query asks for."""
    told = graphql_sync(_SCHEMA, question.query, root_value=_Root(call.actor), variable_values=question.variables)
    content: dict[str, object] = {"data": told.data}
    if told.errors:
        content["errors"] = [{"message": error.message} for error in told.errors]
    return answer(content)
