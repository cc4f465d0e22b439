"""A set-up on GitLab: which of GitLab's answers tell of it, and what it is asked to change."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from registrar.core.codeowners import places
from registrar.core.people import Permission, Person
from registrar.core.pipelines import Target
from registrar.core.setup import Untold
from registrar.core.setup_changes import (
    Change,
    CloseBranch,
    HoldMerges,
    KeepVariables,
    KeepWebhook,
    RequireOwners,
    VoidOnPush,
)
from registrar.core.setup_gitlab import BranchRule, GitLabWalls, TagRule
from registrar.core.setup_jobs import Schedules
from registrar.core.setup_pipelines import Pipeline
from registrar.core.setup_token import Rights, Token
from registrar.core.setup_webhooks import Signing, Webhook, Webhooks
from registrar.core.wildcards import means
from registrar.errors import ForgeRefused, NotAllowed, RegistrarError, TokenRefused, Unknown
from registrar.forges import gitlab_setup_pipelines
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import AccountAnswer, Nothing, permission_of, person_of
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.gitlab_setup_answers import (
    ApprovalSettings,
    HookAnswer,
    HookEventAnswer,
    ProjectSettings,
    ProtectedBranchAnswer,
    ProtectedTagAnswer,
    ScheduleAnswer,
    TokenAnswer,
)
from registrar.forges.gitlab_setup_meanings import (
    expiry_of,
    is_open,
    role_of,
    rule_of,
    scopes_of,
    tag_of,
    variables_of,
    webhook_of,
)
from registry_schema import Problem

# https://docs.gitlab.com/user/project/integrations/webhook_events/
REGISTRY_EVENTS: Final = frozenset({"push_events", "merge_requests_events", "note_events"})
DEPLOYED_EVENTS: Final = frozenset({"pipeline_events"})

_MAINTAIN = "the Maintainer role"
_AS_MAINTAINER = "set REGISTRAR_ADMIN_TOKEN to the token of a maintainer"
_SIGNING_TOKEN = "whsec_"  # noqa: S105 - how GitLab's signing tokens begin


def connect(url: str, repository: str, *, token: str) -> "GitLabSetup":
    """A project on gitlab.com or a GitLab of one's own; nothing is sent yet."""
    return GitLabSetup(url.rstrip("/"), repository, api=GitLabApi(url, token=token))


class GitLabSetup:
    """One project on GitLab, looked at and set up with one token."""

    door = "/webhooks/gitlab"
    places = places.GITLAB

    def __init__(self, url: str, repository: str, *, api: GitLabApi) -> None:
        """For `connect`."""
        self._url, self._repository, self._api = url, repository, api
        self._path = _project(repository)

    def events(self, *, registry: bool, deployed: bool) -> frozenset[str]:
        """What the bot must be told of by a project."""
        return (REGISTRY_EVENTS if registry else frozenset()) | (DEPLOYED_EVENTS if deployed else frozenset())

    def signing(self, secret: str) -> Signing:
        """GitLab signs with a signing token; a plain one it only sends along."""
        return Signing.SIGNATURE if secret.startswith(_SIGNING_TOKEN) else Signing.SECRET

    def token(self) -> Token:
        """The token that asks, and whose it is."""
        owner = self._myself()
        page = f"{self._url}/{self._repository}/-/settings/access_tokens"
        if not owner.is_bot:
            page = f"{self._url}/-/user_settings/personal_access_tokens"
        wish = Wish("tell what the token may do", "to be a personal, project or group access token")
        try:
            answer = self._api.get(TokenAnswer, "/personal_access_tokens/self", wish=wish)
        except (Unknown, NotAllowed, ForgeRefused, TokenRefused) as error:  # 401 where it is a token of another kind
            unknown = Untold(str(error))
            return Token(owner, page, expires_at=unknown, scopes=unknown)
        return Token(owner, page, expires_at=expiry_of(answer), scopes=scopes_of(answer))

    def rights(self) -> Rights:
        """What the account may do, in GitLab's words; maintainers can unprotect a branch."""
        member = gitlab_setup_pipelines.member_of(self._api, self._repository, self._myself())
        held = permission_of(member) if member is not None else Permission.NONE
        page = f"{self._url}/{self._repository}/-/project_members"
        return Rights(held, role_of(member), least="Developer", bypass=Permission.MAINTAIN, page=page)

    def webhooks(self, repository: str) -> Webhooks:
        """Every webhook of a project, and of its groups as far as the token may see those."""
        page = f"{self._url}/{repository}/-/hooks"
        wish = Wish(f"list the webhooks of {repository}", _MAINTAIN)
        answers = self._api.pages(HookAnswer, f"{_project(repository)}/hooks", wish=wish)
        found = [self._webhook(_project(repository), each, f"{page}/{each.id}/edit") for each in answers]
        return Webhooks(page, (*found, *self._of_groups(repository)))

    def _of_groups(self, repository: str) -> Iterator[Webhook]:
        """Webhooks of groups are Premium's, and for their owners; whoever may not see them is not told of any."""
        group = repository.rpartition("/")[0]
        while group:
            path, page = f"/groups/{segment(group)}", f"{self._url}/groups/{group}/-/hooks"
            wish = Wish(f"list the webhooks of {group}", "the Owner role there")
            with suppress(Unknown, NotAllowed, ForgeRefused):
                for each in self._api.pages(HookAnswer, f"{path}/hooks", wish=wish):
                    yield self._webhook(path, each, f"{page}/{each.id}/edit", is_shared=True)
            group = group.rpartition("/")[0]

    def _webhook(self, path: str, answer: HookAnswer, page: str, *, is_shared: bool = False) -> Webhook:
        events: tuple[HookEventAnswer, ...] = ()
        if self.door in answer.url:
            wish = Wish(f"list what webhook {answer.id} was told", _MAINTAIN)
            with suppress(Unknown):  # GitLab before 17.3
                address = f"{path}/hooks/{answer.id}/events?per_page=1"
                events = self._api.get(tuple[HookEventAnswer, ...], address, wish=wish)
        return webhook_of(answer, events, page=page, is_shared=is_shared)

    def pipeline_file(self) -> str:
        """What the project's settings name, or where GitLab looks by itself."""
        return self._read(self._repository).pipeline_file

    def schedules(self, base: str) -> Schedules:
        """Those that are switched on; GitLab writes the branch in full, and an older one as it was given."""
        wish = Wish(f"list the pipeline schedules of {self._repository}", "the Reporter role")
        answers = self._api.pages(ScheduleAnswer, f"{self._path}/pipeline_schedules?scope=active", wish=wish)
        times = tuple(each.cron for each in answers if each.ref in {base, f"refs/heads/{base}"})
        return Schedules(times, f"{self._url}/{self._repository}/-/pipeline_schedules")

    def environment(self, name: str) -> Untold:
        """Variables are the project's there."""
        return Untold(f"GitLab keeps no secrets in {name}, but in variables")

    def walls(self, base: str) -> GitLabWalls:
        """What the project asks of a merge, and every rule that matches the branch."""
        project, page = self._read(self._repository), f"{self._url}/{self._repository}/-/settings"
        rules = self._rules()
        return GitLabWalls(
            rules=tuple(rule for rule in rules if means(rule.name, base)),
            needs_pipeline=project.only_allow_merge_if_pipeline_succeeds,
            takes_skipped=project.allow_merge_on_skipped_pipeline,
            voids_on_push=self._voids_on_push() if project.is_premium else False,
            is_premium=project.is_premium,
            merging_page=f"{page}/merge_requests",
            branches_page=f"{page}/repository",
            variables=variables_of(project),
            variables_page=f"{page}/ci_cd",
            pipeline=project.pipeline_file,
            tags=self._tags(),
            others=tuple(rule for rule in rules if rule.name != base),
        )

    def _rules(self) -> tuple[BranchRule, ...]:
        wish = Wish(f"list the protected branches of {self._repository}", "the Developer role")
        answers = self._api.pages(ProtectedBranchAnswer, f"{self._path}/protected_branches", wish=wish)
        return tuple(map(rule_of, answers))

    def _tags(self) -> tuple[TagRule, ...] | Untold:
        wish = Wish(f"list the protected tags of {self._repository}", _MAINTAIN)
        try:
            answers = self._api.pages(ProtectedTagAnswer, f"{self._path}/protected_tags", wish=wish)
            return tuple(map(tag_of, answers))
        except (Unknown, NotAllowed, ForgeRefused) as error:
            return Untold(f"who may create a protected tag was not checked: {error}", _AS_MAINTAINER)

    def _voids_on_push(self) -> bool | Untold:
        wish = Wish(f"read how approvals behave in {self._repository}", _MAINTAIN)
        try:
            return self._api.get(ApprovalSettings, f"{self._path}/approvals", wish=wish).reset_approvals_on_push
        except (Unknown, NotAllowed, ForgeRefused) as error:
            return Untold(str(error), _AS_MAINTAINER)

    def codeowners_errors(self, base: str) -> tuple[Problem, ...] | Untold:
        """GitLab checks the file on its own pages alone."""
        return Untold(f"GitLab tells on the page of CODEOWNERS alone whether it can use it, on {base}")

    def pipeline(self, target: Target) -> Pipeline | Untold:
        """The pipeline of a project as it stands on the branch or tag that the rule names."""
        return gitlab_setup_pipelines.found(self._api, target, me=self._myself(), url=self._url)

    def perform(self, change: Change, *, secrets: tuple[str, ...]) -> None:
        """Carry out a change that is GitLab's."""
        match change:
            case KeepWebhook():
                self._keep_webhook(change, secrets)
            case HoldMerges():
                self._hold_merges()
            case KeepVariables():
                self._keep_variables()
            case CloseBranch():
                self._close(change)
            case RequireOwners():
                self._require_owners(change)
            case VoidOnPush():
                wish = Wish(f"let a push take approvals back in {self._repository}", _MAINTAIN)
                fields = {"reset_approvals_on_push": True}
                self._api.send("POST", f"{self._path}/approvals", fields, shape=Nothing, wish=wish)
            case _:
                raise AssertionError(f"GitLab knows no {type(change).__name__}")

    def _keep_webhook(self, change: KeepWebhook, secrets: tuple[str, ...]) -> None:
        """A signing token, and a plain one if there is one too: a GitLab before 19.0 overhears the first."""
        signing = next((each for each in secrets if self.signing(each) is Signing.SIGNATURE), None)
        plain = next((each for each in secrets if self.signing(each) is not Signing.SIGNATURE), None)
        fields: dict[str, object] = {"url": change.url, "enable_ssl_verification": True}
        fields |= dict.fromkeys(change.events, True)
        fields |= {"signing_token": signing} if signing is not None else {}
        fields |= {"token": plain} if plain is not None else {}
        path = f"{_project(change.repository)}/hooks"
        if change.webhook is None:
            fields |= {"push_events": "push_events" in change.events, "name": "Registrar"}
            wish = Wish(f"add a webhook to {change.repository}", _MAINTAIN)
            self._api.send("POST", path, fields, shape=Nothing, wish=wish)
        else:
            wish = Wish(f"change webhook {change.webhook} of {change.repository}", _MAINTAIN)
            self._api.send("PUT", f"{path}/{change.webhook}", fields, shape=Nothing, wish=wish)

    def _hold_merges(self) -> None:
        wish = Wish(f"let merges wait for pipelines in {self._repository}", _MAINTAIN)
        fields = {"only_allow_merge_if_pipeline_succeeds": True, "allow_merge_on_skipped_pipeline": False}
        self._api.send("PUT", self._path, fields, shape=Nothing, wish=wish)

    def _keep_variables(self) -> None:
        """Both: GitLab heeds the role where the older switch is on alone."""
        wish = Wish(f"let maintainers alone give pipelines of {self._repository} variables", _MAINTAIN)
        fields = {"restrict_user_defined_variables": True, "ci_pipeline_variables_minimum_override_role": "maintainer"}
        self._api.send("PUT", self._path, fields, shape=Nothing, wish=wish)

    def _close(self, change: CloseBranch) -> None:
        """On Premium the rule is changed in place. On Free no API changes it, so it is made anew."""
        branch = f"{self._path}/protected_branches/{segment(change.name)}"
        wish = Wish(f"close {change.name} to pushes", _MAINTAIN)
        if change.exists:
            present = self._api.get(ProtectedBranchAnswer, branch, wish=wish)
            fields: dict[str, object] = {"allow_force_push": False, "allowed_to_push": _closing(present)}
            if not is_open(self._api.send("PATCH", branch, fields, shape=ProtectedBranchAnswer, wish=wish)):
                return
            self._api.send("DELETE", branch, None, shape=Nothing, wish=wish)
        fields = {"name": change.name, "push_access_level": 0, "merge_access_level": change.merge_level}
        try:
            self._api.send("POST", f"{self._path}/protected_branches", fields, shape=Nothing, wish=wish)
        except RegistrarError as error:
            if change.exists:
                raise ForgeRefused(f"{change.name} is NOT PROTECTED any more, protect it at once: {error}") from error
            raise

    def _require_owners(self, change: RequireOwners) -> None:
        wish = Wish(f"require code owners on {change.name}", _MAINTAIN)
        branch = f"{self._path}/protected_branches/{segment(change.name)}"
        fields = {"code_owner_approval_required": True}
        changed = self._api.send("PATCH", branch, fields, shape=ProtectedBranchAnswer, wish=wish)
        if not changed.code_owner_approval_required:
            raise ForgeRefused(f"GitLab did not {wish.to}, and did not say why; the plan may not have it")

    def _myself(self) -> Person:
        account = self._api.get(AccountAnswer, "/user", wish=Wish("tell whose the token is", "the scope api"))
        person = person_of(account)
        if person is None:
            raise NotAllowed("the token belongs to an account that was deleted; give Registrar another")
        return person

    def _read(self, repository: str) -> ProjectSettings:
        wish = Wish(f"read the project {repository}", "the Guest role")
        return self._api.get(ProjectSettings, _project(repository), wish=wish)


def _closing(present: ProtectedBranchAnswer) -> list[dict[str, object]]:
    """What turns the first of those who may push into nobody, and takes the others away."""
    ids = [each.id for each in present.push_access_levels]
    shut: list[dict[str, object]] = [{"id": ids[0], "access_level": 0} if ids else {"access_level": 0}]
    shut += [{"id": number, "_destroy": True} for number in ids[1:]]
    return shut


def _project(repository: str) -> str:
    return f"/projects/{segment(repository)}"
