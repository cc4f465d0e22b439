"""What each failure of GitHub, or of the way to it, means to Registrar: the one place where errors are translated.

https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from github import BadAttributeException, GithubException, RateLimitExceededException
from pydantic import ValidationError
from requests import RequestException

from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed, RegistrarError, TokenRefused, Unknown
from registrar.forges.asking import Wish, no_answer, retry_at
from registrar.forges.github_limits import LIMITED_WITHOUT_WORD
from registrar.forges.shortening import one_line

_MESSAGE = 300  # of GitHub's own words; more than its longest refusal


@contextmanager
def translated(wish: Wish) -> Iterator[None]:
    """Raise our errors in place of PyGithub's, for what is asked inside."""
    try:
        yield
    except GithubException as error:
        raise _meaning(error, wish) from error
    except RequestException as error:
        raise no_answer("GitHub", wish, error) from error
    except (BadAttributeException, ValidationError, AssertionError, RuntimeError, ValueError) as error:
        # PyGithub asserts where links lead, raises RuntimeError for redirects elsewhere and ValueError for half a JSON
        raise ForgeUnavailable(
            f"what answered when asked to {wish.to} is not GitHub as documented ({type(error).__name__}); "
            "check the forge's address, and what stands between"
        ) from error


def _meaning(error: GithubException, wish: Wish) -> RegistrarError:
    headers = error.headers or {}
    match error.status:
        case 401:
            return TokenRefused(
                f"the token was refused; give Registrar one that is neither expired nor revoked (asked to {wish.to})"
            )
        case 403 | 429 if error.status == 429 or _is_rate_limit(error, headers):  # noqa: PLR2004 - an HTTP status
            return ForgeUnavailable(
                f"GitHub's rate limit is reached; nothing was done (asked to {wish.to})",
                retry_at=_retry_at(headers),
                was_refused=True,
            )
        case 403:
            right = _right(headers, wish)
            return NotAllowed(
                f"the token may not {wish.to}: it needs {right}. GitHub says: {_words(error)}", right=right
            )
        case 404 | 410:
            return Unknown(
                f"GitHub found nothing when asked to {wish.to}: it does not exist, or the token may not see it"
            )
        case status if status >= 500:  # noqa: PLR2004 - an HTTP status
            return ForgeUnavailable(
                f"GitHub answered {status} when asked to {wish.to}; it may still have been done",
                retry_at=_retry_at(headers) if "retry-after" in headers else None,
            )
        case _:
            return ForgeRefused(f"GitHub refused to {wish.to}: {_words(error)}")


def _is_rate_limit(error: GithubException, headers: Mapping[str, str]) -> bool:
    told = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    return told or isinstance(error, RateLimitExceededException)  # PyGithub knows the words of the older limits


def _retry_at(headers: Mapping[str, str]) -> datetime:
    """When GitHub wants to be asked again; its silence means a minute."""
    used_up = headers.get("x-ratelimit-remaining") == "0"
    reset = headers.get("x-ratelimit-reset", "") if used_up else ""
    return retry_at(after=headers.get("retry-after", ""), reset=reset, otherwise=LIMITED_WITHOUT_WORD)


def _right(headers: Mapping[str, str], wish: Wish) -> str:
    """GitHub names the permission that would do in a header, for tokens that have permissions."""
    permission = headers.get("x-accepted-github-permissions")
    return wish.right + (f" ({one_line(permission, 100)})" if permission else "")


def _words(error: GithubException) -> str:
    """GitHub's message and, for a 422, what it says of each field; on one line."""
    told = error.data if isinstance(error.data, dict) else {}
    details = told.get("errors")
    parts = [told.get("message"), *(map(_detail, details) if isinstance(details, list) else [])]
    return one_line("; ".join(str(part) for part in parts if part), _MESSAGE) or f"status {error.status}, no reason"


def _detail(detail: object) -> str:
    if not isinstance(detail, dict):
        return str(detail)
    return str(detail.get("message") or " ".join(str(detail[key]) for key in ("field", "code") if key in detail))
