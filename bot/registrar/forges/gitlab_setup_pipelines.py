"""Whether a deploy could start a pipeline of a project on GitLab, and what it could tell it."""

import base64
from dataclasses import replace

from registrar.core.people import Permission, Person
from registrar.core.pipelines import Passing, Target
from registrar.core.setup import Untold
from registrar.core.setup_gitlab import BranchRule, may_move
from registrar.core.setup_jobs import is_elsewhere
from registrar.core.setup_pipelines import Pipeline
from registrar.core.wildcards import means
from registrar.errors import NotAllowed, Unknown
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import MemberAnswer, permission_of
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.gitlab_ci_file import as_pipeline
from registrar.forges.gitlab_setup_answers import FileAnswer, ProjectSettings, ProtectedBranchAnswer
from registrar.forges.gitlab_setup_meanings import role_of, rule_of, variables_of

# https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables : the least role that may set them
_MAY_SET_VARIABLES = {
    "developer": Permission.WRITE,
    "maintainer": Permission.MAINTAIN,
    "owner": Permission.ADMIN,
    "no_one_allowed": None,
}


def member_of(api: GitLabApi, repository: str, person: Person) -> MemberAnswer | None:
    """Somebody as a member of a project, also by a group that it is in or that was invited to it; None: no member."""
    wish = Wish(f"tell what {person.login} may do in {repository}", "the Guest role there")
    try:
        return api.get(MemberAnswer, f"{_project(repository)}/members/all/{person.id}", wish=wish)
    except Unknown:
        return None


def found(api: GitLabApi, target: Target, *, me: Person, url: str) -> Pipeline | Untold:
    """The pipeline as it stands on the branch or tag that the rule names, or what keeps it from being started."""
    page = f"{url}/{target.repository}"
    wish = Wish(f"read the project {target.repository}", "the Guest role there")
    try:
        project = api.get(ProjectSettings, _project(target.repository), wish=wish)
    except Unknown as error:
        return Pipeline(str(error), "mend deploys in registry.yaml, or let the bot's account into it")
    member = member_of(api, target.repository, me)
    held = permission_of(member) if member is not None else Permission.NONE
    obstacle = (
        _switched_off(project, page)
        or _too_little(target, held, role_of(member), page)
        or _without_variables(project, target, held, page)
        or _guarded(api, target, me, held, page)
    )
    pipeline = obstacle or _configured(api, project, target, page=page)
    if isinstance(pipeline, Untold) or pipeline.obstacle or not _is_secretive(project, target):
        return pipeline
    see = f"see Minimum role to use pipeline variables at {page}/-/settings/ci_cd"
    return replace(pipeline, takes=Untold("GitLab tells maintainers alone who may pass variables there", see))


def _is_secretive(project: ProjectSettings, target: Target) -> bool:
    """Whether nobody tells the bot if it may pass the variables that it would."""
    return target.passing is Passing.VARIABLES and not target.trigger_token and variables_of(project) is None


def _switched_off(project: ProjectSettings, page: str) -> Pipeline | None:
    if project.jobs_enabled:
        return None
    return Pipeline("CI/CD is switched off there", f"switch it on at {page}/edit, Visibility")


def _too_little(target: Target, held: Permission, role: str, page: str) -> Pipeline | None:
    """A trigger token starts a pipeline in the name of whoever made it."""
    if held >= Permission.WRITE or target.trigger_token:
        return None
    says = f"the bot's account has {role} there, and developers start pipelines"
    return Pipeline(says, f"give it Developer at {page}/-/project_members, or name a trigger_token")


def _without_variables(project: ProjectSettings, target: Target, held: Permission, page: str) -> Pipeline | None:
    rule = variables_of(project)
    role = rule.least if rule is not None and rule.is_heeded else "developer"
    least = _MAY_SET_VARIABLES.get(role, Permission.WRITE)
    if target.passing is not Passing.VARIABLES or (least is not None and (held >= least or target.trigger_token)):
        return None
    mend = f"take inputs instead, or change Minimum role to use pipeline variables at {page}/-/settings/ci_cd"
    return Pipeline(f"variables are for {role.replace('_', ' ')} there, so the bot cannot pass any", mend)


def _guarded(api: GitLabApi, target: Target, me: Person, held: Permission, page: str) -> Pipeline | None:
    """A protected branch keeps its pipelines to those who may push or merge there.

    https://docs.gitlab.com/ci/pipelines/#pipeline-security-on-protected-branches
    """
    rules = () if target.trigger_token else _rules(api, target)
    if may_move(rules, me, held) is not False:
        return None
    says = f"{target.ref} is protected there, and the bot may not merge into it, so it may not start its pipelines"
    return Pipeline(says, f"let developers, or the bot, merge at {page}/-/settings/repository, Protected branches")


def _rules(api: GitLabApi, target: Target) -> tuple[BranchRule, ...]:
    wish = Wish(f"list the protected branches of {target.repository}", "the Developer role there")
    try:
        answers = api.pages(ProtectedBranchAnswer, f"{_project(target.repository)}/protected_branches", wish=wish)
    except NotAllowed:  # to developers of an older GitLab
        return ()
    return tuple(rule_of(each) for each in answers if means(each.name, target.ref))


def _configured(api: GitLabApi, project: ProjectSettings, target: Target, *, page: str) -> Pipeline | Untold:
    path = project.pipeline_file
    if is_elsewhere(path):
        return Untold(f"its configuration is {path}, which stands elsewhere")
    wish = Wish(f"read {path} of {target.repository}", "the Reporter role there")
    address = f"{_project(target.repository)}/repository/files/{segment(path)}?ref={segment(target.ref)}"
    try:
        text = base64.b64decode(api.get(FileAnswer, address, wish=wish).content)
    except Unknown:
        return Pipeline(f"{path} is not on {target.ref}", "mend ref in registry.yaml, or add it there")
    is_told = target.passing is Passing.VARIABLES and not target.trigger_token  # else they may not be ours to read
    return as_pipeline(text, path, is_told=is_told, page=f"{page}/-/blob/{target.ref}/{path}")


def _project(repository: str) -> str:
    return f"/projects/{segment(repository)}"
