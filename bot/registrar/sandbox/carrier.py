"""How webhooks travel from the sandbox forge: each once and in turn, or lost, twice, and late, as chance decides."""

from collections.abc import Callable
from random import Random
from typing import Generic, TypeVar

Parcel = TypeVar("Parcel")


class Carrier(Generic[Parcel]):
    """Takes parcels to where they are sent from. Of what is held back it knows alone."""

    def __init__(self, send: Callable[[Parcel], None]) -> None:
        self._send = send
        self._held: list[Parcel] = []
        self.random = Random(0)  # noqa: S311 # its seed decides; nothing is kept secret by it
        self.lost = self.twice = self.late = 0.0  # shares of what is sent; what is late waits for `release`

    def carry(self, parcel: Parcel) -> None:
        """Send it, unless chance has something else in mind."""
        if self.random.random() < self.lost:
            return
        for _ in range(1 + (self.random.random() < self.twice)):
            if self.random.random() < self.late:
                self._held.append(parcel)
            else:
                self._send(parcel)

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held back: in any order, or the newest first."""
        held, self._held = self._held, []
        if backwards:
            held.reverse()
        else:
            self.random.shuffle(held)
        for parcel in held:
            self._send(parcel)

    def mend(self) -> None:
        """Send what was held back, and from now on everything once and in turn."""
        self.lost = self.twice = self.late = 0.0
        self.release()
