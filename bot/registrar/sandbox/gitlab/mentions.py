"""How GitLab's webhooks mention accounts, projects and commits, which the API writes otherwise."""

from datetime import datetime

from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.people import Json
from registrar.sandbox.gitlab.projects import page
from registrar.sandbox.store import Repository

_HIDDEN = "[REDACTED]"  # an address of somebody who does not make it public


def hook_user(forge: Forge, account: Account) -> Json:
    """An account."""
    return {
        "id": account.id,
        "name": account.name,
        "username": account.login,
        "avatar_url": f"{forge.url}/avatars/{account.id}",
        "email": _HIDDEN,
    }


def hook_project(forge: Forge, found: Repository) -> Json:
    """A project."""
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description or None,
        "web_url": page(forge, found),
        "avatar_url": None,
        "git_ssh_url": ssh_url(found),
        "git_http_url": forge.clone_url(found),
        "namespace": found.owner.name,
        "visibility_level": visibility_level(found),
        "path_with_namespace": found.full_name,
        "default_branch": found.default_branch,
        "ci_config_path": found.settings.ci_config_path,
    }


def hook_project_as_before(forge: Forge, found: Repository) -> Json:
    """A project in the older events, which name its addresses a second time."""
    return hook_project(forge, found) | {
        "homepage": page(forge, found),
        "url": ssh_url(found),
        "ssh_url": ssh_url(found),
        "http_url": forge.clone_url(found),
    }


def hook_repository(forge: Forge, found: Repository) -> Json:
    """A project where an event calls it its repository."""
    return {
        "name": found.name,
        "url": ssh_url(found),
        "description": found.description or None,
        "homepage": page(forge, found),
    }


def hook_repository_of_git(forge: Forge, found: Repository) -> Json:
    """The same in events of git and of jobs, which name its addresses."""
    return hook_repository(forge, found) | {
        "git_http_url": forge.clone_url(found),
        "git_ssh_url": ssh_url(found),
        "visibility_level": visibility_level(found),
    }


def hook_commit(forge: Forge, found: Repository, commit: git.Commit) -> Json:
    """A commit."""
    return {
        "id": commit.sha,
        "message": commit.message,
        "title": commit.message.partition("\n")[0],
        "timestamp": commit.author.at.isoformat(),
        "url": page(forge, found, f"/-/commit/{commit.sha}"),
        "author": {"name": commit.author.name, "email": commit.author.email},
    }


def visibility_level(found: Repository) -> int:
    """Who sees a project, as a number: its members, or everyone."""
    return 0 if found.private else 20


def ssh_url(found: Repository) -> str:
    """Where git would reach a project over SSH, which nobody does here."""
    return f"git@localhost:{found.full_name}.git"


def hook_moment(at: datetime | None) -> str | None:
    """`2026-03-01 12:00:00 UTC`."""
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"
