"""What makes the sandbox forge speak like GitLab."""

from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import Dialect, Forge
from registrar.sandbox.gitlab.ci.beginnings import begin_pipelines
from registrar.sandbox.gitlab.following import follow
from registrar.sandbox.gitlab.health import is_executable
from registrar.sandbox.gitlab.landing import landed
from registrar.sandbox.gitlab.mergeability import obstacles
from registrar.sandbox.gitlab.webhooks import describe, headers
from registrar.sandbox.happenings import Happening


def _follow(forge: Forge, happening: Happening) -> None:
    follow(forge, happening)
    begin_pipelines(forge, happening)


GITLAB = Dialect(
    name="gitlab",
    head_refs="refs/merge-requests/{}/head",
    refusal_of_push="GitLab: You are not allowed to push code to protected branches on this project.",
    address_mark="-",
    headers=headers,
    describe=describe,
    follow=_follow,
    obstacles=obstacles,
    landed=landed,
    tells=is_executable,
    reviews_own=True,
    review_role=Role.WRITE,
    longest_comment=1_000_000,
)
