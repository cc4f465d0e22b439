"""What is said under a commit on GitLab, where a status is a job of a pipeline and cannot go from any state to any.

https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from registrar.core.people import Person
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import CANCELED, Nothing, StatusAnswer, status_of
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.gitlab_limits import STATUS
from registrar.forges.gitlab_places import Place, places
from registrar.forges.shortening import one_line, size_of

_STATES = {Outcome.PENDING: "pending", Outcome.SUCCESS: "success", Outcome.FAILURE: "failed"}
_OPEN = frozenset({"pending", "running"})  # GitLab changes these in place, and makes a new status after any other


class GitLabStatuses:
    """The statuses of the commits of one project."""

    def __init__(self, api: GitLabApi, path: str) -> None:
        """`path` is that of the project."""
        self._api = api
        self._path = path

    def listed(self, sha: str, *, by: datetime | None = None) -> tuple[CommitStatus, ...]:
        """The newest status of each context and speaker, newest first: nobody hides what another says. No jobs."""
        newest: dict[tuple[str, int | None], CommitStatus] = {}
        words = (answer for answer in self._answers(sha) if not _is_job(answer))
        for said in map(status_of, words if by is None else _as_of(by, words)):
            newest.setdefault((said.context, said.creator.id if said.creator else None), said)
        return tuple(newest.values())

    def set(self, sha: str, status: CommitStatus, *, myself: Person) -> None:
        """Say something under a commit; nothing is sent where the last word is ours and says so already."""
        wanted = _fitting(status)
        for place in places(self._api, self._path, sha, context=wanted.context):
            self._say(place, wanted, myself)

    def _say(self, place: Place, wanted: CommitStatus, myself: Person) -> None:
        """What stands in another pipeline counts for nothing: GitLab does not ask it."""
        answers = self._answers(place.sha)
        here = [said for said in _standing(place, answers) if said.name == wanted.context]
        last = here[0] if here and _is_by(here[0], myself) else None
        if last is not None and _says(last, wanted):
            return
        where = place.where(is_first=not answers)
        if last is not None and last.status == "pending" and wanted.outcome is Outcome.PENDING:
            self._send(place.sha, "running", wanted, where)  # to enqueue what is enqueued is refused
            return
        if any(_is_by(said, myself) and _must_end(said, last, wanted) for said in here):
            self._send(place.sha, CANCELED, wanted, where)
        self._send(place.sha, _STATES[wanted.outcome], wanted, where)

    def _answers(self, sha: str) -> Sequence[StatusAnswer]:
        """Newest first; `all`, as otherwise GitLab lists one status of each name, whoever set it."""
        wish = Wish(f"list the statuses of {sha}", "the Reporter role")
        path = f"{self._path}/repository/commits/{segment(sha)}/statuses"
        answers = self._api.pages(StatusAnswer, path, wish=wish, parameters={"all": "true"})
        return sorted(answers, key=lambda answer: answer.id, reverse=True)

    def _send(self, sha: str, state: str, status: CommitStatus, where: Mapping[str, object]) -> None:
        said = {"state": state, "name": status.context, "description": status.description}
        said |= {"target_url": status.url} if status.url else {}
        wish = Wish(f"set the status {status.context!r} on {sha}", "the Developer role and the scope api")
        self._api.send("POST", f"{self._path}/statuses/{segment(sha)}", {**said, **where}, shape=Nothing, wish=wish)


def _standing(place: Place, answers: Sequence[StatusAnswer]) -> Sequence[StatusAnswer]:
    """What stands in the pipeline that GitLab takes for the place."""
    found = [said for said in answers if place.pipeline in {0, said.pipeline_id} and place.ref in {"", said.ref}]
    newest = max((said.pipeline_id or 0 for said in found), default=0)
    return [said for said in found if (said.pipeline_id or 0) == newest]


def _fitting(status: CommitStatus) -> CommitStatus:
    url = status.url if size_of(status.url) <= STATUS else ""
    return CommitStatus(status.context, status.outcome, one_line(status.description, STATUS), url)


def _is_by(answer: StatusAnswer, person: Person) -> bool:
    return answer.author is not None and answer.author.id == person.id and not _is_job(answer)


def _is_job(answer: StatusAnswer) -> bool:
    """Whether a pipeline brought it, in the name of whoever started that, or may have: nothing but the words tells.

    A job has none, as no keyword of its configuration gives it any. https://docs.gitlab.com/ci/yaml/#job-keywords
    """
    return not answer.description


def _as_of(moment: datetime, answers: Iterable[StatusAnswer]) -> Iterator[StatusAnswer]:
    """What stood there at a moment: GitLab moves an open one in place, and tells when it ended."""
    for answer in answers:
        if answer.created_at <= moment:
            was_open = answer.finished_at is not None and answer.finished_at > moment
            yield replace(answer, status="pending") if was_open else answer


def _must_end(said: StatusAnswer, last: StatusAnswer | None, wanted: CommitStatus) -> bool:
    """Whether an open status of ours is in the way of a new one: it would be changed below another's, or refused."""
    return said.status in _OPEN and (said is not last or wanted.outcome is Outcome.PENDING)


def _says(answer: StatusAnswer, wanted: CommitStatus) -> bool:
    said = status_of(answer)
    return answer.status != CANCELED and (said.outcome, said.description, said.url) == (
        wanted.outcome,
        wanted.description,
        wanted.url,
    )
