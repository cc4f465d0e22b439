"""How GitLab's APIs are asked: python-gitlab's connection, typed answers, every page, nothing sent twice."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from gitlab import Gitlab
from requests import Response, Session
from requests.utils import parse_header_links

from registrar.core.effects import Fence
from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed, RegistrarError, Unknown, UsageError
from registrar.forges.asking import Wish, usable_token
from registrar.forges.gitlab_answers import GraphAnswer, ProjectAnswer
from registrar.forges.gitlab_errors import ProjectMoved, Refusal, translated
from registrar.forges.gitlab_limits import PAGE, TIMEOUT
from registrar.forges.looking import forget, looked
from registrar.forges.shapes import reader_of
from registrar.observing.deeds import DEEDS
from registrar.observing.numbers import NUMBERS

T = TypeVar("T")

Parameters = Mapping[str, str | int | Sequence[str]]


class GitLabApi:
    """GitLab's REST and GraphQL APIs as one token sees them.

    python-gitlab brings the connection and the credentials; its objects are not used, as they overwrite what was read
    with the answer to what was written, and its listings follow the addresses that the answers name.
    """

    def __init__(self, url: str, *, token: str, fence: Fence = lambda: None, timeout: int = TIMEOUT) -> None:
        """Nothing is sent yet. Raises `UsageError` for an address and `NotAllowed` for a token that cannot be one.

        The fence is asked right before every write.
        """
        self._token = usable_token(token)
        self._address = address_of_forge(url)
        self._fence = fence
        self._timeout = timeout
        self._local = threading.local()

    @property
    def _connection(self) -> Gitlab:
        """One of its own for each thread: a session of requests' is not made to be shared."""
        connection: Gitlab | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connected()
        return connection

    def _connected(self) -> Gitlab:
        session = Session()
        session.hooks["response"] += [_count_budget, _only_answers]
        return Gitlab(
            self._address,
            private_token=self._token,  # personal, project and group access tokens alike
            timeout=self._timeout,  # python-gitlab waits for ever unless told otherwise
            retry_transient_errors=False,  # its own retries repeat a write that may have been done
            keep_base_url=True,  # it warns where a forge behind a proxy names another address
            user_agent="registrar",
            session=session,
        )

    def close(self) -> None:
        """Let go of this thread's connection; the next question opens another."""
        self._connection.session.close()

    def get(self, shape: type[T], path: str, *, wish: Wish) -> T:
        """One answer of a shape."""
        with self._asking(path, wish):
            return reader_of(shape).validate_json(self._read(path, {}).content)

    def pages(self, shape: type[T], path: str, *, wish: Wish, parameters: Parameters | None = None) -> tuple[T, ...]:
        """Every item of a listing, on all of its pages."""
        return tuple(self.each(shape, path, wish=wish, parameters=parameters))

    def each(self, shape: type[T], path: str, *, wish: Wish, parameters: Parameters | None = None) -> Iterator[T]:
        """The items of a listing, page by page as they are needed."""
        item_of = reader_of(shape)
        page: Parameters | None = {}
        seen: list[Parameters] = []
        while page is not None:
            if page in seen:
                raise ForgeUnavailable(f"GitLab's pages go round in a circle when asked to {wish.to}")
            seen.append(page)
            with self._asking(path, wish):
                response = self._read(path, {"per_page": PAGE, **(parameters or {}), **page})
                answers = reader_of(list[object]).validate_json(response.content)
                items = [item_of.validate_python(answer) for answer in answers]
                page = _next_page(response)
            yield from items

    def send(self, verb: str, path: str, body: Mapping[str, object] | None, *, shape: type[T], wish: Wish) -> T:
        """What GitLab answers to a write, sent exactly once whatever happens; silence is read as an empty object."""
        DEEDS.foretell(wish.to)
        self._fence()
        forget()
        try:
            with self._asking(path, wish):
                response = self._sent(verb.lower(), path, body=body)
                told = reader_of(shape).validate_json(response.content or b"{}")
        except NotAllowed as refusal:
            if self._is_archived(path):
                raise NotAllowed(
                    f"{_project_in(path)} is archived: nothing can be written there until its owner unarchives it"
                ) from refusal
            raise
        DEEDS.add(wish.to)
        return told

    def graph(self, shape: type[T], query: str, variables: Mapping[str, object], *, wish: Wish) -> T:
        """What GraphQL answers to a question: https://docs.gitlab.com/api/graphql/ ."""
        with self._asking("", wish):
            body = {"query": query, "variables": dict(variables)}
            response = self._sent("post", f"{self._address}/api/graphql", body=body)
            answer = reader_of(GraphAnswer).validate_json(response.content)
            if answer.errors:
                reasons = "; ".join(error.message for error in answer.errors)
                raise ForgeRefused(f"GitLab's GraphQL did not {wish.to}: {reasons}")
            return reader_of(shape).validate_python(answer.data)

    def _read(self, path: str, query: Parameters) -> Response:
        return looked((self, path, str(sorted(query.items()))), lambda: self._sent("get", path, query=query))

    def _sent(
        self, verb: str, path: str, *, query: Parameters | None = None, body: Mapping[str, object] | None = None
    ) -> Response:
        return self._connection.http_request(
            verb,
            path,
            query_data=dict(query or {}),
            post_data=dict(body) if body is not None else None,
            obey_rate_limit=False,  # it would sleep in a worker; a limit is answered with the time to come back
        )

    @contextmanager
    def _asking(self, path: str, wish: Wish) -> Iterator[None]:
        try:
            with translated(wish):
                yield
        except ProjectMoved as moved:
            raise Unknown(self._called_now(path, moved)) from moved

    def _called_now(self, path: str, moved: ProjectMoved) -> str:
        """How a project is called that has moved. Where the forge sends us is not followed: only its id is read."""
        old = _project_in(path)
        project = moved.project if moved.project is not None else self._sent_on_to(path)
        wish = Wish(f"read how {old} is called now", "the Guest role there")
        with suppress(RegistrarError), translated(wish):
            answer = reader_of(ProjectAnswer).validate_json(self._sent("get", f"/projects/{project}").content)
            return f"{old} is now {answer.path_with_namespace}; write the new name into the settings"
        return f"{old} has moved, and the token may not see where to; write its new name into the settings"

    def _sent_on_to(self, path: str) -> int | None:
        wish = Wish(f"read the project {_project_in(path)}", "the Guest role there")
        try:
            with translated(wish):
                self._sent("get", _project_path(path))
        except ProjectMoved as moved:
            return moved.project
        except RegistrarError:
            return None
        return None

    def _is_archived(self, path: str) -> bool:
        """Whether that is why a write was refused; a doubt leaves the refusal as it was."""
        wish = Wish(f"read the project {_project_in(path)}", "the Guest role there")
        with suppress(RegistrarError), translated(wish):
            answer = reader_of(ProjectAnswer).validate_json(self._sent("get", _project_path(path)).content)
            return answer.archived
        return False


def address_of_forge(url: str) -> str:
    """The address of a forge, which may end in a path; raises `UsageError` for what is no address of one."""
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.hostname or "@" in address.netloc:
        raise UsageError("the forge's address is none; write it as the browser shows it, https://gitlab.com")
    if "/api/" in f"{address.path}/":
        raise UsageError(
            f"{url} is the address of the API; write the forge's as the browser shows it, https://gitlab.com"
        )
    return url.rstrip("/")


def _count_budget(response: Response, **_: object) -> None:
    """https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers ."""
    left = response.headers.get("RateLimit-Remaining", "")
    if left.isdecimal():
        NUMBERS.budget_left("gitlab", int(left))


def _only_answers(response: Response, **_: object) -> None:
    """Stop at what is no answer, above all at a redirection: requests would follow it and take the token along."""
    if response.status_code >= 300:  # noqa: PLR2004 - an HTTP status
        raise Refusal(response)


def _next_page(response: Response) -> Parameters | None:
    """What asks for the next page, by its number or by a key; None when this was the last.

    A listing counts no totals beyond 10,000 rows, so nothing is read from them; of the address that a link names only
    the parameters are. https://docs.gitlab.com/api/rest/#pagination
    """
    if told := response.headers.get("x-next-page"):
        return {"page": told}
    links = parse_header_links(response.headers.get("link", ""))
    address = next((link["url"] for link in links if link.get("rel") == "next"), "")
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()} or None


def _project_path(path: str) -> str:
    """`/projects/acme%2Fregistry` of any path below it."""
    return "/".join(path.split("/")[:3])


def _project_in(path: str) -> str:
    return unquote(_project_path(path).removeprefix("/projects/")) or "the project"
