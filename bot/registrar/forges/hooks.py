"""What Registrar asks of a forge about the webhooks that lead to it: a third small port, with a token of its own.

Whoever may see webhooks may change them, so the bot's account should not. Every method raises what the first port
raises: `NotAllowed` or `Unknown` where the token may not see them, or the forge is too old to tell.
"""

from collections.abc import Iterator
from typing import Protocol

from registrar.core.deliveries import Delivery, Hook


class HookForge(Protocol):
    """The webhooks of one repository that lead to this bot."""

    @property
    def at_once(self) -> int:
        """How many deliveries the forge sends again before it asks to be left alone."""
        ...

    def hooks(self) -> tuple[Hook, ...]:
        """Those that lead to this bot, as they fare now."""
        ...

    def deliveries(self, hook: Hook) -> Iterator[Delivery]:
        """What a webhook told in the last days, newest first, read as it is needed; nothing where no forge tells."""
        ...

    def send_again(self, hook: Hook, delivery: Delivery) -> None:
        """Tell it once more, under the same name. Raises `ForgeRefused` when it is too old for that."""
        ...

    def switch_on(self, hook: Hook) -> None:
        """Let a webhook tell again what happens. Raises `ForgeRefused` when the forge does not."""
        ...
