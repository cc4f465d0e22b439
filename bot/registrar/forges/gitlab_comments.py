"""How comments are read and written on GitLab, where they are called notes and stand among what GitLab itself says."""

from collections.abc import Iterator
from datetime import UTC, datetime

from registrar.errors import Unknown
from registrar.forges.asking import Wish
from registrar.forges.gitlab_answers import MergeRequestAnswer, NoteAnswer, Nothing
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.kept_comments import KeptComment

FAREWELL = "*Shortened here: GitLab takes no longer text.*"

_READ = "the Guest role"
_WRITE = "the Reporter role and the scope api"


class GitLabComments:
    """The comments under the merge requests of one project."""

    def __init__(self, api: GitLabApi, path: str, *, page: str) -> None:
        """`path` is that of the project in the API, `page` its address in a browser."""
        self._api = api
        self._path = f"{path}/merge_requests"
        self._page = f"{page}/-/merge_requests"

    def answer(self, number: int, comment: int) -> NoteAnswer | None:
        """One comment of a person; None when it is not there, GitLab's own, or internal."""
        wish = Wish(f"read a comment on !{number}", _READ)
        try:
            answer = self._api.get(NoteAnswer, f"{self._path}/{number}/notes/{comment}", wish=wish)
        except Unknown:
            return None
        return answer if _is_public(answer) and answer.noteable_iid in {None, number} else None

    def address(self, number: int, comment: int) -> str:
        """Where a browser shows a comment; GitLab does not say."""
        return f"{self._page}/{number}#note_{comment}"

    def farewell(self, number: int) -> str:
        """Where to read the rest of what is shortened."""
        return f"{FAREWELL} The rest is in [the changed files]({self._page}/{number}/diffs)."

    def listed(self, number: int) -> tuple[KeptComment, ...]:
        """Every comment on a merge request."""
        wish = Wish(f"list the comments on !{number}", _READ)
        parameters = {"activity_filter": "only_comments", "order_by": "created_at", "sort": "asc"}
        answers = self._api.pages(NoteAnswer, f"{self._path}/{number}/notes", wish=wish, parameters=parameters)
        return tuple(self._kept(answer, number) for answer in answers if _is_public(answer))

    def listed_since(self, moment: datetime) -> Iterator[tuple[int, KeptComment]]:
        """Every comment on a merge request that was new in something since then: a note makes it so."""
        parameters = {"updated_after": moment.astimezone(UTC).isoformat(), "scope": "all", "state": "all"}
        wish = Wish("list the merge requests of late", _READ)
        for request in self._api.pages(MergeRequestAnswer, self._path, wish=wish, parameters=parameters):
            yield from ((request.iid, each) for each in self.listed(request.iid))

    def found(self, number: int, comment: int) -> KeptComment | None:
        """One comment; None when it is not on that merge request."""
        answer = self.answer(number, comment)
        return self._kept(answer, number) if answer is not None else None

    def written(self, number: int, text: str) -> KeptComment:
        """Write a comment."""
        return self._send("POST", number, "", text, f"comment on !{number}")

    def edited(self, number: int, comment: int, text: str) -> KeptComment:
        """Give a comment of ours other words."""
        return self._send("PUT", number, f"/{comment}", text, f"edit our comment on !{number}")

    def deleted(self, number: int, comment: int) -> None:
        """Take a comment of ours away."""
        wish = Wish(f"delete an older comment of ours on !{number}", _WRITE)
        self._api.send("DELETE", f"{self._path}/{number}/notes/{comment}", None, shape=Nothing, wish=wish)

    def _send(self, verb: str, number: int, which: str, text: str, deed: str) -> KeptComment:
        path, wish = f"{self._path}/{number}/notes{which}", Wish(deed, _WRITE)
        return self._kept(self._api.send(verb, path, {"body": text}, shape=NoteAnswer, wish=wish), number)

    def _kept(self, answer: NoteAnswer, number: int) -> KeptComment:
        author = answer.author.id if answer.author is not None else None
        return KeptComment(answer.id, answer.body, author, self.address(number, answer.id), answer.created_at)


def _is_public(answer: NoteAnswer) -> bool:
    return not (answer.system or answer.internal or answer.confidential)
