"""Whose a token of GitHub's is: also that of an app's installation, which the REST API tells of nothing but a no.

https://docs.github.com/rest/users/users#get-the-authenticated-user
https://docs.github.com/graphql/reference/users#query-viewer
"""

from typing import Final

from pydantic import BaseModel, Field

from registrar.core.people import Person
from registrar.errors import NotAllowed, Unknown
from registrar.forges.asking import Wish, is_no
from registrar.forges.github_answers import AccountAnswer
from registrar.forges.github_api import GitHubApi

WISH: Final = Wish("tell whose the token is", "to be that of a user, or of an app's installation")
_OF_APPS: Final = "[bot]"  # ends the login of every app, and no login that a person can choose


class _Viewer(BaseModel):
    login: str
    id: int = Field(alias="databaseId")


class _Viewed(BaseModel):
    viewer: _Viewer


def myself(api: GitHubApi) -> Person:
    """The account of the token. Raises what the forge raises."""
    try:
        account = api.get(AccountAnswer, "/user", wish=WISH)
    except NotAllowed:
        return of_app(api)
    except Unknown as error:  # GitHub tells everybody who they are, or that the token is none
        raise is_no("GitHub") from error
    return Person(account.id, account.login, is_bot=account.type != "User")


def of_app(api: GitHubApi) -> Person:
    """GraphQL tells the account of an installation, and of the token of a job, by the number that REST has too."""
    viewer = api.graph(_Viewed, "query { viewer { login databaseId } }", wish=WISH).viewer
    return Person(viewer.id, viewer.login, is_bot=viewer.login.endswith(_OF_APPS))
