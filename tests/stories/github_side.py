"""What people do and see on GitHub, through PyGithub."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from github import Auth, Github, GithubException
from github.GithubObject import NotSet
from github.Issue import Issue
from github.PullRequest import PullRequest
from github.Repository import Repository

from forges.conformance import Conformance
from registrar.sandbox import Sandbox
from registrar.sandbox.faults import Answered, Spot
from registrar.sandbox.forge import DialectName
from stories.places import APPLICATION, REGISTRY, STATUS
from stories.side import Edit, Line, Method, Said, Seen

WORKFLOW = """\
name: deploy
run-name: "${{ inputs.model }} ${{ inputs.version }} (${{ inputs.operation }})"
on:
  workflow_dispatch:
    inputs:
      model: { type: string, required: true }
      version: { type: string, required: true }
      from: { type: string }
      to: { type: string }
      commit: { type: string }
      artifact: { type: string }
      hash: { type: string }
      pull_request: { type: string }
      approvers: { type: string }
      operation: { type: string }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ inputs.model }} ${{ inputs.version }} ${{ inputs.hash }} by ${{ inputs.approvers }}"; ENDING
"""
METHODS: Mapping[Method, str] = {"merge": "merge", "squash": "squash", "linear": "rebase"}


class GitHubSide:
    """Everyone has a client of their own, with a token of their own; it asks for nothing that nobody wants to know."""

    dialect: ClassVar[DialectName] = "github"
    starting: ClassVar[Spot] = Spot("POST", "/dispatches")
    listing: ClassVar[Spot] = Spot("GET", "/runs")
    comments: ClassVar[str] = "/comments"
    requests: ClassVar[str] = "/pulls"
    no_runs_yet: ClassVar[Answered] = Answered(acts=True, status=200, body=b'{"total_count": 0, "workflow_runs": []}')
    longest_comment: ClassVar[int] = 65_536
    noun: ClassVar[str] = "pull request"
    merge_button: ClassVar[str] = "Merge pull request"

    def __init__(self, sandbox: Sandbox, tokens: Mapping[str, str]) -> None:
        self._sandbox = sandbox
        self._tokens = tokens
        self._clients: dict[str, Github] = {}

    @staticmethod
    def listener() -> Conformance:
        return Conformance()

    @staticmethod
    def application(*, ending: str = "echo deployed") -> Mapping[str, str]:
        return {".github/workflows/deploy.yml": WORKFLOW.replace("ENDING", ending)}

    def address(self, login: str, account: int, *, host: str = "users.noreply.localhost") -> str:
        return f"{account}+{login}@{host}"

    def link(self, number: int) -> str:
        return f"#{number}"

    def page(self, login: str, number: int) -> str:
        return self._pull(login, number).html_url

    def protect(self, *, held: bool, spares_admins: bool = False) -> None:
        required = [STATUS] if held else []
        self._sandbox.protect(REGISTRY, "main", required_statuses=required, spares_admins=spares_admins)

    def rename(self, repository: str, to: str) -> None:
        """What is asked for by the old name, GitHub sends on to where it is now."""
        self._sandbox.move_repository(repository, to)
        repositories = self._sandbox.store.repositories
        repositories[repository] = repositories[to]

    def open(self, login: str, *, branch: str, base: str, draft: bool) -> int:
        opened = self._registry(login).create_pull(base=base, head=branch, title="A change", body="", draft=draft)
        return opened.number

    def comment(self, login: str, number: int, text: str) -> None:
        self._issue(login, number).create_comment(text)

    def edit_comment(self, login: str, number: int, comment: int, text: str) -> None:
        self._issue(login, number).get_comment(comment).edit(text)

    def delete_comment(self, login: str, number: int, comment: int) -> None:
        self._issue(login, number).get_comment(comment).delete()

    def approve(self, login: str, number: int) -> None:
        self._pull(login, number).create_review(event="APPROVE", body="")

    def request_changes(self, login: str, number: int) -> None:
        self._pull(login, number).create_review(event="REQUEST_CHANGES", body="please look again")

    def remark(self, login: str, number: int, text: str) -> None:
        self._pull(login, number).create_review(event="COMMENT", body=text)

    def relent(self, login: str, number: int) -> None:
        self.withdraw(login, number)

    def withdraw(self, login: str, number: int) -> None:
        """Whoever may write may dismiss a review, so also one of their own."""
        for review in self._pull(login, number).get_reviews():
            if review.user.login == login:
                review.dismiss("never mind")

    def edit(self, login: str, number: int, edit: Edit) -> None:
        state = NotSet if edit.is_open is None else "open" if edit.is_open else "closed"
        title = NotSet if edit.title is None else edit.title
        base = NotSet if edit.base is None else edit.base
        self._pull(login, number).edit(title=title, base=base, state=state)

    def merge(self, login: str, number: int, method: Method) -> str | None:
        try:
            return self._pull(login, number).merge(merge_method=METHODS[method]).sha
        except GithubException:
            return None

    def seen(self, login: str, number: int) -> Seen:
        return _seen(self._pull(login, number))

    def open_ones(self, login: str) -> Sequence[Seen]:
        return [_seen(pull) for pull in self._registry(login).get_pulls(state="open")]

    def files(self, login: str, number: int) -> Sequence[str]:
        return [file.filename for file in self._pull(login, number).get_files()]

    def messages(self, login: str, number: int) -> Sequence[str]:
        return [commit.commit.message for commit in self._pull(login, number).get_commits()]

    def discussion(self, login: str, number: int) -> Sequence[Said]:
        comments = self._issue(login, number).get_comments()
        return [Said(comment.id, comment.user.login, comment.body) for comment in comments]

    def branches(self, login: str) -> Sequence[str]:
        return [branch.name for branch in self._registry(login).get_branches()]

    def lines(self, login: str, sha: str) -> Sequence[Line]:
        found = self._registry(login).get_commit(sha).get_statuses()
        return [Line(each.context, each.state, each.description, each.target_url, each.creator.login) for each in found]

    def say(self, login: str, sha: str, line: Line) -> None:
        commit = self._registry(login).get_commit(sha)
        commit.create_status(line.state, context=line.context, description=line.words, target_url=line.url)

    def runs(self, login: str) -> Sequence[tuple[str, str]]:
        runs = self._client(login).get_repo(APPLICATION).get_workflow_runs()
        return [(run.display_title, run.conclusion or run.status) for run in runs]

    def told(self) -> Sequence[Mapping[str, str]]:
        return [run.inputs for run in self._sandbox.store.repository(APPLICATION).runs]

    def _client(self, login: str) -> Github:
        if login not in self._clients:
            self._clients[login] = Github(
                auth=Auth.Token(self._tokens[login]),
                base_url=f"{self._sandbox.url}/api/v3",
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
        return self._clients[login]

    def _registry(self, login: str) -> Repository:
        return self._client(login).get_repo(REGISTRY)

    def _issue(self, login: str, number: int) -> Issue:
        return self._registry(login).get_issue(number)

    def _pull(self, login: str, number: int) -> PullRequest:
        return self._registry(login).get_pull(number)


def _seen(pull: PullRequest) -> Seen:
    return Seen(pull.number, pull.title, pull.body, pull.head.sha, pull.head.ref, pull.merge_commit_sha or "")
