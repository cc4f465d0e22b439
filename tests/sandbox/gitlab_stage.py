"""Knows a little world on the sandbox forge as GitLab has it: nested groups, a merge request, an application."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from loopback import PLAIN
from registrar.sandbox import Sandbox, pull_requests
from registrar.sandbox.accounts import Account
from registrar.sandbox.gitlab.statuses import Report, set_status
from registrar.sandbox.pages.visits import COOKIE
from registrar.sandbox.pull_requests import Proposal
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest
from sandbox.scenery import commit_files

REGISTRY, APPLICATION, STATUS = "acme/ml/registry", "acme/digits-ui", "registrar: main"
WAITING, AGREED = "waiting for ana", "approved by ana (CODEOWNERS:1)"
README = "# The registry\n\nSee [digits](models/digits.yaml).\n"
PIPELINE = """
spec:
  inputs:
    model:
    version:
      default: 1.0.0
    dry:
      type: boolean
      default: false
---
workflow:
  name: Deploy $[[ inputs.model ]] $[[ inputs.version ]]

stages: [check, deploy]

check:
  stage: check
  script:
    - echo "checked $[[ inputs.model ]]"
    - test "$[[ inputs.version ]]" != 6.6.6

deploy:
  stage: deploy
  when: manual
  allow_failure: false
  environment: production
  script: ["echo \\"<b>serving</b> $[[ inputs.version ]]\\""]
"""


@dataclass
class Stage:
    """Where the pages are looked at."""

    sandbox: Sandbox
    folder: Path
    people: dict[str, Account]
    registry: Repository
    application: Repository
    request: PullRequest
    opened: ExitStack = field(default_factory=ExitStack)

    @property
    def home(self) -> str:
        """The registry's first page."""
        return f"{self.sandbox.forge.path}/{REGISTRY}"

    @property
    def page(self) -> str:
        """The page of the merge request."""
        return f"{self.home}/-/merge_requests/{self.request.number}"

    @property
    def pipelines(self) -> str:
        """The page of the application's pipelines."""
        return f"{self.sandbox.forge.path}/{APPLICATION}/-/pipelines"

    def browser(self, login: str = "") -> httpx.Client:
        """Someone's own."""
        origin = self.sandbox.forge.origin
        cookies, headers = {COOKIE: login}, {"Origin": origin}
        return self.opened.enter_context(
            httpx.Client(base_url=origin, cookies=cookies, headers=headers, follow_redirects=True, verify=PLAIN)
        )

    def report(self, state: str, words: str) -> None:
        """What the bot says under the head."""
        bot, report = self.people["registrar-bot"], Report(state, STATUS, description=words)
        set_status(self.sandbox.forge, self.registry, self.request.head_sha, actor=bot, report=report)


@contextmanager
def staged(folder: Path, *, path: str = "") -> Iterator[Stage]:
    """Ana owns the registry, raj develops there, mei only reports, and the bot has opened a merge request."""
    with Sandbox.serve(folder / "forge", dialect="gitlab", path=path) as sandbox, ExitStack() as opened:
        people = {login: sandbox.add_user(login, name=login.capitalize()) for login in ("ana", "raj", "mei")}
        people["registrar-bot"] = sandbox.add_bot("registrar-bot")
        for group in ("acme", "acme/ml"):
            sandbox.add_organization(group)
        sandbox.add_team("acme/ml-admins", ["ana"])
        for name in (REGISTRY, APPLICATION):
            sandbox.add_repository(name)
            for login, role in (("ana", "admin"), ("raj", "write"), ("registrar-bot", "write")):
                sandbox.grant(name, login, role)  # type: ignore[arg-type]  # they are names of roles
        registry, application = (sandbox.store.repository(name) for name in (REGISTRY, APPLICATION))
        application.settings.begins_pipelines = False  # those alone that somebody starts on a page
        ana, bot = people["ana"], people["registrar-bot"]
        files = {"README.md": README, "models/digits.yaml": "Production: 1.0.0\n"}
        commit_files(sandbox, registry, author=ana, branch="main", files=files)
        changed = {"models/digits.yaml": "Production: 1.1.0\n"}
        commit_files(sandbox, registry, author=bot, branch="registrar/digits", files=changed)
        files = {".gitlab-ci.yml": PIPELINE, "README.md": "# digits-ui\n"}
        commit_files(sandbox, application, author=ana, branch="main", files=files)
        proposal = Proposal("Promote digits 1.1.0", "registrar/digits", "main", "mei asks for it, see !1.")
        request = pull_requests.open_pull_request(sandbox.forge, registry, author=bot, proposal=proposal)
        sandbox.protect(REGISTRY, "main")
        registry.settings.only_allow_merge_if_pipeline_succeeds = True
        stage = Stage(sandbox, folder, people, registry, application, request, opened)
        stage.report("pending", WAITING)
        yield stage
        sandbox.drain()


def merge_button(page: str) -> str:
    """The tag of the button alone."""
    found = re.search(r'<button class="primary" id="merge-button"[^>]*>', page)
    assert found, page
    return found[0]
