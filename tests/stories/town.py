"""A registry, an application, people and the bot on a sandbox forge: what every story begins with."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import uvicorn
from github import Auth, Github, GithubException
from github.Issue import Issue
from github.PullRequest import PullRequest

from forges.conformance import Conformance
from registrar.core.events import Event, PullRequestChanged
from registrar.forges.connecting import forge_of
from registrar.handlers import handle
from registrar.handlers.bot import Bot
from registrar.repository.mirror import mirror
from registrar.repository.processes import Credentials
from registrar.sandbox import Sandbox
from registrar.sandbox.serving import listen
from registrar.web.app import create_app
from registrar.web.webhooks import Door
from stories.clock import Clock
from stories.faults import Faults
from stories.inline import InlineEngine
from waiting import until

REGISTRY = "acme/registry"
APPLICATION = "acme/app"
STATUS = "registrar: main"
SECRET = "a-secret-of-the-tests"
PATIENCE = 30.0

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
      - run: echo "${{ inputs.model }} ${{ inputs.version }} ${{ inputs.hash }} by ${{ inputs.approvers }}"; EXTRA
"""


class Town:
    """Who lives here: mei trains and asks, ana and raj own the models, leo only writes, the bot looks on."""

    def __init__(self, root: Path, sandbox: Sandbox, faults: Faults) -> None:
        self.root = root
        self.sandbox = sandbox
        self.faults = faults
        self.clock = Clock()
        people = {login: sandbox.add_user(login) for login in ("mei", "ana", "raj", "leo", "eve")}
        people["registrar-bot"] = sandbox.add_bot("registrar-bot")
        self.tokens = {login: account.token for login, account in people.items()}
        self.ids = {login: account.id for login, account in people.items()}
        self._clients: dict[str, Github] = {}
        sandbox.add_organization("acme")
        sandbox.add_team("acme/admins", ["raj"])
        for repository in (REGISTRY, APPLICATION):
            sandbox.add_repository(repository)
            for login, role in {"mei": "write", "leo": "write", "registrar-bot": "write"}.items():
                sandbox.grant(repository, login, role)  # type: ignore[arg-type] # literals in a dict are strings
            sandbox.grant(repository, "ana", "admin")
            sandbox.grant(repository, "acme/admins", "admin")
        self.engine: InlineEngine

    # What people do

    def client(self, login: str) -> Github:
        if login not in self._clients:
            self._clients[login] = Github(
                auth=Auth.Token(self.tokens[login]),
                base_url=f"{self.sandbox.url}/api/v3",
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
            )
        return self._clients[login]

    def commit(
        self, files: Mapping[str, str | None], *, by: str, branch: str, onto: str = "main", message: str = "Change"
    ) -> str:
        """Commit files onto a branch of the registry and push, with real git; the sha is returned."""
        return self._push(REGISTRY, files, by=by, branch=branch, onto=onto, message=message)

    def propose(self, files: Mapping[str, str | None], *, by: str, branch: str = "change") -> int:
        """Push a branch and open its pull request."""
        self.commit(files, by=by, branch=branch)
        return self.open_for(branch, by=by)

    def open_for(self, branch: str, *, by: str, base: str = "main", draft: bool = False) -> int:
        """Open the pull request of a branch that is pushed."""
        repository = self.client(by).get_repo(REGISTRY)
        opened = repository.create_pull(base=base, head=branch, title="A change", body="", draft=draft)
        self.settle()
        return opened.number

    def comment(self, number: int, text: str, *, by: str) -> None:
        self.client(by).get_repo(REGISTRY).get_issue(number).create_comment(text)
        self.settle()

    def review(self, number: int, *, by: str, event: str = "APPROVE") -> None:
        body = "" if event == "APPROVE" else "please look again"
        self.pull_request(number, by=by).create_review(event=event, body=body)
        self.settle()

    def merge(self, number: int, *, by: str = "ana", method: str = "merge") -> str | None:
        """Merge; None when the forge refuses."""
        try:
            merged = self.pull_request(number, by=by).merge(merge_method=method)
        except GithubException:
            return None
        self.settle()
        return merged.sha

    # What people see

    def pull_request(self, number: int, *, by: str = "mei") -> PullRequest:
        return self.client(by).get_repo(REGISTRY).get_pull(number)

    def open_pull_requests(self) -> Sequence[PullRequest]:
        return list(self.client("mei").get_repo(REGISTRY).get_pulls(state="open"))

    def comments(self, number: int) -> list[str]:
        """What the bot says on a pull request, its hidden markers left out."""
        issue: Issue = self.client("mei").get_repo(REGISTRY).get_issue(number)
        said = [comment.body for comment in issue.get_comments() if comment.user.login == "registrar-bot"]
        return [re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL) for body in said]

    def verdict(self, number: int) -> str:
        """The one comment that holds the verdict."""
        issue = self.client("mei").get_repo(REGISTRY).get_issue(number)
        said = [c.body for c in issue.get_comments() if "registrar:verdict" in c.body]
        assert len(said) == 1, f"{len(said)} comments with a verdict; the bot was refused: {self.engine.refusals}"
        return said[0].replace("\u2060", "").replace("\\", "")

    def status(self, number: int) -> tuple[str, str]:
        """State and words of the bot's status on the head."""
        repository = self.client("mei").get_repo(REGISTRY)
        head = repository.get_pull(number).head.sha
        lines = [line for line in repository.get_commit(head).get_statuses() if line.context == STATUS]
        return (lines[0].state, lines[0].description) if lines else ("", "")

    def read(self, path: str) -> str:
        """A file on the main branch, by plain git."""
        bare = self.sandbox.store.repository(REGISTRY).path
        return git(bare, "show", f"main:{path}")

    def log(self, *arguments: str) -> str:
        return git(self.sandbox.store.repository(REGISTRY).path, "log", *arguments)

    def runs(self) -> Sequence[str]:
        """Titles of the application's deploy runs."""
        runs = self.client("ana").get_repo(APPLICATION).get_workflow_runs()
        return [f"{run.display_title}: {run.conclusion or run.status}" for run in runs]

    def inputs(self) -> Sequence[Mapping[str, str]]:
        """What each deploy run was told."""
        return [run.inputs for run in self.sandbox.store.repository(APPLICATION).runs]

    # Time

    def settle(self) -> None:
        """Wait until every webhook was told, every event worked on, every run ended; then nothing moves any more."""
        until(lambda: self._is_quiet() and self._is_quiet(), patience=PATIENCE, otherwise="the bot is still busy")
        assert not self.engine.defects, self.engine.defects

    def _is_quiet(self) -> bool:
        self.sandbox.drain(PATIENCE)
        return self.engine.idle

    def let_time_pass(self) -> None:
        self.engine.let_time_pass()
        self.settle()

    def lose_webhooks(self, *, but: str = "") -> None:
        """From now on nobody tells the bot of anything, but for one kind of event in the registry."""
        for repository in (REGISTRY, APPLICATION):
            for webhook in self.sandbox.store.repository(repository).webhooks:
                webhook.events = (but,) if but and repository == REGISTRY else ()

    def hear_webhooks(self) -> None:
        """From now on the bot is told of everything again."""
        for repository in (REGISTRY, APPLICATION):
            for webhook in self.sandbox.store.repository(repository).webhooks:
                webhook.events = ("*",)

    def look_at(self, number: int) -> None:
        """An event says that something about a pull request is new."""
        self.accept(uuid4().hex, PullRequestChanged(REGISTRY, number))
        self.settle()

    # The bot

    def start_bot(self, *, later: Sequence[Event] = ()) -> None:
        """A bot that remembers nothing but the work that a durable queue has kept for it."""
        token = self.tokens["registrar-bot"]
        forge = forge_of("github", self.sandbox.url, repository=REGISTRY, token=token)
        git = mirror(forge.clone_url(), self.root / "mirror.git", credentials=Credentials("bot", token))
        self.engine = InlineEngine(partial(handle, bot=Bot(forge, git, "main", now=self.clock.now)), later=later)

    def restart_bot(self, *, keeping: Sequence[Event] = ()) -> None:
        self.engine.stop()
        self.start_bot(later=keeping)

    def accept(self, delivery: str, event: Event) -> bool:
        return self.engine.accept(delivery, event)

    # Setting up

    def found(self, files: Mapping[str, str], *, workflow: str = WORKFLOW.replace("; EXTRA", "")) -> None:
        """The registry's first commit, and the application's."""
        self._push(REGISTRY, files, by="ana", branch="main", onto="", message="Start")
        self._push(
            APPLICATION, {".github/workflows/deploy.yml": workflow}, by="ana", branch="main", onto="", message="Start"
        )

    def _push(
        self, repository: str, files: Mapping[str, str | None], *, by: str, branch: str, onto: str, message: str
    ) -> str:
        work = self.root / f"work-{by}-{repository.replace('/', '-')}"
        token = Credentials(by, self.tokens[by]).header()
        environment = {
            "GIT_CONFIG_COUNT": "3",
            "GIT_CONFIG_KEY_0": f"http.{self.sandbox.url}/.extraHeader",
            "GIT_CONFIG_VALUE_0": token,
            "GIT_CONFIG_KEY_1": "user.name",
            "GIT_CONFIG_VALUE_1": by,
            "GIT_CONFIG_KEY_2": "user.email",
            "GIT_CONFIG_VALUE_2": f"{self.ids[by]}+{by}@users.noreply.localhost",
        }
        if not work.exists():
            work.mkdir()
            git(work, "init", "--quiet", "--initial-branch=main")
            git(work, "remote", "add", "origin", f"{self.sandbox.url}/{repository}.git")
        git(work, "fetch", "--quiet", "origin", environment=environment)
        git(work, "checkout", "--quiet", "-B", branch, *([f"origin/{onto}"] if onto else []))
        for path, text in files.items():
            target = work / path
            if text is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--allow-empty", "--message", message, environment=environment)
        git(work, "push", "--quiet", "--force", "origin", branch, environment=environment)
        return git(work, "rev-parse", "HEAD").strip()


@contextmanager
def founded(root: Path, files: Mapping[str, str], *, workflow: str | None = None) -> Iterator[Town]:
    """A town with its registry, its bot listening, and nothing under way."""
    conformance, faults = Conformance(), Faults()
    with Sandbox.serve(root / "forge", around=lambda app: faults.around(conformance.around(app))) as sandbox:
        town = Town(root, sandbox, faults)
        town.found(files) if workflow is None else town.found(files, workflow=workflow)
        with _bot(town):
            sandbox.protect(REGISTRY, "main", required_statuses=[STATUS])
            yield town
        for delivery in sandbox.deliveries:
            conformance.check_webhook(delivery.event, json.loads(delivery.body))
    assert conformance.report() == ""


@contextmanager
def _bot(town: Town) -> Iterator[None]:
    town.start_bot()
    door = Door(forge="github", repository=REGISTRY, secrets=[SECRET], accept=town.accept, now=town.clock.now)
    server = uvicorn.Server(uvicorn.Config(create_app(door), log_level="warning", lifespan="off"))
    with listen(0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks/github"
        for repository in (REGISTRY, APPLICATION):
            town.sandbox.add_webhook(repository, url, SECRET)
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            town.engine.stop()


def git(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    clean = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=clean | dict(environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
