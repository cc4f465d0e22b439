"""Whom the sandbox forge tells what happens, and what it told them."""

from dataclasses import dataclass, field
from datetime import datetime

SIGNING_TOKEN = "whsec_"  # noqa: S105 - how a token of GitLab's begins that signs


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell, as it was sent and as it was answered."""

    id: int
    guid: str
    event: str
    action: str | None
    request_headers: dict[str, str]
    body: bytes
    status_code: int  # 0: nobody answered
    response_headers: dict[str, str]
    response_body: str  # or why nobody answered
    duration: float  # seconds
    delivered_at: datetime
    is_redelivery: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - HTTP's own numbers


@dataclass(slots=True, eq=False)
class Webhook:
    """An address to tell, and of what."""

    id: int
    url: str
    repository: int  # the id of the repository whose happenings it is told
    secret: str
    events: tuple[str, ...]  # "*": everything
    created_at: datetime
    active: bool = True
    verifies_tls: bool = True
    signing_token: str = ""  # `whsec_...`: GitLab signs with it what it sends
    name: str = ""
    pushes_to: str = ""  # of which branches GitLab tells pushes; empty: of all
    deliveries: list[Delivery] = field(default_factory=list)  # oldest first

    def wants(self, event: str) -> bool:
        """Whether this is something it asked for."""
        return self.active and ("*" in self.events or event in self.events)
