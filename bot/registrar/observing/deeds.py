"""What this process has others write, in words: kept for as long as somebody listens, else for nobody."""

from collections.abc import Iterator
from contextlib import contextmanager


class Deeds:
    """Written to wherever a write has gone out, from any thread; read by whoever wants to tell what was done."""

    def __init__(self) -> None:
        self._heard: list[str] | None = None
        self._foretold: list[str] | None = None

    def foretell(self, deed: str) -> None:
        """A write is about to go out, if it may: an infinitive."""
        if self._foretold is not None:
            self._foretold.append(deed)

    def add(self, deed: str) -> None:
        """A write was taken: an infinitive, such as `set the status 'registrar: main' on 4f2a91c`."""
        if self._heard is not None:
            self._heard.append(deed)

    @contextmanager
    def listened(self) -> Iterator[list[str]]:
        """Everything that is written inside, in the order in which it was taken."""
        heard: list[str] = []
        before, self._heard = self._heard, heard
        try:
            yield heard
        finally:
            self._heard = before

    @contextmanager
    def foretold(self) -> Iterator[list[str]]:
        """Everything that is to be written inside, in the order in which it was wanted, whether or not it may be."""
        wanted: list[str] = []
        before, self._foretold = self._foretold, wanted
        try:
            yield wanted
        finally:
            self._foretold = before


DEEDS = Deeds()  # a process has one outside
