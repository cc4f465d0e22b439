"""A colleague on GitHub."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from github.Repository import Repository

from registrar.demo.colleague import Ran, Said
from registrar.errors import NotAllowed
from registrar.sandbox.forge import DialectName


@dataclass(frozen=True)
class GitHubColleague:
    """One account there."""

    dialect: ClassVar[DialectName] = "github"

    forge: str
    login: str
    id: int
    token: str = field(repr=False)

    @property
    def email(self) -> str:
        """As GitHub hides an address."""
        return f"{self.id}+{self.login}@users.noreply.localhost"

    def comment(self, repository: str, number: int, text: str) -> str:
        """As an issue's: a pull request is one."""
        return self._repository(repository).get_issue(number).create_comment(text).html_url

    def approve(self, repository: str, number: int) -> None:
        """By a review."""
        self._pull_request(repository, number).create_review(event="APPROVE")

    def merge(self, repository: str, number: int) -> str:
        """By a merge commit."""
        pull_request = self._pull_request(repository, number)
        try:
            merged = pull_request.merge(sha=pull_request.head.sha)
        except GithubException as refusal:
            if "Required status check" not in str(refusal.message):
                raise
            raise NotAllowed(str(refusal.message)) from refusal
        return merged.sha

    def status(self, repository: str, number: int, context: str) -> tuple[str, str]:
        """The newest of the context."""
        head = self._pull_request(repository, number).head.sha
        lines = self._repository(repository).get_commit(head).get_statuses()
        found = next((each for each in lines if each.context == context), None)
        return (found.state, found.description) if found else ("", "")

    def comments(self, repository: str, number: int) -> Sequence[Said]:
        """As an issue's."""
        found = self._repository(repository).get_issue(number).get_comments()
        return [Said(each.user.login, each.body) for each in found]

    def runs(self, repository: str) -> Sequence[Ran]:
        """Those that were dispatched."""
        found = self._repository(repository).get_workflow_runs(event="workflow_dispatch")
        return [Ran(each.id, each.display_title, each.html_url) for each in found]

    @cached_property
    def _client(self) -> Github:
        return Github(
            auth=Auth.Token(self.token),
            base_url=f"{self.forge}/api/v3",
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )

    def _repository(self, name: str) -> Repository:
        return self._client.get_repo(name)

    def _pull_request(self, repository: str, number: int) -> PullRequest:
        return self._repository(repository).get_pull(number)
