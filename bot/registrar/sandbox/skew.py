"""A clock of the sandbox forge that is not everybody else's: what it writes over its answers, and into them."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from starlette.types import Message, Send

_MOMENT = re.compile(
    rb'("\w+(?:_at|At)": ?")(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)'
)  # of the forge; git's are of who commits


def dated(send: Send, ahead: timedelta) -> Send:
    """The same way to answer, with the date of a clock that is so far ahead."""

    async def send_dated(message: Message) -> None:
        if message["type"] == "http.response.start":
            date = format_datetime(datetime.now(UTC) + ahead, usegmt=True).encode()
            message = {**message, "headers": [*message.get("headers", ()), (b"date", date)]}
        elif ahead:
            message = {**message, "body": _shifted(message.get("body", b""), ahead)}
        await send(message)

    return send_dated


def _shifted(body: bytes, ahead: timedelta) -> bytes:
    """As long as before: a moment is written as many characters wherever it lies."""

    def later(found: re.Match[bytes]) -> bytes:
        moment = datetime.fromisoformat(found[2].decode()) + ahead
        return found[1] + moment.isoformat(timespec="seconds").encode()

    return _MOMENT.sub(later, body)
