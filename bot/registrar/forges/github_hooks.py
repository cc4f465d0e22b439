"""The webhooks of a repository on GitHub: how they fare, what they told, and how that is told again.

https://docs.github.com/rest/repos/webhooks
"""

from collections.abc import Iterator
from typing import Final

from pydantic.dataclasses import dataclass

from registrar.core.deliveries import Delivery, Hook, HookState, leads_here
from registrar.errors import ForgeRefused
from registrar.forges.asking import Wish
from registrar.forges.github_answers import Nothing
from registrar.forges.github_api import GitHubApi
from registrar.forges.github_setup_answers import HookConfig
from registrar.forges.shortening import one_line

DOOR: Final = "/webhooks/github"
_RIGHT: Final = "Webhooks: read and write, of who administers it"
_WORDS: Final = 100  # of what GitHub says of the last delivery
_TAKEN = range(200, 300)


@dataclass(frozen=True, slots=True)
class ResponseAnswer:
    """What came of the last delivery; without a code nothing was delivered yet, or nobody answered."""

    code: int | None = None
    status: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """A webhook; only people switch one off."""

    id: int
    active: bool
    config: HookConfig
    last_response: ResponseAnswer = ResponseAnswer()


@dataclass(frozen=True, slots=True)
class DeliveryAnswer:
    """One attempt to tell something; the code is 0 where nobody answered."""

    id: int
    guid: str
    event: str
    status_code: int
    action: str | None = None


class GitHubHooks:
    """GitHub keeps what it told for three days, and sends it again only when asked."""

    at_once = 30  # a write costs five of the 900 points that a minute has

    def __init__(self, url: str, repository: str, *, api: GitHubApi, public_url: str | None) -> None:
        """For `hook_forge_of`."""
        self._page, self._repository = f"{url}/{repository}/settings/hooks", repository
        self._path, self._api, self._public_url = f"/repos/{repository}/hooks", api, public_url

    def hooks(self) -> tuple[Hook, ...]:
        """Those that lead to this bot."""
        wish = Wish(f"list the webhooks of {self._repository}", _RIGHT)
        answers = self._api.pages(HookAnswer, self._path, wish=wish)
        ours = (each for each in answers if leads_here(each.config.url, door=DOOR, public_url=self._public_url))
        return tuple(hook_of(each, page=f"{self._page}/{each.id}") for each in ours)

    def deliveries(self, hook: Hook) -> Iterator[Delivery]:
        """What it told in the last three days."""
        wish = Wish(f"list what webhook {hook.id} was told", _RIGHT)
        path = f"{self._path}/{hook.id}/deliveries"
        return map(delivery_of, self._api.each(DeliveryAnswer, path, wish=wish))

    def send_again(self, hook: Hook, delivery: Delivery) -> None:
        """Under the same GUID, signed anew."""
        wish = Wish(f"send delivery {delivery.id} of webhook {hook.id} again", _RIGHT)
        path = f"{self._path}/{hook.id}/deliveries/{delivery.id}/attempts"
        self._api.send("POST", path, None, shape=Nothing, wish=wish)

    def switch_on(self, hook: Hook) -> None:
        """All else of it stays, its secret too."""
        wish = Wish(f"switch webhook {hook.id} on", _RIGHT)
        answer = self._api.send("PATCH", f"{self._path}/{hook.id}", {"active": True}, shape=HookAnswer, wish=wish)
        if not answer.active:
            raise ForgeRefused(f"GitHub did not {wish.to}, and did not say why")


def hook_of(answer: HookAnswer, *, page: str) -> Hook:
    """What a webhook is to us."""
    last = answer.last_response
    if not answer.active:
        return Hook(answer.id, page, HookState.DISABLED, "somebody has switched it off")
    if last.status in {None, "unused"} or last.code in _TAKEN:
        return Hook(answer.id, page, HookState.ACTIVE)
    says = one_line(last.message or f"the answer was {last.code}", _WORDS)
    return Hook(answer.id, page, HookState.FAILING, says)


def delivery_of(answer: DeliveryAnswer) -> Delivery:
    """What an attempt is to us: a comment, which may hold a command, and what closes a pull request no sweep finds."""
    is_found = answer.event != "issue_comment" and (answer.event, answer.action) != ("pull_request", "closed")
    return Delivery(answer.id, answer.guid, answer.status_code, is_found)
