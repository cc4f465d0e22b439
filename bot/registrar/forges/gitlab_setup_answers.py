"""The shape of what GitLab tells an administrator about a project.

https://docs.gitlab.com/api/personal_access_tokens/
https://docs.gitlab.com/api/project_webhooks/
https://docs.gitlab.com/api/protected_branches/
https://docs.gitlab.com/api/protected_tags/
https://docs.gitlab.com/api/pipeline_schedules/
"""

from datetime import date, datetime

from pydantic.dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """The token that asks; one without an end has none."""

    scopes: tuple[str, ...]
    expires_at: date | None = None


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """A project as far as it is set up; who may not see a setting is not told of it."""

    path_with_namespace: str
    only_allow_merge_if_pipeline_succeeds: bool | None = None
    allow_merge_on_skipped_pipeline: bool | None = None
    jobs_enabled: bool = True
    ci_config_path: str | None = None
    # Told to maintainers alone; the role from GitLab 17.1 on.
    restrict_user_defined_variables: bool | None = None
    ci_pipeline_variables_minimum_override_role: str | None = None
    # Told from Premium on alone, where merge requests can have approval rules; it may be null there.
    approvals_before_merge: int | None = -1

    @property
    def is_premium(self) -> bool:
        """Whether the plan has approval rules and code owner approval."""
        return self.approvals_before_merge != -1

    @property
    def pipeline_file(self) -> str:
        """Where its pipeline stands: `path`, `path@group/project`, or an address."""
        return self.ci_config_path or ".gitlab-ci.yml"


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """A webhook; of its secrets only that there are any, and that from GitLab 19.0 on."""

    id: int
    url: str
    push_events: bool = False
    merge_requests_events: bool = False
    note_events: bool = False
    pipeline_events: bool = False
    enable_ssl_verification: bool = True
    alert_status: str = "executable"
    disabled_until: datetime | None = None
    token_present: bool | None = None
    signing_token_present: bool | None = None
    push_events_branch_filter: str | None = None
    custom_webhook_template: str | None = None


@dataclass(frozen=True, slots=True)
class HookEventAnswer:
    """Something that a webhook was told; the status is a number, or words where nobody answered."""

    trigger: str
    response_status: str | int | None = None


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """Who is allowed something on a protected branch or tag."""

    id: int = 0
    access_level: int | None = None
    access_level_description: str = ""
    user_id: int | None = None
    group_id: int | None = None
    deploy_key_id: int | None = None


@dataclass(frozen=True, slots=True)
class ProtectedBranchAnswer:
    """The rule of a protected branch, or of all that match a wildcard; `inherited` is Premium's."""

    name: str
    push_access_levels: tuple[LevelAnswer, ...] = ()
    merge_access_levels: tuple[LevelAnswer, ...] = ()
    allow_force_push: bool = False
    code_owner_approval_required: bool = False
    inherited: bool | None = False


@dataclass(frozen=True, slots=True)
class ProtectedTagAnswer:
    """The rule of a protected tag, or of all that match a wildcard."""

    name: str
    create_access_levels: tuple[LevelAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleAnswer:
    """When pipelines of a branch or a tag begin by themselves."""

    ref: str
    cron: str


@dataclass(frozen=True, slots=True)
class ApprovalSettings:
    """How approvals behave in a project on Premium."""

    reset_approvals_on_push: bool = False


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file at a commit, in base64."""

    content: str
