"""A set-up on GitHub: which of GitHub's answers tell of it, and what it is asked to change."""

import base64
from collections.abc import Iterator, Mapping
from typing import Final

from registrar.core.codeowners import places
from registrar.core.people import Permission
from registrar.core.pipelines import Target
from registrar.core.setup import Untold
from registrar.core.setup_changes import Change, KeepRuleset, KeepWebhook
from registrar.core.setup_environments import Environment
from registrar.core.setup_github import GitHubWalls, Layer
from registrar.core.setup_pipelines import Pipeline
from registrar.core.setup_token import Rights, Token
from registrar.core.setup_webhooks import Signing, Webhook, Webhooks
from registrar.errors import NotAllowed, Unknown
from registrar.forges import github_myself
from registrar.forges.asking import Wish, segment
from registrar.forges.github_answers import AccountAnswer, Nothing, person_of
from registrar.forges.github_api import GitHubApi
from registrar.forges.github_setup_answers import (
    BranchAnswer,
    BranchPoliciesAnswer,
    ContentAnswer,
    DeliveryAnswer,
    EnvironmentAnswer,
    HookAnswer,
    OwnersErrors,
    ProtectionAnswer,
    RepositoryAnswer,
    RuleAnswer,
    RulesetAnswer,
    WorkflowAnswer,
)
from registrar.forges.github_setup_meanings import (
    FINE_GRAINED,
    OF_APP,
    expiry_of,
    layer_of_protection,
    layer_of_rules,
    permission_in,
    scopes_of,
    spared_by,
    webhook_of,
)
from registrar.forges.github_setup_rules import completed, wanted
from registrar.forges.github_workflow import as_pipeline
from registry_schema import Problem

# https://docs.github.com/webhooks/webhook-events-and-payloads
REGISTRY_EVENTS: Final = frozenset({"push", "pull_request", "pull_request_review", "issue_comment"})
DEPLOYED_EVENTS: Final = frozenset({"workflow_run"})

_ADMINISTER = "Administration: read and write"
_HOOKS = "Webhooks: read and write, of who administers it"


def connect(url: str, repository: str, *, token: str) -> "GitHubSetup":
    """A repository on github.com or a GitHub Enterprise Server; nothing is sent yet."""
    return GitHubSetup(url.rstrip("/"), repository, api=GitHubApi(url, token=token))


class GitHubSetup:
    """One repository on GitHub, looked at and set up with one token."""

    door = "/webhooks/github"
    places = places.GITHUB

    def __init__(self, url: str, repository: str, *, api: GitHubApi) -> None:
        """For `connect`."""
        self._url, self._repository, self._api = url, repository, api
        self._path = f"/repos/{repository}"

    def events(self, *, registry: bool, deployed: bool) -> frozenset[str]:
        """What the bot must be told of by a repository."""
        return (REGISTRY_EVENTS if registry else frozenset()) | (DEPLOYED_EVENTS if deployed else frozenset())

    def signing(self, secret: str) -> Signing:
        """GitHub signs with any secret."""
        del secret
        return Signing.SECRET

    def token(self) -> Token:
        """The token that asks, by its account and by what GitHub says of it in headers."""
        try:
            account, said = self._api.told(AccountAnswer, "/user", wish=github_myself.WISH)
        except NotAllowed:  # an app's token
            page = f"{self._url}/settings/apps"
            return Token(owner=github_myself.of_app(self._api), page=page, expires_at=OF_APP, scopes=FINE_GRAINED)
        owner = person_of(account)
        if owner is None:
            raise NotAllowed("the token belongs to an account that was deleted; give Registrar another")
        return Token(
            owner=owner,
            page=f"{self._url}/settings/tokens",
            expires_at=expiry_of(said.get("github-authentication-token-expiration")),
            scopes=scopes_of(said.get("x-oauth-scopes"), self._read(self._repository)),
        )

    def rights(self) -> Rights:
        """What the account may do, in GitHub's words; who administers can lift every protection."""
        page = f"{self._url}/{self._repository}/settings/access"
        held = permission_in(self._read(self._repository))
        return Rights(held, held.name.lower(), least="write", bypass=Permission.ADMIN, page=page)

    def webhooks(self, repository: str) -> Webhooks:
        """Every webhook of a repository, with how its newest deliveries went."""
        wish = Wish(f"list the webhooks of {repository}", _HOOKS)
        try:
            answers = self._api.pages(HookAnswer, f"/repos/{repository}/hooks", wish=wish)
        except Unknown as error:  # what a token may not see is not there, for GitHub
            allowed = self._read(repository).permissions
            if allowed is None or not allowed.admin:
                raise NotAllowed(f"the token may not {wish.to}: it needs {wish.right}") from error
            raise
        page = f"{self._url}/{repository}/settings/hooks"
        return Webhooks(page, tuple(self._webhook(repository, each, f"{page}/{each.id}") for each in answers))

    def _webhook(self, repository: str, answer: HookAnswer, page: str) -> Webhook:
        deliveries: tuple[DeliveryAnswer, ...] = ()
        if self.door in answer.config.url:
            path = f"/repos/{repository}/hooks/{answer.id}/deliveries?per_page=30"
            wish = Wish(f"list what webhook {answer.id} was told", _HOOKS)
            deliveries = self._api.get(tuple[DeliveryAnswer, ...], path, wish=wish)
        return webhook_of(answer, deliveries, page=page)

    def pipeline_file(self) -> None:
        """Every file of a folder is a workflow."""

    def schedules(self, base: str) -> None:
        """Every workflow has its own."""

    def environment(self, name: str) -> Environment | Untold:
        """For which branches it is. What a token may not see is not there, for GitHub, unless it administers."""
        wish = Wish(f"read the environment {name}", "Actions: read")
        path = f"{self._path}/environments/{segment(name)}"
        page = f"{self._url}/{self._repository}/settings/environments"
        try:
            policy = self._api.get(EnvironmentAnswer, path, wish=wish).deployment_branch_policy
        except Unknown:
            allowed = self._read(self._repository).permissions
            if allowed is not None and allowed.admin:
                return Environment(name, page, branches=None, is_there=False)
            return Untold("GitHub shows none of that name", f"look at {page}, or set REGISTRAR_ADMIN_TOKEN")
        if policy is None or not policy.custom_branch_policies:
            return Environment(name, page, branches=None, is_for_all=policy is None)
        named = self._api.get(BranchPoliciesAnswer, f"{path}/deployment-branch-policies?per_page=100", wish=wish)
        branches = tuple(each.name for each in named.branch_policies if each.type != "tag")
        tags = tuple(each.name for each in named.branch_policies if each.type == "tag")
        return Environment(name, page, branches=branches, tags=tags)

    def walls(self, base: str) -> GitHubWalls:
        """Branch protection and every ruleset, in force, of the branch."""
        unseen: list[Untold] = []
        layers: list[Layer] = []
        try:
            layers += self._protection(base)
        except NotAllowed as error:
            unseen.append(Untold(str(error), "set REGISTRAR_ADMIN_TOKEN to the token of who administers it"))
        rulesets = dict(self._rulesets(base))
        page = f"{self._url}/{self._repository}/settings/rules"
        return GitHubWalls((*layers, *rulesets.values()), tuple(unseen), page, self._ours(base))

    def _protection(self, base: str) -> Iterator[Layer]:
        wish = Wish(f"read the protection of {base}", _ADMINISTER)
        try:
            answer = self._api.get(ProtectionAnswer, f"{self._path}/branches/{segment(base)}/protection", wish=wish)
        except Unknown as error:
            if self._is_protected(base) and not self._administers():
                raise NotAllowed(f"the token may not {wish.to}: it needs {wish.right}") from error
            return
        yield layer_of_protection(answer)

    def _is_protected(self, base: str) -> bool:
        wish = Wish(f"read the branch {base}", "Contents: read")
        return self._api.get(BranchAnswer, f"{self._path}/branches/{segment(base)}", wish=wish).protected

    def _administers(self) -> bool:
        allowed = self._read(self._repository).permissions
        return allowed is not None and allowed.admin

    def _rulesets(self, base: str) -> Iterator[tuple[int, Layer]]:
        wish = Wish(f"read the rules of {base}", "Metadata: read")
        try:
            rules = self._api.pages(RuleAnswer, f"{self._path}/rules/branches/{segment(base)}", wish=wish)
        except Unknown:
            return  # a GitHub Enterprise Server without rulesets
        for number in dict.fromkeys(rule.ruleset_id for rule in rules):
            found = self._ruleset(number)
            spares = spared_by(found) if found else Untold(f"GitHub does not show the ruleset {number} to the token")
            name = f"ruleset {found.name if found else number}"
            yield number, layer_of_rules(name, [rule for rule in rules if rule.ruleset_id == number], spares)

    def _ruleset(self, number: int) -> RulesetAnswer | None:
        """One ruleset, of the repository or of whatever it belongs to."""
        wish = Wish(f"read the ruleset {number}", "Metadata: read")
        try:
            return self._api.get(RulesetAnswer, f"{self._path}/rulesets/{number}", wish=wish)
        except (Unknown, NotAllowed):
            return None

    def _ours(self, base: str) -> int | None:
        """The ruleset that was made for this base; it may be switched off, and then guards nothing."""
        wish = Wish(f"list the rulesets of {self._repository}", "Metadata: read")
        path = f"{self._path}/rulesets"
        try:
            found = self._api.pages(RulesetAnswer, path, wish=wish, parameters={"includes_parents": "false"})
        except (Unknown, NotAllowed):
            return None
        return next((each.id for each in found if each.name == _name(base)), None)

    def codeowners_errors(self, base: str) -> tuple[Problem, ...] | Untold:
        """What GitHub finds wrong with the file; nothing where there is none."""
        wish = Wish(f"read what is wrong with CODEOWNERS on {base}", "Contents: read")
        try:
            answer = self._api.get(OwnersErrors, f"{self._path}/codeowners/errors?ref={segment(base)}", wish=wish)
        except Unknown:
            return ()
        return tuple(
            Problem(each.path, each.line, f"GitHub says: {each.kind}", each.suggestion or "") for each in answer.errors
        )

    def pipeline(self, target: Target) -> Pipeline | Untold:
        """The workflow as it stands on the branch or tag that the rule names."""
        page = f"{self._url}/{target.repository}"
        try:
            allowed = self._read(target.repository).permissions
        except Unknown as error:
            return Pipeline(str(error), "mend deploys in registry.yaml, or let the bot's account into it")
        if allowed is not None and not allowed.push:
            mend = f"give it write at {page}/settings/access"
            return Pipeline(f"the bot's account may not write to {target.repository}, so it can start nothing", mend)
        found = self._workflow(target)
        if found is None:
            mend = f"add .github/workflows/{target.pipeline}, or mend deploys in registry.yaml"
            return Pipeline(f"{target.repository} has no workflow {target.pipeline}", mend)
        if found.state != "active":
            says = f"it is switched off ({found.state.replace('_', ' ')})"
            return Pipeline(says, f"enable it at {page}/actions/workflows/{segment(target.pipeline)}")
        text = self._text(target, found.path)
        if text is None:
            return Pipeline(f"{found.path} is not on {target.ref}", "mend ref in registry.yaml, or add it there")
        return as_pipeline(text, found.path, page=found.html_url)

    def _workflow(self, target: Target) -> WorkflowAnswer | None:
        wish = Wish(f"find {target.pipeline} in {target.repository}", "Actions: read")
        path = f"/repos/{target.repository}/actions/workflows/{segment(target.pipeline)}"
        try:
            return self._api.get(WorkflowAnswer, path, wish=wish)
        except Unknown:
            return None

    def _text(self, target: Target, path: str) -> bytes | None:
        wish = Wish(f"read {path} of {target.repository}", "Contents: read")
        address = f"/repos/{target.repository}/contents/{path}?ref={segment(target.ref)}"
        try:
            return base64.b64decode(self._api.get(ContentAnswer, address, wish=wish).content)
        except Unknown:
            return None

    def _read(self, repository: str) -> RepositoryAnswer:
        wish = Wish(f"read the repository {repository}", "Metadata: read")
        return self._api.get(RepositoryAnswer, f"/repos/{repository}", wish=wish)

    def perform(self, change: Change, *, secrets: tuple[str, ...]) -> None:
        """Carry out a change that is GitHub's."""
        match change:
            case KeepWebhook():
                self._keep_webhook(change, secrets[0])
            case KeepRuleset():
                self._keep_ruleset(change)
            case _:
                raise AssertionError(f"GitHub knows no {type(change).__name__}")

    def _keep_webhook(self, change: KeepWebhook, secret: str) -> None:
        """The secret goes along every time: a change without it would take it away."""
        config = {"url": change.url, "content_type": "json", "insecure_ssl": "0", "secret": secret}
        path = f"/repos/{change.repository}/hooks"
        if change.webhook is None:
            wish = Wish(f"add a webhook to {change.repository}", _HOOKS)
            fields = {"name": "web", "active": True, "events": sorted(change.events), "config": config}
            self._api.send("POST", path, fields, shape=Nothing, wish=wish)
            return
        wish = Wish(f"change webhook {change.webhook} of {change.repository}", _HOOKS)
        fields = {"active": True, "add_events": sorted(change.events), "config": config}
        self._api.send("PATCH", f"{path}/{change.webhook}", fields, shape=Nothing, wish=wish)

    def _keep_ruleset(self, change: KeepRuleset) -> None:
        path, rules = f"{self._path}/rulesets", wanted(change.status)
        fields: Mapping[str, object] = {
            "name": _name(change.base),
            "target": "branch",
            "enforcement": "active",
            "bypass_actors": [],
            "conditions": {"ref_name": {"include": [f"refs/heads/{change.base}"], "exclude": []}},
        }
        if change.ruleset is None:
            wish = Wish(f"add a ruleset to {self._repository}", _ADMINISTER)
            self._api.send("POST", path, {**fields, "rules": rules}, shape=Nothing, wish=wish)
            return
        wish = Wish(f"change the ruleset {_name(change.base)}", _ADMINISTER)
        found = self._api.get(RulesetAnswer, f"{path}/{change.ruleset}", wish=wish)
        changed = {**fields, "rules": completed(found.rules, rules)}
        self._api.send("PUT", f"{path}/{change.ruleset}", changed, shape=Nothing, wish=wish)


def _name(base: str) -> str:
    return f"registrar: {base}"
