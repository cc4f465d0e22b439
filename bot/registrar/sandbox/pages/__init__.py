"""The sandbox forge as a person sees it: pages that work without scripts, and whose buttons do what the API does."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from registrar.sandbox.forge import Forge
from registrar.sandbox.pages import contents, conversations, people, pipelines, runs
from registrar.sandbox.pages.addresses import Places
from registrar.sandbox.pages.faces import FACES, Face
from registrar.sandbox.pages.visits import View, Visit, acting, answer, templates_folder
from registrar.sandbox.refusals import NotFound
from registrar.sandbox.runner import Runner

_Pages = tuple[tuple[str, View], ...]
_SAME_EVERYWHERE: _Pages = (("/", people.start), ("/avatars/{number:int}", people.picture))
_FILES = ("style.css", "live.js", "icon.svg")


def _reading(at: Places) -> _Pages:
    """Every page, the narrower of two paths before the wider."""
    return (
        *_SAME_EVERYWHERE,
        (at.team, people.group),
        (at.account, people.profile),
        (at.folder, contents.folder),
        (at.file, contents.file),
        (at.raw, contents.raw),
        (at.all_commits, contents.commits),
        (at.commits, contents.commits),
        (at.commit, contents.commit),
        (at.issues, conversations.issues),
        (at.new_issue, conversations.new_issue),
        (at.issue, conversations.thread),
        (at.pulls, conversations.pulls),
        (at.pull, conversations.pull),
        (at.pull + ".diff", contents.patch),
        (at.pull + ".patch", contents.patch),
        (at.pull + "/commits", conversations.pull_commits),
        (at.pull_changes, conversations.pull_files),
        (at.repository, _home),
    )


def _acting(at: Places) -> _Pages:
    return (
        ("/_/viewer", people.become),
        (at.new_issue, acting(conversations.open_issue, again=conversations.new_issue)),
        (at.issue + "/say", acting(conversations.say, again=conversations.thread)),
        (at.pull + "/say", acting(conversations.say, again=conversations.pull)),
        (at.pull + "/merge", acting(conversations.merge, again=conversations.pull)),
        (at.pull + "/open", acting(conversations.set_open, again=conversations.pull)),
    )


def _workflow_pages(at: Places) -> tuple[_Pages, _Pages]:
    """The pages about the runs of workflows, and what is done on them."""
    reading = ((at.runs, runs.runs), (at.run, runs.run))
    return reading, ((at.new_run, acting(runs.begin, again=runs.runs)),)


def _pipeline_pages(at: Places) -> tuple[_Pages, _Pages]:
    """The same about pipelines, whose jobs have pages of their own."""
    reading = ((at.runs, pipelines.pipelines), (at.run, pipelines.pipeline), (at.job, pipelines.job))
    return reading, (
        (at.new_run, acting(pipelines.begin, again=pipelines.pipelines)),
        (at.job + "/play", acting(pipelines.play, again=pipelines.job)),
    )


def page_routes(forge: Forge, runner: Runner) -> list[BaseRoute]:
    """Every page; to stand after the routes of the API and of git, whose paths some of these would take."""
    face = FACES[forge.dialect.name](forge.path)
    show = partial(_endpoint, forge, runner, face)
    at = face.to.places
    looking, doing = _pipeline_pages(at) if at.job else _workflow_pages(at)
    reading, deeds = (*looking, *_reading(at)), (*doing, *_acting(at))
    return [
        *(Route(f"/_/{name}", partial(_file, name=name)) for name in _FILES),
        *(Route(path, show(view), methods=["POST"]) for path, view in deeds),
        *(Route(path, show(_above), methods=["GET"]) for path, _ in deeds if path not in dict(reading)),
        *(Route(path, show(view), methods=["GET"]) for path, view in reading),
    ]


def _home(visit: Visit) -> Response:
    """A repository; a group of that name on a forge where both have one kind of name."""
    try:
        return contents.home(visit)
    except NotFound as refusal:
        name = visit.parts["repository"]
        if not people.is_group(visit.forge.store, name):
            raise refusal from None
        return visit.redirect(visit.to.mentioned(name))


def _above(visit: Visit) -> Response:
    """Whoever reads the address of a deed finds the page on which it is done."""
    return visit.redirect(visit.page_above)


def _endpoint(forge: Forge, runner: Runner, face: Face, view: View) -> Callable[[Request], Awaitable[Response]]:
    return partial(answer, forge=forge, runner=runner, face=face, view=view)


async def _file(_request: Request, *, name: str) -> Response:
    return FileResponse(templates_folder() / name, headers={"X-Content-Type-Options": "nosniff"})
