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
    remove_source_branch_after_merge: bool = False  # the API's default: GitLab's own pages ask for it
    ci_pipeline_variables_minimum_override_role: str = "developer"  # no_one_allowed, developer, maintainer, owner
    archived: bool = False
    reset_approvals_on_push: bool = False  # Premium, and on by default there
