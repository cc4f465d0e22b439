"""What time it is for the bot."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The present moment, or one after it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        self._ahead += by
