"""Knows who looks at a page, what they asked for, and how they are answered."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

import registrar
from registrar.sandbox.accounts import Account, AccountKind, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.pages.addresses import Addresses
from registrar.sandbox.pages.faces import Face
from registrar.sandbox.pages.listing import runs_of
from registrar.sandbox.pages.words import ago, day, first_line, is_bot, short, size
from registrar.sandbox.refusals import Forbidden, Invalid, NotFound, Refusal
from registrar.sandbox.runner import Runner
from registrar.sandbox.store import Repository, now

COOKIE = "sandbox_login"
AS = "as"  # `?as=mei` behind any address: look at it as mei
_VERSION = "version-of-this-page"  # a script asks for it, to see whether the page has changed
_MOMENT = re.compile(r">[^<]*</time>")  # "3 minutes ago" changes by itself
HERE = {"localhost", "127.0.0.1", "::1"}
_SAFETY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a person: who, for what, and what they typed."""

    forge: Forge
    runner: Runner
    face: Face
    viewer: Account | None
    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    notice: str = ""  # why what they last asked for was not done
    status: int = 200
    from_afar: bool = False  # a page of another site led here

    @classmethod
    async def of(cls, request: Request, face: Face) -> Self:
        """Read the whole request."""
        form = await request.form() if request.method == "POST" else {}
        forge: Forge = request.state.forge
        account = forge.store.accounts.get(request.cookies.get(COOKIE, "").lower())
        return cls(
            forge=forge,
            runner=request.state.runner,
            face=face,
            viewer=account if account is not None and account.kind is AccountKind.PERSON else None,
            method=request.method,
            path=quote(request.scope["path"]),
            parts=request.path_params,
            query=request.query_params,
            form={name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)},
            from_afar=request.headers.get("sec-fetch-site") == "cross-site",
        )

    def repository(self) -> Repository:
        """The repository of the path. Raises `NotFound`, also when the viewer may not know of it."""
        found = self.forge.store.repository(self.parts["repository"])
        if self.forge.store.role_of(self.viewer, found) < Role.READ:
            raise NotFound(f"there is no repository {found.full_name!r}")
        return found

    def actor(self) -> Account:
        """The viewer, who must be someone to act."""
        if self.viewer is None:
            raise Forbidden("Choose who you are first, at the top of the page.")
        return self.viewer

    def number(self, part: str = "number") -> int:
        """A number in the path."""
        return int(self.parts[part])

    @property
    def to(self) -> Addresses:
        """Where links lead."""
        return self.face.to

    @property
    def page_above(self) -> str:
        """Where the form stands that leads to this path."""
        start = self.to.page("/")
        return start if self.path.startswith(self.to.page("/_/")) else self.path.rpartition("/")[0] or start

    def refused(self, refusal: Refusal, status: int) -> "Visit":
        """The same visit, to be shown the page it came from, and why."""
        return replace(self, notice=str(refusal), status=status)

    def page(self, template: str, **values: Any) -> Response:
        """A page from a template, with what every page shows."""
        accounts = self.forge.store.accounts.values()
        html = (
            _templates(self.face)
            .get_template(template)
            .render(
                viewer=self.viewer,
                people=[each for each in accounts if each.kind is AccountKind.PERSON],
                path=self.path if self.method == "GET" else self.page_above,
                notice=self.notice,
                typed=self.form if self.notice else {},
                now=now(),
                **values,
            )
        )
        version = hashlib.sha256(_MOMENT.sub("", html).encode()).hexdigest()[:16]
        return HTMLResponse(html.replace(_VERSION, version, 1), self.status, headers=_SAFETY | {"ETag": f'"{version}"'})

    @staticmethod
    def redirect(path: str) -> Response:
        """Look there now; a reload does nothing twice."""
        return RedirectResponse(quote(path, safe="/#?=&%"), 303, headers=_SAFETY)

    def signed_in(self, login: str, to: str) -> Response:
        """Look at `to`, and at everything else from now on, as someone else; or as nobody."""
        if login and self.forge.store.account(login).kind is not AccountKind.PERSON:
            raise Invalid(f"{login} is nobody you can be")
        answer = self.redirect(to if to.startswith("/") and not to.startswith(("//", "/\\")) else self.to.page("/"))
        answer.set_cookie(COOKIE, login, httponly=True, samesite="strict")
        return answer

    def followed(self) -> Response:
        """The same page without `?as=mei`, as mei; a link on another site changes nobody."""
        kept = urlencode([(name, value) for name, value in self.query.items() if name != AS])
        to = f"{self.path}?{kept}" if kept else self.path
        return self.redirect(to) if self.from_afar else self.signed_in(self.query[AS].strip(), to)


View = Callable[[Visit], Response]


def is_from_here(request: Request) -> bool:
    """Whether no other site had a hand in the request: nobody is asked for a password here."""
    host = request.headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in HERE:
        return False
    origin = request.headers.get("origin", "")
    return request.method == "GET" or urlsplit(origin).netloc == host


async def answer(request: Request, *, face: Face, view: View) -> Response:
    """What a view says to a request, in a thread of its own, while nothing else changes."""
    if not is_from_here(request):
        return PlainTextResponse("Only pages of this forge may ask this of it.\n", 403, headers=_SAFETY)
    visit = await Visit.of(request, face)
    return await run_in_threadpool(_shown, visit, view)


def _shown(visit: Visit, view: View) -> Response:
    with visit.forge.store.lock:
        try:
            return visit.followed() if visit.method == "GET" and AS in visit.query else view(visit)
        except NotFound as refusal:
            return replace(visit, status=404).page("refusal.html", title="Not found", reason=str(refusal))
        except Refusal as refusal:
            return replace(visit, status=403).page("refusal.html", title="Not allowed", reason=str(refusal))


def acting(act: Callable[[Visit], str], *, again: View) -> View:
    """A view that acts and leads to a path; refused, it shows the page again, with the reason and what was typed."""

    def view(visit: Visit) -> Response:
        try:
            return visit.redirect(act(visit))
        except NotFound:
            raise
        except Refusal as refusal:
            return again(visit.refused(refusal, 403 if isinstance(refusal, Forbidden) else 422))

    return view


@cache
def _templates(face: Face) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"ago": ago, "day": day, "first_line": first_line, "short": short, "size": size}
    environment.globals |= {"face": face, "to": face.to, "words": face.words, "runs_of": partial(runs_of, face)}
    environment.tests |= {"bot": is_bot}
    return environment


@cache
def templates_folder() -> Path:
    """Beside the package in a wheel, at the top of the tree in a checkout."""
    packaged = Path(str(files("registrar") / "templates"))
    return (packaged if packaged.is_dir() else Path(registrar.__file__).parents[2] / "templates") / "pages"
