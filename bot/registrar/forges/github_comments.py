"""How comments are read and written on GitHub, which keeps those of a pull request as an issue's."""

from collections.abc import Iterator
from datetime import UTC, datetime

from registrar.errors import Unknown
from registrar.forges.asking import Wish
from registrar.forges.github_answers import CommentAnswer, Nothing
from registrar.forges.github_api import GitHubApi
from registrar.forges.kept_comments import KeptComment

FAREWELL = "*Shortened here: GitHub takes no longer text.*"

_READ = "Issues: read and Pull requests: read"
_WRITE = "Issues: write and Pull requests: write"


class GitHubComments:
    """The comments under the pull requests and issues of one repository."""

    def __init__(self, api: GitHubApi, path: str, *, page: str) -> None:
        """`path` is that of the repository in the API, `page` its address in a browser."""
        self._api = api
        self._path = f"{path}/issues"
        self._pages = f"{page}/pull"

    def answer(self, number: int, comment: int) -> CommentAnswer | None:
        """One comment of an issue or a pull request; None when it is not there."""
        wish = Wish(f"read a comment on #{number}", _READ)
        try:
            answer = self._api.get(CommentAnswer, f"{self._path}/comments/{comment}", wish=wish)
        except Unknown:
            return None
        return answer if answer.issue_url.rpartition("/")[2] == str(number) else None

    def farewell(self, number: int) -> str:
        """Where to read the rest of what is shortened."""
        return f"{FAREWELL} The rest is in [the changed files]({self._pages}/{number}/files)."

    def listed(self, number: int) -> tuple[KeptComment, ...]:
        """Every comment on a pull request."""
        wish = Wish(f"list the comments on #{number}", _READ)
        return tuple(map(_kept, self._api.pages(CommentAnswer, f"{self._path}/{number}/comments", wish=wish)))

    def listed_since(self, moment: datetime) -> Iterator[tuple[int, KeptComment]]:
        """Every comment of the repository that was written or edited since then."""
        parameters = {"since": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        wish = Wish("list the newest comments", _READ)
        for answer in self._api.each(CommentAnswer, f"{self._path}/comments", wish=wish, parameters=parameters):
            number = answer.issue_url.rpartition("/")[2]
            if number.isdecimal():
                yield int(number), _kept(answer)

    def found(self, number: int, comment: int) -> KeptComment | None:
        """One comment; None when it is not on that pull request."""
        answer = self.answer(number, comment)
        return _kept(answer) if answer is not None else None

    def written(self, number: int, text: str) -> KeptComment:
        """Write a comment."""
        return self._send("POST", f"{number}/comments", text, f"comment on #{number}")

    def edited(self, number: int, comment: int, text: str) -> KeptComment:
        """Give a comment of ours other words."""
        return self._send("PATCH", f"comments/{comment}", text, f"edit our comment on #{number}")

    def deleted(self, number: int, comment: int) -> None:
        """Take a comment of ours away."""
        wish = Wish(f"delete an older comment of ours on #{number}", _WRITE)
        self._api.send("DELETE", f"{self._path}/comments/{comment}", None, shape=Nothing, wish=wish)

    def _send(self, verb: str, path: str, text: str, deed: str) -> KeptComment:
        body, wish = {"body": text}, Wish(deed, _WRITE)
        return _kept(self._api.send(verb, f"{self._path}/{path}", body, shape=CommentAnswer, wish=wish))


def _kept(answer: CommentAnswer) -> KeptComment:
    author = answer.user.id if answer.user is not None else None
    return KeptComment(answer.id, answer.body or "", author, answer.html_url, answer.created_at)
