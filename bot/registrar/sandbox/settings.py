"""How the owner of a repository wants it to behave, where GitLab lets them choose; GitHub's dialect looks at none."""

from dataclasses import dataclass


@dataclass(slots=True)
class Settings:
    """What a project on GitLab is set to; every default is that of a new project there, on the Free tier."""

    merge_method: str = "merge"  # merge, rebase_merge (semi-linear), ff
    squash_option: str = "default_off"  # never, always, default_on, default_off
    only_allow_merge_if_pipeline_succeeds: bool = False
    allow_merge_on_skipped_pipeline: bool = False
    only_allow_merge_if_all_discussions_are_resolved: bool = False
    remove_source_branch_after_merge: bool = True
    ci_pipeline_variables_minimum_override_role: str = "developer"  # no_one_allowed, developer, maintainer, owner
    restrict_user_defined_variables: bool = True  # whether GitLab heeds the line above
    archived: bool = False
    ci_config_path: str = ""  # empty: where GitLab looks by itself
    jobs_may_push: bool = False  # to their own project, as its settings for job tokens allow
    begins_pipelines: bool = True  # by itself, as GitLab always does; without it, those alone that someone asks for
    requires_sha: bool = True  # a merge by the API says what it merges: a setting of the group or of the instance
    is_premium: bool = False  # of what follows, Free does nothing
    approvals_required: int = 0
    reset_approvals_on_push: bool = False
    code_owners: tuple[str, ...] = ()  # logins that CODEOWNERS names: the sandbox does not read the file

    @property
    def pipeline_file(self) -> str:
        """The file that says what a pipeline runs; one in another project the sandbox does not read."""
        return self.ci_config_path or ".gitlab-ci.yml"


PUBLIC = (  # what the API shows and changes under the same name
    "merge_method",
    "squash_option",
    "only_allow_merge_if_pipeline_succeeds",
    "allow_merge_on_skipped_pipeline",
    "only_allow_merge_if_all_discussions_are_resolved",
    "remove_source_branch_after_merge",
    "archived",
    "ci_config_path",
)

ADMINISTERED = (  # the same for maintainers alone
    "ci_pipeline_variables_minimum_override_role",
    "restrict_user_defined_variables",
)
