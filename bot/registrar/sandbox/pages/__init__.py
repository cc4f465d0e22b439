"""The sandbox forge as a person sees it: pages that work without scripts, and whose buttons do what the API does."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from registrar.sandbox.forge import DialectName
from registrar.sandbox.pages.faces import FACES, Face
from registrar.sandbox.pages.routes import acted, reading
from registrar.sandbox.pages.visits import View, Visit, answer, templates_folder

_FILES = ("style.css", "live.js", "icon.svg")


def page_routes(dialect: DialectName, path: str) -> list[BaseRoute]:
    """Every page; to stand after the routes of the API and of git, whose paths some of these would take."""
    face = FACES[dialect](path)
    show = partial(_endpoint, face)
    pages, deeds = (paths(dialect, face.to.places) for paths in (reading, acted))
    return [
        *(Route(f"/_/{name}", partial(_file, name=name)) for name in _FILES),
        *(Route(path, show(view), methods=["POST"]) for path, view in deeds),
        *(Route(path, show(_above), methods=["GET"]) for path, _ in deeds if path not in dict(pages)),
        *(Route(path, show(view), methods=["GET"]) for path, view in pages),
    ]


def _above(visit: Visit) -> Response:
    """Whoever reads the address of a deed finds the page on which it is done."""
    return visit.redirect(visit.page_above)


def _endpoint(face: Face, view: View) -> Callable[[Request], Awaitable[Response]]:
    return partial(answer, face=face, view=view)


async def _file(_request: Request, *, name: str) -> Response:
    return FileResponse(templates_folder() / name, headers={"X-Content-Type-Options": "nosniff"})
