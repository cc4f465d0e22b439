"""Trouble on the way to a forge and back: requests that it never sees, answers that never arrive, stale ones."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Fault:
    """What is answered in place of the forge, and whether it acts all the same."""

    acts: bool
    status: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Spot:
    """A request that trouble can strike: its verb, and how its path ends."""

    verb: str
    path: str


LOST_REQUEST = Fault(acts=False, status=502)
LOST_ANSWER = Fault(acts=True, status=502)
SWALLOWED = Fault(acts=False, status=204)


class Faults:
    """What goes wrong until it is mended: each fault by the requests that it strikes."""

    def __init__(self) -> None:
        self._faults: dict[Spot, Fault] = {}
        self.struck = 0

    def begin(self, spot: Spot, fault: Fault) -> None:
        self._faults[spot] = fault

    def end(self) -> None:
        self._faults.clear()

    def around(self, application: ASGIApp) -> ASGIApp:
        """The same application, with trouble."""

        async def troubled(scope: Scope, receive: Receive, send: Send) -> None:
            fault = self._fault(scope) if scope["type"] == "http" else None
            if fault is None:
                await application(scope, receive, send)
                return
            self.struck += 1
            if fault.acts:
                await application(scope, receive, _nowhere)
            headers = [(b"content-type", b"application/json")] if fault.body else []
            await send({"type": "http.response.start", "status": fault.status, "headers": headers})
            await send({"type": "http.response.body", "body": fault.body})

        return troubled

    def _fault(self, scope: Scope) -> Fault | None:
        verb, path = scope["method"], scope["path"]
        return next((f for spot, f in self._faults.items() if spot.verb == verb and path.endswith(spot.path)), None)


async def _nowhere(message: Message) -> None:
    del message
