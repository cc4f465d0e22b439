"""Knows which page stands where, and which deed: most are the same on every forge, some belong to one."""

from starlette.responses import Response

from registrar.sandbox.forge import DialectName
from registrar.sandbox.pages import contents, conversations, deeds, gitlab_deeds, people, pipelines, runs
from registrar.sandbox.pages.addresses import Places
from registrar.sandbox.pages.visits import View, Visit, acting
from registrar.sandbox.refusals import NotFound

Paths = tuple[tuple[str, View], ...]


def reading(dialect: DialectName, at: Places) -> Paths:
    """Every page, the narrower of two paths before the wider."""
    return (
        ("/", people.start),
        ("/avatars/{number:int}", people.picture),
        *(_gitlab_reading(at) if dialect == "gitlab" else _github_reading(at)),
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


def _github_reading(at: Places) -> Paths:
    return (at.runs, runs.runs), (at.run, runs.run)


def _gitlab_reading(at: Places) -> Paths:
    return (at.runs, pipelines.pipelines), (at.run, pipelines.pipeline), (at.job, pipelines.job)


def acted(dialect: DialectName, at: Places) -> Paths:
    """Every deed."""
    return (
        ("/_/viewer", people.become),
        *(_gitlab_deeds(at) if dialect == "gitlab" else _github_deeds(at)),
        (at.new_issue, acting(deeds.open_issue, again=conversations.new_issue)),
        (at.issue + "/say", acting(deeds.say, again=conversations.thread)),
        (at.pull + "/open", acting(deeds.set_open, again=conversations.pull)),
        (at.pull + "/draft", acting(deeds.set_draft, again=conversations.pull)),
    )


def _github_deeds(at: Places) -> Paths:
    return (
        (at.pull + "/say", acting(deeds.say, again=conversations.pull)),
        (at.pull + "/merge", acting(deeds.merge, again=conversations.pull)),
        (at.new_run, acting(runs.begin, again=runs.runs)),
    )


def _gitlab_deeds(at: Places) -> Paths:
    return (
        (at.pull + "/say", acting(gitlab_deeds.say, again=conversations.pull)),
        (at.pull + "/merge", acting(gitlab_deeds.merge, again=conversations.pull)),
        (at.new_run, acting(pipelines.begin, again=pipelines.pipelines)),
        (at.job + "/play", acting(pipelines.play, again=pipelines.job)),
    )


def _home(visit: Visit) -> Response:
    """A repository; a group of that name on a forge where both have one kind of name."""
    try:
        return contents.home(visit)
    except NotFound as refusal:
        name = visit.parts["repository"]
        if not people.is_group(visit.forge.store, name):
            raise refusal from None
        return visit.redirect(visit.to.mentioned(name))
