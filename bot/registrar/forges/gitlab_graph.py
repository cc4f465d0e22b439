"""Which accounts GitLab maps the addresses of a merge request's commits to; only GraphQL says so.

https://docs.gitlab.com/api/graphql/reference/#mergerequest
"""

import re
from collections.abc import Mapping

from pydantic.dataclasses import dataclass

from registrar.core.people import Person
from registrar.errors import ForgeUnavailable, Unknown
from registrar.forges.asking import Wish
from registrar.forges.gitlab_answers import AccountAnswer, person_of
from registrar.forges.gitlab_api import GitLabApi

_QUERY = """
query registrar($project: ID!, $number: String!, $after: String) {
  project(fullPath: $project) {
    mergeRequest(iid: $number) {
      commits(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { sha author { id username bot } }
      }
      committers(first: 100) {
        pageInfo { hasNextPage }
        nodes { id username bot }
      }
    }
  }
}
"""
_NUMBER = re.compile(r"gid://gitlab/User/(\d+)")


@dataclass(frozen=True, slots=True)
class _Account:
    id: str
    username: str
    bot: bool | None = None


@dataclass(frozen=True, slots=True)
class _Commit:
    sha: str
    author: _Account | None = None


@dataclass(frozen=True, slots=True)
class _PageInfo:
    hasNextPage: bool  # noqa: N815 - GitLab's spelling
    endCursor: str | None = None  # noqa: N815 - GitLab's spelling


@dataclass(frozen=True, slots=True)
class _Commits:
    pageInfo: _PageInfo  # noqa: N815 - GitLab's spelling
    nodes: tuple[_Commit, ...]


@dataclass(frozen=True, slots=True)
class _Committers:
    pageInfo: _PageInfo  # noqa: N815 - GitLab's spelling
    nodes: tuple[_Account, ...]


@dataclass(frozen=True, slots=True)
class _MergeRequest:
    commits: _Commits
    committers: _Committers


@dataclass(frozen=True, slots=True)
class _Project:
    mergeRequest: _MergeRequest | None = None  # noqa: N815 - GitLab's spelling


@dataclass(frozen=True, slots=True)
class _Answer:
    project: _Project | None = None


@dataclass(frozen=True, slots=True)
class Accounts:
    """The authors by commit, None for an address of nobody's, and every committer that is an account.

    `all_committers` is False when there are more than one answer holds. Those of merge commits are never among them.
    """

    authors: Mapping[str, Person | None]
    committers: tuple[Person, ...]
    all_committers: bool


def accounts_of(api: GitLabApi, repository: str, number: int) -> Accounts:
    """Read them, all pages."""
    authors: dict[str, Person | None] = {}
    after: str | None = None
    while True:
        answer = _page(api, repository, number, after=after)
        authors |= {commit.sha: _person(commit.author) for commit in answer.commits.nodes}
        page = answer.commits.pageInfo
        if not page.hasNextPage:
            break
        if page.endCursor in {None, after}:
            raise ForgeUnavailable(f"GitLab's pages go round in a circle when asked for the commits of !{number}")
        after = page.endCursor
    committers = [person for person in map(_person, answer.committers.nodes) if person is not None]
    return Accounts(authors, tuple(committers), all_committers=not answer.committers.pageInfo.hasNextPage)


def _page(api: GitLabApi, repository: str, number: int, *, after: str | None) -> _MergeRequest:
    wish = Wish(f"tell whose the commits of !{number} are", "the Reporter role")
    variables = {"project": repository, "number": str(number), "after": after}
    project = api.graph(_Answer, _QUERY, variables, wish=wish).project
    if project is None or project.mergeRequest is None:
        raise Unknown(f"GitLab found nothing when asked to {wish.to}: it does not exist, or the token may not see it")
    return project.mergeRequest


def _person(account: _Account | None) -> Person | None:
    number = _NUMBER.fullmatch(account.id) if account is not None else None
    if account is None or number is None:
        return None
    return person_of(AccountAnswer(int(number[1]), account.username, bot=account.bot))
