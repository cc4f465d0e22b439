"""A colleague on GitLab."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Project, ProjectMergeRequest

from registrar.demo.colleague import Ran, Said
from registrar.demo.narration import wait_for
from registrar.errors import NotAllowed
from registrar.sandbox.forge import DialectName

_TIMEOUT = 30.0  # seconds; the library waits forever by itself
_STATES = {"pending": "pending", "running": "pending", "success": "success", "failed": "failure"}
_IN_TRANSIT = ("approvals_syncing", "checking", "preparing", "unchecked")  # GitLab has not worked it out yet
_HELD_BY_A_STATUS = ("ci_must_pass", "ci_still_running")


@dataclass(frozen=True)
class GitLabColleague:
    """One account there."""

    dialect: ClassVar[DialectName] = "gitlab"

    forge: str
    login: str
    id: int
    token: str = field(repr=False)

    @property
    def email(self) -> str:
        """As GitLab hides an address."""
        return f"{self.id}-{self.login}@users.noreply.localhost"

    def comment(self, repository: str, number: int, text: str) -> str:
        """By a note, which knows no address of its own."""
        request = self._merge_request(repository, number)
        return f"{request.web_url}#note_{request.notes.create({'body': text}).get_id()}"

    def approve(self, repository: str, number: int) -> None:
        """Of the head that is seen, or not at all."""
        request = self._merge_request(repository, number)
        request.approve(sha=request.sha)

    def merge(self, repository: str, number: int) -> str:
        """By a merge commit, once GitLab has worked out whether it may be."""
        request = wait_for("GitLab's own check", lambda: self._checked(repository, number))
        held_by = request.detailed_merge_status
        try:
            request.merge(sha=request.sha)
        except GitlabError as refusal:
            if held_by not in _HELD_BY_A_STATUS:
                raise
            raise NotAllowed(f"{refusal.error_message}: {held_by}") from refusal
        return str(self._merge_request(repository, number).merge_commit_sha)

    def status(self, repository: str, number: int, context: str) -> tuple[str, str]:
        """The newest of the name; one that is being replaced is none."""
        head = self._merge_request(repository, number).sha
        found = self._project(repository).commits.get(head).statuses.list(name=context, get_all=True)
        return (_STATES.get(found[0].status, ""), found[0].description) if found else ("", "")

    def comments(self, repository: str, number: int) -> Sequence[Said]:
        """Notes of people, not those that GitLab writes itself."""
        notes = self._merge_request(repository, number).notes.list(order_by="created_at", sort="asc", iterator=True)
        return [Said(each.author["username"], each.body) for each in notes if not each.system]

    def runs(self, repository: str) -> Sequence[Ran]:
        """Those that were started by the API."""
        found = self._project(repository).pipelines.list(source="api", iterator=True)
        return [Ran(int(each.id), each.name or "", each.web_url) for each in found]

    def _checked(self, repository: str, number: int) -> ProjectMergeRequest | None:
        request = self._merge_request(repository, number)
        return None if request.detailed_merge_status in _IN_TRANSIT else request

    @cached_property
    def _client(self) -> Gitlab:
        return Gitlab(self.forge, private_token=self.token, timeout=_TIMEOUT)

    def _project(self, name: str) -> Project:
        return self._client.projects.get(name)

    def _merge_request(self, repository: str, number: int) -> ProjectMergeRequest:
        return self._project(repository).mergerequests.get(number)
