"""How GitHub's REST API is asked: PyGithub's connection, typed answers, every page, nothing sent twice."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from github import Auth, Github
from github.Requester import Requester
from requests.utils import parse_header_links

from registrar.core.effects import Fence
from registrar.errors import ForgeUnavailable, UsageError
from registrar.forges.asking import Wish, usable_token
from registrar.forges.github_errors import translated
from registrar.forges.github_limits import API_VERSION, PAGE, TIMEOUT
from registrar.forges.looking import forget, looked
from registrar.forges.shapes import reader_of
from registrar.observing.deeds import DEEDS
from registrar.observing.numbers import NUMBERS

T = TypeVar("T")

Parameters = Mapping[str, str | int]


class GitHubApi:
    """GitHub's REST API as one token sees it.

    PyGithub brings the connection, the credentials and the pages; its objects are not used, as they fetch what they
    lack from addresses that the answers name, at whatever moment they are read, and take a redirected write for done.
    """

    def __init__(self, url: str, *, token: str, fence: Fence = lambda: None, timeout: int = TIMEOUT) -> None:
        """Nothing is sent yet. Raises `UsageError` for an address and `NotAllowed` for a token that cannot be one.

        The fence is asked right before every write.
        """
        self._token = usable_token(token)
        self._address = address_of_api(url)
        self._fence = fence
        self._timeout = timeout
        self._local = threading.local()

    @property
    def _requester(self) -> Requester:
        """One of its own for each thread: a connection of PyGithub's keeps the question between asking and reading."""
        requester: Requester | None = getattr(self._local, "requester", None)
        if requester is None:
            requester = self._local.requester = self._connected()
        return requester

    def _connected(self) -> Requester:
        return Github(
            auth=Auth.Token(self._token),
            base_url=self._address,
            timeout=self._timeout,
            retry=None,  # PyGithub's own retries repeat a write that may have been done
            seconds_between_requests=None,  # it would sleep in a worker; a limit is answered with the time to come back
            seconds_between_writes=None,
            per_page=PAGE,
            user_agent="registrar",
            api_version=API_VERSION,
        ).requester

    def close(self) -> None:
        """Let go of this thread's connection; the next question opens another."""
        self._requester.close()

    def get(self, shape: type[T], path: str, *, wish: Wish) -> T:
        """One answer of a shape."""
        return self.told(shape, path, wish=wish)[0]

    def told(self, shape: type[T], path: str, *, wish: Wish) -> tuple[T, Mapping[str, str]]:
        """One answer of a shape, and what its headers say, by their names in small letters."""
        with translated(wish):
            headers, answer = self._read(path, None)
            said = {name.lower(): str(value) for name, value in headers.items()}
            return reader_of(shape).validate_python(answer), said

    def pages(
        self, shape: type[T], path: str, *, wish: Wish, parameters: Parameters | None = None, inside: str | None = None
    ) -> tuple[T, ...]:
        """Every item of a listing, on all of its pages; `inside` is the key of an answer that wraps its items."""
        return tuple(self.each(shape, path, wish=wish, parameters=parameters, inside=inside))

    def each(
        self, shape: type[T], path: str, *, wish: Wish, parameters: Parameters | None = None, inside: str | None = None
    ) -> Iterator[T]:
        """The items of a listing, page by page as they are needed."""
        page, seen = path, {path}
        query: dict[str, str | int] | None = {**(parameters or {}), "per_page": PAGE}
        while page:
            with translated(wish):
                headers, answer = self._read(page, query)
                listed = answer.get(inside) if inside is not None and isinstance(answer, dict) else answer
                items = [reader_of(shape).validate_python(item) for item in reader_of(list).validate_python(listed)]
                page, query = _next_page(headers), None
            if page in seen:
                raise ForgeUnavailable(f"GitHub's pages go round in a circle when asked to {wish.to}")
            seen.add(page)
            yield from items

    def send(self, verb: str, path: str, body: Mapping[str, object] | None, *, shape: type[T], wish: Wish) -> T:
        """What GitHub answers to a write, sent exactly once whatever happens; silence is read as an empty object."""
        DEEDS.foretell(wish.to)
        self._fence()
        forget()
        with translated(wish):
            _, answer = self._asked(verb, path, body=body)
            told = reader_of(shape).validate_python(answer or {})
        DEEDS.add(wish.to)
        return told

    def graph(self, shape: type[T], query: str, *, wish: Wish) -> T:
        """What GraphQL answers to a question: https://docs.github.com/graphql ."""
        with translated(wish):
            _, answer = self._requester.graphql_query(query, {})
            return reader_of(shape).validate_python(answer.get("data"))

    def _read(self, path: str, parameters: dict[str, str | int] | None) -> tuple[Mapping[str, object], Any]:
        question = (self, path, tuple(sorted((parameters or {}).items())))
        return looked(question, lambda: self._asked("GET", path, parameters=parameters))

    def _asked(
        self,
        verb: str,
        path: str,
        *,
        parameters: dict[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> tuple[Mapping[str, object], Any]:
        requester = self._requester
        try:
            return requester.requestJsonAndCheck(verb, path, parameters=parameters, input=body)
        finally:
            left, _ = requester.rate_limiting
            if left >= 0:  # else no answer has said it yet
                NUMBERS.budget_left("github", left)


def address_of_api(url: str) -> str:
    """Where the API of the forge at this address answers; raises `UsageError` for what is no address of a forge.

    https://docs.github.com/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
    """
    address = urlsplit(url)
    host = address.hostname or ""
    if address.scheme not in {"http", "https"} or not host or "@" in address.netloc:
        raise UsageError("the forge's address is none; write it as the browser shows it, https://github.com")
    if host == "api.github.com" or "/api/" in address.path:
        raise UsageError(
            f"{url} is the address of the API; write the forge's as the browser shows it, https://github.com"
        )
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"https://api.{host}"
    return f"{url.rstrip('/')}/api/v3"


def _next_page(headers: Mapping[str, object]) -> str:
    links = parse_header_links(str(headers.get("link", "")))
    return next((link["url"] for link in links if link.get("rel") == "next"), "")
