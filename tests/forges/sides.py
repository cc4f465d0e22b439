"""What two adapters do alike is tested once: here is what each forge needs for it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from forges import github_replies, gitlab_replies
from forges.replies import RawServer
from registrar.forges.github import connect as connect_to_github
from registrar.forges.gitlab import connect as connect_to_gitlab
from registrar.forges.port import Forge


class Connected(Forge, Protocol):
    """A forge, and the connection to it."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Side:
    """A forge whose answers a test writes down."""

    kind: str
    asking: Callable[..., AbstractContextManager[tuple[Forge, RawServer]]]
    connect: Callable[..., Connected]
    repository: str
    token: str
    bot: Mapping[str, object]
    ana: Mapping[str, object]
    comments: str  # where those of pull request 7 are
    sign: str  # before the number of a pull request
    comment: Callable[..., Mapping[str, object]]
    pull: Callable[..., Mapping[str, object]]

    def next_page(self, number: int) -> dict[str, str]:
        """The headers of a page after which there is another."""
        link = {"Link": f'<URL/api/v3/repositories/1/pulls?page={number}>; rel="next"'}
        return link if self.kind == "github" else {"X-Next-Page": str(number)}


GITHUB = Side(
    kind="github",
    asking=github_replies.asking,
    connect=connect_to_github,
    repository="acme/registry",
    token=github_replies.TOKEN,
    bot=github_replies.BOT,
    ana=github_replies.ANA,
    comments="/repos/acme/registry/issues/7/comments",
    sign="#",
    comment=github_replies.a_comment,
    pull=github_replies.a_pull,
)
GITLAB = Side(
    kind="gitlab",
    asking=gitlab_replies.asking,
    connect=connect_to_gitlab,
    repository=gitlab_replies.REGISTRY,
    token=gitlab_replies.TOKEN,
    bot=gitlab_replies.BOT,
    ana=gitlab_replies.ANA,
    comments=f"{gitlab_replies.PROJECT}/merge_requests/7/notes",
    sign="!",
    comment=gitlab_replies.a_note,
    pull=gitlab_replies.a_request,
)
SIDES = {side.kind: side for side in (GITHUB, GITLAB)}
