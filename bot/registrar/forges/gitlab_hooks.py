"""The webhooks of a project on GitLab: how they fare, what they told, and how that is told again.

https://docs.gitlab.com/api/project_webhooks/
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from pydantic import Field
from pydantic.dataclasses import dataclass

from registrar.core.deliveries import Delivery, Hook, HookState, leads_here
from registrar.errors import ForgeRefused
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import Nothing
from registrar.forges.gitlab_api import GitLabApi

DOOR: Final = "/webhooks/gitlab"
_RIGHT: Final = "the Maintainer role"
_PAGE: Final = 20  # no more events are told at once


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """A webhook; GitLab switches one off that fails too often, for a while and at last for good."""

    id: int
    url: str
    alert_status: str = "executable"
    disabled_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """One attempt to tell something; the status is a number, or words where nobody answered."""

    id: int
    trigger: str
    response_status: str | int | None = None
    request_headers: Mapping[str, object] = Field(default_factory=dict)
    request_data: Mapping[str, object] = Field(default_factory=dict)


class GitLabHooks:
    """GitLab tells what it told in seven days from 17.3 on, and sends it again when asked from 17.4 on."""

    at_once = 5  # a minute: https://docs.gitlab.com/api/project_webhooks/#resend-a-project-webhook-event

    def __init__(self, url: str, repository: str, *, api: GitLabApi, public_url: str | None) -> None:
        """For `hook_forge_of`."""
        self._page, self._repository = f"{url}/{repository}/-/hooks", repository
        self._path, self._api, self._public_url = f"/projects/{segment(repository)}/hooks", api, public_url

    def hooks(self) -> tuple[Hook, ...]:
        """Those of the project that lead to this bot; those of groups nobody but their owners sees."""
        wish = Wish(f"list the webhooks of {self._repository}", _RIGHT)
        answers = self._api.pages(HookAnswer, self._path, wish=wish)
        ours = (each for each in answers if leads_here(each.url, door=DOOR, public_url=self._public_url))
        return tuple(hook_of(each, page=f"{self._page}/{each.id}/edit") for each in ours)

    def deliveries(self, hook: Hook) -> Iterator[Delivery]:
        """What it told in the last seven days."""
        wish = Wish(f"list what webhook {hook.id} was told", _RIGHT)
        events = self._api.each(
            EventAnswer, f"{self._path}/{hook.id}/events", wish=wish, parameters={"per_page": _PAGE}
        )
        return map(delivery_of, events)

    def send_again(self, hook: Hook, delivery: Delivery) -> None:
        """Under the same Idempotency-Key."""
        wish = Wish(f"send event {delivery.id} of webhook {hook.id} again", _RIGHT)
        path = f"{self._path}/{hook.id}/events/{delivery.id}/resend"
        self._api.send("POST", path, None, shape=Nothing, wish=wish)

    def switch_on(self, hook: Hook) -> None:
        """By a test: GitLab lets a webhook tell again that takes one. It tells of the last push, which is no news."""
        wish = Wish(f"test webhook {hook.id}", _RIGHT)
        self._api.send("POST", f"{self._path}/{hook.id}/test/push_events", None, shape=Nothing, wish=wish)
        now = self._api.get(HookAnswer, f"{self._path}/{hook.id}", wish=wish)
        if now.alert_status != "executable":
            raise ForgeRefused(f"a test arrived, and GitLab calls webhook {hook.id} {now.alert_status} all the same")


def hook_of(answer: HookAnswer, *, page: str) -> Hook:
    """What a webhook is to us. Whether the last delivery arrived only its events tell."""
    if answer.alert_status == "executable":
        return Hook(answer.id, page, HookState.ACTIVE)
    until = f" until {answer.disabled_until:%Y-%m-%d %H:%M} UTC" if answer.disabled_until else ""
    how = until if answer.alert_status == "temporarily_disabled" else " for good"
    return Hook(answer.id, page, HookState.DISABLED, f"GitLab has switched it off{how}, as it failed too often")


def delivery_of(answer: EventAnswer) -> Delivery:
    """What an attempt is to us: a comment, which may hold a command, and what closes a merge request no sweep finds.

    Without its key nobody could tell whether it arrived the next time.
    """
    key = next((str(value) for name, value in answer.request_headers.items() if name.lower() == "idempotency-key"), "")
    change = answer.request_data.get("object_attributes")
    closes = isinstance(change, Mapping) and change.get("action") == "close"
    is_lost = answer.trigger == "note_hooks" or (answer.trigger == "merge_request_hooks" and closes)
    status = str(answer.response_status or "")
    return Delivery(answer.id, key, int(status) if status.isdecimal() else 0, is_found=not (key and is_lost))
