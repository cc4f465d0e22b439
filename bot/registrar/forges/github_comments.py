"""Which comments on GitHub are ours, and how each topic keeps exactly one.

A comment is ours when its first line is the marker *and* our account wrote it: anybody can copy a marker.
"""

from urllib.parse import quote

from registrar.core.people import Person
from registrar.errors import Unknown
from registrar.forges.github_answers import CommentAnswer, Nothing
from registrar.forges.github_api import GitHubApi
from registrar.forges.github_errors import Wish
from registrar.forges.github_limits import COMMENT
from registrar.forges.shortening import shortened

FAREWELL = "*Shortened here: GitHub takes no longer comment.*"

_RIGHT = "Issues: write and Pull requests: write"


class KeptComments:
    """The comments that this process keeps in one repository.

    It remembers which it wrote, because a listing may lag behind a write and would make it write a second one.
    """

    def __init__(self, api: GitHubApi, path: str, *, instance: str) -> None:
        """`instance` tells apart two Registrars that share an account."""
        self._api = api
        self._path = path
        self._instance = instance
        self._written: dict[tuple[int, str], int] = {}

    def keep(self, number: int, topic: str, body: str, *, myself: Person) -> str:
        """Create the one comment on a topic, or edit it where it says something else. Returns its address."""
        marker = self._marker(topic)
        text = f"{marker}\n{shortened(body, limit=COMMENT - len(marker) - 1, farewell=FAREWELL)}"
        current = self._remembered(number, topic, marker, myself) or self._listed(number, marker, myself)
        if current is None:
            current = self._send("POST", f"{number}/comments", text, f"comment on #{number}")
        elif _same_text(current.body, text):
            pass
        else:
            current = self._send("PATCH", f"comments/{current.id}", text, f"edit our comment on #{number}")
        self._written[number, topic] = current.id
        return current.html_url

    def has(self, number: int, topic: str, *, myself: Person) -> bool:
        """Whether there is a comment of ours on a topic."""
        marker = self._marker(topic)
        return (self._remembered(number, topic, marker, myself) or self._listed(number, marker, myself)) is not None

    def find(self, number: int, comment: int) -> CommentAnswer | None:
        """One comment of an issue or a pull request; None when it is not there."""
        wish = Wish(f"read a comment on #{number}", "Issues: read and Pull requests: read")
        try:
            answer = self._api.get(CommentAnswer, f"{self._path}/issues/comments/{comment}", wish=wish)
        except Unknown:
            return None
        return answer if answer.issue_url.rpartition("/")[2] == str(number) else None

    def _marker(self, topic: str) -> str:
        return f"<!-- registrar:{_quoted(topic)}:{_quoted(self._instance)} -->"

    def _remembered(self, number: int, topic: str, marker: str, myself: Person) -> CommentAnswer | None:
        written = self._written.get((number, topic))
        comment = self.find(number, written) if written is not None else None
        return comment if comment is not None and _is_ours(comment, marker, myself) else None

    def _listed(self, number: int, marker: str, myself: Person) -> CommentAnswer | None:
        """The newest of ours; older ones, left by a race that nobody could see, are deleted."""
        wish = Wish(f"list the comments on #{number}", "Issues: read and Pull requests: read")
        comments = self._api.pages(CommentAnswer, f"{self._path}/issues/{number}/comments", wish=wish)
        ours = sorted((c for c in comments if _is_ours(c, marker, myself)), key=lambda comment: comment.id)
        for older in ours[:-1]:
            self._delete(older)
        return ours[-1] if ours else None

    def _send(self, verb: str, path: str, text: str, deed: str) -> CommentAnswer:
        body = {"body": text}
        return self._api.send(verb, f"{self._path}/issues/{path}", body, shape=CommentAnswer, wish=Wish(deed, _RIGHT))

    def _delete(self, comment: CommentAnswer) -> None:
        try:
            self._api.send(
                "DELETE",
                f"{self._path}/issues/comments/{comment.id}",
                None,
                shape=Nothing,
                wish=Wish("delete an older comment of ours", _RIGHT),
            )
        except Unknown:
            return  # somebody else was faster


def _is_ours(comment: CommentAnswer, marker: str, myself: Person) -> bool:
    lines = (comment.body or "").splitlines()
    return bool(lines) and lines[0].strip() == marker and comment.user is not None and comment.user.id == myself.id


def _same_text(kept: str | None, text: str) -> bool:
    """GitHub may keep a text with other line ends, and without the blank at its end."""
    return (kept or "").replace("\r\n", "\n").rstrip() == text.rstrip()


def _quoted(text: str) -> str:
    """A text that cannot end the comment it stands in."""
    return quote(text, safe="/@ ").replace("--", "-%2D")
