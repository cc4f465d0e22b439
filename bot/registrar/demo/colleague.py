"""A person at work on the forge: what they do with a mouse on GitHub, done through its API with their own token."""

from dataclasses import dataclass, field
from functools import cached_property

from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from github.Repository import Repository

from registrar.errors import NotAllowed


@dataclass(frozen=True)
class Colleague:
    """One account."""

    forge: str  # the address of the forge
    login: str
    id: int
    token: str = field(repr=False)

    @property
    def email(self) -> str:
        """The address that the forge maps to the account."""
        return f"{self.id}+{self.login}@users.noreply.localhost"

    @cached_property
    def _client(self) -> Github:
        return Github(
            auth=Auth.Token(self.token),
            base_url=f"{self.forge}/api/v3",
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )

    def repository(self, name: str) -> Repository:
        """The repository as this person sees it."""
        return self._client.get_repo(name)

    def pull_request(self, name: str, number: int) -> PullRequest:
        """The pull request as it is now."""
        return self.repository(name).get_pull(number)

    def comment(self, name: str, number: int, text: str) -> str:
        """Write under a pull request; return the link."""
        return self.repository(name).get_issue(number).create_comment(text).html_url

    def approve(self, name: str, number: int) -> None:
        """Approve what the pull request holds now."""
        self.pull_request(name, number).create_review(event="APPROVE")

    def merge(self, name: str, number: int) -> str:
        """Merge, and return the commit. Raises `NotAllowed` with what the forge answers when it does not."""
        pull_request = self.pull_request(name, number)
        try:
            merged = pull_request.merge(sha=pull_request.head.sha)
        except GithubException as refusal:
            raise NotAllowed(str(refusal.message or refusal)) from refusal
        return merged.sha
