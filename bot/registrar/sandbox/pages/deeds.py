"""Knows what is done on the pages of a conversation, as on GitHub; much of it is done so on every forge."""

from registrar.sandbox import conversations, pull_requests
from registrar.sandbox.landing import Landing
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.pull_requests import Edit
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest, ReviewState, Thread

VERDICTS = {"approve": ReviewState.APPROVED, "request": ReviewState.CHANGES_REQUESTED}


def open_issue(visit: Visit) -> str:
    """Write an issue."""
    repository, title = visit.repository(), visit.form.get("title", "").strip()
    if not title:
        raise Invalid("An issue needs a title.")
    issue = conversations.open_issue(
        visit.forge, repository, author=visit.actor(), title=title, body=visit.form.get("body", "")
    )
    return visit.to.thread(repository, issue)


def say(visit: Visit) -> str:
    """Comment; or approve, or request changes, on exactly the head that was looked at."""
    repository = visit.repository()
    found, verdict = repository.thread(visit.number()), visit.form.get("verdict", "comment")
    if verdict == "comment":
        return comment(visit, repository, found, visit.form.get("body", ""))
    if verdict not in VERDICTS or not isinstance(found, PullRequest):
        raise NotFound(f"there is no verdict {verdict!r} here")
    judgement = conversations.Judgement(VERDICTS[verdict], visit.form.get("body", ""), visit.form.get("head") or None)
    review = conversations.review(visit.forge, repository, found, reviewer=visit.actor(), judgement=judgement)
    return f"{visit.to.thread(repository, found)}#{visit.to.review(review)}"


def comment(visit: Visit, repository: Repository, found: Thread, body: str) -> str:
    """Say something; the address is where it stands."""
    written = conversations.comment(visit.forge, repository, found, author=visit.actor(), body=body)
    return f"{visit.to.thread(repository, found)}#{visit.to.comment(written)}"


def addressed(visit: Visit) -> tuple[Repository, PullRequest]:
    """The pull request of the path. Raises `NotFound`."""
    repository = visit.repository()
    return repository, repository.pull_request(visit.number())


def wish(visit: Visit) -> Landing:
    """How it shall land: exactly the head that was looked at."""
    return Landing(method=visit.form.get("method", "merge"), expected_head=visit.form.get("head") or None)


def merge(visit: Visit) -> str:
    """Merge."""
    repository, pull_request = addressed(visit)
    pull_requests.merge(visit.forge, repository, pull_request, actor=visit.actor(), landing=wish(visit))
    return visit.to.thread(repository, pull_request)


def set_open(visit: Visit) -> str:
    """Close, or reopen."""
    return _edited(visit, Edit(is_open=visit.form.get("open") == "yes"))


def set_draft(visit: Visit) -> str:
    """Say that it is not to be merged yet, or that it is."""
    return _edited(visit, Edit(draft=visit.form.get("draft") == "yes"))


def _edited(visit: Visit, edit: Edit) -> str:
    repository, pull_request = addressed(visit)
    pull_requests.edit_pull_request(visit.forge, repository, pull_request, actor=visit.actor(), edit=edit)
    return visit.to.thread(repository, pull_request)
