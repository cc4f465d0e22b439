"""What people do to get a model into Production, each step when they see that it is time, however long that takes."""

from collections.abc import Callable
from typing import TypeVar

from registrar.sandbox.threads import PullRequest
from stories.places import REGISTRY, STATUS
from stories.town import Town
from waiting import until

Found = TypeVar("Found")

PATIENCE = 150.0  # a deploy that may have been started is looked for during a minute
WISH = "/registrar promote digits@1.1.0 to Production"


class Crowd:
    """People in a town who look again and again; whoever keeps the bot alive is called each time."""

    def __init__(self, town: Town, alive: Callable[[], object], *, patience: float = PATIENCE) -> None:
        self.town = town
        self._patience = patience
        self._alive = alive

    def wait(self, claim: Callable[[], Found], otherwise: str) -> Found:
        """What is there as soon as something is."""

        def look() -> Found:
            self._alive()
            return claim()

        try:
            return until(look, patience=self._patience, otherwise=otherwise)
        except AssertionError as error:
            error.add_note(self.seen())
            raise

    def wish(self, *, by: str, text: str = WISH) -> int:
        """Ask for something in a comment; where it was asked."""
        self.town.commit({"notes.txt": "hello\n"}, by=by, branch=f"place-{by}")
        place = self.town.side.open(by, branch=f"place-{by}", base="main", draft=False)
        self.town.side.comment(by, place, text)
        return place

    def promote(self) -> None:
        """Mei asks, ana approves and merges, and the pipeline runs to its end."""
        place = self.wish(by="mei")
        number = self.wait(self._request, "nobody opened a pull request")
        self.wait(lambda: self._says(place, "registrar:answer"), "nobody answered")  # else it tells what is by then
        self.wait(lambda: self._status(number) == "pending", "nobody asked for an approval")
        self.town.side.approve("ana", number)
        self.wait(lambda: self._status(number) == "success", "the approval does not count")
        self.wait(lambda: self.town.side.merge("ana", number, "merge"), "it cannot be merged")
        self.wait(lambda: self._says(number, "**Merged and deployed**"), "nobody deployed it")

    def seen(self) -> str:
        """What there is, for whoever waited in vain."""
        comments = [
            f"{each.number} {each.state} {self._status(each.number)}: {[said.body for said in each.comments]}"
            for each in self._requests()
        ]
        return "\n".join([*comments, *self.town.runs()])

    def _requests(self) -> tuple[PullRequest, ...]:
        return self.town.sandbox.store.repository(REGISTRY).pull_requests

    def _request(self) -> int:
        """Its number; 0 while there is none."""
        return next((each.number for each in self._requests() if each.author.login == "registrar-bot"), 0)

    def _status(self, number: int) -> str:
        repository = self.town.sandbox.store.repository(REGISTRY)
        said = repository.newest_statuses(repository.pull_request(number).head_sha)
        return next((each.state for each in said if each.context == STATUS), "")

    def _says(self, number: int, words: str) -> bool:
        said = self.town.sandbox.store.repository(REGISTRY).pull_request(number).comments
        return any(words in each.body for each in said)
