"""How GitLab writes accounts, and what it calls their roles."""

from datetime import datetime

from registrar.sandbox.accounts import Account, AccountKind, Role
from registrar.sandbox.forge import Forge

Json = dict[str, object]

ACCESS_LEVELS = {Role.READ: 20, Role.WRITE: 30, Role.MAINTAIN: 40, Role.ADMIN: 50}  # reporter, developer ... owner


def api(forge: Forge, path: str) -> str:
    """An address of the REST API."""
    return f"{forge.url}/api/v4{path}"


def moment(at: datetime) -> str:
    """`2026-03-01T12:00:00.000Z`: the API tells milliseconds."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def optional_moment(at: datetime | None) -> str | None:
    """The same for what may not have happened."""
    return None if at is None else moment(at)


def user(forge: Forge, account: Account) -> Json:
    """An account where it is mentioned."""
    return {
        "id": account.id,
        "username": account.login,
        "public_email": "",
        "name": account.name,
        "state": "blocked" if account.is_blocked else "active",
        "locked": False,
        "avatar_url": f"{forge.url}/avatars/{account.id}",
        "web_url": f"{forge.url}/{account.login}",
    }


def optional_user(forge: Forge, account: Account | None) -> Json | None:
    """The same for whoever may not be."""
    return None if account is None else user(forge, account)


def public_user(forge: Forge, account: Account) -> Json:
    """An account by itself, as anyone may see it."""
    return user(forge, account) | {
        "created_at": moment(account.created_at),
        "bio": "",
        "location": "",
        "linkedin": "",
        "twitter": "",
        "discord": "",
        "website_url": "",
        "github": "",
        "job_title": "",
        "pronouns": None,
        "organization": "",
        "bot": account.kind is AccountKind.BOT,
        "work_information": None,
        "local_time": None,
        "followers": 0,
        "following": 0,
        "is_followed": False,
    }


def current_user(forge: Forge, account: Account) -> Json:
    """An account as it sees itself."""
    return public_user(forge, account) | {
        "email": account.email,
        "commit_email": account.email,
        "confirmed_at": moment(account.created_at),
        "last_sign_in_at": moment(account.created_at),
        "current_sign_in_at": moment(account.created_at),
        "last_activity_on": f"{account.created_at:%Y-%m-%d}",
        "theme_id": 3,
        "color_scheme_id": 1,
        "projects_limit": 100_000,
        "identities": [],
        "can_create_group": True,
        "can_create_project": True,
        "two_factor_enabled": False,
        "external": False,
        "private_profile": False,
        "shared_runners_minutes_limit": None,
        "extra_shared_runners_minutes_limit": None,
        "scim_identities": [],
    }
