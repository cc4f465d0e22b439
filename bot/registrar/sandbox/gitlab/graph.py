"""What GitLab's GraphQL API answers here: whose the commits of a merge request are, which its REST API does not say.

The names are GitLab's own: https://docs.gitlab.com/api/graphql/reference/ .
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response
from graphql import GraphQLResolveInfo, build_schema, graphql_sync
from pydantic import BaseModel

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, AccountKind, Role
from registrar.sandbox.calls import locked
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.answers import answer
from registrar.sandbox.gitlab.merge_requests import commits
from registrar.sandbox.gitlab.requests import Call, Calling
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest

router = APIRouter()
_Info = GraphQLResolveInfo[object]
_MOST = 100  # things on one page
_SCHEMA = build_schema("""
type Query {
  currentUser: CurrentUser
  project(fullPath: ID!): Project
}
type CurrentUser { id: ID! username: String! name: String! bot: Boolean! }
type UserCore { id: ID! username: String! name: String! bot: Boolean! }
type Project {
  id: ID!
  fullPath: ID!
  mergeRequest(iid: String!): MergeRequest
}
type MergeRequest {
  id: ID!
  iid: String!
  diffHeadSha: String
  commits(after: String, before: String, first: Int, last: Int): CommitConnection
  commitsWithoutMergeCommits(after: String, before: String, first: Int, last: Int): CommitConnection
  committers(after: String, before: String, first: Int, last: Int): UserCoreConnection
}
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type CommitConnection { nodes: [Commit] pageInfo: PageInfo! }
type UserCoreConnection { nodes: [UserCore] pageInfo: PageInfo! }
type Commit {
  id: ID!
  sha: String!
  shortId: String!
  message: String
  title: String
  authorName: String
  authorEmail: String
  authoredDate: String
  author: UserCore
  committerName: String
  committerEmail: String
  committedDate: String
}
""")


class Question(BaseModel):
    """A query and what its variables stand for."""

    query: str
    variables: dict[str, object] | None = None


@router.post("/graphql")
@locked
def ask(call: Calling) -> Response:
    """Whatever a query asks for, as far as the caller may know it."""
    question = call.given(Question)
    told = graphql_sync(_SCHEMA, question.query, root_value=_Root(call), variable_values=question.variables)
    content: dict[str, object] = {"data": told.data}
    if told.errors:
        content["errors"] = [error.formatted for error in told.errors]
    return answer(content)


@dataclass(frozen=True, slots=True)
class _Root:
    call: Call

    def currentUser(self, _info: _Info) -> object:  # noqa: N802 - GitLab's spelling
        return None if self.call.account is None else _user(self.call.account)

    def project(self, _info: _Info, fullPath: str) -> object:  # noqa: N803 - GitLab's spelling
        found = self.call.forge.store.repositories.get(fullPath.lower())
        if found is None or self.call.forge.store.role_of(self.call.account, found) < Role.READ:
            return None
        return _Project(self.call.forge, found)


@dataclass(frozen=True, slots=True)
class _Project:
    forge: Forge
    repository: Repository

    @property
    def id(self) -> str:
        return f"gid://gitlab/Project/{self.repository.id}"

    @property
    def fullPath(self) -> str:  # noqa: N802 - GitLab's spelling
        return self.repository.full_name

    def mergeRequest(self, _info: _Info, iid: str) -> object:  # noqa: N802 - GitLab's spelling
        thread = self.repository.threads.get(int(iid)) if iid.isdecimal() else None
        return _MergeRequest(self.forge, self.repository, thread) if isinstance(thread, PullRequest) else None


@dataclass(frozen=True, slots=True)
class _MergeRequest:
    forge: Forge
    repository: Repository
    pull_request: PullRequest

    @property
    def id(self) -> str:
        return f"gid://gitlab/MergeRequest/{self.pull_request.id}"

    @property
    def iid(self) -> str:
        return str(self.pull_request.number)

    @property
    def diffHeadSha(self) -> str:  # noqa: N802 - GitLab's spelling
        return self.pull_request.head_sha

    def commits(self, _info: _Info, **page: object) -> object:
        return _connection([self._commit(each) for each in self._all()], page)

    def commitsWithoutMergeCommits(self, _info: _Info, **page: object) -> object:  # noqa: N802 - GitLab's
        return _connection([self._commit(each) for each in self._plain()], page)

    def committers(self, _info: _Info, **page: object) -> object:
        """Accounts of the committers, each once; those of merge commits GitLab leaves out."""
        found = [self.forge.store.account_of_email(each.committer.email) for each in self._plain()]
        return _connection([_user(each) for each in dict.fromkeys(found) if each is not None], page)

    def _all(self) -> Sequence[git.Commit]:
        return commits(self.repository, self.pull_request)

    def _plain(self) -> Sequence[git.Commit]:
        return [each for each in self._all() if len(each.parents) <= 1]

    def _commit(self, found: git.Commit) -> object:
        author = self.forge.store.account_of_email(found.author.email)
        return {
            "id": f"gid://gitlab/CommitPresenter/{found.sha}",
            "sha": found.sha,
            "shortId": found.sha[:8],
            "message": found.message,
            "title": found.message.partition("\n")[0],
            "authorName": found.author.name,
            "authorEmail": found.author.email,
            "authoredDate": found.author.at.isoformat(),
            "author": None if author is None else _user(author),
            "committerName": found.committer.name,
            "committerEmail": found.committer.email,
            "committedDate": found.committer.at.isoformat(),
        }


def _user(account: Account) -> dict[str, object]:
    return {
        "id": f"gid://gitlab/User/{account.id}",
        "username": account.login,
        "name": account.name,
        "bot": account.kind is AccountKind.BOT,
    }


def _connection(nodes: Sequence[object], page: dict[str, object]) -> dict[str, object]:
    """A page of a list, from the cursor that the one before ended with; no more than GitLab gives at once."""
    after, first = page.get("after"), page.get("first")
    begin = int(after) if isinstance(after, str) and after.isdecimal() else 0
    size = min(first, _MOST) if isinstance(first, int) else _MOST
    shown = nodes[begin : begin + size]
    end = begin + len(shown)
    return {
        "nodes": shown,
        "pageInfo": {
            "hasNextPage": end < len(nodes),
            "hasPreviousPage": begin > 0,
            "startCursor": str(begin) if shown else None,
            "endCursor": str(end) if shown else None,
        },
    }
