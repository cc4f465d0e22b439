"""When GitLab stops to tell a webhook that does not answer well, and for how long.

https://docs.gitlab.com/user/project/integrations/webhooks/#auto-disabled-webhooks
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registrar.sandbox.hooks import Webhook
from registrar.sandbox.store import now

PATIENCE = 4  # failures in a row after which it waits
END_OF_PATIENCE = 40  # failures in a row after which it waits for a person
_FIRST_WAIT = timedelta(minutes=1)  # then twice as long each time
_LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Health:
    """What the API says about a webhook."""

    alert_status: str  # executable, temporarily_disabled, disabled
    disabled_until: datetime | None = None


def health(webhook: Webhook, *, at: datetime) -> Health:
    """How a webhook is, by what it answered last."""
    failures = 0
    for delivery in reversed(webhook.deliveries):
        if delivery.succeeded:
            break
        failures += 1
    if failures >= END_OF_PATIENCE:
        return Health("disabled")
    if failures < PATIENCE:
        return Health("executable")
    until = webhook.deliveries[-1].delivered_at + min(_FIRST_WAIT * 2 ** (failures - PATIENCE), _LONGEST_WAIT)
    return Health("temporarily_disabled", until) if at < until else Health("executable")


def is_executable(webhook: Webhook) -> bool:
    """Whether it is told of what happens now."""
    return health(webhook, at=now()).alert_status == "executable"
