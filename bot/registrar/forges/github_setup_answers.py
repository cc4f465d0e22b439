"""The shape of what GitHub tells an administrator about a repository.

https://docs.github.com/rest/repos/webhooks
https://docs.github.com/rest/repos/rules
https://docs.github.com/rest/branches/branch-protection
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field
from pydantic.dataclasses import dataclass

from registrar.forges.github_answers import AccountAnswer


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the caller may do in a repository."""

    pull: bool = False
    push: bool = False
    maintain: bool = False
    admin: bool = False


@dataclass(frozen=True, slots=True)
class RepositoryAnswer:
    """A repository, with what the caller may do there."""

    full_name: str
    owner: AccountAnswer
    private: bool = False
    permissions: Allowed | None = None


@dataclass(frozen=True, slots=True)
class HookConfig:
    """Where a webhook leads; `insecure_ssl` is a text or a number."""

    url: str = ""
    content_type: str = "form"
    secret: str | None = None
    insecure_ssl: str | float = "0"


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """A webhook; of its secret only that there is one."""

    id: int
    active: bool
    events: tuple[str, ...]
    config: HookConfig


@dataclass(frozen=True, slots=True)
class DeliveryAnswer:
    """One attempt to tell a webhook something; 0 where nobody answered."""

    event: str
    status: str
    status_code: int
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class Switch:
    """A rule that is on or off."""

    enabled: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Someone whom a rule names: a person by login, a team or an app by slug."""

    login: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Allowances:
    """Who may do what a rule forbids."""

    users: tuple[Named, ...] = ()
    teams: tuple[Named, ...] = ()
    apps: tuple[Named, ...] = ()

    def names(self) -> tuple[str, ...]:
        """How they are called."""
        return tuple(each.login or each.slug for each in (*self.users, *self.teams, *self.apps))


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """A required status, and the app that must say it."""

    context: str
    app_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChecksAnswer:
    """Which statuses are required."""

    contexts: tuple[str, ...] = ()
    checks: tuple[CheckAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewsAnswer:
    """Which reviews are required."""

    dismiss_stale_reviews: bool = False
    require_code_owner_reviews: bool = False
    bypass_pull_request_allowances: Allowances = Allowances()


@dataclass(frozen=True, slots=True)
class ProtectionAnswer:
    """The branch protection of one branch."""

    required_status_checks: ChecksAnswer | None = None
    required_pull_request_reviews: ReviewsAnswer | None = None
    enforce_admins: Switch = Switch()
    allow_force_pushes: Switch = Switch()
    allow_deletions: Switch = Switch()


@dataclass(frozen=True, slots=True)
class BranchAnswer:
    """A branch, as whoever may read it sees it."""

    name: str
    protected: bool = False


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """One rule that guards a branch now, and the ruleset it belongs to."""

    type: str
    ruleset_id: int = 0
    ruleset_source: str = ""
    ruleset_source_type: str = "Repository"
    parameters: Mapping[str, object] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActorAnswer:
    """Whom a ruleset spares."""

    actor_type: str
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class RulesetAnswer:
    """A ruleset; whom it spares is told to those alone who may change it."""

    id: int
    name: str
    source: str = ""
    bypass_actors: tuple[ActorAnswer, ...] | None = None
    rules: tuple[Mapping[str, object], ...] = ()
    conditions: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class OwnersError:
    """A line of CODEOWNERS that GitHub cannot use."""

    line: int
    kind: str
    path: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class OwnersErrors:
    """Everything that GitHub finds wrong with CODEOWNERS."""

    errors: tuple[OwnersError, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowAnswer:
    """A workflow; `state` says whether it is switched on."""

    path: str
    state: str
    html_url: str


@dataclass(frozen=True, slots=True)
class ContentAnswer:
    """A file at a commit, in base64."""

    content: str


@dataclass(frozen=True, slots=True)
class BranchPolicyAnswer:
    """Whether an environment is for protected branches, or for those that are named."""

    protected_branches: bool
    custom_branch_policies: bool


@dataclass(frozen=True, slots=True)
class EnvironmentAnswer:
    """An environment; without a policy it is for every branch."""

    name: str
    deployment_branch_policy: BranchPolicyAnswer | None = None


@dataclass(frozen=True, slots=True)
class NamedPolicyAnswer:
    """Branches, or tags, that an environment is for; older servers know no tags."""

    name: str
    type: str = "branch"


@dataclass(frozen=True, slots=True)
class BranchPoliciesAnswer:
    """All of them."""

    branch_policies: tuple[NamedPolicyAnswer, ...]
