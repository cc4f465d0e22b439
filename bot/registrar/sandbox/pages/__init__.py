"""The sandbox forge as a person sees it: pages that work without scripts, and whose buttons do what the API does."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from registrar.sandbox.forge import Forge
from registrar.sandbox.pages import contents, conversations, people, runs
from registrar.sandbox.pages.visits import View, Visit, acting, answer, templates_folder
from registrar.sandbox.runner import Runner

_HOME = "/{owner}/{name}"
_PULL = _HOME + "/pull/{number:int}"
_ISSUE = _HOME + "/issues/{number:int}"
_READING: tuple[tuple[str, View], ...] = (
    ("/", people.start),
    ("/avatars/{account:int}", people.picture),
    ("/orgs/{owner}/teams/{team}", people.team),
    ("/{owner}", people.profile),
    (_HOME, contents.home),
    (_HOME + "/tree/{rest:path}", contents.folder),
    (_HOME + "/blob/{rest:path}", contents.file),
    (_HOME + "/raw/{rest:path}", contents.raw),
    (_HOME + "/commits", contents.commits),
    (_HOME + "/commits/{rest:path}", contents.commits),
    (_HOME + "/commit/{sha}", contents.commit),
    (_HOME + "/issues", conversations.issues),
    (_HOME + "/issues/new", conversations.new_issue),
    (_ISSUE, conversations.thread),
    (_HOME + "/pulls", conversations.pulls),
    (_PULL, conversations.pull),
    (_PULL + ".diff", contents.patch),
    (_PULL + ".patch", contents.patch),
    (_PULL + "/commits", conversations.pull_commits),
    (_PULL + "/files", conversations.pull_files),
    (_HOME + "/actions", runs.runs),
    (_HOME + "/actions/runs/{run:int}", runs.run),
)
_ACTING: tuple[tuple[str, View], ...] = (
    ("/_/viewer", people.become),
    (_HOME + "/issues/new", acting(conversations.open_issue, again=conversations.new_issue)),
    (_ISSUE + "/say", acting(conversations.say, again=conversations.thread)),
    (_PULL + "/say", acting(conversations.say, again=conversations.pull)),
    (_PULL + "/merge", acting(conversations.merge, again=conversations.pull)),
    (_PULL + "/open", acting(conversations.set_open, again=conversations.pull)),
    (_HOME + "/actions/runs", acting(runs.begin, again=runs.runs)),
)
_FILES = ("style.css", "live.js", "icon.svg")


def page_routes(forge: Forge, runner: Runner) -> list[BaseRoute]:
    """Every page; to stand after the routes of the API and of git, whose paths some of these would take."""
    return [
        *(Route(f"/_/{name}", partial(_file, name=name)) for name in _FILES),
        *(Route(path, _endpoint(forge, runner, view), methods=["GET"]) for path, view in _READING),
        *(Route(path, _endpoint(forge, runner, view), methods=["POST"]) for path, view in _ACTING),
        *(Route(path, _endpoint(forge, runner, _above), methods=["GET"]) for path, _ in _ACTING),
    ]


def _above(visit: Visit) -> Response:
    """Whoever reads the address of a deed finds the page on which it is done."""
    return visit.redirect(visit.page_above)


def _endpoint(forge: Forge, runner: Runner, view: View) -> Callable[[Request], Awaitable[Response]]:
    return partial(answer, forge=forge, runner=runner, view=view)


async def _file(_request: Request, *, name: str) -> Response:
    return FileResponse(templates_folder() / name, headers={"X-Content-Type-Options": "nosniff"})
