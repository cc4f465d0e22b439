"""What each failure of GitLab, or of the way to it, means to Registrar: the one place where errors are translated.

https://docs.gitlab.com/api/rest/troubleshooting/
https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from gitlab.exceptions import GitlabError
from pydantic import ValidationError
from requests import RequestException, Response

from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed, RegistrarError, TokenRefused, Unknown
from registrar.forges.asking import Wish, no_answer, retry_at
from registrar.forges.gitlab_limits import LIMITED_WITHOUT_WORD
from registrar.forges.shortening import one_line

_MESSAGE = 300  # of GitLab's own words; more than its longest refusal
_PROJECT = re.compile(r"/projects/(\d+)(?:[/?]|$)")


class Refusal(Exception):
    """An answer of GitLab's that is not what was asked for; python-gitlab's errors forget the headers of it."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"status {response.status_code}")
        self.response = response


class ProjectMoved(RegistrarError):
    """GitLab knows the project by another name now: reads are sent on, writes refused."""

    def __init__(self, project: int | None) -> None:
        """`project` is its id, when GitLab said it."""
        super().__init__("the project has another name now; write it into the settings")
        self.project = project


@contextmanager
def translated(wish: Wish) -> Iterator[None]:
    """Raise our errors in place of GitLab's, of python-gitlab's and of the network's, for what is asked inside."""
    try:
        yield
    except Refusal as refusal:
        raise _meaning(refusal.response, wish) from refusal
    except (ValidationError, GitlabError, ValueError) as error:
        raise ForgeUnavailable(
            f"what answered when asked to {wish.to} is not GitLab as documented ({type(error).__name__}); "
            "check the forge's address, and what stands between"
        ) from error
    except RequestException as error:
        raise no_answer("GitLab", wish, error) from error


def _meaning(response: Response, wish: Wish) -> RegistrarError:
    words = _words(response)
    match response.status_code:
        case 301 | 302 | 307 | 308:
            return _elsewhere(response, wish)
        case 401:
            return TokenRefused(
                f"the token was refused; give Registrar one that is neither expired nor revoked "
                f"(asked to {wish.to}). GitLab says: {words}"
            )
        case 403:
            message = f"the token may not {wish.to}: it needs {wish.right}. GitLab says: {words}"
            return NotAllowed(message, right=wish.right)
        case 404 | 410:
            return Unknown(
                f"GitLab found nothing when asked to {wish.to}: it does not exist, or the token may not see it"
            )
        case 405 if "moved" in words:
            return ProjectMoved(None)
        case status:
            return _trouble(status, response, wish) or ForgeRefused(f"GitLab refused to {wish.to}: {words}")


def _trouble(status: int, response: Response, wish: Wish) -> RegistrarError | None:
    """What passes when it is tried again later; None when it does not."""
    if status == 429:  # noqa: PLR2004 - an HTTP status
        return ForgeUnavailable(
            f"GitLab's rate limit is reached; nothing was done (asked to {wish.to})",
            retry_at=_retry_at(response.headers),
            was_refused=True,
        )
    if status == 409 and _is_locked(_words(response)):  # noqa: PLR2004 - an HTTP status
        return ForgeUnavailable(
            f"GitLab is busy with the same thing and did not {wish.to}; try again", was_refused=True
        )
    if status < 500:  # noqa: PLR2004 - an HTTP status
        return None
    return ForgeUnavailable(
        f"GitLab answered {status} when asked to {wish.to}; it may still have been done",
        retry_at=_retry_at(response.headers) if "retry-after" in response.headers else None,
    )


def _is_locked(words: str) -> bool:
    return "Resource lock" in words or "is in progress" in words


def _elsewhere(response: Response, wish: Wish) -> RegistrarError:
    """A redirection, which is never followed: the token would go wherever it leads."""
    project = _PROJECT.search(response.headers.get("location", ""))
    if project is not None:
        return ProjectMoved(int(project[1]))
    return ForgeUnavailable(
        f"what answered when asked to {wish.to} sends elsewhere; write the forge's address into the settings as the "
        "browser shows it in the end, with https:// if that is what it shows"
    )


def _retry_at(headers: Mapping[str, str]) -> datetime:
    """When GitLab wants to be asked again; its silence means a minute."""
    after, reset = headers.get("retry-after", ""), headers.get("ratelimit-reset", "")
    return retry_at(after=after, reset=reset, otherwise=LIMITED_WITHOUT_WORD)


def _words(response: Response) -> str:
    """GitLab's message, of whichever of its shapes, on one line."""
    try:
        told = json.loads(response.content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return f"status {response.status_code}, no reason"
    parts = [told.get("message") or told.get("error"), told.get("error_description")]
    return one_line("; ".join(_flat(part) for part in parts if part), _MESSAGE) or f"status {response.status_code}"


def _flat(told: object) -> str:
    """`{"base": ["Reference not found"]}` and the like; what concerns the whole needs no name."""
    if isinstance(told, dict):
        return "; ".join(_flat(value) if key == "base" else f"{key} {_flat(value)}" for key, value in told.items())
    if isinstance(told, list):
        return ", ".join(map(_flat, told))
    return str(told)
