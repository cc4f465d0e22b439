"""Knows a little world on the sandbox forge: a registry with a pull request, and an application to deploy."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from textwrap import dedent

import httpx

from committing import arrived
from core.builders import (
    ANA,
    MEI,
    PROMOTED,
    RAJ,
    a_change,
    a_model,
    a_registry,
    a_version,
    approval_facts,
    evaluation_facts,
)
from loopback import PLAIN
from registrar import rendering
from registrar.core.evaluation import evaluate
from registrar.sandbox import Sandbox, conversations, pull_requests
from registrar.sandbox.accounts import Account
from registrar.sandbox.conversations import Judgement, Report
from registrar.sandbox.pages.visits import COOKIE
from registrar.sandbox.pull_requests import Proposal
from registrar.sandbox.runs import RunState, StepLog, WorkflowRun
from registrar.sandbox.store import Repository, now
from registrar.sandbox.threads import PullRequest, ReviewState
from registry_schema import Deploy, Direction, Gate

PULL = "/acme/registry/pull/2"
README = """
# The registry of Acme

Every model that Acme serves, who may promote it, and **who did**.

| model | task | in Production |
| :-- | :-- | --: |
| [digits](models/digits/model.yaml) | read handwritten digits | 1.0.0 |

```console
$ registrar promote digits@1.1.0 to Production
```

In a comment, `/registrar promote digits@1.1.0 to Production` does the same.

- [x] metrics are compared
- [ ] nobody has to remember anything
"""
BEFORE = "# who holds which status\nProduction: 1.0.0\nStaging: 1.1.0\nQA:\n  - 1.2.0\n"
WORDS = "@raj or @acme/ml-admins, is #1 solved?\n\n> [!TIP]\n> Look at the 7s.\n\n```diff\n-7\n+1\n```\n"
AFTER = "# who holds which status\nProduction: 1.1.0\nQA:\n  - 1.2.0\nArchived:\n  - 1.0.0\n"
_COMPARED = evaluate(
    evaluation_facts(
        a_change(
            after=PROMOTED,
            model=a_model(accuracy=Direction.HIGHER, log_loss=Direction.LOWER, worst_digit_recall=Direction.HIGHER),
            facts={
                "1.0.0": a_version(accuracy=0.9111, log_loss=0.3012, worst_digit_recall=0.8627),
                "1.1.0": a_version(accuracy=0.9722, log_loss=0.1204, worst_digit_recall=0.8039),
            },
        ),
        registry=a_registry(
            gates={"Production": (Gate("accuracy", at_least=0.9),)},
            deploys=(Deploy("Production", "acme/digits-ui", "deploy.yml"),),
        ),
        approvals=approval_facts(owners=(RAJ, MEI), requester=ANA),
    )
)
COMMENT = f"<!-- registrar: comment -->\n{rendering.comment(_COMPARED)}"  # what the bot would say, in its own words
WAITING = rendering.status_description(_COMPARED.verdict)
DEPLOY = """
name: Deploy
run-name: Deploy ${{ inputs.model }} ${{ inputs.version }} (${{ inputs.operation || 'by hand' }})
on:
  workflow_dispatch:
    inputs:
      model: {description: Which model, required: true}
      version: {description: Which version, required: true}
      operation: {description: Operation key}
      dry: {description: Only try, type: boolean, default: false}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with:
          repository: acme/registry
          ref: main
          token: ${{ secrets.GITHUB_TOKEN }}
          path: registry
      - uses: actions/setup-python@v5
      - name: Predict
        env: {KEY: "${{ secrets.KEY }}"}
        run: |
          echo "the key is $KEY"
          python predict.py ${{ inputs.model }} ${{ inputs.version }}
          echo "**${{ inputs.model }} ${{ inputs.version }}** predicts" >> "$GITHUB_STEP_SUMMARY"
      - run: head -2 registry/models/digits/status.yaml
"""
PREDICT = "import sys\n\nprint('loaded', *sys.argv[1:])\nassert sys.argv[2] != '6.6.6', 'this version is broken'\n"


@dataclass
class Scenery:
    """The sandbox and what stands on it."""

    sandbox: Sandbox
    registry: Repository
    application: Repository
    promotion: PullRequest
    people: dict[str, Account] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return f"{self.sandbox.url}/acme/registry/pull/{self.promotion.number}"

    def report_success(self) -> None:
        """What the bot says when an owner has approved."""
        self.report("success", "approved by raj (CODEOWNERS:3)")

    def report(self, state: str, description: str) -> None:
        report = Report("registrar: main", state, description, f"{self.page}#merge")
        conversations.set_status(
            self.sandbox.forge, self.registry, self.promotion.head_sha, creator=self.people["registrar"], report=report
        )

    def running(self) -> WorkflowRun:
        """A run of the application's workflow that never ends."""
        at, raj = now(), self.people["raj"]
        path, inputs = ".github/workflows/deploy.yml", {"model": "digits", "version": "1.1.0"}
        run = WorkflowRun(77, 1, path, "Deploy", "Deploy digits", "main", "0" * 40, raj, inputs, at, at)
        run.state = RunState.RUNNING
        run.log(StepLog("deploy", "Predict", "thinking\n", ""))
        self.application.runs.append(run)
        return run


def scenery(sandbox: Sandbox) -> Scenery:
    """People, two repositories, one promotion that waits for approval."""
    people = {
        "ana": sandbox.add_user("ana", name="Ana Silva"),
        "raj": sandbox.add_user("raj", name="Raj Patel"),
        "mei": sandbox.add_user("mei", name="Mei Chen"),
        "registrar": sandbox.add_bot("registrar"),
    }
    sandbox.add_organization("acme")
    sandbox.add_team("acme/ml-admins", ["raj", "mei"])
    for name in ("acme/registry", "acme/digits-ui"):
        sandbox.add_repository(name)
    registry, application = (sandbox.store.repository(name) for name in ("acme/registry", "acme/digits-ui"))
    registry.description, application.description = "Every model that Acme serves", "Reads digits, as deployed"
    for name in ("acme/registry", "acme/digits-ui"):
        sandbox.grant(name, "acme/ml-admins", "admin")
        sandbox.grant(name, "ana", "write")
        sandbox.grant(name, "registrar", "write")
    main = {"README.md": README, "registry.yaml": "schema: 1\n", "models/digits/status.yaml": BEFORE}
    main["models/digits/model.yaml"] = (
        "description: read handwritten digits\nmetrics: {accuracy: {direction: higher}}\n"
    )
    commit_files(sandbox, registry, author=people["ana"], branch="main", files=main)
    changed = {"models/digits/status.yaml": AFTER}
    commit_files(sandbox, registry, author=people["registrar"], branch="registrar/digits", files=changed)
    files = {".github/workflows/deploy.yml": DEPLOY, "predict.py": PREDICT, "README.md": "# digits-ui\n"}
    commit_files(sandbox, application, author=people["ana"], branch="main", files=files)
    sandbox.protect("acme/registry", "main", required_statuses=["registrar: main"], code_owner_review=True, approvals=1)
    sandbox.add_secret("acme/digits-ui", "KEY", "hunter2")
    return Scenery(sandbox, registry, application, _promotion(sandbox, registry, people), people)


def _promotion(sandbox: Sandbox, registry: Repository, people: dict[str, Account]) -> PullRequest:
    forge, bot = sandbox.forge, people["registrar"]
    body = "ana asks that **digits 1.1.0** goes from Staging to **Production**.\n\n- digits 1.0.0 goes to Archived"
    conversations.open_issue(forge, registry, author=people["mei"], title="Digits mistakes 7 for 1", body="Often.")
    proposal = Proposal("Promote digits 1.1.0 to Production", "registrar/digits", "main", body)
    promotion = pull_requests.open_pull_request(forge, registry, author=bot, proposal=proposal)
    conversations.comment(forge, registry, promotion, author=bot, body=COMMENT)
    report = Report("registrar: main", "pending", WAITING, f"{forge.url}/acme/registry/pull/2")
    conversations.set_status(forge, registry, promotion.head_sha, creator=bot, report=report)
    conversations.comment(forge, registry, promotion, author=people["ana"], body=WORDS)
    looked = Judgement(ReviewState.COMMENTED, "Is **1.4 ms** fast enough?")
    conversations.review(forge, registry, promotion, reviewer=people["mei"], judgement=looked)
    return promotion


def commit_files(
    sandbox: Sandbox, repository: Repository, *, author: Account, branch: str, files: dict[str, str]
) -> None:
    """One commit, as if its author had pushed it."""
    written = {path: dedent(text).lstrip("\n") for path, text in files.items()}
    message = f"Change {', '.join(files)}"[:60]
    arrived(sandbox.forge, repository, written, by=author, onto=branch, message=message)


@dataclass
class Browsers:
    """Someone's browser, as often as it is asked for."""

    stage: Scenery
    opened: ExitStack

    def __call__(self, login: str = "", **headers: str) -> httpx.Client:
        url = self.stage.sandbox.url
        headers = {"Origin": url} | headers
        return self.opened.enter_context(
            httpx.Client(base_url=url, cookies={COOKIE: login}, headers=headers, follow_redirects=True, verify=PLAIN)
        )


def merge_button(page: str) -> str:
    """The tag of the button alone."""
    found = re.search(r'<button class="primary" id="merge-button"[^>]*>', page)
    if found is None:
        raise AssertionError(page)
    return found[0]
