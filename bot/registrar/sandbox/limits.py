"""How each forge says that it was asked too often: with its own status, headers and words."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from registrar.sandbox.faults import Answered
from registrar.sandbox.forge import DialectName

_GITHUB = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
_GITLAB_SECONDARY = "This endpoint has been requested too many times. Try again later."


def primary_limit(dialect: DialectName, *, seconds: int) -> Answered:
    """What a client hears that has used up what it may ask in an hour, or a minute; it is over in so many seconds.

    https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
    """
    over = datetime.now(UTC) + timedelta(seconds=seconds)
    reset = str(int(over.timestamp()))
    if dialect == "github":
        headers = {"limit": "5000", "remaining": "0", "used": "5000", "resource": "core", "reset": reset}
        said = {"message": "API rate limit exceeded for user ID 6.", "documentation_url": _GITHUB, "status": "403"}
        named = {f"x-ratelimit-{name}": value for name, value in headers.items()}
        return Answered(acts=False, status=403, body=json.dumps(said).encode(), headers=named)
    headers = {"limit": "2000", "observed": "2001", "remaining": "0", "name": "throttle_authenticated_api"}
    headers |= {"reset": reset, "resettime": format_datetime(over, usegmt=True)}
    named = {f"ratelimit-{name}": value for name, value in headers.items()}
    named |= {"retry-after": str(seconds), "content-type": "text/plain"}
    return Answered(acts=False, status=429, body=b"Retry later\n", headers=named)


def secondary_limit(dialect: DialectName, *, seconds: int) -> Answered:
    """What a client hears that asks too much of one thing at once."""
    after = {"retry-after": str(seconds)}
    if dialect == "github":
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        said: object = {"message": message, "documentation_url": f"{_GITHUB}#about-secondary-rate-limits"}
        return Answered(acts=False, status=403, body=json.dumps(said).encode(), headers=after)
    said = {"message": {"error": _GITLAB_SECONDARY}}
    return Answered(acts=False, status=429, body=json.dumps(said).encode(), headers=after)
