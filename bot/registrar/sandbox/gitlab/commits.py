"""How GitLab writes commits, differences, statuses of commits, branches and pushes."""

from collections.abc import Sequence

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.people import ACCESS_LEVELS, Json, moment, optional_moment, user
from registrar.sandbox.gitlab.projects import page
from registrar.sandbox.pipelines import Job
from registrar.sandbox.store import Protection, Push, Repository, Status

_PUSHED = {"created": "pushed new", "deleted": "deleted"}
_PUSH_ACTIONS = {"created": "created", "deleted": "removed"}
_LEVEL_NAMES = {0: "No one", 30: "Developers + Maintainers", 40: "Maintainers", 50: "Owners"}


def commit(forge: Forge, where: Repository, found: git.Commit) -> Json:
    """A commit; whose it is, REST does not say."""
    return {
        "id": found.sha,
        "short_id": found.sha[:8],
        "created_at": _written_at(found.committer),
        "parent_ids": list(found.parents),
        "title": title(found),
        "message": found.message,
        "author_name": found.author.name,
        "author_email": found.author.email,
        "authored_date": _written_at(found.author),
        "committer_name": found.committer.name,
        "committer_email": found.committer.email,
        "committed_date": _written_at(found.committer),
        "trailers": {},
        "extended_trailers": {},
        "web_url": page(forge, where, f"/-/commit/{found.sha}"),
    }


def title(found: git.Commit) -> str:
    """The first line of its message."""
    return found.message.partition("\n")[0]


def _written_at(identity: git.Identity) -> str:
    return identity.at.isoformat(timespec="milliseconds")


def commit_with_stats(forge: Forge, where: Repository, found: git.Commit) -> Json:
    """A commit by itself."""
    changes = git.changed_files(where.path, found.parents[0] if found.parents else None, found.sha)
    additions, deletions = sum(each.additions for each in changes), sum(each.deletions for each in changes)
    last = max((each for each in where.ci.pipelines if each.sha == found.sha), key=lambda each: each.id, default=None)
    return commit(forge, where, found) | {
        "stats": {"additions": additions, "deletions": deletions, "total": additions + deletions},
        "status": None if last is None else last.state.value,
        "project_id": where.id,
        "last_pipeline": None,
    }


def diff(changed: git.ChangedFile) -> Json:
    """A file of a difference."""
    return {
        "diff": f"{changed.patch}\n" if changed.patch else "",
        "new_path": changed.path,
        "old_path": changed.old_path,
        "a_mode": "0" if changed.change == "A" else "100644",
        "b_mode": "0" if changed.change == "D" else "100644",
        "new_file": changed.change == "A",
        "renamed_file": changed.change == "R",
        "deleted_file": changed.change == "D",
        "generated_file": False,
        "collapsed": False,
        "too_large": False,
    }


def status(forge: Forge, found: Status) -> Json:
    """A status of a commit: to GitLab, a job."""
    is_over = found.stage not in {"pending", "running"}
    has_begun = is_over or found.stage == "running"
    return {
        "id": found.id,
        "sha": found.sha,
        "ref": found.ref,
        "status": found.stage,
        "name": found.context,
        "target_url": found.url or None,
        "description": found.description or None,
        "created_at": moment(found.created_at),
        "started_at": optional_moment(found.updated_at if has_begun else None),
        "finished_at": optional_moment(found.updated_at if is_over else None),
        "allow_failure": False,
        "coverage": None,
        "pipeline_id": found.pipeline,
        "author": user(forge, found.creator),
    }


def job_status(forge: Forge, found: Job) -> Json:
    """A job of a pipeline, which GitLab lists among the statuses of its commit."""
    return {
        "id": found.id,
        "sha": found.pipeline.sha,
        "ref": found.pipeline.ref,
        "status": found.state.value,
        "name": found.plan.name,
        "target_url": None,
        "description": None,
        "created_at": moment(found.created_at),
        "started_at": optional_moment(found.started_at),
        "finished_at": optional_moment(found.finished_at),
        "allow_failure": found.plan.allow_failure,
        "coverage": None,
        "pipeline_id": found.pipeline.id,
        "author": user(forge, found.user),
    }


def branch(forge: Forge, where: Repository, name: str, sha: str) -> Json:
    """A branch and its last commit."""
    rule = where.protections.get(name)
    return {
        "name": name,
        "commit": commit(forge, where, git.commit(where.path, sha)),
        "merged": False,
        "protected": rule is not None,
        "developers_can_push": rule is None or _push_level(rule) == ACCESS_LEVELS[Role.WRITE],
        "developers_can_merge": rule is None or rule.merge_role <= Role.WRITE,
        "can_push": rule is None,
        "default": name == where.default_branch,
        "web_url": page(forge, where, f"/-/tree/{name}"),
    }


def protected_branch(name: str, rule: Protection, *, number: int) -> Json:
    """The rule of a protected branch."""
    return {
        "id": number,
        "name": name,
        "push_access_levels": [_access(_push_level(rule))],
        "merge_access_levels": [_access(ACCESS_LEVELS[rule.merge_role])],
        "allow_force_push": rule.allows_force,
        "unprotect_access_levels": [],
        "code_owner_approval_required": rule.code_owner_review,
        "inherited": False,
    }


def protected_tag(name: str, creator: Role | None) -> Json:
    """The rule of a protected tag, or of all that a wildcard means."""
    return {"name": name, "create_access_levels": [_access(ACCESS_LEVELS[creator] if creator else 0)]}


def _push_level(rule: Protection) -> int:
    if rule.push_role is None:
        return 50 if rule.spares_admins else 0
    return ACCESS_LEVELS[rule.push_role]


def _access(level: int) -> Json:
    return {
        "id": level,
        "access_level": level,
        "access_level_description": _LEVEL_NAMES[level],
        "user_id": None,
        "group_id": None,
        "deploy_key_id": None,
    }


def push_event(forge: Forge, where: Repository, found: Push) -> Json:
    """A push in the events of a project. What created a branch has no commit before it, what removed it none after."""
    kind, _, name = found.ref.removeprefix("refs/").partition("/")
    came, went = found.before == git.ABSENT, found.after == git.ABSENT
    added: Sequence[git.Commit] = ()
    if not went:
        added = git.commits_between(where.path, None if came else found.before, found.after)
    return {
        "id": found.id,
        "project_id": where.id,
        "action_name": _PUSHED.get(found.kind, "pushed to"),
        "target_id": None,
        "target_iid": None,
        "target_type": None,
        "author_id": found.actor.id,
        "target_title": None,
        "created_at": moment(found.at),
        "author": user(forge, found.actor),
        "imported": False,
        "imported_from": "none",
        "push_data": {
            "commit_count": 0 if came or went else len(added),
            "action": _PUSH_ACTIONS.get(found.kind, "pushed"),
            "ref_type": "branch" if kind == "heads" else "tag",
            "commit_from": None if came else found.before,
            "commit_to": None if went else found.after,
            "ref": name,
            "commit_title": None if went else title(git.commit(where.path, found.after)),
            "ref_count": None,
        },
        "author_username": found.actor.login,
    }
