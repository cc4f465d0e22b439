"""What every act on the sandbox forge needs: its memory, its address, and whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass

from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.deliveries import Deliveries
from registrar.sandbox.happenings import Happening, Message
from registrar.sandbox.refusals import Forbidden, NotFound
from registrar.sandbox.store import Repository, Store


@dataclass(frozen=True, slots=True)
class Forge:
    """One forge: everything its acts, its dialects and its pages share."""

    store: Store
    url: str  # http://localhost:8080
    deliveries: Deliveries
    describe: Callable[["Forge", Happening], Message]

    def publish(self, repository: Repository, happening: Happening) -> None:
        """Tell every webhook of the repository that asked for it, as things stand now."""
        with self.store.lock:
            if not repository.webhooks:
                return
            message = self.describe(self, happening)
            for webhook in repository.webhooks:
                if webhook.wants(message.event):
                    self.deliveries.send(webhook, message)

    def require(self, account: Account | None, repository: Repository, role: Role) -> Account:
        """The account, if it has the role. Raises `NotFound` where it may not even look, `Forbidden` where it may."""
        held = self.store.role_of(account, repository)
        if held < Role.READ:
            raise NotFound(f"there is no repository {repository.full_name!r}")
        if account is None or held < role:
            raise Forbidden(f"this needs the role {role.name.lower()} on {repository.full_name}")
        return account
